/** How long a disk takes to keep a page for good: what decides whether a card will do. It writes and removes one small file. */
import { open, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';

export interface DiskMeasure {
  readonly freeBytes: number;
  /** Of `writes` pages of 4 KiB, each synced: the median and the longest. */
  readonly medianMs: number;
  readonly longestMs: number;
  readonly writes: number;
}

const WRITES = 20;
const PAGE_BYTES = 4_096;

/** Throws the system's error when the folder cannot be written. */
export async function measureDisk(folder: string, clock: Clock, signal: AbortSignal): Promise<DiskMeasure> {
  const path = join(folder, `disk-measure-${process.pid}.tmp`);
  const { bavail, bsize } = await statfs(folder);
  const took: number[] = [];
  const file = await open(path, 'w', 0o600);
  try {
    for (let write = 0; write < WRITES && !signal.aborted; write += 1) {
      const beganMs = clock.nowMs();
      await file.write(new Uint8Array(PAGE_BYTES).fill(write + 1), 0, PAGE_BYTES, write * PAGE_BYTES);
      await file.datasync();
      took.push(clock.nowMs() - beganMs);
    }
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
  const sorted = took.toSorted((a, b) => a - b);
  return {
    freeBytes: bavail * bsize,
    medianMs: sorted[Math.floor(sorted.length / 2)] ?? 0,
    longestMs: sorted.at(-1) ?? 0,
    writes: took.length,
  };
}
