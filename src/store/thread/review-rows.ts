/** Queries and decisions of people on records. Runs in the store thread, inside its transaction; every decision leaves an incident. */

import { dismissedReason, turnedOutReason } from '../../text/cloud.ts';
import type { Adopted, ForeignPictures, ForeignRecord } from '../files/exported-record.ts';
import { PlateSlices } from '../lists/plate-slices.ts';
import { RecordLists } from '../lists/record-lists.ts';
import type { Moment } from '../moment.ts';
import { ANSWER_COLUMN, MARK_COLUMN } from '../park-facts/mark-rows.ts';
import { isForPerson, isPutAside, OPEN_STATES, sqlStates } from '../record-states.ts';
import type { Attempt, Correction, Corrections, OpenState, OutboxRecord } from '../record-types.ts';
import type { DismissalVoice, Dismissed, PlateSlice, RecordFilter, Reviewed, WaitingCause } from '../types.ts';
import { BESIDE_COLUMN, type BesideRows } from './beside-rows.ts';
import { correctedBody, plateAsKept } from './correction.ts';
import type { Incidents } from './incidents.ts';
import { jsonField, parsed } from './json.ts';
import type { OutboxContext, OutboxRows } from './outbox-rows.ts';
import { type ReleaseRow, recordBody, recordFromRow } from './records.ts';
import { ulid } from './ulid.ts';

interface AttemptRow {
  readonly at_ms: number;
  readonly why: string;
  readonly answer: string | null;
}

type Known = Pick<ReleaseRow, 'id' | 'serial' | 'state'>;

const OPEN = sqlStates(OPEN_STATES);

export class ReviewRows {
  readonly #context: OutboxContext;
  readonly #outbox: OutboxRows;
  readonly #beside: BesideRows;
  readonly #incidents: Incidents;
  readonly #lists: RecordLists;
  readonly #plates: PlateSlices;
  readonly #sql;

  constructor(context: OutboxContext, outbox: OutboxRows, beside: BesideRows, incidents: Incidents) {
    this.#context = context;
    this.#outbox = outbox;
    this.#beside = beside;
    this.#incidents = incidents;
    const { database } = context;
    this.#lists = new RecordLists(database);
    this.#plates = new PlateSlices(database);
    this.#sql = {
      requeueAll: database.prepare(
        `UPDATE release SET state = 'waiting', settled_ms = NULL, due_ms = ?, unknown_answers = 0
         WHERE state IN (SELECT value FROM json_each(?)) AND state IN ${OPEN}
           AND (state <> 'waiting' OR attempts > 0)`,
      ),
      body: database.prepare('UPDATE release SET body = ? WHERE id = ?'),
      byId: database.prepare(`SELECT *, ${BESIDE_COLUMN}, ${MARK_COLUMN}, ${ANSWER_COLUMN} FROM release WHERE id = ?`),
      attempts: database.prepare('SELECT at_ms, why, answer FROM attempt WHERE release_id = ? ORDER BY number'),
      again: database.prepare(
        `UPDATE release SET state = 'waiting', settled_ms = NULL, due_ms = ?, unknown_answers = 0
         WHERE id = ? AND state IN ${OPEN}`,
      ),
      drop: database.prepare(
        `UPDATE release SET state = 'dropped', settled_ms = ?, last_why = ?
         WHERE id = ? AND state IN ${OPEN}`,
      ),
      adopted: database.prepare('UPDATE release SET attempts = ?, unknown_answers = ?, last_why = ? WHERE id = ?'),
      adoptTry: database.prepare('INSERT INTO attempt (release_id, number, at_ms, why, answer) VALUES (?, ?, ?, ?, ?)'),
      droppedBy: database
        .prepare(
          `SELECT ${jsonField('detail', '$.who')} || coalesce(', ' || ${jsonField('detail', '$.second')}, '') FROM incident WHERE kind = 'dropped' AND ${jsonField('detail', '$.id')} = ?
           ORDER BY id DESC LIMIT 1`,
        )
        .pluck(),
      hasPicture: database.prepare('UPDATE release SET picture_why = NULL WHERE id = ?'),
      serialTaken: database.prepare("SELECT 1 FROM release WHERE serial = ? AND serial_kind = 'entry'"),
      byRelease: database.prepare('SELECT id, serial, state FROM release WHERE lane_id = ? AND release_id = ?'),
    };
  }

  list(filter: RecordFilter): OutboxRecord[] {
    return this.#lists.rows(filter).map((row) => this.#reviewed(row));
  }

  get(id: number): Reviewed | undefined {
    const row = this.#sql.byId.get(id) as ReleaseRow | undefined;
    if (row === undefined) return undefined;
    const attempts = (this.#sql.attempts.all(id) as AttemptRow[]).map(({ at_ms, why, answer }) => ({
      atWallMs: this.#context.timeline.wallMs(at_ms),
      why,
      ...answerOf(answer),
    }));
    const droppedBy = row.state === 'dropped' ? (this.#sql.droppedBy.get(id) as string | undefined) : undefined;
    return { record: this.#reviewed(row), attempts, ...(droppedBy === undefined ? {} : { droppedBy }) };
  }

  /** With when it is tried next, or was settled. */
  #reviewed(row: ReleaseRow): OutboxRecord {
    const settledWallMs = row.settled_ms === null ? undefined : this.#context.timeline.wallMs(row.settled_ms);
    return Object.assign(recordFromRow(row), {
      ...(row.state === 'waiting' && { dueMs: row.due_ms }),
      ...(settledWallMs !== undefined && { settledWallMs }),
    });
  }

  count(filter: RecordFilter): number {
    return this.#lists.count(filter);
  }

  plateSlice(part: string, after: string): PlateSlice {
    return this.#plates.holding(plateAsKept(part), after);
  }

  requeue(id: number, who: string, moment: Moment): boolean {
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    if (this.#sql.again.run(laneMs, id).changes === 0) return false;
    this.#incidents.add('requeued', { id, who }, moment);
    return true;
  }

  causes(): WaitingCause[] {
    const { laneOffsetMs } = this.#context.timeline.boot;
    return this.#lists.causes().map(({ state, why, count, oldestWallMs, dueMs }) => ({
      ...{ state, count, oldestWallMs },
      ...(why !== '' && { why }),
      ...(dueMs !== undefined && { nextTryMs: dueMs - laneOffsetMs }),
    }));
  }

  requeueAll(states: readonly OpenState[], who: string, moment: Moment): number {
    const { changes } = this.#sql.requeueAll.run(this.#context.timeline.laneMs(moment.nowMs), JSON.stringify(states));
    if (changes > 0) this.#incidents.add('requeued', { states, count: changes, who }, moment);
    return changes;
  }

  correct(id: number, changes: Corrections, who: string, why: string, moment: Moment): boolean {
    const row = this.#sql.byId.get(id) as ReleaseRow | undefined;
    if (row === undefined || !OPEN_STATES.some((state) => state === row.state)) return false;
    // No correction makes a damaged record whole.
    if (this.#outbox.isOnWire(id) || recordFromRow(row).damaged) return false;
    if (!this.#rewrite(row, changes, { who, why }, 'corrected', { serial: row.serial, changes }, moment)) return false;
    this.#sql.again.run(this.#context.timeline.laneMs(moment.nowMs), id);
    return true;
  }

  /** A late payment, of one that may have reached the platform: it says so, once. Where it goes out all the same, it says so there. */
  turnedOut(laneId: string, releaseId: string, why: string, moment: Moment): boolean {
    const { id } = (this.#sql.byRelease.get(laneId, releaseId) ?? { id: 0 }) as Known;
    const row = this.#sql.byId.get(id) as ReleaseRow | undefined;
    const record = row && recordFromRow(row);
    if (record === undefined || record.damaged || isPutAside(record.state) || record.turnedOut) return false;
    const changes = { reason: turnedOutReason(why, record.reason) };
    const said = { serial: record.serial, changes, turnedOut: true };
    this.#rewrite(row as ReleaseRow, changes, { who: 'lanewarden', why, turnedOut: true }, 'corrected', said, moment);
    return false;
  }

  /** false: nothing would change. */
  #rewrite(
    { id, body: before }: ReleaseRow,
    changes: Corrections,
    by: Omit<Correction, 'atWallMs' | 'was'>,
    what: 'corrected' | 'dismissed',
    more: object,
    moment: Moment,
  ): boolean {
    const { timeline } = this.#context;
    const body = correctedBody(before, changes, { ...by, atWallMs: timeline.wallMs(timeline.laneMs(moment.nowMs)) });
    if (body === undefined) return false;
    this.#sql.body.run(body, id);
    this.#incidents.add(what, { id, who: by.who, why: by.why, ...more }, moment, body);
    return true;
  }

  dismiss(
    id: number,
    who: string,
    why: string,
    voice: DismissalVoice,
    states: readonly OpenState[] | undefined,
    moment: Moment,
  ): Dismissed | undefined {
    const row = this.#sql.byId.get(id) as ReleaseRow | undefined;
    // The platform may accept it before the decision is made.
    if (row === undefined || !(states ?? OPEN_STATES).some((state) => state === row.state) || this.#outbox.isOnWire(id))
      return undefined;
    const { timeline } = this.#context;
    const laneMs = timeline.laneMs(moment.nowMs);
    const { damaged, corrections = [] } = recordFromRow(row);
    const first = corrections.findLast(({ dismissal }) => dismissal)?.who;
    const isAgreed = voice !== 'asks' && first !== undefined && first !== who;
    if (voice === 'agrees' && !isAgreed) return undefined;
    if (isForPerson(row.state) || damaged || isAgreed) {
      this.#sql.drop.run(laneMs, `dropped: ${why}`, id);
      const people = isAgreed ? { who: first, second: who } : { who };
      this.#incidents.add('dropped', { id, ...people, why }, moment);
      return 'dropped';
    }
    if (first !== undefined) return 'goesOut';
    const changes = { reason: dismissedReason(who, why, recordFromRow(row).reason) };
    if (!this.#rewrite(row, changes, { who, why, dismissal: true }, 'dismissed', {}, moment)) return undefined;
    this.#sql.again.run(laneMs, id);
    return 'goesOut';
  }

  adopt(record: ForeignRecord, pictures: ForeignPictures, moment: Moment): Adopted {
    const { timeline } = this.#context;
    const { serial, state, timeQuality, sent, attempts = 0, unknownAnswers = 0, lastWhy, pictureWhy, ...more } = record;
    const { tries = [], ...rest } = more;
    const laneMs = timeline.laneMs(moment.nowMs);
    // Release ids are unique in one box only: a record of another box with an id in use is distinguished by its serial. So is one whose serial
    // another release has here, because it may get another serial.
    const foreignId = `${record.release.id}@${serial}`;
    const native = this.#sql.byRelease.get(record.laneId, record.release.id) as Known | undefined;
    const known =
      native?.serial === serial ? native : (this.#sql.byRelease.get(record.laneId, foreignId) as Known | undefined);
    if (known !== undefined) return { isNew: false, ...this.#adoptMissing(known, pictures, moment) };
    const isTaken = rest.entrySerial !== undefined && this.#sql.serialTaken.get(serial) !== undefined;
    const id = this.#outbox.insert(
      {
        lane_id: record.laneId,
        release_id: native === undefined && !isTaken ? record.release.id : foreignId,
        // The platform accepts each serial once. A record that may have been sent under it keeps it, for a person to decide.
        serial: isTaken && !sent ? `${serial}-${ulid(moment.wallMs)}` : serial,
        serial_kind: rest.entrySerial === undefined ? 'foreign' : 'entry',
        state: isTaken && sent ? 'parked' : state,
        // None of this box: no later knowledge of its time corrects that of another.
        boot_seq: 0,
        at_ms: laneMs,
        put_ms: laneMs,
        due_ms: laneMs,
        wall_ms: record.releaseWallMs,
        // The unknown time of another box can no longer be corrected here.
        time_quality: timeQuality === 'unknown' ? 'estimated' : timeQuality,
        sent_ms: sent ? laneMs : null,
        picture: 'pending',
        body: recordBody(rest),
      },
      moment,
      true,
    );
    if (id === undefined) return { isNew: false, pictures: 0, noRoom: 0 };
    const kept = this.#adoptPictures(id, pictures, moment);
    if (pictures.picture === undefined) this.#outbox.attach(id, { none: pictureWhy ?? 'notExported' }, moment);
    const why = isTaken && sent ? 'serialTaken' : lastWhy;
    this.#sql.adopted.run(attempts, unknownAnswers, why ?? null, id);
    // In the lane time of this box, so that they read as they did there.
    this.#adoptTries(id, tries, attempts - tries.length, timeline.wallMs(laneMs) - laneMs);
    return { isNew: true, ...kept };
  }

  #adoptTries(id: number, tries: NonNullable<ForeignRecord['tries']>, before: number, laneToWallMs: number): void {
    for (const [index, { atWallMs, why, answer }] of tries.entries()) {
      const said = answer === undefined ? null : JSON.stringify(answer);
      this.#sql.adoptTry.run(id, before + index + 1, Math.round(atWallMs - laneToWallMs), why, said);
    }
  }

  /** Pictures that a known record lacks, as long as it may still be sent with them. */
  #adoptMissing({ id, state }: Known, pictures: ForeignPictures, moment: Moment) {
    if (!OPEN_STATES.some((open) => open === state)) return { pictures: 0, noRoom: 0 };
    return this.#adoptPictures(id, pictures, moment);
  }

  /** Its own picture first: those beside it are worth less. */
  #adoptPictures(id: number, { picture, beside }: ForeignPictures, moment: Moment) {
    const isMissing = picture !== undefined && this.#outbox.row(id).picture !== 'attached';
    if (isMissing) this.#outbox.attach(id, { bytes: picture, mediaType: 'image/jpeg', atMs: 0 }, moment);
    const isKept = isMissing && this.#outbox.row(id).picture === 'attached';
    // Until now it said why there was none.
    if (isKept) this.#sql.hasPicture.run(id);
    const others = this.#beside.adopt(id, beside, moment);
    return { pictures: others.pictures + (isKept ? 1 : 0), noRoom: others.noRoom + (isMissing && !isKept ? 1 : 0) };
  }
}

function answerOf(column: string | null): Pick<Attempt, 'answer'> {
  const answer = column === null ? undefined : parsed<NonNullable<Attempt['answer']>>(column);
  return answer === undefined ? {} : { answer };
}
