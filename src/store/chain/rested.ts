/**
 * Which rows of the lanes the kept records rest on: from the engine's state before each, or from shortly before it, until shortly after it. Asked in
 * SQL, each row would be compared with every record; here it is found by halving.
 */
import type { Database } from '../thread/database.ts';

/** Records read at once. */
const AT_ONCE = 5_000;

interface Rest {
  readonly release_id: number;
  readonly lane_id: string;
  readonly snapshot_seq: number;
  readonly from_ms: number;
  readonly until_ms: number;
}

/** Of one lane, by the end: of each what it and all later ones need. */
interface Needs {
  readonly untilMs: number[];
  readonly fromSeq: number[];
  readonly fromMs: number[];
}

interface LaneRests {
  readonly all: Rest[];
  readonly snapshots: Set<number>;
  /** undefined: some have come since. */
  needs: Needs | undefined;
}

export class Rested {
  readonly #lanes = new Map<string, LaneRests>();
  readonly #read;
  #lastId = Number.MIN_SAFE_INTEGER;

  constructor(database: Database) {
    this.#read = database.prepare(`SELECT * FROM rest WHERE release_id > ? ORDER BY release_id LIMIT ${AT_ONCE}`);
  }

  /** Takes up some of the records that have come since. false: all are known. */
  read(): boolean {
    const found = this.#read.all(this.#lastId) as Rest[];
    for (const rest of found) {
      const lane = this.#lanes.get(rest.lane_id) ?? { all: [], snapshots: new Set(), needs: undefined };
      this.#lanes.set(rest.lane_id, lane);
      lane.all.push(rest);
      lane.snapshots.add(rest.snapshot_seq);
      lane.needs = undefined;
    }
    this.#lastId = found.at(-1)?.release_id ?? this.#lastId;
    return found.length === AT_ONCE;
  }

  has(laneId: string, seq: number, atMs: number): boolean {
    const lane = this.#lanes.get(laneId);
    if (lane === undefined) return false;
    lane.needs ??= needsOf(lane.all);
    const { untilMs, fromSeq, fromMs } = lane.needs;
    // How many end at the row or behind it.
    let [low, high] = [0, untilMs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((untilMs[middle] as number) >= atMs) low = middle + 1;
      else high = middle;
    }
    return low > 0 && (seq > (fromSeq[low - 1] as number) || atMs >= (fromMs[low - 1] as number));
  }

  /** Whether a record rests on this state of the engine. */
  hasSnapshot(laneId: string, seq: number): boolean {
    return this.#lanes.get(laneId)?.snapshots.has(seq) === true;
  }
}

function needsOf(rests: Rest[]): Needs {
  const needs: Needs = { untilMs: [], fromSeq: [], fromMs: [] };
  rests.sort((a, b) => b.until_ms - a.until_ms);
  for (const { snapshot_seq, from_ms, until_ms } of rests) {
    needs.untilMs.push(until_ms);
    needs.fromSeq.push(Math.min(snapshot_seq, needs.fromSeq.at(-1) ?? Number.POSITIVE_INFINITY));
    needs.fromMs.push(Math.min(from_ms, needs.fromMs.at(-1) ?? Number.POSITIVE_INFINITY));
  }
  return needs;
}
