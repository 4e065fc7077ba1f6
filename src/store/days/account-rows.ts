/** The account's rows a day: one JSON text a lane and day. What stands in it is the account's business. Runs in the store thread, bounded. */

import { MARK_KIND } from '../park-facts/mark-rows.ts';
import type { Database } from '../thread/database.ts';
import { jsonField } from '../thread/json.ts';
import type { AccountText, DroppedMark, PlateCount, ReviewedCount } from './accounts.ts';

/** Days of all lanes; the oldest go. */
const DAYS_KEPT = 400;
const DAY_MS = 86_400_000;

type LanesSpan = [fromWallMs: number, toWallMs: number, lanes?: readonly string[]];

const named = (...[fromWallMs, toWallMs, lanes]: LanesSpan) => ({
  fromWallMs,
  toWallMs,
  lanes: lanes ? JSON.stringify(lanes) : null,
});

type DroppedRow = Pick<DroppedMark, 'laneId' | 'wallMs' | 'verdict'> &
  Record<'passed' | 'reported' | 'exit' | 'amount', number | null> & { readonly by: string | null };

export class AccountRows {
  readonly #sql;

  constructor(database: Database) {
    const days = (rows: string, which = '') =>
      database.prepare(
        `SELECT lane_id AS laneId, day, ${rows} FROM account WHERE day >= ? AND day <= ? ${which} ORDER BY day, lane_id`,
      );
    const inSpan = 'FROM release WHERE wall_ms >= ? AND wall_ms < ?';
    this.#sql = {
      // By its index alone.
      wallSlice: database.prepare(`SELECT wall_ms ${inSpan} ORDER BY wall_ms DESC LIMIT 1 OFFSET ?`).pluck(),
      keep: database.prepare(
        `INSERT INTO account (lane_id, day, line, rows) VALUES (?, ?, ?, ?)
           ON CONFLICT (lane_id, day) DO UPDATE SET line = excluded.line, rows = excluded.rows`,
      ),
      trim: database.prepare(
        `DELETE FROM account WHERE day < (SELECT day FROM (SELECT DISTINCT day FROM account) ORDER BY day DESC LIMIT 1 OFFSET ${DAYS_KEPT - 1})`,
      ),
      between: days('rows', 'AND coalesce(instr(rows, ?), 0) = 0'),
      lines: days('line AS rows'),
      dropped: database.prepare(
        `SELECT lane_id AS laneId, wall_ms AS wallMs, coalesce(${jsonField('body', '$.release.verdict')}, 'unknown') AS verdict,
           ${jsonField('body', '$.release.passed')} AS passed, ${jsonField('body', '$.release.reported')} AS reported,
           ${jsonField('body', '$.release.direction')} = 'exit' AS exit,
           ${jsonField('body', '$.known.owed.by')} AS by, ${jsonField('body', '$.known.owed.amount')} AS amount
         ${inSpan} AND state = 'dropped' ORDER BY wall_ms DESC, id DESC`,
      ),
      plates: database.prepare(
        `SELECT plate, count(*) AS count FROM (SELECT ${jsonField('body', '$.release.plate.text')} AS plate FROM release
           WHERE wall_ms >= @fromWallMs AND wall_ms < @toWallMs AND state NOT IN ('withdrawn', 'dropped')
             AND (@lanes IS NULL OR lane_id IN (SELECT value FROM json_each(@lanes))))
         WHERE plate IS NOT NULL GROUP BY plate`,
      ),
      reviewed: database.prepare(
        `SELECT count(*) AS records, total(closed) AS closed, total(closed AND first_ms - wall_ms <= ${DAY_MS}) AS inDay,
           min(iif(closed, NULL, wall_ms)) AS oldestWallMs
         FROM (SELECT wall_ms, coalesce(${MARK_KIND}, 'open') <> 'open' AS closed,
             (SELECT min(mark.wall_ms) FROM mark WHERE mark.release_id = release.id AND json_valid(mark.body)
               AND mark.body ->> '$.kind' NOT IN ('answer', 'open')) AS first_ms
           FROM release WHERE wall_ms >= @fromWallMs AND wall_ms < @toWallMs AND state NOT IN ('withdrawn', 'dropped')
             AND (@lanes IS NULL OR lane_id IN (SELECT value FROM json_each(@lanes))))`,
      ),
    };
  }

  wallSlice(fromWallMs: number, toWallMs: number, records: number): number | undefined {
    return this.#sql.wallSlice.get(fromWallMs, toWallMs, records - 1) as number | undefined;
  }

  keep(laneId: string, day: string, rows: string, line: string): void {
    this.#sql.keep.run(laneId, day, line, rows);
    this.#sql.trim.run();
  }

  between(fromDay: string, toDay: string, without: string | null = null): AccountText[] {
    return this.#sql.between.all(fromDay, toDay, without) as AccountText[];
  }

  /** What each day comes to, without its rows. */
  lines(fromDay: string, toDay: string): AccountText[] {
    return this.#sql.lines.all(fromDay, toDay) as AccountText[];
  }

  reviewed(...span: LanesSpan): ReviewedCount {
    type Found = Omit<ReviewedCount, 'oldestWallMs'> & { readonly oldestWallMs: number | null };
    const { oldestWallMs, ...counts } = this.#sql.reviewed.get(named(...span)) as Found;
    return { ...counts, ...(oldestWallMs !== null && { oldestWallMs }) };
  }

  plates(...span: LanesSpan): PlateCount[] {
    return this.#sql.plates.all(named(...span)) as PlateCount[];
  }

  dropped(fromWallMs: number, toWallMs: number): DroppedMark[] {
    const rows = this.#sql.dropped.all(fromWallMs, toWallMs) as DroppedRow[];
    return rows.map(({ laneId, wallMs, verdict, passed, reported, exit, by, amount }) => ({
      ...{ laneId, wallMs, verdict, passed: passed === 1, reported: reported === 1, exit: exit === 1 },
      ...(by !== null && amount !== null && { owed: { by: by === 'told' ? 'told' : 'tariff', amount } }),
    }));
  }
}
