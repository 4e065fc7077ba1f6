/**
 * Records that the disk refuses: they are sent from memory, under the serial they will have on the disk, and wait here for it. The uploader and the
 * lanes see records like others, with a number that is provisional until the disk gives them one.
 */
import type { Clock } from '../clock.ts';
import type { Frame } from '../driver.ts';
import { StoreError } from './error.ts';
import { firstState, isForPerson } from './record-states.ts';
import type { NewRecord, OutboxRecord, PutRecord } from './record-types.ts';
import type { Serials } from './serial.ts';
import type { Line } from './thread-client.ts';
import type { AnswerDetails, Boot, SendingRecord, StoreStatus, TimeKeeping } from './types.ts';

/** Numbers of the disk stay below. */
const FIRST_ID = 2 ** 52;
/** At the limit a new record is refused, and the notice `refused` says so. */
const RECORDS_MOST = 1_000;
/** Pictures held. At the limit those of records that are at the platform go first; a new record then goes without. */
const PICTURE_BYTES_MOST = 24_000_000;
/** Warning of a record that was delivered from here. */
const FROM_MEMORY = 'fromMemory';

type Picture = Frame | { readonly none: string };

interface Unkept {
  readonly id: number;
  readonly record: NewRecord;
  readonly serial: string;
  readonly putMs: number;
  /** Returns its number to the caller of `put`, while the disk refuses. */
  readonly tell: () => void;
  isTold: boolean;
  rowId?: number;
  state: OutboxRecord['state'];
  picture?: Picture;
  isPictureKept: boolean;
  isOnWire: boolean;
  /** Bytes of it may have left. */
  sent: boolean;
  attempts: number;
  unknownAnswers: number;
  lastWhy?: string;
  dueMs: number;
  /** Its outcome, to be kept when the disk accepts it. */
  outcome?: (rowId: number) => Promise<unknown>;
}

export interface UnkeptParts {
  readonly line: Line;
  readonly clock: Clock;
  readonly time: TimeKeeping;
  readonly boot: Boot;
  readonly serials: Serials;
  readonly limits: { readonly attachWithinMs: number; readonly clockHoldMs: number };
}

export class UnkeptRecords {
  readonly #parts: UnkeptParts;
  readonly #records = new Map<number, Unkept>();
  #nextId = FIRST_ID;

  constructor(parts: UnkeptParts) {
    this.#parts = parts;
    parts.line.onStall(() => this.#stalled());
  }

  /** The disk refuses, and not for a moment only. */
  get isActive(): boolean {
    const { stalled } = this.#parts.line.status();
    return stalled !== undefined && stalled !== 'busy';
  }

  status(): StoreStatus['unkept'] {
    const unkept = [...this.#records.values()].filter(({ isTold, rowId }) => isTold && rowId === undefined);
    if (unkept.length === 0) return undefined;
    return { records: unkept.length, delivered: unkept.filter(({ state }) => state === 'delivered').length };
  }

  /** Resolves when it is durable; `early`: or with a provisional number when the disk refuses. */
  put(record: NewRecord, early: boolean): Promise<PutRecord> {
    const { line, clock, serials } = this.#parts;
    if (early && this.isActive && this.#records.size >= RECORDS_MOST)
      return Promise.reject(new StoreError('full', `${RECORDS_MOST} records are in memory only`));
    const given = serials.of(record);
    return new Promise((resolve, reject) => {
      const kept = line.call('put', record, given);
      const id = this.#nextId++;
      const state = firstState(record.release);
      const nowMs = clock.nowMs();
      const unkept: Unkept = {
        ...{ id, record, serial: given.first, putMs: nowMs, dueMs: nowMs + this.#holdMs(), state },
        ...{ isTold: false, isPictureKept: false, isOnWire: false, sent: false, attempts: 0, unknownAnswers: 0 },
        tell: () => {
          if (!early || unkept.isTold) return;
          unkept.isTold = true;
          const rowId = kept.then((put) => put.id);
          rowId.catch(() => undefined);
          resolve({ id, serial: given.first, state, picture: 'pending', kept: rowId });
        },
      };
      this.#records.set(id, unkept);
      kept
        .then((put) => {
          this.#kept(unkept, put);
          resolve(put);
        })
        .catch((error) => {
          this.#records.delete(id);
          reject(error);
        });
      if (this.isActive) unkept.tell();
    });
  }

  /** Records to be sent; records on the disk are unknown while this is active. */
  due(limit: number, order: 'oldest' | 'newest', afterId: number): readonly OutboxRecord[] {
    const nowMs = this.#parts.clock.nowMs();
    const due = [...this.#records.values()].filter((each) => each.id > afterId && this.#dueMs(each) <= nowMs);
    return (order === 'oldest' ? due : due.toReversed()).slice(0, limit).map((each) => this.#outboxRecord(each));
  }

  nextDueMs(laterThanMs: number): number | undefined {
    const moments = [...this.#records.values()].map((each) => this.#dueMs(each)).filter((ms) => ms > laterThanMs);
    const next = Math.min(...moments);
    return Number.isFinite(next) ? next : undefined;
  }

  /** It is in flight under its provisional number, and on the disk meanwhile. */
  isOnWire(rowId: number): boolean {
    return [...this.#records.values()].some((each) => each.rowId === rowId && each.isOnWire);
  }

  /** undefined: it is not one of these. */
  sending(id: number, withPicture: boolean): { readonly found: SendingRecord | undefined } | undefined {
    const unkept = this.#records.get(id);
    if (unkept === undefined) return id >= FIRST_ID ? { found: undefined } : undefined;
    if (unkept.state !== 'waiting' || unkept.rowId !== undefined) return { found: undefined };
    const record = this.#outboxRecord(unkept);
    unkept.isOnWire = true;
    unkept.sent = true;
    const { picture } = unkept;
    if (!withPicture || picture === undefined || 'none' in picture) return { found: { record } };
    return { found: { record, picture: { bytes: picture.bytes, before: 0, after: 0, giveBack: () => undefined } } };
  }

  /** undefined: it is not one of these. */
  unsent(id: number): Promise<void> | undefined {
    return this.#change(id, (unkept) => {
      if (unkept.attempts === 0) unkept.sent = false;
    });
  }

  attach(id: number, picture: Picture): Promise<void> | undefined {
    const unkept = this.#records.get(id);
    if (unkept === undefined) return id >= FIRST_ID ? Promise.resolve() : undefined;
    unkept.picture = unkept.rowId !== undefined || this.#hasRoom(picture) ? picture : { none: 'storeBusy' };
    this.#settle(unkept);
    return Promise.resolve();
  }

  /** The number on the disk; undefined: none yet, or not one of these. */
  rowIdOf(id: number): number | undefined {
    return id < FIRST_ID ? id : this.#records.get(id)?.rowId;
  }

  /** The outcome of an attempt. `post` keeps it on the disk, at once if the record is there. undefined: not one of these. */
  ended(
    id: number,
    state: 'delivered' | 'held' | 'parked',
    post: (rowId: number) => Promise<unknown>,
  ): Promise<void> | undefined {
    return this.#change(id, (unkept) => {
      unkept.state = state;
      unkept.outcome = post;
    });
  }

  retry(
    id: number,
    afterMs: number,
    why: string,
    details: AnswerDetails,
    post: (rowId: number) => Promise<unknown>,
  ): Promise<void> | undefined {
    return this.#change(id, (unkept) => {
      if (details.unsent === true && unkept.attempts === 0) unkept.sent = false;
      unkept.attempts += 1;
      if (details.unknownCode === true) unkept.unknownAnswers += 1;
      unkept.lastWhy = why;
      unkept.dueMs = this.#parts.clock.nowMs() + afterMs;
      unkept.outcome = post;
    });
  }

  /** true: it was one of these, and has not left. */
  withdraw(laneId: string, releaseId: string): boolean {
    const [unkept] = this.#ofRelease(laneId, releaseId);
    if (unkept === undefined || unkept.sent || unkept.rowId !== undefined) return false;
    unkept.state = 'withdrawn';
    return true;
  }

  wasSent(laneId: string, releaseId: string): boolean {
    return this.#ofRelease(laneId, releaseId).some(({ sent }) => sent);
  }

  #ofRelease(lane: string, id: string): readonly Unkept[] {
    return [...this.#records.values()].filter(({ record }) => record.laneId === lane && record.release.id === id);
  }

  /** The warning with which a record that was delivered from here is kept. */
  static warning(id: number, warning: string | undefined): string | undefined {
    if (id < FIRST_ID) return warning;
    return warning === undefined ? FROM_MEMORY : `${FROM_MEMORY}: ${warning}`;
  }

  #stalled(): void {
    if (!this.isActive) return;
    const told = () => [...this.#records.values()].filter(({ isTold }) => isTold).length;
    const before = told();
    for (const each of this.#records.values()) each.tell();
    if (told() > before) this.#parts.line.changed();
  }

  #change(id: number, change: (unkept: Unkept) => void): Promise<void> | undefined {
    const unkept = this.#records.get(id);
    if (unkept === undefined) return undefined;
    unkept.isOnWire = false;
    change(unkept);
    this.#settle(unkept);
    return Promise.resolve();
  }

  #kept(unkept: Unkept, { id, state }: PutRecord): void {
    unkept.rowId = id;
    // It was on the disk already, and a person has decided on it.
    if (!unkept.isTold || (state !== 'waiting' && !isForPerson(state))) this.#records.delete(unkept.id);
    else this.#settle(unkept);
  }

  /** Hands over to the disk what it lacks; when nothing more can come the record is removed here. */
  #settle(unkept: Unkept): void {
    const { line } = this.#parts;
    const { rowId, picture, outcome, sent, isOnWire } = unkept;
    const failed = () => undefined;
    if (rowId !== undefined) {
      if (picture !== undefined && !unkept.isPictureKept) {
        unkept.isPictureKept = true;
        line.attach(rowId, picture).catch(failed);
      }
      if (sent && !isOnWire) line.call('sending', rowId, 'none').catch(failed);
      if (outcome !== undefined && !isOnWire) outcome(rowId).catch(failed);
      if (!isOnWire) Object.assign(unkept, { sent: false, outcome: undefined });
      if (picture !== undefined && !isOnWire) this.#records.delete(unkept.id);
    }
    line.changed();
  }

  #holdMs(): number {
    const { time, limits } = this.#parts;
    return time.quality === 'unknown' ? limits.clockHoldMs : 0;
  }

  /** Clock.nowMs at which it may leave; never: it does not wait, or the disk has it. */
  #dueMs({ state, isTold, isOnWire, rowId, picture, putMs, dueMs, attempts }: Unkept): number {
    if (state !== 'waiting' || !isTold || isOnWire || rowId !== undefined) return Number.POSITIVE_INFINITY;
    const isReady = picture !== undefined || attempts > 0;
    return isReady ? dueMs : Math.max(dueMs, putMs + this.#parts.limits.attachWithinMs);
  }

  #outboxRecord({ id, record, serial, state, attempts, unknownAnswers, lastWhy, sent, picture }: Unkept): OutboxRecord {
    const { time, boot } = this.#parts;
    // By what is known now: the clock may have been set since it was put.
    const releaseWallMs = time.wallMsAt(record.release.releaseAtMs - boot.laneOffsetMs);
    return {
      ...record,
      ...{ id, serial, state, attempts, unknownAnswers, sent, timeQuality: time.quality, releaseWallMs },
      picture: picture === undefined ? 'pending' : 'none' in picture ? 'none' : 'attached',
      ...(picture !== undefined && 'none' in picture && { pictureWhy: picture.none }),
      ...(lastWhy !== undefined && { lastWhy }),
    };
  }

  #hasRoom(picture: Picture): boolean {
    if ('none' in picture) return true;
    const held = [...this.#records.values()].filter((each) => each.rowId === undefined);
    const bytesOf = (each: Unkept) =>
      each.picture === undefined || 'none' in each.picture ? 0 : each.picture.bytes.length;
    let bytes = held.reduce((sum, each) => sum + bytesOf(each), picture.bytes.length);
    for (const each of held) {
      if (bytes <= PICTURE_BYTES_MOST) return true;
      if (each.state !== 'delivered') continue;
      bytes -= bytesOf(each);
      each.picture = { none: 'storeBusy' };
    }
    return bytes <= PICTURE_BYTES_MOST;
  }
}
