/** The account's rows a day: one JSON text a lane and day. What stands in it is the account's business. Runs in the store thread, bounded. */

import { MARK_KIND } from '../park-facts/mark-rows.ts';
import type { Database } from '../thread/database.ts';
import { jsonField } from '../thread/json.ts';
import type { AccountText, DroppedMark, PlateCount, ReviewedCount } from './accounts.ts';

/** Days of all lanes; the oldest go. */
const DAYS_KEPT = 400;
/** Records dropped by a person in the days asked for. */
const DROPPED_MOST = 20_000;
const PLATES_MOST = 20;
const DAY_MS = 86_400_000;

interface DroppedRow {
  readonly lane_id: string;
  readonly wall_ms: number;
  readonly verdict: string | null;
  readonly passed: number;
  readonly reported: number;
  readonly direction: string | null;
  readonly owed_by: string | null;
  readonly owed: number | null;
}

export class AccountRows {
  readonly #sql;

  constructor(database: Database) {
    const days = (rows: string) =>
      database.prepare(
        `SELECT lane_id AS laneId, day, ${rows} FROM account WHERE day >= ? AND day <= ? ORDER BY day, lane_id`,
      );
    this.#sql = {
      keep: database.prepare(
        `INSERT INTO account (lane_id, day, line, rows) VALUES (?, ?, ?, ?)
           ON CONFLICT (lane_id, day) DO UPDATE SET line = excluded.line, rows = excluded.rows`,
      ),
      trim: database.prepare(
        `DELETE FROM account WHERE day < (SELECT day FROM (SELECT DISTINCT day FROM account) ORDER BY day DESC LIMIT 1 OFFSET ${DAYS_KEPT - 1})`,
      ),
      between: days('rows'),
      lines: days('line AS rows'),
      dropped: database.prepare(
        `SELECT lane_id, wall_ms, ${jsonField('body', '$.release.verdict')} AS verdict,
           ${jsonField('body', '$.release.passed')} AS passed, ${jsonField('body', '$.release.reported')} AS reported,
           ${jsonField('body', '$.release.direction')} AS direction, ${jsonField('body', '$.known.owed.by')} AS owed_by,
           ${jsonField('body', '$.known.owed.amount')} AS owed
         FROM release WHERE state = 'dropped' AND wall_ms >= ? AND wall_ms < ? LIMIT ${DROPPED_MOST}`,
      ),
      plates: database.prepare(
        `SELECT plate, count(*) AS count FROM (SELECT ${jsonField('body', '$.release.plate.text')} AS plate FROM release
           WHERE wall_ms >= @fromWallMs AND wall_ms < @toWallMs AND state NOT IN ('withdrawn', 'dropped')
             AND (@lanes IS NULL OR lane_id IN (SELECT value FROM json_each(@lanes))))
         WHERE plate IS NOT NULL GROUP BY plate HAVING count > 1 ORDER BY count DESC, plate LIMIT ${PLATES_MOST}`,
      ),
      reviewed: database.prepare(
        `SELECT count(*) AS records, total(closed) AS closed, total(closed AND first_ms - wall_ms <= ${DAY_MS}) AS inDay,
           min(iif(closed, NULL, wall_ms)) AS oldestMs
         FROM (SELECT wall_ms, coalesce(${MARK_KIND}, 'open') <> 'open' AS closed,
             (SELECT min(mark.wall_ms) FROM mark WHERE mark.release_id = release.id AND json_valid(mark.body)
               AND mark.body ->> '$.kind' NOT IN ('answer', 'open')) AS first_ms
           FROM release WHERE wall_ms >= @fromWallMs AND wall_ms < @toWallMs AND state NOT IN ('withdrawn', 'dropped')
             AND (@lanes IS NULL OR lane_id IN (SELECT value FROM json_each(@lanes))))`,
      ),
    };
  }

  keep(laneId: string, day: string, rows: string, line: string): void {
    this.#sql.keep.run(laneId, day, line, rows);
    this.#sql.trim.run();
  }

  between(fromDay: string, toDay: string): AccountText[] {
    return this.#sql.between.all(fromDay, toDay) as AccountText[];
  }

  /** What each day comes to, without its rows. */
  lines(fromDay: string, toDay: string): AccountText[] {
    return this.#sql.lines.all(fromDay, toDay) as AccountText[];
  }

  reviewed(fromWallMs: number, toWallMs: number, lanes?: readonly string[]): ReviewedCount {
    type Found = { records: number; closed: number; inDay: number; oldestMs: number | null };
    const named = lanes === undefined ? null : JSON.stringify(lanes);
    const { records, closed, inDay, oldestMs } = this.#sql.reviewed.get({
      fromWallMs,
      toWallMs,
      lanes: named,
    }) as Found;
    return { records, closed, inDay, ...(oldestMs !== null && { oldestWallMs: oldestMs }) };
  }

  plates(fromWallMs: number, toWallMs: number, lanes?: readonly string[]): PlateCount[] {
    const named = lanes === undefined ? null : JSON.stringify(lanes);
    return this.#sql.plates.all({ fromWallMs, toWallMs, lanes: named }) as PlateCount[];
  }

  dropped(fromWallMs: number, toWallMs: number): DroppedMark[] {
    return (this.#sql.dropped.all(fromWallMs, toWallMs) as DroppedRow[]).map((row) => ({
      laneId: row.lane_id,
      wallMs: row.wall_ms,
      verdict: row.verdict ?? 'unknown',
      passed: row.passed === 1,
      reported: row.reported === 1,
      exit: row.direction === 'exit',
      ...(row.owed_by !== null &&
        row.owed !== null && { owed: { by: row.owed_by === 'told' ? 'told' : 'tariff', amount: row.owed } }),
    }));
  }
}
