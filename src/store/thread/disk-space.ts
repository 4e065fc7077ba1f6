/**
 * Space on the disk: the quota of pictures, retention, and what is removed when it is full. In this order: frames beside a picture, pictures of
 * settled records, settled records, pictures of waiting records (the record stays and says so). A waiting record is never removed.
 */

import type { BoxFact } from '../chain/chain.ts';
import { JournalTrim, type TrimParts } from '../chain/journal-trim.ts';
import type { Limits } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import type { Ballast } from './ballast.ts';
import type { Database } from './database.ts';
import type { FrameFolder } from './frames.ts';
import type { TimelineReader } from './timeline.ts';

type Evicted = Extract<StoreNotice, { kind: 'evicted' }>;

/** Settled: nothing more is expected from the platform or a person. */
const SETTLED = `state IN ('delivered', 'withdrawn', 'dropped')`;
const BATCH = 200;
/** Settled records looked at in one part. */
const LOOKED_AT = 1_000;
/** Removes a little more than needed, so that not every picture costs a deletion. */
const SPARE_SHARE = 0.02;
const SPARE_BYTES = 8_000_000;
/** Pages returned to the file system at once, when this many are free. */
const VACUUM_PAGES = 512;
const BESIDE = 'SELECT release_id AS id, place, frame_file, frame_bytes FROM beside';
/** Pictures that may be removed, in this order. */
const EVICTION = {
  besideFrames: 'besidePictures',
  settledFrames: 'deliveredPictures',
  waitingFrames: 'waitingPictures',
} as const;
type Kind = keyof typeof EVICTION;
const KINDS = Object.keys(EVICTION) as Kind[];

interface FrameRow {
  readonly id: number;
  /** Of a frame beside a picture. */
  readonly place?: string;
  readonly frame_file: string;
  readonly frame_bytes: number;
}

interface SettledRow {
  readonly id: number;
  readonly frame_bytes: number | null;
  readonly settled_ms: number;
}

interface RecordRow {
  readonly id: number;
  readonly frame_file: string | null;
  readonly frame_bytes: number | null;
}

export class Space {
  readonly ballast: Ballast;
  readonly #database: Database;
  readonly #frames: FrameFolder;
  readonly #timeline: TimelineReader;
  readonly #limits: Limits;
  readonly #notice: (notice: StoreNotice) => void;
  readonly #sql;
  #frameBytes = 0;
  /** No record that was settled before has a picture. */
  #framesGoneMs = Number.MIN_SAFE_INTEGER;
  /** Files whose rows are gone in the transaction that is still open. */
  #doomed: string[] = [];
  /** What that transaction removes. */
  #evicted: Evicted[] = [];
  readonly #journal: JournalTrim;
  /** Pictures removed, by rule, that no row of the chain names yet. */
  #gone: BoxFact[] = [];
  /** Of the transaction that is still open. */
  #going = new Map<string, [id: number, place: string][]>();

  constructor(
    parts: TrimParts & { readonly frames: FrameFolder; readonly timeline: TimelineReader },
    ballast: Ballast,
    notice: (notice: StoreNotice) => void,
  ) {
    this.#database = parts.database;
    this.#frames = parts.frames;
    this.#timeline = parts.timeline;
    this.#limits = parts.limits;
    this.#journal = new JournalTrim(parts);
    this.ballast = ballast;
    this.#notice = notice;
    const framed = (which: string, limit = '') =>
      parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release INDEXED BY release_framed
         WHERE frame_file IS NOT NULL AND ${which} ORDER BY id ${limit}`,
      );
    this.#sql = {
      total: parts.database.prepare(
        'SELECT coalesce(sum(frame_bytes), 0) AS bytes FROM release WHERE frame_file IS NOT NULL',
      ),
      settledFrames: framed(SETTLED),
      waitingFrames: framed(`NOT ${SETTLED}`),
      besideTotal: parts.database.prepare(
        'SELECT coalesce(sum(frame_bytes), 0) AS bytes FROM beside INDEXED BY beside_bytes',
      ),
      besideFrames: parts.database.prepare(`${BESIDE} ORDER BY release_id`),
      besideOf: parts.database.prepare(`${BESIDE} WHERE release_id = ?`),
      forgetBeside: parts.database.prepare('DELETE FROM beside WHERE release_id = ? AND place = ?'),
      forgetFrame: parts.database.prepare(
        `UPDATE release SET picture = 'none', picture_why = ?, frame_file = NULL, frame_bytes = NULL, frame_crc32 = NULL
         WHERE id = ?`,
      ),
      // Of the index alone: whether there is a picture stands in it.
      settled: parts.database.prepare(
        `SELECT id, frame_bytes, settled_ms FROM release INDEXED BY release_settled
         WHERE ${SETTLED} AND settled_ms >= ? AND settled_ms < ? ORDER BY settled_ms LIMIT ${LOOKED_AT}`,
      ),
      frameOf: parts.database.prepare('SELECT id, frame_file, frame_bytes FROM release WHERE id = ?'),
      // The newest row stays, so that no number is reused.
      oldRecords: parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release INDEXED BY release_settled
         WHERE ${SETTLED} AND settled_ms < ? AND id < (SELECT max(id) FROM release) ORDER BY settled_ms LIMIT ${BATCH}`,
      ),
      // A dropped record says who dropped it: only time removes that.
      deliveredRecords: parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release
         WHERE state IN ('delivered', 'withdrawn') AND id < (SELECT max(id) FROM release) ORDER BY id LIMIT ${BATCH}`,
      ),
      forgetRecord: parts.database.prepare('DELETE FROM release WHERE id = ?'),
      forgetAttempts: parts.database.prepare('DELETE FROM attempt WHERE release_id = ?'),
      forgetRest: parts.database.prepare('DELETE FROM rest WHERE release_id = ?'),
      forgetMarks: parts.database.prepare('DELETE FROM mark WHERE release_id = ?'),
    };
    this.measure();
  }

  /** Counts the pictures again: at the start and after a rollback. */
  measure(): void {
    const bytesOf = (total: { get(): unknown }): number => (total.get() as { bytes: number }).bytes;
    this.#frameBytes = bytesOf(this.#sql.total) + bytesOf(this.#sql.besideTotal);
    this.#doomed = [];
    this.#evicted = [];
    this.#going.clear();
    this.#framesGoneMs = Number.MIN_SAFE_INTEGER;
  }

  /** What the next row of the chain is to say: a full disk takes none. */
  takeGone(): BoxFact[] {
    return this.#gone.splice(0);
  }

  /**
   * Whether a picture, or a frame beside one, may be written now. Makes room within the quota, for a frame beside one only by removing others of
   * these; below the low-water mark of the disk the answer is no.
   */
  roomFor(bytes: number, what: 'picture' | 'beside'): boolean {
    const { framesMaxBytes, lowWaterBytes } = this.#limits;
    if (bytes > framesMaxBytes) return false;
    const excess = this.#frameBytes + bytes - framesMaxBytes;
    const spare = Math.min(framesMaxBytes * SPARE_SHARE, SPARE_BYTES);
    if (excess > 0) this.#evict(excess + spare, 'overQuota', what === 'beside' ? ['besideFrames'] : KINDS);
    if (this.#frameBytes + bytes > framesMaxBytes) return false;
    if (this.#frames.freeBytes() - bytes < lowWaterBytes && this.#giveUpLost()) return this.roomFor(bytes, what);
    if (this.#frames.freeBytes() - bytes < lowWaterBytes) {
      if (what === 'picture') this.#evict(bytes, 'diskFull', ['besideFrames', 'settledFrames']);
      return false;
    }
    this.#frameBytes += bytes;
    return true;
  }

  /** Call after a commit: removes files whose rows are gone. */
  committed(): void {
    // A committed removal is not repeated for a file that stays: the next start sweeps it.
    for (const file of this.#doomed) this.#frames.removeIfLet(file);
    this.#doomed = [];
    for (const [rule, frames] of this.#going) this.#gone.push({ kind: 'gone', rule, frames });
    this.#going.clear();
    for (const evicted of this.#evicted) this.#notice(evicted);
    this.#evicted = [];
  }

  /**
   * One step on a disk that is still full, in transactions of its own: removes this many bytes of the first kind there is, in the end the rest of
   * the reserve. Pictures are removed before their rows say so, because a full disk accepts no row; after a power cut in between they count as
   * damaged.
   */
  relieve(bytes: number, together: (work: () => void) => void): void {
    const frames = (kind: Kind): boolean => {
      const rows = this.#pick(kind, bytes);
      for (const { frame_file } of rows) this.#frames.remove(frame_file);
      if (rows.length > 0) together(() => void this.#forgetFrames(rows, kind, 'diskFull'));
      return rows.length > 0;
    };
    const isRelieved =
      frames('besideFrames') ||
      frames('settledFrames') ||
      this.#giveUpLost() ||
      this.#relieveOfRecords(bytes, together) ||
      frames('waitingFrames');
    if (isRelieved) this.ballast.keepBack();
    else this.ballast.releaseAll();
  }

  /** Removes what is older than its retention, in parts, each for a transaction of its own. */
  *retain(moment: Moment): Generator<undefined> {
    const laneMs = this.#timeline.laneMs(moment.nowMs);
    yield* this.#oldFrames(laneMs - this.#limits.keepFramesMs);
    for (let isMore = true; isMore; ) {
      const old = this.#sql.oldRecords.all(laneMs - this.#limits.keepRecordsMs);
      for (const record of old) this.#forgetRecord(record);
      isMore = old.length === BATCH;
      if (isMore) yield;
    }
    yield* this.#journal.trim(moment, laneMs);
  }

  /** Behind the last ones: what was settled before has lost its pictures. */
  *#oldFrames(beforeMs: number): Generator<undefined> {
    for (;;) {
      const rows = this.#sql.settled.all(this.#framesGoneMs, beforeMs) as SettledRow[];
      for (const { id, frame_bytes } of rows) {
        if (frame_bytes !== null) this.#forgetFrame(this.#sql.frameOf.get(id) as FrameRow, 'expired');
        for (const frame of this.#sql.besideOf.all(id) as FrameRow[]) this.#forgetFrame(frame, 'expired');
      }
      const last = rows.at(-1)?.settled_ms;
      if (last === undefined) return;
      // More of the same moment than are looked at once do not come about.
      this.#framesGoneMs = rows.length < LOOKED_AT || last === this.#framesGoneMs ? last + 1 : last;
      if (rows.length < LOOKED_AT) return;
      yield;
    }
  }

  /** These records with their pictures, at a person's request. Returns how many pictures go. */
  erase(records: readonly unknown[]): number {
    const before = this.#doomed.length;
    for (const record of records) this.#forgetRecord(record, 'erased');
    return this.#doomed.length - before;
  }

  /** Returns free pages to the file system. Outside of any transaction. */
  shrink(): void {
    if (this.#freePages() > 4 * VACUUM_PAGES) this.#database.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
  }

  /** No row refers to them, while new pictures have one. */
  #giveUpLost(): boolean {
    const isGiven = this.#frames.giveUpLost();
    if (isGiven) this.#evicted.push({ kind: 'evicted', what: 'lostPictures', count: 1 });
    return isGiven;
  }

  /** Removes pictures, kind after kind, until this many bytes are free. */
  #evict(bytes: number, why: string, kinds: readonly Kind[]): void {
    let missing = bytes;
    for (const kind of kinds) missing -= this.#forgetFrames(this.#pick(kind, missing), kind, why);
  }

  /** The oldest pictures of a kind that make up this many bytes, or all there are. */
  #pick(kind: Kind, bytes: number): FrameRow[] {
    const picked: FrameRow[] = [];
    let missing = bytes;
    for (const frame of this.#sql[kind].iterate() as IterableIterator<FrameRow>) {
      if (missing <= 0) break;
      picked.push(frame);
      missing -= frame.frame_bytes;
    }
    return picked;
  }

  /** Returns the bytes removed. */
  #forgetFrames(frames: readonly FrameRow[], kind: Kind, why: string): number {
    for (const frame of frames) this.#forgetFrame(frame, why);
    if (frames.length > 0) this.#evicted.push({ kind: 'evicted', what: EVICTION[kind], count: frames.length });
    return frames.reduce((sum, { frame_bytes }) => sum + frame_bytes, 0);
  }

  /** Its pages are not returned to the file system but reused for new rows, which need no room for a long time. */
  #relieveOfRecords(bytes: number, together: (work: () => void) => void): boolean {
    const pageBytes = this.#database.pragma('page_size', { simple: true }) as number;
    let rows = this.#sql.deliveredRecords.all();
    if (rows.length === 0) return false;
    this.ballast.releaseAll();
    do {
      const batch = rows;
      together(() => {
        for (const record of batch) this.#forgetRecord(record);
        this.#evicted.push({ kind: 'evicted', what: 'deliveredRecords', count: batch.length });
      });
      rows = this.#sql.deliveredRecords.all();
    } while (rows.length > 0 && this.#freePages() * pageBytes < bytes);
    return true;
  }

  #forgetRecord(row: unknown, why = 'expired'): void {
    const { id, frame_file, frame_bytes } = row as RecordRow;
    this.#sql.forgetAttempts.run(id);
    for (const frame of this.#sql.besideOf.all(id) as FrameRow[]) this.#forgetFrame(frame, why);
    this.#sql.forgetRecord.run(id);
    this.#sql.forgetRest.run(id);
    this.#sql.forgetMarks.run(id);
    if (frame_file === null) return;
    this.#tellGone(why, id, 'picture');
    this.#doom(frame_file, frame_bytes ?? 0);
  }

  #forgetFrame({ id, place, frame_file, frame_bytes }: FrameRow, why: string): void {
    if (place === undefined) this.#sql.forgetFrame.run(why, id);
    else this.#sql.forgetBeside.run(id, place);
    this.#tellGone(why, id, place ?? 'picture');
    this.#doom(frame_file, frame_bytes);
  }

  #tellGone(rule: string, id: number, place: string): void {
    const frames = this.#going.get(rule) ?? [];
    frames.push([id, place]);
    this.#going.set(rule, frames);
  }

  /** Its row is removed in the open transaction: the file goes after the commit. */
  #doom(file: string, bytes: number): void {
    this.#doomed.push(file);
    this.#frameBytes -= bytes;
  }

  #freePages(): number {
    return this.#database.pragma('freelist_count', { simple: true }) as number;
  }
}
