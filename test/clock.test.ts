/** The machine's clock: sleeps end in time or by an abort, and leave nothing behind at a signal that lives for years. */
import { getEventListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { pacedClock, systemClock } from '../src/clock.ts';

const clock = systemClock();
const LONG_MS = 3_600_000;

it('an abort ends every sleep of its signal, and those of no other', async () => {
  const over = new AbortController();
  const other = new AbortController();
  let isOtherAwake = false;
  void clock.sleep(LONG_MS, other.signal).then(() => {
    isOtherAwake = true;
  });
  const sleeps = [1, 2, 3].map(() => clock.sleep(LONG_MS, over.signal));
  over.abort();
  await Promise.all(sleeps);
  await clock.sleep(LONG_MS, over.signal);
  expect(isOtherAwake).toBe(false);
  other.abort();
});

it('a sleep ends in time, also beside a longer one', async () => {
  const over = new AbortController();
  void clock.sleep(LONG_MS, over.signal);
  const fromMs = clock.nowMs();
  await clock.sleep(20, over.signal);
  expect(clock.nowMs() - fromMs).toBeGreaterThan(18);
  expect(clock.nowMs() - fromMs).toBeLessThan(10_000);
  over.abort();
});

it('one listener serves all who sleep, and none stays when nobody does', async () => {
  const over = new AbortController();
  const { signal } = over;
  const sleeps = [1, 2, 3].map((ms) => clock.sleep(ms, signal));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  await Promise.all(sleeps);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  const again = clock.sleep(LONG_MS, signal);
  over.abort();
  await again;
});

it.each([
  [2, 'is back in time soon, without a jump'],
  [1, 'stays behind'],
])('a paced clock that runs up to %s times as fast after a stall %s', (catchUp) => {
  let machineMs = 1_000;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  vi.spyOn(process.hrtime, 'bigint').mockImplementation(() => BigInt(machineMs) * 1_000_000n);
  const pass = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 1) {
      machineMs += 1;
      vi.advanceTimersByTime(1);
    }
  };
  const paced = pacedClock(1, 25, catchUp);
  try {
    const behindMs = (): number => machineMs - paced.nowMs();
    pass(20);
    expect(behindMs()).toBe(0);
    machineMs += 300;
    pass(1);
    expect(behindMs()).toBe(276);
    pass(900);
    expect(behindMs()).toBe(catchUp === 1 ? 276 : 0);
  } finally {
    paced.close();
    vi.useRealTimers();
    vi.restoreAllMocks();
  }
});
