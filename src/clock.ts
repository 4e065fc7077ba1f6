/**
 * Time for the whole program: the only place that reads a clock or sets a timer. Two readings, because a box without a clock battery starts in the past and is
 * stepped later: `nowMs` for every duration and order, `wallMs` only for what a person or the platform reads.
 */

export interface Clock {
  /** Monotonic milliseconds since the boot of the machine, with fractions. Never steps, never goes back. */
  nowMs(): number;
  /** Milliseconds since 1970 by the system clock. May step in either direction at any moment. */
  wallMs(): number;
  /** Resolves after `ms` (at once for 0 or less); an abort resolves it early. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clocks. `nowMs` is CLOCK_MONOTONIC, the clock of kernel edge time stamps. */
export function systemClock(): Clock {
  return {
    nowMs: () => Number(process.hrtime.bigint()) / 1e6,
    wallMs: () => Date.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted) return resolve();
        const sleepers = signal && sleepersOf(signal);
        const done = () => {
          clearTimeout(timer);
          if (signal !== undefined) leave(signal, done);
          resolve();
        };
        const timer = setTimeout(done, ms);
        sleepers?.add(done);
      }),
  };
}

/**
 * Who sleeps until a signal aborts. One listener serves them all: what polls sleeps forty times a second, and a listener each costs more than the
 * timer.
 */
const SLEEPERS = new WeakMap<AbortSignal, { readonly all: Set<() => void>; readonly wake: () => void }>();

function sleepersOf(signal: AbortSignal): Set<() => void> {
  const known = SLEEPERS.get(signal);
  if (known !== undefined) return known.all;
  const all = new Set<() => void>();
  const wake = (): void => [...all].forEach((done) => void done());
  SLEEPERS.set(signal, { all, wake });
  signal.addEventListener('abort', wake, { once: true });
  return all;
}

/** A signal without sleepers has no listener: Node keeps one that was made of others (`AbortSignal.any`) for as long as it has one. */
function leave(signal: AbortSignal, done: () => void): void {
  const sleepers = SLEEPERS.get(signal);
  sleepers?.all.delete(done);
  if (sleepers === undefined || sleepers.all.size > 0) return;
  signal.removeEventListener('abort', sleepers.wake);
  SLEEPERS.delete(signal);
}

/** Longest step of a paced clock (a poll), so that a stalled process slows the story down instead of losing samples. */
const LONGEST_STEP_MS = 25;

export interface PacedClock extends Clock {
  /** Runs `factor` times as fast as the machine's from now on. */
  pace(factor: number): void;
  close(): void;
}

/**
 * A clock that runs `speed` times as fast as the machine's, for demonstrations. Its time stands still between its own 1 ms ticks and
 * never jumps by more than `longestStepMs`: under load its users see a slower world, not a gap. `catchUp`: after that it runs so many times
 * as fast until it is in time again; 1: what is lost stays lost. `close` stops the ticks and wakes all sleepers at once.
 */
export function pacedClock(speed: number, longestStepMs = LONGEST_STEP_MS, catchUp = 1): PacedClock {
  let factor = speed;
  const system = systemClock();
  const wallStartMs = system.wallMs();
  const startMs = system.nowMs();
  let nowMs = startMs;
  let lastBeatMs = startMs;
  let behindMs = 0;
  let closed = false;
  const sleepers = new Set<{ atMs: number; wake: () => void }>();
  const beat = setInterval(() => {
    const realMs = system.nowMs();
    const dueMs = (realMs - lastBeatMs) * factor;
    const stepMs = Math.min(dueMs * catchUp, dueMs + behindMs, longestStepMs);
    behindMs += dueMs - stepMs;
    nowMs += stepMs;
    lastBeatMs = realMs;
    const due = [...sleepers].filter((sleeper) => sleeper.atMs <= nowMs).sort((a, b) => a.atMs - b.atMs);
    for (const sleeper of due) sleeper.wake();
  }, 1);
  return {
    nowMs: () => nowMs,
    wallMs: () => wallStartMs + (nowMs - startMs),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || closed || signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { atMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    pace: (next) => {
      factor = next;
    },
    close: () => {
      closed = true;
      clearInterval(beat);
      for (const sleeper of sleepers) sleeper.wake();
    },
  };
}
