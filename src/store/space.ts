/**
 * Room on the disk: the quota of pictures, the reserve file, retention. What goes first: frames beside a picture, then pictures of
 * settled records, then pictures of waiting records (the record stays and says so). A waiting record never goes.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import type { Database } from './database.ts';
import type { FrameFolder } from './frames.ts';
import type { Limits, Moment } from './messages.ts';
import type { StoreNotice } from './notice.ts';
import type { Timeline } from './timeline.ts';

/** Settled: nobody waits for the platform or a person any more. */
const SETTLED = `state IN ('delivered', 'withdrawn', 'dropped')`;
const BATCH = 200;
const JOURNAL_BATCH = 5_000;
/** When room must be made, a little more is made, so that not every picture costs a deletion. */
const SPARE_SHARE = 0.02;
const SPARE_BYTES = 8_000_000;
/** Pages given back to the file system at once, when so many are free. */
const VACUUM_PAGES = 512;
const BALLAST_CHUNK_BYTES = 1_000_000;
const BESIDE = 'SELECT release_id AS id, place, frame_file, frame_bytes FROM beside';
/** What may be given up, in this order. */
const EVICTION = {
  beside: { rows: 'beside', notice: 'besidePictures' },
  settled: { rows: 'settledFrames', notice: 'deliveredPictures' },
  waiting: { rows: 'waitingFrames', notice: 'waitingPictures' },
} as const;

interface FrameRow {
  readonly id: number;
  /** Of a frame beside a picture. */
  readonly place?: string;
  readonly frame_file: string;
  readonly frame_bytes: number;
}

export class Space {
  readonly #database: Database;
  readonly #frames: FrameFolder;
  readonly #timeline: Timeline;
  readonly #limits: Limits;
  readonly #ballast: string;
  readonly #notice: (notice: StoreNotice) => void;
  readonly #sql;
  #frameBytes = 0;
  /** Files whose rows are gone in the transaction that is still open. */
  #doomed: string[] = [];
  #ballastMissing = false;
  #ballastReleased = false;

  constructor(
    parts: {
      readonly database: Database;
      readonly frames: FrameFolder;
      readonly timeline: Timeline;
      readonly limits: Limits;
    },
    ballast: string,
    notice: (notice: StoreNotice) => void,
  ) {
    this.#database = parts.database;
    this.#frames = parts.frames;
    this.#timeline = parts.timeline;
    this.#limits = parts.limits;
    this.#ballast = ballast;
    this.#notice = notice;
    const framed = (which: string) =>
      parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release INDEXED BY release_framed
         WHERE frame_file IS NOT NULL AND ${which} ORDER BY id LIMIT ?`,
      );
    this.#sql = {
      total: parts.database.prepare(
        'SELECT coalesce(sum(frame_bytes), 0) AS bytes FROM release WHERE frame_file IS NOT NULL',
      ),
      settledFrames: framed(SETTLED),
      oldFrames: framed(`${SETTLED} AND settled_ms < ?`),
      waitingFrames: framed(`NOT ${SETTLED}`),
      besideTotal: parts.database.prepare('SELECT coalesce(sum(frame_bytes), 0) AS bytes FROM beside'),
      beside: parts.database.prepare(`${BESIDE} ORDER BY release_id LIMIT ?`),
      besideOf: parts.database.prepare(`${BESIDE} WHERE release_id = ?`),
      oldBeside: parts.database.prepare(
        `${BESIDE} WHERE release_id IN (SELECT id FROM release WHERE ${SETTLED} AND settled_ms < ?) LIMIT ?`,
      ),
      forgetBeside: parts.database.prepare('DELETE FROM beside WHERE release_id = ? AND place = ?'),
      forgetFrame: parts.database.prepare(
        `UPDATE release SET picture = 'none', picture_why = ?, frame_file = NULL, frame_bytes = NULL, frame_crc32 = NULL
         WHERE id = ?`,
      ),
      oldRecords: parts.database.prepare(
        `SELECT id, frame_file, frame_bytes FROM release
         WHERE ${SETTLED} AND settled_ms < ? AND id < (SELECT max(id) FROM release) ORDER BY id LIMIT ${BATCH}`,
      ),
      forgetRecord: parts.database.prepare('DELETE FROM release WHERE id = ?'),
      forgetAttempts: parts.database.prepare('DELETE FROM attempt WHERE release_id = ?'),
      journalEnds: parts.database.prepare('SELECT min(seq) AS first, max(seq) AS last FROM journal'),
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
    this.#ballastMissing = this.#limits.ballastBytes > 0 && !this.#ballastWhole();
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
    if (excess > 0) this.#evict(excess + spare, 'overQuota', what === 'beside' ? ['beside'] : undefined);
    if (this.#frameBytes + bytes > framesMaxBytes) return false;
    if (this.#frames.freeBytes() - bytes < lowWaterBytes) {
      if (what === 'picture') this.#evict(bytes, 'diskFull', ['beside', 'settled']);
      return false;
    }
    this.#frameBytes += bytes;
    return true;
  }

  /** Call after a commit: files whose rows are gone go now. */
  committed(): void {
    for (const file of this.#doomed) this.#frames.remove(file);
    this.#doomed = [];
  }

  /** A full disk: SQLite can neither insert nor delete. Gives up the reserve, so that it can. Returns whether there was one. */
  releaseBallast(): boolean {
    if (!existsSync(this.#ballast)) return false;
    rmSync(this.#ballast, { force: true });
    this.#ballastMissing = true;
    this.#ballastReleased = true;
    this.#notice({ kind: 'ballast', action: 'released' });
    return true;
  }

  /** Old pictures go to make room on a full disk. Runs in a transaction of its own. */
  relieve(bytes: number): void {
    this.#evict(bytes, 'diskFull');
  }

  /** Writes the reserve again when there is room for it twice over. Real bytes: a sparse file would reserve nothing. */
  restoreBallast(): void {
    const { ballastBytes, lowWaterBytes } = this.#limits;
    if (!this.#ballastMissing || this.#frames.freeBytes() < 2 * ballastBytes + lowWaterBytes) return;
    const handle = openSync(this.#ballast, 'w', 0o600);
    try {
      for (let done = 0; done < ballastBytes; )
        done += writeSync(handle, randomBytes(Math.min(BALLAST_CHUNK_BYTES, ballastBytes - done)));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    this.#ballastMissing = false;
    // The first reserve of a new box is no news.
    if (this.#ballastReleased) this.#notice({ kind: 'ballast', action: 'restored' });
    this.#ballastReleased = false;
  }

  /** Removes what is past its time, a batch at a time. Runs in a transaction of its own. */
  retain(moment: Moment): void {
    const laneMs = this.#timeline.laneMs(moment.nowMs);
    for (const old of [this.#sql.oldFrames, this.#sql.oldBeside])
      for (const frame of old.all(laneMs - this.#limits.keepFramesMs, BATCH) as FrameRow[])
        this.#forgetFrame(frame, 'expired');
    const records = this.#sql.oldRecords.all(laneMs - this.#limits.keepRecordsMs) as Partial<FrameRow>[];
    for (const { id, frame_file, frame_bytes } of records) {
      this.#sql.forgetAttempts.run(id);
      for (const frame of this.#sql.besideOf.all(id) as FrameRow[]) this.#forgetFrame(frame, 'expired');
      this.#sql.forgetRecord.run(id);
      if (typeof frame_file === 'string') this.#doom(frame_file, frame_bytes ?? 0);
    }
    this.#trimJournal();
  }

  /** Gives free pages back to the file system. Outside of any transaction. */
  shrink(): void {
    const free = this.#database.pragma('freelist_count', { simple: true }) as number;
    if (free > 4 * VACUUM_PAGES) this.#database.pragma(`incremental_vacuum(${VACUUM_PAGES})`);
  }

  #trimJournal(): void {
    const { first, last } = this.#sql.journalEnds.get() as { first: number | null; last: number | null };
    if (first === null || last === null || last - first + 1 < this.#limits.journalMaxRows + JOURNAL_BATCH) return;
    const upTo = last - this.#limits.journalMaxRows;
    this.#sql.trimJournal.run({ upTo, force: last - 2 * this.#limits.journalMaxRows });
    this.#sql.trimSnapshots.run(upTo);
  }

  /** Removes pictures of one kind after the other until so many bytes are free. */
  #evict(
    bytes: number,
    why: string,
    kinds: readonly (keyof typeof EVICTION)[] = ['beside', 'settled', 'waiting'],
  ): void {
    let missing = bytes;
    for (const kind of kinds) {
      if (missing <= 0) return;
      const { rows, notice } = EVICTION[kind];
      const evicted = this.#evictFrom(this.#sql[rows], missing, why);
      if (evicted.count > 0) this.#notice({ kind: 'evicted', what: notice, count: evicted.count });
      missing -= evicted.bytes;
    }
  }

  #evictFrom(rows: { all(limit: number): unknown[] }, bytes: number, why: string): { bytes: number; count: number } {
    let freed = 0;
    let count = 0;
    for (let batch = rows.all(BATCH) as FrameRow[]; batch.length > 0 && freed < bytes; ) {
      for (const frame of batch) {
        if (freed >= bytes) break;
        this.#forgetFrame(frame, why);
        freed += frame.frame_bytes;
        count += 1;
      }
      if (freed < bytes) batch = rows.all(BATCH) as FrameRow[];
    }
    return { bytes: freed, count };
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

  #ballastWhole(): boolean {
    return existsSync(this.#ballast) && statSync(this.#ballast).size >= this.#limits.ballastBytes;
  }
}
