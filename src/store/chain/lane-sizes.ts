/**
 * What the rows of each lane take, in the table `journal_size`: counted now and then behind the last row that was counted, because a count with every
 * row would write a page more with every commit.
 */
import type { Database } from '../thread/database.ts';

/** Of a row besides its event: its other columns, its place in the page and in the index of its lane. */
export const ROW_BYTES = 80;
/** Each may be a page: rows of other lanes lie between. */
const AT_ONCE = 400;

export class LaneSizes {
  readonly #sql;

  constructor(database: Database) {
    this.#sql = {
      // One look-up a lane: each has a state of the engine.
      lane: database.prepare('SELECT min(lane_id) FROM snapshot WHERE lane_id > ?').pluck(),
      counted: database.prepare('SELECT counted_seq FROM journal_size WHERE lane_id = ?').pluck(),
      more: database.prepare(
        `SELECT count(*) AS rows, max(seq) AS last, total(octet_length(event) + ${ROW_BYTES}) AS bytes FROM
           (SELECT seq, event FROM journal INDEXED BY journal_lane WHERE lane_id = ? AND lane_id <> '' AND seq > ? ORDER BY seq LIMIT ${AT_ONCE})`,
      ),
      add: database.prepare(
        `INSERT INTO journal_size VALUES (@laneId, @bytes, @last)
           ON CONFLICT (lane_id) DO UPDATE SET bytes = bytes + excluded.bytes, counted_seq = excluded.counted_seq`,
      ),
      removed: database.prepare(
        'UPDATE journal_size SET bytes = max(0, bytes - ?) WHERE lane_id = ? AND counted_seq >= ?',
      ),
      above: database.prepare('SELECT lane_id AS laneId, bytes FROM journal_size WHERE bytes > ?'),
    };
  }

  lanes(): string[] {
    const lanes: string[] = [];
    for (let lane = this.#sql.lane.get('') as string | null; lane !== null; ) {
      lanes.push(lane);
      lane = this.#sql.lane.get(lane) as string | null;
    }
    return lanes;
  }

  /** What has come since, in parts. */
  *count(): Generator<undefined> {
    let left = AT_ONCE;
    for (const laneId of this.lanes()) {
      for (let isMore = true; isMore; ) {
        const after = (this.#sql.counted.get(laneId) as number | undefined) ?? 0;
        type Counted = { readonly rows: number; readonly last: number | null; readonly bytes: number };
        const { rows, last, bytes } = this.#sql.more.get(laneId, after) as Counted;
        if (last !== null) this.#sql.add.run({ laneId, bytes: Math.round(bytes), last });
        isMore = rows === AT_ONCE;
        left -= rows;
        if (left > 0) continue;
        left = AT_ONCE;
        yield;
      }
    }
  }

  removed(laneId: string, seq: number, bytes: number): void {
    this.#sql.removed.run(bytes, laneId, seq);
  }

  above(bytes: number): readonly { readonly laneId: string; readonly bytes: number }[] {
    return this.#sql.above.all(bytes) as { laneId: string; bytes: number }[];
  }
}
