/**
 * Sync latency of this box's disk: two hundred writes of 4 KB, each flushed, as for a release. Measured once, at the first start, and
 * stored beside the database, because a bad card otherwise shows at a power cut. It blocks nothing.
 */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { give } from '../store/thread/owner.ts';

export interface CardSpeed {
  /** Clock.wallMs. */
  readonly measuredWallMs: number;
  readonly writes: number;
  readonly medianMs: number;
  /** 99 of 100 were faster. */
  readonly slowMs: number;
  readonly longestMs: number;
  /** `slow`: uploads and verdicts continue, but records wait for the card; `bad`: it holds everything up, or is about to fail. */
  readonly level: 'good' | 'slow' | 'bad';
}

const WRITES = 200;
const WRITE_BYTES = 4_096;
/** A card slower than this in total is bad, whatever the rest would show. */
const MOST_MS = 30_000;
/** The SD standard allows a write 250 ms; a good card needs 5 to 20. */
const SLOW = { medianMs: 40, slowMs: 300 };
const BAD = { medianMs: 120, slowMs: 1_000 };
const KEPT = 'card.json';

/** Writes into `folder` and cleans up. Rejects with the file system's error. */
export async function measureCard(folder: string, clock: Clock): Promise<CardSpeed> {
  const file = join(folder, '.card-speed');
  const handle = await open(file, 'w', 0o600);
  const took: number[] = [];
  try {
    const bytes = Buffer.alloc(WRITE_BYTES, 0x5a);
    const beganMs = clock.nowMs();
    while (took.length < WRITES && clock.nowMs() - beganMs < MOST_MS) {
      const startMs = clock.nowMs();
      await handle.write(bytes, 0, bytes.length, took.length * WRITE_BYTES);
      await handle.datasync();
      took.push(clock.nowMs() - startMs);
    }
  } finally {
    await handle.close();
    await rm(file, { force: true });
  }
  const inOrder = took.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    round(inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * part))] ?? 0);
  const figures = { medianMs: at(0.5), slowMs: at(0.99), longestMs: at(1) };
  return { measuredWallMs: clock.wallMs(), writes: took.length, ...figures, level: levelOf(figures) };
}

function levelOf({ medianMs, slowMs }: Pick<CardSpeed, 'medianMs' | 'slowMs'>): CardSpeed['level'] {
  const over = (limit: typeof SLOW): boolean => medianMs > limit.medianMs || slowMs > limit.slowMs;
  return over(BAD) ? 'bad' : over(SLOW) ? 'slow' : 'good';
}

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

/** The stored result for this disk; undefined: none. */
export async function readCardSpeed(folder: string): Promise<CardSpeed | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, KEPT), 'utf8')) as CardSpeed;
  } catch {
    return undefined;
  }
}

/** When the start is over and the lanes are quiet again. */
const FIRST_AFTER_MS = 60_000;

/** Measures a disk without a result, a minute after the start; undefined: there is a result, it cannot be measured, or `signal` aborted. */
export async function measureOnce(folder: string, clock: Clock, signal: AbortSignal): Promise<CardSpeed | undefined> {
  if ((await readCardSpeed(folder)) !== undefined) return undefined;
  await clock.sleep(FIRST_AFTER_MS, signal);
  if (signal.aborted) return undefined;
  try {
    const speed = await measureCard(folder, clock);
    await keepCardSpeed(folder, speed);
    return speed;
  } catch {
    // The log reports an unwritable disk elsewhere.
    return undefined;
  }
}

export async function keepCardSpeed(folder: string, speed: CardSpeed): Promise<void> {
  const file = join(folder, KEPT);
  const handle = await open(`${file}.new`, 'w', 0o600);
  try {
    give(handle.fd, folder);
    await handle.writeFile(`${JSON.stringify(speed)}\n`);
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}
