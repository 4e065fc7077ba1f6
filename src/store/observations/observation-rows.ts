/** The rows of what the box testifies of itself: observation gaps and reports. Runs in the store thread, bounded. */
import type { ObservationGap } from '../../lane/types.ts';
import type { BoxFact } from '../chain/chain.ts';
import { factReport } from '../chain/fact-reports.ts';
import type { Moment } from '../moment.ts';
import type { Observation } from '../observation.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import { isKnown, OFF_MOST_MS, type TimelineReader } from '../thread/timeline.ts';

const KEPT = 10_000;
/** In the column `why` of a gap that was kept while it lasts: its end has a row of its own. */
const LASTS = ' lasts';

interface Row {
  readonly id: number;
  readonly lane_id: string;
  readonly why: string;
  readonly from_ms: number;
  readonly to_ms: number;
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
  readonly #parts: Parts;
  readonly #sql;

  /** `idFloor`: numbers begin above it, in the successor of a damaged database: no report has one that a broker had from another. */
  constructor(parts: Parts, idFloor: number) {
    const { database } = parts;
    this.#parts = parts;
    const shown = `SELECT * FROM observation AS row WHERE NOT (why LIKE '%${LASTS}' AND EXISTS (
         SELECT 1 FROM observation WHERE lane_id = row.lane_id AND why = replace(row.why, '${LASTS}', '')
           AND name = row.name AND from_ms = row.from_ms))`;
    this.#sql = {
      insert: database.prepare(
        `INSERT INTO observation (id, lane_id, why, name, from_ms, to_ms, wall_from_ms, wall_to_ms, gap)
         VALUES (max(${idFloor}, (SELECT coalesce(max(id), 0) FROM observation)) + 1, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (lane_id, why, name, from_ms) DO NOTHING`,
      ),
      trim: database.prepare(
        'DELETE FROM observation WHERE id <= (SELECT id FROM observation ORDER BY id DESC LIMIT 1 OFFSET ?)',
      ),
      newest: database.prepare(`${shown} ORDER BY id DESC LIMIT ?`),
      // What lasts has no end yet, and is looked at whenever it began.
      between: database.prepare(
        `${shown} AND wall_from_ms < ? AND (wall_to_ms > ? OR why LIKE '%${LASTS}') ORDER BY id DESC`,
      ),
      byId: database.prepare('SELECT * FROM observation WHERE id = ?'),
      unpublished: database.prepare(
        `SELECT * FROM observation WHERE published = 0 AND id > ? AND json_valid(gap)
           AND NOT EXISTS (SELECT 1 FROM outgoing WHERE destination = 'mqtt' AND record = -observation.id) ORDER BY id LIMIT 1`,
      ),
      published: database.prepare('UPDATE observation SET published = 1 WHERE id = ? AND abs(wall_to_ms - ?) < 1'),
    };
  }

  observe(laneId: string, gap: ObservationGap, moment: Moment): void {
    const { timeline, say, kept } = this.#parts;
    const { name = '', fromMs, toMs } = gap;
    const why = gap.lasts ? `${gap.why}${LASTS}` : gap.why;
    // The reading of the system clock for a lane time, for a boot without a better source.
    const claimed = (atMs: number) => moment.wallMs + atMs - timeline.laneMs(moment.nowMs);
    const wall = (atMs: number) => timeline.wallTime(atMs, claimed(atMs)).wallMs;
    // It lasted as long as lane time says at least, wherever a clock stood after a power cut.
    const times = [fromMs, toMs, wall(fromMs), Math.max(wall(toMs), wall(fromMs) + toMs - fromMs)];
    const { changes, lastInsertRowid } = this.#sql.insert.run(laneId, why, name, ...times, JSON.stringify(gap));
    if (changes > 0) {
      say({ kind: 'blind', lane: laneId, gap }, moment);
      kept(Number(lastInsertRowid), wall(toMs));
    }
    this.#sql.trim.run(KEPT);
  }

  /** A row of the box that is a report too. `seq`: its number in the journal. */
  reportFact(fact: BoxFact, seq: number, moment: Moment): void {
    const report = factReport(fact);
    if (report === undefined) return;
    const toMs = this.#parts.timeline.laneMs(moment.nowMs);
    const forMs = report.forMs ?? 0;
    const { wallMs } = this.#parts.timeline.wallTime(toMs, moment.wallMs);
    const times = [toMs - forMs, toMs, wallMs - forMs, wallMs].map(Math.round);
    const { changes, lastInsertRowid } = this.#sql.insert.run(
      '',
      report.why,
      `${seq}`,
      ...times,
      JSON.stringify(report),
    );
    if (changes > 0) this.#parts.kept(Number(lastInsertRowid), Math.round(wallMs));
    this.#sql.trim.run(KEPT);
  }

  /** The time became known, or known otherwise. A clock without a battery stood still while the machine was off: what was not seen over its start ends later. */
  followTime(): void {
    const { database, timeline, kept } = this.#parts;
    const across = `FROM observation WHERE lane_id <> '' AND from_ms < @startMs AND to_ms >= @startMs`;
    const rows = database.prepare(`SELECT * ${across}`).all({ startMs: timeline.boots.at(-1)?.fromMs ?? 0 }) as Row[];
    const shiftMs = timeline.wallOffsetMs - timeline.boot.laneOffsetMs;
    for (const { id, why, from_ms, to_ms, wall_from_ms, wall_to_ms } of rows) {
      const { bootSeq, quality } = timeline.wallTime(from_ms, wall_from_ms);
      const forMs = Math.max(to_ms - from_ms, to_ms + shiftMs - wall_from_ms);
      const isSame = Math.abs(wall_from_ms + forMs - wall_to_ms) < 1;
      // Since when is known no better than its boot was; over a year, one of the clocks was wrong.
      if (bootSeq === timeline.boot.bootSeq || !isKnown(quality) || forMs >= OFF_MOST_MS || isSame) continue;
      database.prepare('UPDATE observation SET wall_to_ms = ? WHERE id = ?').run(wall_from_ms + forMs, id);
      // Of what lasts no end was told.
      if (why.endsWith(LASTS)) continue;
      database.prepare('UPDATE observation SET published = 0 WHERE id = ?').run(id);
      kept(id, wall_from_ms + forMs);
    }
  }

  newest(limit: number): Observation[] {
    return seenIn(this.#sql.newest.all(limit) as Row[]);
  }

  between(fromWallMs: number, toWallMs: number): Observation[] {
    return seenIn(this.#sql.between.all(toWallMs, fromWallMs) as Row[]);
  }

  byId(id: number): Observation | undefined {
    return seenIn(this.#sql.byId.all(id) as Row[])[0];
  }

  unpublished(afterId: number): Observation | undefined {
    return seenIn(this.#sql.unpublished.all(afterId) as Row[])[0];
  }

  published(id: number, toWallMs: number): void {
    this.#sql.published.run(id, toWallMs);
  }
}

/** Rows with damaged text are left out. */
function seenIn(rows: readonly Row[]): Observation[] {
  return rows.flatMap(({ id, lane_id, wall_from_ms, wall_to_ms, gap }) => {
    const seen = parsed<Observation['seen']>(gap);
    return seen === undefined ? [] : [{ id, laneId: lane_id, fromWallMs: wall_from_ms, toWallMs: wall_to_ms, seen }];
  });
}
