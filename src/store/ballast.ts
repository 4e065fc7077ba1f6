/**
 * The reserve file: real bytes that are given up when the disk is full, so that SQLite can go on. Half of it is kept back at first, because
 * on a disk without a free block not even a deletion can be written.
 */

import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import type { StoreNotice } from './notice.ts';

const CHUNK_BYTES = 1_000_000;

export interface BallastParts {
  readonly file: string;
  /** How long it is when whole; 0: none. */
  readonly bytes: number;
  readonly freeBytes: () => number;
  readonly notice: (notice: StoreNotice) => void;
}

export class Ballast {
  readonly #parts: BallastParts;
  readonly #kept: number;
  #isWhole: boolean;
  #wasReleased = false;

  constructor(parts: BallastParts) {
    this.#parts = parts;
    this.#kept = Math.floor(parts.bytes / 2);
    this.#isWhole = this.#has() >= parts.bytes;
  }

  /** Gives up all but what is kept back. Returns whether there was more than that. */
  release(): boolean {
    if (this.#has() <= this.#kept) return false;
    truncateSync(this.#parts.file, this.#kept);
    this.#isWhole = false;
    this.#wasReleased = true;
    this.#parts.notice({ kind: 'ballast', action: 'released' });
    return true;
  }

  /** Gives up the rest. */
  releaseAll(): void {
    rmSync(this.#parts.file, { force: true });
    this.#isWhole = false;
  }

  /** Keeps its half back again when there is room for it twice over. */
  keepBack(): void {
    if (this.#has() < this.#kept && this.#parts.freeBytes() >= 2 * this.#kept) this.#write(this.#kept);
  }

  /** Makes it whole again when there is room for it twice over and so much besides. */
  restore(besidesBytes: number): void {
    const { bytes, freeBytes, notice } = this.#parts;
    if (this.#isWhole || freeBytes() < 2 * bytes + besidesBytes) return;
    this.#write(bytes);
    this.#isWhole = true;
    // The first reserve of a new box is no news.
    if (this.#wasReleased) notice({ kind: 'ballast', action: 'restored' });
    this.#wasReleased = false;
  }

  #has(): number {
    return statSync(this.#parts.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Random: a sparse or a compressed file would reserve nothing. */
  #write(bytes: number): void {
    const handle = openSync(this.#parts.file, 'w', 0o600);
    try {
      for (let done = 0; done < bytes; ) done += writeSync(handle, randomBytes(Math.min(CHUNK_BYTES, bytes - done)));
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }
}
