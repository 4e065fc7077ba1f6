/** The machine's clock: sleeps end in time or by an abort, and leave nothing behind at a signal that lives for years. */
import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
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
])('a paced clock that runs up to %s times as fast after a stall %s', async (catchUp) => {
  const paced = pacedClock(1, 25, catchUp);
  try {
    const behindMs = (): number => clock.nowMs() - paced.nowMs();
    await clock.sleep(20);
    const stalledAtMs = clock.nowMs();
    while (clock.nowMs() - stalledAtMs < 300);
    const before = paced.nowMs();
    await clock.sleep(5);
    expect(behindMs()).toBeGreaterThan(200);
    // A step of its own, and what passed since.
    expect(paced.nowMs() - before).toBeLessThan(100);
    await clock.sleep(900);
    if (catchUp === 1) expect(behindMs()).toBeGreaterThan(200);
    else expect(behindMs()).toBeLessThan(60);
  } finally {
    paced.close();
  }
});
