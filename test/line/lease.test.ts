/** A wire that is borrowed: whoever reads it stops first, and goes on when it is given back. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { createLease } from '../../src/line/lease.ts';

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

it('stops its user before it is lent, lends it to one at a time, and lets the user begin again', async () => {
  const lease = createLease(systemClock());
  const ended = new AbortController();
  let using = 0;
  let begun = 0;
  let beats = 0;
  const running = lease.run(
    async (until) => {
      using += 1;
      begun += 1;
      await aborted(until);
      using -= 1;
    },
    ended.signal,
    () => {
      beats += 1;
    },
  );
  expect(using).toBe(1);
  const giveBack = await lease.borrow();
  expect(using).toBe(0);
  expect(lease.borrow()).toBeUndefined();
  await expect.poll(() => beats).toBeGreaterThan(0);
  giveBack?.();
  await expect.poll(() => begun).toBe(2);
  ended.abort();
  await running;
  expect(using).toBe(0);
});

it('passes on what its user broke of', async () => {
  const lease = createLease(systemClock());
  const broken = lease.run(() => Promise.reject(new TypeError('ours')), new AbortController().signal);
  await expect(broken).rejects.toThrow('ours');
});
