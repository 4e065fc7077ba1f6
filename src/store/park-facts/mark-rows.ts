/** The rows of what people say of records. Runs in the store thread, inside its transaction. */
import type { BoxFact } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import type { TimelineReader } from '../thread/timeline.ts';
import type { KeptMark, Mark } from './review-marks.ts';

/** Of one record: it is discussed, not chatted about. At the limit nothing more is taken. */
const MARKS_MOST = 100;

const DECIDED = `FROM mark WHERE mark.release_id = release.id AND json_valid(mark.body) AND mark.body ->> '$.kind' <> 'answer'
  ORDER BY number DESC LIMIT 1`;
/** In a query of `release`: the last mark that decides, as JSON; and its kind. */
export const MARK_COLUMN = `(SELECT json_set(mark.body, '$.atWallMs', mark.wall_ms) ${DECIDED}) AS mark`;
export const MARK_KIND = `(SELECT mark.body ->> '$.kind' ${DECIDED})`;

export class MarkRows {
  readonly #timeline: TimelineReader;
  readonly #say: (fact: BoxFact, moment: Moment) => void;
  readonly #sql;

  constructor(database: Database, timeline: TimelineReader, say: (fact: BoxFact, moment: Moment) => void) {
    this.#timeline = timeline;
    this.#say = say;
    this.#sql = {
      insert: database.prepare(
        `INSERT INTO mark (release_id, number, body, wall_ms)
         SELECT id, (SELECT coalesce(max(number), 0) + 1 FROM mark WHERE release_id = release.id), ?, ? FROM release
         WHERE id = ? AND (SELECT count(*) FROM mark WHERE release_id = release.id) < ${MARKS_MOST}`,
      ),
      serial: database.prepare('SELECT serial FROM release WHERE id = ?').pluck(),
      of: database.prepare('SELECT body, wall_ms FROM mark WHERE release_id = ? ORDER BY number'),
    };
  }

  mark(ids: readonly number[], mark: Mark, moment: Moment): number[] {
    const wallMs = Math.round(this.#timeline.wallMs(this.#timeline.laneMs(moment.nowMs)));
    const body = JSON.stringify(mark);
    const marked = ids.filter((id) => this.#sql.insert.run(body, wallMs, id).changes > 0);
    for (const id of marked) {
      const detail = { id, serial: this.#sql.serial.get(id), ...mark };
      this.#say({ kind: 'mark', what: 'reviewed', detail }, moment);
    }
    return marked;
  }

  of(id: number): KeptMark[] {
    return (this.#sql.of.all(id) as { body: string; wall_ms: number }[]).flatMap(({ body, wall_ms }) => {
      const mark = parsed<Mark>(body);
      return mark === undefined ? [] : [{ ...mark, atWallMs: wall_ms }];
    });
  }
}
