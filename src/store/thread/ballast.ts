/**
 * The reserve file: real bytes that are given up when the disk is full, so that SQLite can go on. Half of it is kept back at first, because
 * on a disk without a free block not even a deletion can be written.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ThreadOptions } from '../messages.ts';
import type { StoreNotice } from '../notice.ts';
import { diskFault } from './database.ts';

const BALLAST_FILE = 'ballast';
const CHUNK_BYTES = 1_000_000;
/** With less than this SQLite may say of a full disk that it fails: it has no room for what its connections share. */
const SCANT_BYTES = 1_000_000;

export class Ballast {
  readonly #folder: string;
  readonly #file: string;
  /** How long it is when whole; 0: none. */
  readonly #bytes: number;
  readonly #kept: number;
  readonly #notice: (notice: StoreNotice) => void;
  #wasReleased: boolean;

  constructor({ path, limits }: ThreadOptions, notice: (notice: StoreNotice) => void) {
    this.#folder = path;
    this.#file = join(path, BALLAST_FILE);
    this.#bytes = limits.ballastBytes;
    this.#kept = Math.floor(this.#bytes / 2);
    this.#notice = notice;
    this.#wasReleased = this.#has() > 0 && this.#has() < this.#bytes;
  }

  /** Gives up all but what is kept back. Returns whether there was more than that. */
  release(): boolean {
    if (this.#has() <= this.#kept) return false;
    truncateSync(this.#file, this.#kept);
    this.#wasReleased = true;
    this.#notice({ kind: 'ballast', action: 'released' });
    return true;
  }

  /** The same; false also when the disk refuses even that. */
  releaseIfLet(): boolean {
    try {
      return this.release();
    } catch (error) {
      if (diskFault(error) === undefined) throw error;
      return false;
    }
  }

  /** Gives up the rest. Returns whether there was any. */
  releaseAll(): boolean {
    const hadAny = this.#has() > 0;
    rmSync(this.#file, { force: true });
    return hadAny;
  }

  /**
   * For what must be done before anything else can be given up: no database is open. Tries again with the first half, then with all of the
   * reserve given up. Throws what the disk throws.
   */
  sacrifice<Result>(work: () => Result): Result {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!this.#isFull(error)) throw error;
        // Whoever waits for the disk is to say what it waits for.
        if (!this.release() && !this.releaseAll()) throw Object.assign(error as Error, { code: 'ENOSPC' });
      }
    }
  }

  /** Keeps its half back again when there is room for it twice over. */
  keepBack(): void {
    if (this.#has() < this.#kept && this.#freeBytes() >= 2 * this.#kept) this.#write(this.#kept);
  }

  /** Makes it whole again when there is room for it twice over and so much besides. */
  restore(besidesBytes: number): void {
    // Looked up each time: the command `queue` may have given it up as well.
    if (this.#has() >= this.#bytes || this.#freeBytes() < 2 * this.#bytes + besidesBytes) return;
    this.#write(this.#bytes);
    // The first reserve of a new box is no news.
    if (this.#wasReleased) this.#notice({ kind: 'ballast', action: 'restored' });
    this.#wasReleased = false;
  }

  #has(): number {
    return statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
  }

  #isFull(error: unknown): boolean {
    const fault = diskFault(error);
    return fault === 'full' || (fault === 'io' && this.#freeBytes() < SCANT_BYTES);
  }

  /** Space that an ordinary user may still fill. */
  #freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.#folder);
    return bavail * bsize;
  }

  /** Random: a sparse or a compressed file would reserve nothing. */
  #write(bytes: number): void {
    const handle = openSync(this.#file, 'w', 0o600);
    try {
      for (let done = 0; done < bytes; ) done += writeSync(handle, randomBytes(Math.min(CHUNK_BYTES, bytes - done)));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}
