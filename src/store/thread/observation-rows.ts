/** The rows of observation gaps: from, to, what was not visible and what the rest counted meanwhile. Runs in the store thread, bounded. */
import type { ObservationGap } from '../../lane/types.ts';
import type { BoxFact } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import type { Observation } from '../observation.ts';
import type { Database } from './database.ts';
import { parsed } from './json.ts';
import type { TimelineReader } from './timeline.ts';

const KEPT = 10_000;

interface Row {
  readonly id: number;
  readonly lane_id: string;
  readonly wall_from_ms: number;
  readonly wall_to_ms: number;
  readonly gap: string;
}

export class ObservationRows {
  readonly #timeline: TimelineReader;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #insert;
  readonly #trim;
  readonly #newest;

  constructor(database: Database, timeline: TimelineReader, say: (fact: BoxFact, moment: Moment) => void) {
    this.#timeline = timeline;
    this.#say = say;
    this.#insert = database.prepare(
      `INSERT INTO observation (lane_id, why, name, from_ms, to_ms, wall_from_ms, wall_to_ms, gap)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#trim = database.prepare(
      'DELETE FROM observation WHERE id <= (SELECT id FROM observation ORDER BY id DESC LIMIT 1 OFFSET ?)',
    );
    this.#newest = database.prepare('SELECT * FROM observation ORDER BY id DESC LIMIT ?');
  }

  observe(laneId: string, gap: ObservationGap, moment: Moment): void {
    const { why, name = '', fromMs, toMs } = gap;
    // The reading of the system clock for a lane time, for a boot without a better source.
    const claimed = (atMs: number) => moment.wallMs + atMs - this.#timeline.laneMs(moment.nowMs);
    const wall = (atMs: number) => this.#timeline.wallTime(atMs, claimed(atMs)).wallMs;
    const { changes } = this.#insert.run(
      ...[laneId, why, name, fromMs, toMs, wall(fromMs), wall(toMs), JSON.stringify(gap)],
    );
    if (changes > 0) this.#say({ kind: 'blind', lane: laneId, gap }, moment);
    this.#trim.run(KEPT);
  }

  /** Rows with damaged text are left out. */
  newest(limit: number): Observation[] {
    return (this.#newest.all(limit) as Row[]).flatMap((row) => {
      const gap = parsed<ObservationGap>(row.gap);
      if (gap === undefined) return [];
      return [{ id: row.id, laneId: row.lane_id, fromWallMs: row.wall_from_ms, toWallMs: row.wall_to_ms, gap }];
    });
  }
}
