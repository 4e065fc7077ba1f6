/** A clock that a test moves by hand: sleepers wake in the order of their times, one after the other. */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/clock.ts';

export interface HandClock extends Clock {
  /** Moves on by `ms`; everything due on the way has run when it resolves. */
  advance(ms: number): Promise<void>;
  /** Moves on by `ms` without letting anything run: for what is a function of time. */
  jump(ms: number): void;
}

export function handClock(startMs = 1000): HandClock {
  let nowMs = startMs;
  const sleepers = new Set<{ atMs: number; wake: () => void }>();
  return {
    nowMs: () => nowMs,
    wallMs: () => Date.UTC(2026, 10, 24, 4) + nowMs,
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
