/**
 * The reserve file: real bytes that are released when the disk is full, so that SQLite can continue. Half of it is kept back at first, because on a
 * disk without a free block not even a deletion can be written.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { ThreadOptions } from '../messages.ts';
import type { StoreNotice } from '../notice.ts';
import { diskFault } from './database.ts';
import { freeBytesOf } from './frames.ts';
import { give } from './owner.ts';

const BALLAST_FILE = 'ballast';
const CHUNK_BYTES = 1_000_000;
/** Below this SQLite may report a full disk as an I/O error: it has no room for the memory its connections share. */
const SCANT_BYTES = 1_000_000;

export class Ballast {
  readonly #folder: string;
  readonly #file: string;
  /** Its length when whole; 0: none. */
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

  /** Releases all but the half kept back. Returns whether there was more than that. */
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

  /** Releases the rest. Returns whether there was any. */
  releaseAll(): boolean {
    const hadAny = this.#has() > 0;
    rmSync(this.#file, { force: true });
    return hadAny;
  }

  /**
   * For work without which nothing else can be released: no database is open. Retries with the first half, then with all of the reserve released.
   * Throws what the disk throws.
   */
  sacrifice<Result>(work: () => Result): Result {
    for (;;) {
      try {
        return work();
      } catch (error) {
        if (!this.#isFull(error)) throw error;
        if (this.release() || this.releaseAll()) continue;
        // SQLite may have called it an I/O error.
        const { message } = error as Error;
        throw Object.assign(error as Error, { code: 'ENOSPC', message: `the disk is full (${message})` });
      }
    }
  }

  /** Keeps half of it back again when there is room for it twice over. */
  keepBack(): void {
    if (this.#has() < this.#kept && freeBytesOf(this.#folder) >= 2 * this.#kept) this.#write(this.#kept);
  }

  /** Restores it when there is room for it twice over and this many bytes besides. */
  restore(besidesBytes: number): void {
    // Read each time: the command `queue` may have released it as well.
    if (this.#has() >= this.#bytes || freeBytesOf(this.#folder) < 2 * this.#bytes + besidesBytes) return;
    this.#write(this.#bytes);
    // The first reserve of a new box is not reported.
    if (this.#wasReleased) this.#notice({ kind: 'ballast', action: 'restored' });
    this.#wasReleased = false;
  }

  #has(): number {
    return this.#isFile() ? (statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) : 0;
  }

  #isFile(): boolean {
    return lstatSync(this.#file, { throwIfNoEntry: false })?.isFile() ?? true;
  }

  #isFull(error: unknown): boolean {
    const fault = diskFault(error);
    return fault === 'full' || (fault === 'io' && freeBytesOf(this.#folder) < SCANT_BYTES);
  }

  /** Random: a sparse or a compressed file would reserve nothing. */
  #write(bytes: number): void {
    // Somebody's FIFO would wait for a reader.
    if (!this.#isFile()) rmSync(this.#file, { force: true, recursive: true });
    const handle = openSync(this.#file, 'w', 0o600);
    give(handle, this.#folder);
    try {
      for (let done = 0; done < bytes; ) done += writeSync(handle, randomBytes(Math.min(CHUNK_BYTES, bytes - done)));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}
