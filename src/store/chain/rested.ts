/**
 * Which rows of the lanes the kept records rest on: from the engine's state before each, or from shortly before it, until shortly after it. Asked in
 * SQL, each row would be compared with every record; here it is found by halving.
 */
import type { Database } from '../thread/database.ts';

interface Rest {
  readonly lane_id: string;
  readonly until_ms: number;
  readonly snapshot_seq: number;
  readonly from_ms: number;
}

/** Of one lane, by the end: of each what it and all later ones need. */
interface Needs {
  readonly untilMs: number[];
  readonly fromSeq: number[];
  readonly fromMs: number[];
}

export class Rested {
  readonly #lanes = new Map<string, Needs>();

  constructor(database: Database) {
    const latestFirst = database.prepare('SELECT * FROM rest ORDER BY lane_id, until_ms DESC').all() as Rest[];
    for (const { lane_id, until_ms, snapshot_seq, from_ms } of latestFirst) {
      const needs = this.#lanes.get(lane_id) ?? { untilMs: [], fromSeq: [], fromMs: [] };
      this.#lanes.set(lane_id, needs);
      needs.untilMs.push(until_ms);
      needs.fromSeq.push(Math.min(snapshot_seq, needs.fromSeq.at(-1) ?? Number.POSITIVE_INFINITY));
      needs.fromMs.push(Math.min(from_ms, needs.fromMs.at(-1) ?? Number.POSITIVE_INFINITY));
    }
  }

  has(laneId: string, seq: number, atMs: number): boolean {
    const needs = this.#lanes.get(laneId);
    if (needs === undefined) return false;
    // How many end at the row or behind it.
    let [low, high] = [0, needs.untilMs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((needs.untilMs[middle] as number) >= atMs) low = middle + 1;
      else high = middle;
    }
    return low > 0 && (seq > (needs.fromSeq[low - 1] as number) || atMs >= (needs.fromMs[low - 1] as number));
  }
}
