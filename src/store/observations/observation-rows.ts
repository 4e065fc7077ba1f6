/** The rows of what the box testifies of itself: observation gaps and reports. Runs in the store thread, bounded. */
import type { ObservationGap } from '../../lane/types.ts';
import type { BoxFact } from '../chain/chain.ts';
import { factReport } from '../chain/fact-reports.ts';
import type { Moment } from '../moment.ts';
import type { Observation } from '../observation.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import type { TimelineReader } from '../thread/timeline.ts';

const KEPT = 10_000;
/** In the column `why` of a gap that was kept while it lasts: its end has a row of its own. */
const LASTS = ' lasts';

interface Row {
  readonly id: number;
  readonly lane_id: string;
  readonly wall_from_ms: number;
  readonly wall_to_ms: number;
  readonly gap: string;
}

interface Parts {
  readonly database: Database;
  readonly timeline: TimelineReader;
  readonly say: (fact: BoxFact, moment: Moment) => void;
  /** Of each row that is new. */
  readonly kept: (id: number, wallMs: number) => void;
}

export class ObservationRows {
  readonly #timeline: TimelineReader;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #kept: (id: number, wallMs: number) => void;
  readonly #insert;
  readonly #trim;
  readonly #newest;
  readonly #between;
  readonly #byId;
  readonly #unpublished;
  readonly #published;

  /** `idFloor`: numbers begin above it, in the successor of a damaged database: no report has one that a broker had from another. */
  constructor({ database, timeline, say, kept }: Parts, idFloor: number) {
    this.#timeline = timeline;
    this.#say = say;
    this.#kept = kept;
    this.#insert = database.prepare(
      `INSERT INTO observation (id, lane_id, why, name, from_ms, to_ms, wall_from_ms, wall_to_ms, gap)
       VALUES (max(${idFloor}, (SELECT coalesce(max(id), 0) FROM observation)) + 1, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (lane_id, why, name, from_ms) DO NOTHING`,
    );
    this.#trim = database.prepare(
      'DELETE FROM observation WHERE id <= (SELECT id FROM observation ORDER BY id DESC LIMIT 1 OFFSET ?)',
    );
    const shown = `SELECT * FROM observation AS row WHERE NOT (why LIKE '%${LASTS}' AND EXISTS (
         SELECT 1 FROM observation WHERE lane_id = row.lane_id AND why = replace(row.why, '${LASTS}', '')
           AND name = row.name AND from_ms = row.from_ms))`;
    this.#newest = database.prepare(`${shown} ORDER BY id DESC LIMIT ?`);
    // What lasts has no end yet, and is looked at whenever it began.
    this.#between = database.prepare(
      `${shown} AND wall_from_ms < ? AND (wall_to_ms > ? OR why LIKE '%${LASTS}') ORDER BY id DESC`,
    );
    this.#byId = database.prepare('SELECT * FROM observation WHERE id = ?');
    this.#unpublished = database.prepare(
      `SELECT * FROM observation WHERE published = 0 AND id > ? AND json_valid(gap)
         AND NOT EXISTS (SELECT 1 FROM outgoing WHERE destination = 'mqtt' AND record = -observation.id) ORDER BY id LIMIT 1`,
    );
    this.#published = database.prepare('UPDATE observation SET published = 1 WHERE id = ?');
  }

  observe(laneId: string, gap: ObservationGap, moment: Moment): void {
    const { name = '', fromMs, toMs } = gap;
    const why = gap.lasts ? `${gap.why}${LASTS}` : gap.why;
    // The reading of the system clock for a lane time, for a boot without a better source.
    const claimed = (atMs: number) => moment.wallMs + atMs - this.#timeline.laneMs(moment.nowMs);
    const wall = (atMs: number) => this.#timeline.wallTime(atMs, claimed(atMs)).wallMs;
    const { changes, lastInsertRowid } = this.#insert.run(
      ...[laneId, why, name, fromMs, toMs, wall(fromMs), wall(toMs), JSON.stringify(gap)],
    );
    if (changes > 0) {
      this.#say({ kind: 'blind', lane: laneId, gap }, moment);
      this.#kept(Number(lastInsertRowid), wall(toMs));
    }
    this.#trim.run(KEPT);
  }

  /** A row of the box that is a report too. `seq`: its number in the journal. */
  reportFact(fact: BoxFact, seq: number, moment: Moment): void {
    const report = factReport(fact);
    if (report === undefined) return;
    const toMs = this.#timeline.laneMs(moment.nowMs);
    const forMs = report.forMs ?? 0;
    const { wallMs } = this.#timeline.wallTime(toMs, moment.wallMs);
    const times = [toMs - forMs, toMs, wallMs - forMs, wallMs].map(Math.round);
    const { changes, lastInsertRowid } = this.#insert.run('', report.why, `${seq}`, ...times, JSON.stringify(report));
    if (changes > 0) this.#kept(Number(lastInsertRowid), Math.round(wallMs));
    this.#trim.run(KEPT);
  }

  newest(limit: number): Observation[] {
    return seenIn(this.#newest.all(limit) as Row[]);
  }

  between(fromWallMs: number, toWallMs: number): Observation[] {
    return seenIn(this.#between.all(toWallMs, fromWallMs) as Row[]);
  }

  byId(id: number): Observation | undefined {
    return seenIn(this.#byId.all(id) as Row[])[0];
  }

  unpublished(afterId: number): Observation | undefined {
    return seenIn(this.#unpublished.all(afterId) as Row[])[0];
  }

  published(id: number): void {
    this.#published.run(id);
  }
}

/** Rows with damaged text are left out. */
function seenIn(rows: readonly Row[]): Observation[] {
  return rows.flatMap(({ id, lane_id, wall_from_ms, wall_to_ms, gap }) => {
    const seen = parsed<Observation['seen']>(gap);
    return seen === undefined ? [] : [{ id, laneId: lane_id, fromWallMs: wall_from_ms, toWallMs: wall_to_ms, seen }];
  });
}
