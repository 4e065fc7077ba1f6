/** The rows of what people say of records. Runs in the store thread, inside its transaction. */
import type { BoxFact } from '../chain/chain.ts';
import type { Moment } from '../moment.ts';
import { FOR_PERSON, sqlStates } from '../record-states.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import type { RecordBody } from '../thread/records.ts';
import type { TimelineReader } from '../thread/timeline.ts';
import type { KeptMark, Mark } from './review-marks.ts';

/** Of one person on one record: it is discussed, not chatted about. At the limit nothing more is taken of this person; others still have their say. */
const MARKS_MOST = 100;

const DECIDED = `FROM mark WHERE mark.release_id = release.id AND json_valid(mark.body) AND mark.body ->> '$.kind' <> 'answer'
  ORDER BY number DESC LIMIT 1`;
/** In a query of `release`: the last mark that decides, as JSON; its kind; and what the one concerned has said since. */
export const MARK_COLUMN = `(SELECT json_set(mark.body, '$.atWallMs', mark.wall_ms) ${DECIDED}) AS mark`;
export const MARK_KIND = `(SELECT mark.body ->> '$.kind' ${DECIDED})`;
/** NULL: the last word is a decision. */
const LAST_WORD = `FROM mark WHERE mark.release_id = release.id AND json_valid(mark.body) ORDER BY number DESC LIMIT 1`;
export const ANSWER_COLUMN = `(SELECT iif(mark.body ->> '$.kind' = 'answer', json_set(mark.body, '$.atWallMs', mark.wall_ms), NULL) ${LAST_WORD}) AS answer`;
/**
 * Waits for the person `@inbox`: to decide, unless they only agree, what the box keeps back, nobody has decided, or the one concerned has answered; to
 * agree to, unless they only ask, what somebody else says is no release and has not left. What is kept back waits however old it is: nobody else sends it.
 */
export const IN_INBOX = `state NOT IN ('withdrawn', 'dropped')
  AND (state IN ${sqlStates(FOR_PERSON)} OR wall_ms >= coalesce(@inbox ->> '$.fromWallMs', wall_ms)) AND (
  @inbox ->> '$.voice' <> 'agrees' AND (state IN ${sqlStates(FOR_PERSON)} OR coalesce(${MARK_KIND}, 'open') = 'open'
    OR (SELECT mark.body ->> '$.kind' = 'answer' ${LAST_WORD}))
  OR @inbox ->> '$.voice' <> 'asks' AND state IN ('waiting', 'held', 'parked') AND coalesce(${MARK_KIND}, 'wrong') = 'wrong'
    AND (SELECT max(value ->> '$.who') <> @inbox ->> '$.who'
      FROM json_each(iif(json_valid(body), body, '{}'), '$.corrections') WHERE value ->> '$.dismissal'))`;

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
         WHERE id = ? AND (SELECT count(*) FROM mark
           WHERE release_id = release.id AND json_valid(mark.body) AND mark.body ->> '$.who' = ?) < ${MARKS_MOST}`,
      ),
      serial: database.prepare('SELECT serial FROM release WHERE id = ?').pluck(),
      body: database.prepare('SELECT body FROM release WHERE id = ?').pluck(),
      of: database.prepare('SELECT body, wall_ms FROM mark WHERE release_id = ? ORDER BY number'),
    };
  }

  mark(ids: readonly number[], mark: Mark, moment: Moment): number[] {
    const wallMs = Math.round(this.#timeline.wallMs(this.#timeline.laneMs(moment.nowMs)));
    const marked: number[] = [];
    for (const id of ids) {
      const said = { ...this.#owedOf(id, mark), ...mark };
      if (this.#sql.insert.run(JSON.stringify(said), wallMs, id, mark.who).changes === 0) continue;
      marked.push(id);
      const detail = { id, serial: this.#sql.serial.get(id), ...said };
      this.#say({ kind: 'mark', what: 'reviewed', detail }, moment);
    }
    return marked;
  }

  /** Of several records marked at once each owes for its own plate, and what it was told to. An estimate is nobody's word. */
  #owedOf(id: number, { kind, plate, amount }: Mark): Pick<Mark, 'plate' | 'amount'> {
    if (kind !== 'owed' || amount !== undefined) return {};
    const body = parsed<Partial<RecordBody>>(String(this.#sql.body.get(id) ?? ''));
    const own = body?.release?.plate?.text;
    const owed = body?.known?.owed;
    const isTold = owed?.by === 'told' && owed.plate === own && (plate === undefined || plate === own);
    return { ...(own !== undefined && { plate: own }), ...(isTold && { amount: owed.amount }) };
  }

  of(id: number): KeptMark[] {
    return (this.#sql.of.all(id) as { body: string; wall_ms: number }[]).flatMap(({ body, wall_ms }) => {
      const mark = parsed<Mark>(body);
      return mark === undefined ? [] : [{ ...mark, atWallMs: wall_ms }];
    });
  }
}
