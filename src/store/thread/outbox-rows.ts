/** The rows of the outbox: a record from `put` to its last state. Runs in the store thread, inside its transaction. */
import { hash } from 'node:crypto';
import type { Frame } from '../../driver.ts';
import type { BoxFact } from '../chain/chain.ts';
import { StoreError } from '../error.ts';
import type { FoundRecord, Limits, Operations } from '../messages.ts';
import type { Moment } from '../moment.ts';
import { firstState, RECORD_STATES } from '../record-states.ts';
import type { AcceptedAnswer, NewRecord, OutboxRecord, PutRecord, RecordState, TimeQuality } from '../record-types.ts';
import type { AnswerDetails } from '../types.ts';
import type { Database } from './database.ts';
import { diskFault } from './database.ts';
import type { FrameFolder, KeptFrame } from './frames.ts';
import type { Life } from './heartbeat.ts';
import type { JournalRows } from './journal-rows.ts';
import { parsed } from './json.ts';
import { type FreshColumn, outboxSql } from './outbox-sql.ts';
import { type RecordBody, type ReleaseRow, recordBody, recordFromRow } from './records.ts';
import { isKnown, type TimelineReader } from './timeline.ts';
import { ulid } from './ulid.ts';

/** What the outbox needs besides its tables. */
export interface OutboxContext {
  readonly database: Database;
  readonly frames: FrameFolder;
  readonly timeline: TimelineReader;
  readonly limits: Limits;
  /** Of the program. */
  readonly version: string;
  /** Adds a row of the box to the chain. */
  readonly say: (fact: BoxFact, moment: Moment) => void;
  /** What a verdict given now rests on, about what was at `atMs`. */
  readonly basis: JournalRows['basis'];
  /** Record numbers begin above it, in the successor of a damaged database. */
  readonly idFloor: number;
  /** Whether a picture of this size may be kept now, after making room for it. */
  readonly roomFor: (bytes: number, what: 'picture' | 'beside') => boolean;
  /** In the open transaction, or in one of its own. */
  readonly together: (work: () => void) => void;
}

/** Rows of the journal that belong to a record, before and after it, besides those that its verdict follows from. */
const AROUND_MS = 120_000;
/** More than any slewing makes between two looks. */
const STEP_MS = 1_000;
/** Attempts kept of one record; the oldest are removed. */
const ATTEMPTS_KEPT = 20;

/** What a row is when it is put; `adopt` puts rows of other boxes. */
export type FreshRow = Pick<ReleaseRow, Exclude<FreshColumn, 'id'>>;

/** As it was given; in lane time and by the clock of then. */
export interface GivenRecord extends Pick<Extract<BoxFact, { kind: 'record' }>, 'id' | 'lane' | 'serial' | 'record'> {
  readonly state: string;
  readonly adopted: boolean;
  readonly atMs: number;
  readonly wallMs: number;
}

type Serials = Parameters<Operations['put']>[1];

export class OutboxRows {
  readonly #context: OutboxContext;
  readonly #sql: ReturnType<typeof outboxSql>;
  /** Records in flight, and whether this attempt is the first that may have left the box. */
  readonly #onWire = new Map<number, { readonly first: boolean }>();
  #lastId: number;
  /** Of the system clock, by which records without a known time are dated. */
  #systemOffsetMs = 0;

  constructor(context: OutboxContext) {
    this.#context = context;
    const { database } = context;
    this.#sql = outboxSql(database);
    this.#lastId = 0;
    this.rewind();
  }

  /** After a rollback numbering resumes from the database. */
  rewind(): void {
    const { id } = this.#sql.maxId.get() as { id: number | null };
    this.#lastId = Math.max(this.#context.idFloor, id ?? 0);
  }

  put(record: NewRecord, serials: Serials, moment: Moment): PutRecord {
    const { timeline, limits } = this.#context;
    const { laneId, release } = record;
    const wall = timeline.wallTime(release.releaseAtMs, record.releaseWallMs);
    const put_ms = timeline.laneMs(moment.nowMs);
    const hold = wall.quality === 'unknown' ? limits.clockHoldMs : 0;
    const row: FreshRow = {
      lane_id: laneId,
      release_id: release.id,
      serial: this.#serial(record, serials),
      serial_kind: record.entrySerial === undefined ? 'generated' : 'entry',
      state: firstState(release),
      boot_seq: wall.bootSeq,
      at_ms: Math.floor(release.releaseAtMs),
      put_ms,
      due_ms: put_ms + Math.max(limits.attachWithinMs, hold),
      wall_ms: wall.wallMs,
      time_quality: wall.quality,
      sent_ms: null,
      picture: 'pending',
      body: recordBody({
        ...record,
        ...(wall.errorMs !== undefined && { timeErrorMs: wall.errorMs }),
        ...(wall.withinMs !== undefined && { timeWithinMs: wall.withinMs }),
      }),
    };
    const id = this.insert(row, moment);
    if (id === undefined) return this.#given(laneId, release.id);
    return { id, serial: row.serial, state: row.state, picture: row.picture };
  }

  #given(laneId: string, releaseId: string): PutRecord {
    const given = this.#sql.byRelease.get(laneId, releaseId) as PutRecord | undefined;
    // Somebody changed the table past the program.
    if (given === undefined) throw new StoreError('unavailable', 'the database takes the record and does not have it');
    return given;
  }

  /** Returns the number given, undefined when the release already has a record. */
  insert(row: FreshRow, moment: Moment, isAdopted = false): number | undefined {
    const first = this.#firstId();
    const { changes, lastInsertRowid } = this.#sql.insert.run({ id: first, ...row });
    if (changes === 0) return undefined;
    this.#lastId = Number(lastInsertRowid);
    const { lane_id: lane, serial, state, at_ms, body: record } = row;
    const { version } = this.#context;
    const adopted = isAdopted ? ({ adopted: true } as const) : {};
    // Of the moments of another box this one knows nothing.
    const basis = this.#context.basis(lane, isAdopted ? Number.MAX_SAFE_INTEGER : at_ms - AROUND_MS);
    this.#sql.rest.run(this.#lastId, lane, basis.snapshot, at_ms - AROUND_MS, at_ms + AROUND_MS);
    this.#context.say(
      { kind: 'record', id: this.#lastId, serial, lane, state, version, ...basis, record, ...adopted },
      moment,
    );
    return this.#lastId;
  }

  /** One whose row was taken away, under its number; without its picture. false: its release has another row. */
  putBack({ id, lane, serial, state, record, adopted, atMs, wallMs }: GivenRecord, moment: Moment): boolean {
    const body = parsed<RecordBody>(record);
    if (body === undefined) return false;
    const { timeline } = this.#context;
    const releaseMs = Math.floor(adopted ? atMs : body.release.releaseAtMs);
    const wall = timeline.wallTime(releaseMs, wallMs + releaseMs - atMs);
    const nowMs = timeline.laneMs(moment.nowMs);
    const kind = adopted ? 'foreign' : body.entrySerial === undefined ? 'generated' : 'entry';
    const row: FreshRow = {
      ...{ lane_id: lane, release_id: body.release.id, serial, serial_kind: kind, body: record, picture: 'none' },
      // Of another box it is not known when it was: a person decides.
      ...{ state: adopted ? 'review' : (state as RecordState), boot_seq: adopted ? 0 : wall.bootSeq, at_ms: releaseMs },
      ...{ put_ms: atMs, due_ms: nowMs, wall_ms: wall.wallMs, time_quality: wall.quality, sent_ms: null },
    };
    const { changes } = this.#sql.insert.run({ id, ...row });
    if (changes > 0) this.#sql.noFrame.run('damaged', nowMs, id);
    return changes > 0;
  }

  /**
   * The successor of a damaged database begins above all numbers that may still be in use; from then on, and in any other, SQLite gives the number:
   * another process (`queue import`) may have put records meanwhile.
   */
  #firstId(): number | null {
    const { idFloor } = this.#context;
    if (idFloor === 0 || this.#lastId > idFloor) return null;
    const { id } = this.#sql.maxId.get() as { id: number | null };
    return (id ?? 0) > idFloor ? null : idFloor + 1;
  }

  /** The highest number given in this run, without a query to a database that may be damaged. */
  get lastIdSeen(): number {
    return this.#lastId;
  }

  attach(id: number, picture: Frame | { readonly none: string }, moment: Moment): void {
    const row = this.row(id);
    if (row.picture === 'attached') return;
    const hold = row.time_quality === 'unknown' ? this.#context.limits.clockHoldMs : 0;
    const dueMs = row.attempts > 0 ? row.due_ms : row.put_ms + hold;
    const kept = 'none' in picture ? picture.none : this.keepFrame(picture.bytes, moment);
    if (typeof kept === 'string') {
      this.#sql.noFrame.run(kept, dueMs, id);
      this.#context.say({ kind: 'noFrame', id, why: kept }, moment);
      return;
    }
    this.#sql.frame.run(kept.file, kept.bytes, kept.crc32, dueMs, id);
    this.#context.say({ kind: 'frame', id, place: 'picture', sha256: kept.sha256, bytes: kept.bytes }, moment);
  }

  /** The file is durable before any row refers to it. A disk that refuses costs the picture, never the record. */
  keepFrame(
    bytes: Uint8Array,
    moment: Moment,
    what: 'picture' | 'beside' = 'picture',
  ): (KeptFrame & { readonly sha256: string }) | 'diskFull' | 'diskFault' {
    if (!this.#context.roomFor(bytes.length, what)) return 'diskFull';
    try {
      return {
        ...this.#context.frames.write(`${ulid(moment.wallMs)}.jpg`, bytes),
        sha256: hash('sha256', bytes, 'hex'),
      };
    } catch (error) {
      const fault = diskFault(error);
      if (fault === undefined) throw error;
      return fault === 'full' ? 'diskFull' : 'diskFault';
    }
  }

  due(limit: number, order: 'oldest' | 'newest', afterId: number, moment: Moment): OutboxRecord[] {
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    return (this.#sql.due[order].all(laneMs, afterId, limit) as ReleaseRow[]).map(recordFromRow);
  }

  nextDueMs(laterThanMs: number | undefined): number | undefined {
    const { timeline } = this.#context;
    const afterMs = laterThanMs === undefined ? Number.MIN_SAFE_INTEGER : timeline.laneMs(laterThanMs);
    const ms = this.#sql.nextDue.get({ after: afterMs }) as number | null;
    return ms === null ? undefined : ms - timeline.boot.laneOffsetMs;
  }

  picture(id: number): Uint8Array | undefined {
    return this.#readFrame(this.row(id), (file, checksum) => this.#context.frames.read(file, checksum));
  }

  /** Marks it as in flight. `place`: where to read the bytes of the picture; their number is returned when they fit. */
  sending(id: number, place: Uint8Array | 'none' | undefined, moment: Moment): FoundRecord | undefined {
    // The watch looks once a second, and this record leaves now.
    if (this.row(id).time_quality === 'unknown') this.followClock(moment);
    const row = this.row(id);
    if (row.state !== 'waiting') return undefined;
    const { changes } = this.#sql.leaving.run(this.#context.timeline.laneMs(moment.nowMs), id);
    this.#onWire.set(id, { first: changes > 0 });
    if (place === 'none') return { record: recordFromRow(row) };
    const picture = this.#readFrame(row, (file, checksum, bytes) =>
      place === undefined || bytes > place.length
        ? this.#context.frames.read(file, checksum)
        : this.#context.frames.readInto(file, checksum, place.subarray(0, bytes)),
    );
    if (picture !== undefined) return { record: recordFromRow(row), picture };
    // The row of a damaged picture has just lost it.
    return { record: recordFromRow(row.frame_file === null ? row : this.row(id)) };
  }

  #readFrame<Found>(
    row: ReleaseRow,
    read: (file: string, checksum: number, bytes: number) => Found | undefined,
  ): Found | undefined {
    if (row.frame_file === null || row.frame_crc32 === null || row.frame_bytes === null) return undefined;
    const found = read(row.frame_file, row.frame_crc32, row.frame_bytes);
    if (found === undefined) {
      this.#context.together(() => this.#sql.noFrame.run('damaged', row.due_ms, row.id));
      this.#context.frames.remove(row.frame_file);
    }
    return found;
  }

  /** Its time can be corrected again, and the record withdrawn. */
  unsent(id: number): void {
    if (this.#onWire.get(id)?.first === true) this.#sql.unsent.run(id);
    this.#onWire.delete(id);
  }

  /** Between `sending` and its outcome: the answer of the platform is not known. */
  isOnWire(id: number): boolean {
    return this.#onWire.has(id);
  }

  delivered(id: number, answer: AcceptedAnswer, moment: Moment): void {
    this.#onWire.delete(id);
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    const { changes } = this.#sql.delivered.run(laneMs, answer.seqno ?? null, answer.warning ?? null, id);
    if (changes === 0) throw unknownRecord(id);
    this.#context.say({ kind: 'delivered', id, ...answer }, moment);
  }

  retry(id: number, afterMs: number, why: string, details: AnswerDetails, moment: Moment): void {
    const row = this.row(id);
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    if (details.unsent === true) this.unsent(id);
    this.#attempt(row, why, details, moment);
    this.#sql.retry.run(laneMs + Math.max(0, Math.ceil(afterMs)), why, details.unknownCode === true ? 1 : 0, id);
  }

  settle(id: number, state: 'held' | 'parked', why: string, details: AnswerDetails, moment: Moment): void {
    const row = this.row(id);
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    this.#attempt(row, why, details, moment);
    this.#sql.settle.run(state, laneMs, why, id);
  }

  withdraw(laneId: string, releaseId: string, code: string, moment: Moment): boolean {
    // Kept under this name from the first version on.
    const why = code === 'paidLate' ? 'paid' : code;
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    if (this.#sql.withdraw.run(laneMs, why, laneId, releaseId).changes === 0) return false;
    const { id } = this.#sql.byRelease.get(laneId, releaseId) as PutRecord;
    this.#context.say({ kind: 'withdrawn', id, why }, moment);
    return true;
  }

  counts(): Record<RecordState, number> {
    const counts = Object.fromEntries(RECORD_STATES.map((state) => [state, 0])) as Record<RecordState, number>;
    for (const { state, count } of this.#sql.counts.all() as { state: RecordState; count: number }[])
      counts[state] = count;
    return counts;
  }

  /** What an earlier version dated before anything that can be. Once, after the opening; `life`: the last heartbeat. */
  begin(moment: Moment, life: Life | undefined): void {
    const { timeline } = this.#context;
    this.correct(moment);
    for (const bootSeq of this.#sql.uncorrectedBoots.all() as number[])
      this.#sql.raised.run({ bootSeq, notBeforeMs: timeline.notBeforeMs(bootSeq) });
    this.#systemOffsetMs = offsetOf(timeline.boot.newBoot || life === undefined ? moment : life);
    this.followClock(moment);
  }

  /** Records without a known time are dated anew when the system clock has been set since they were. */
  followClock(moment: Moment): void {
    const offsetMs = offsetOf(moment);
    if (Math.abs(offsetMs - this.#systemOffsetMs) <= STEP_MS) return;
    this.#systemOffsetMs = offsetMs;
    this.#date(moment, 'unknown');
  }

  /**
   * Every unsent record without a wall time gets it, of earlier boots an estimate. `isContradicted`: a source has said that the known time was wrong, and what rests on it is corrected as well. Returns how many were.
   */
  correct(moment: Moment, isContradicted = false): number {
    const { timeline } = this.#context;
    if (!isKnown(timeline.quality)) return 0;
    const own = timeline.quality === 'manual' ? 'manual' : 'corrected';
    let changes = this.#date(moment, own);
    if (!isContradicted) return changes;
    const { bootSeq: ownSeq } = timeline.boot;
    for (const bootSeq of this.#sql.contradictedBoots.all({ ownSeq }) as number[]) {
      const quality = bootSeq === ownSeq ? own : 'estimated';
      const laneToWallMs = timeline.shiftMs(bootSeq, moment);
      changes += this.#sql.contradicted.run({ bootSeq, ownSeq, quality, laneToWallMs }).changes;
    }
    return changes;
  }

  /** `own`: what the time of a record of this boot is worth then. */
  #date(moment: Moment, own: TimeQuality): number {
    const { timeline, limits } = this.#context;
    const { attachWithinMs } = limits;
    let changes = 0;
    for (const bootSeq of this.#sql.uncorrectedBoots.all() as number[]) {
      const quality = own === 'unknown' || bootSeq === timeline.boot.bootSeq ? own : 'estimated';
      const laneToWallMs = timeline.shiftMs(bootSeq, moment);
      if (laneToWallMs !== undefined)
        changes += this.#sql.corrected.run({ bootSeq, quality, laneToWallMs, attachWithinMs }).changes;
    }
    return changes;
  }

  row(id: number): ReleaseRow {
    const row = this.#sql.byId.get(id) as ReleaseRow | undefined;
    if (row === undefined) throw unknownRecord(id);
    return row;
  }

  #attempt(row: ReleaseRow, why: string, details: AnswerDetails, moment: Moment): void {
    this.#onWire.delete(row.id);
    const number = row.attempts + 1;
    const laneMs = this.#context.timeline.laneMs(moment.nowMs);
    const answer = details.answer === undefined ? null : JSON.stringify(details.answer);
    const told = details.answer === undefined ? {} : { answer: details.answer };
    this.#context.say({ kind: 'try', id: row.id, number, why, ...told }, moment);
    this.#sql.attempt.run(row.id, number, laneMs, why, answer);
    if (number > ATTEMPTS_KEPT) this.#sql.forgetAttempts.run(row.id, number - ATTEMPTS_KEPT);
  }

  /** Two releases of one millisecond, or of one entry record: the platform would drop the second one unseen. */
  #serial({ laneId, release, entrySerial }: NewRecord, { first, second }: Serials): string {
    const taken = entrySerial === undefined ? this.#sql.serialUsed : this.#sql.serialTaken;
    const holder = taken.get(first) as { lane_id: string; release_id: string } | undefined;
    return holder === undefined || (holder.lane_id === laneId && holder.release_id === release.id) ? first : second;
  }
}

const offsetOf = ({ wallMs, nowMs }: Moment): number => wallMs - nowMs;

function unknownRecord(id: number): StoreError {
  return new StoreError('unknown', `there is no record ${id}`);
}
