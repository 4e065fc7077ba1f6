/** A clock that a test moves by hand: sleepers wake in the order of their times, one after the other. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

export interface HandClock extends Clock {
  /** Moves on by `ms`; everything due on the way has run when it resolves. */
  advance(ms: number): Promise<void>;
  /** Moves on by `ms` at once: whatever became due on the way runs when the test lets it, all at the same late moment. */
  jump(ms: number): void;
  /** Steps the wall clock only. */
  step(ms: number): void;
}

export function handClock(startMs = 1000, startWallMs = Date.UTC(2026, 10, 24, 4) + startMs): HandClock {
  let nowMs = startMs;
  let offsetMs = startWallMs - startMs;
  const sleepers = new Set<{ atMs: number; wake: () => void }>();
  return {
    nowMs: () => nowMs,
    wallMs: () => nowMs + offsetMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted) return resolve();
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { atMs: nowMs + ms, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    jump: (ms) => {
      nowMs += ms;
      for (const sleeper of [...sleepers]) if (sleeper.atMs <= nowMs) sleeper.wake();
    },
    step: (ms) => {
      offsetMs += ms;
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      await setImmediate();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.atMs - b.atMs)[0];
        if (!next || next.atMs > untilMs) break;
        nowMs = Math.max(nowMs, next.atMs);
        next.wake();
        await setImmediate();
      }
      nowMs = untilMs;
    },
  };
}
