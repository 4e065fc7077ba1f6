/**
 * Room on the disk: the quota of pictures, retention, what is given up when it is full. What goes first: frames beside a picture, then pictures of
 * settled records, then settled records, then pictures of waiting records (the record stays and says so). A waiting record never goes.
 */

import type { Limits, Moment } from '../messages.ts';
import type { StoreNotice } from '../notice.ts';
import type { Ballast } from './ballast.ts';
import type { Database } from './database.ts';
import type { FrameFolder } from './frames.ts';
import type { TimelineReader } from './timeline.ts';

type Evicted = Extract<StoreNotice, { kind: 'evicted' }>;

/** Settled: nobody waits for the platform or a person any more. */
const SETTLED = `state IN ('delivered', 'withdrawn', 'dropped')`;
const BATCH = 200;
const JOURNAL_BATCH = 5_000;
/** When room must be made, a little more is made, so that not every picture costs a deletion. */
const SPARE_SHARE = 0.02;
const SPARE_BYTES = 8_000_000;
/** Pages given back to the file system at once, when so many are free. */
const VACUUM_PAGES = 512;
const BESIDE = 'SELECT release_id AS id, place, frame_file, frame_bytes FROM beside';
/** Pictures that may be given up, in this order. */
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
  /** Files whose rows are gone in the transaction that is still open. */
  #doomed: string[] = [];
  /** What that transaction gives up. */
  #evicted: Evicted[] = [];

  constructor(
    parts: {
      readonly database: Database;
      readonly frames: FrameFolder;
      readonly timeline: TimelineReader;
      readonly limits: Limits;
    },
    ballast: Ballast,
    notice: (notice: StoreNotice) => void,
  ) {
    this.#database = parts.database;
    this.#frames = parts.frames;
    this.#timeline = parts.timeline;
    this.#limits = parts.limits;
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
      oldFrames: framed(`${SETTLED} AND settled_ms < ?`, `LIMIT ${BATCH}`),
      waitingFrames: framed(`NOT ${SETTLED}`),
      besideTotal: parts.database.prepare('SELECT coalesce(sum(frame_bytes), 0) AS bytes FROM beside'),
      besideFrames: parts.database.prepare(`${BESIDE} ORDER BY release_id`),
      besideOf: parts.database.prepare(`${BESIDE} WHERE release_id = ?`),
      oldBeside: parts.database.prepare(
        `${BESIDE} WHERE release_id IN (SELECT id FROM release WHERE ${SETTLED} AND settled_ms < ?) LIMIT ${BATCH}`,
      ),
      forgetBeside: parts.database.prepare('DELETE FROM beside WHERE release_id = ? AND place = ?'),
      forgetFrame: parts.database.prepare(
        `UPDATE release SET picture = 'none', picture_why = ?, frame_file = NULL, frame_bytes = NULL, frame_crc32 = NULL
         WHERE id = ?`,
      ),
      // The newest row stays, so that no number is given twice.
      oldRecords: parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release
         WHERE ${SETTLED} AND settled_ms < ? AND id < (SELECT max(id) FROM release) ORDER BY id LIMIT ${BATCH}`,
      ),
      // A dropped one says who threw it away: only time takes that.
      deliveredRecords: parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release
         WHERE state IN ('delivered', 'withdrawn') AND id < (SELECT max(id) FROM release) ORDER BY id LIMIT ${BATCH}`,
      ),
      forgetRecord: parts.database.prepare('DELETE FROM release WHERE id = ?'),
      forgetAttempts: parts.database.prepare('DELETE FROM attempt WHERE release_id = ?'),
      journalEnds: parts.database.prepare('SELECT min(seq) AS first, max(seq) AS last FROM journal'),
      journalAfter: parts.database.prepare('SELECT seq FROM journal ORDER BY seq DESC LIMIT 1 OFFSET ?').pluck(),
      // What a lane still needs to find its state again is kept, up to twice the limit.
      trimJournal: parts.database.prepare(
        `DELETE FROM journal WHERE seq <= @upTo AND (seq <= @force OR
           seq <= coalesce((SELECT max(seq) FROM snapshot WHERE snapshot.lane_id = journal.lane_id), 0))`,
      ),
      trimSnapshots: parts.database.prepare(
        `DELETE FROM snapshot WHERE seq < ? AND seq < (SELECT max(seq) FROM snapshot AS newer WHERE newer.lane_id = snapshot.lane_id)`,
      ),
    };
    this.measure();
  }

  /** Counts the pictures again: at the start and after a rollback. */
  measure(): void {
    const bytesOf = (total: { get(): unknown }): number => (total.get() as { bytes: number }).bytes;
    this.#frameBytes = bytesOf(this.#sql.total) + bytesOf(this.#sql.besideTotal);
    this.#doomed = [];
    this.#evicted = [];
  }

  /**
   * Whether a picture, or a frame beside one, may be written now. Makes room within the quota, the latter only at the cost of its like;
   * below the low-water mark of the disk the answer is no.
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

  /** Call after a commit: files whose rows are gone go now. */
  committed(): void {
    // What has been committed must not be done again for the sake of a file that stays: the next start sweeps it.
    for (const file of this.#doomed) this.#frames.removeIfLet(file);
    this.#doomed = [];
    for (const evicted of this.#evicted) this.#notice(evicted);
    this.#evicted = [];
  }

  /**
   * One step on a disk that is still full, in transactions of its own: so many bytes of the first of these that there are, in the end the rest of
   * the reserve. Pictures here go before their rows say so, because without room nothing can be said; after a cut in between they count as
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

  /** Removes what is past its time, a batch at a time. Runs in a transaction of its own. */
  retain(moment: Moment): void {
    const laneMs = this.#timeline.laneMs(moment.nowMs);
    for (const old of [this.#sql.oldFrames, this.#sql.oldBeside])
      for (const frame of old.all(laneMs - this.#limits.keepFramesMs) as FrameRow[])
        this.#forgetFrame(frame, 'expired');
    for (const record of this.#sql.oldRecords.all(laneMs - this.#limits.keepRecordsMs)) this.#forgetRecord(record);
    this.#trimJournal();
  }

  /** Gives free pages back to the file system. Outside of any transaction. */
  shrink(): void {
    if (this.#freePages() > 4 * VACUUM_PAGES) this.#database.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
  }

  #trimJournal(): void {
    const { first, last } = this.#sql.journalEnds.get() as { first: number | null; last: number | null };
    if (first === null || last === null || last - first + 1 < this.#limits.journalMaxRows + JOURNAL_BATCH) return;
    // Counted, because the numbers leap in a database that took the place of a damaged one.
    const seqAfter = (rows: number) => this.#sql.journalAfter.get(rows) as number | undefined;
    if (seqAfter(this.#limits.journalMaxRows + JOURNAL_BATCH - 1) === undefined) return;
    const upTo = seqAfter(this.#limits.journalMaxRows) as number;
    this.#sql.trimJournal.run({ upTo, force: seqAfter(2 * this.#limits.journalMaxRows) ?? 0 });
    this.#sql.trimSnapshots.run(upTo);
  }

  /** No row of ours says what they are, and what comes now has one. */
  #giveUpLost(): boolean {
    const isGiven = this.#frames.giveUpLost();
    if (isGiven) this.#evicted.push({ kind: 'evicted', what: 'lostPictures', count: 1 });
    return isGiven;
  }

  /** Removes pictures of one kind after the other until so many bytes are free. */
  #evict(bytes: number, why: string, kinds: readonly Kind[]): void {
    let missing = bytes;
    for (const kind of kinds) missing -= this.#forgetFrames(this.#pick(kind, missing), kind, why);
  }

  /** The oldest pictures of a kind that make up so many bytes, or all there are. */
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

  /** Returns how many bytes go. */
  #forgetFrames(frames: readonly FrameRow[], kind: Kind, why: string): number {
    for (const frame of frames) this.#forgetFrame(frame, why);
    if (frames.length > 0) this.#evicted.push({ kind: 'evicted', what: EVICTION[kind], count: frames.length });
    return frames.reduce((sum, { frame_bytes }) => sum + frame_bytes, 0);
  }

  /** Its pages are not given back to the file system but taken by the rows to come: none of these needs room for a long time. */
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

  #forgetRecord(row: unknown): void {
    const { id, frame_file, frame_bytes } = row as RecordRow;
    this.#sql.forgetAttempts.run(id);
    for (const frame of this.#sql.besideOf.all(id) as FrameRow[]) this.#forgetFrame(frame, 'expired');
    this.#sql.forgetRecord.run(id);
    if (frame_file !== null) this.#doom(frame_file, frame_bytes ?? 0);
  }

  #forgetFrame({ id, place, frame_file, frame_bytes }: FrameRow, why: string): void {
    if (place === undefined) this.#sql.forgetFrame.run(why, id);
    else this.#sql.forgetBeside.run(id, place);
    this.#doom(frame_file, frame_bytes);
  }

  /** Its row has let go of it in the transaction that is open: it goes after the commit. */
  #doom(file: string, bytes: number): void {
    this.#doomed.push(file);
    this.#frameBytes -= bytes;
  }

  #freePages(): number {
    return this.#database.pragma('freelist_count', { simple: true }) as number;
  }
}
