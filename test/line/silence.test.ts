/** How long the next request waits for the wire, by a clock that the test moves. */
import { expect, it } from 'vitest';
import type { Port } from '../../src/line/port-contract.ts';
import { createSilence } from '../../src/line/silence.ts';
import { handClock } from '../sim/hand-clock.ts';

const TIMEOUT_MS = 50;

function wire(transport: Port['transport']) {
  const clock = handClock();
  const port: Port = {
    transport,
    characterMs: 0,
    gapMs: 2,
    isOpen: true,
    listen: () => {},
    write: async () => {},
    discard: async () => {},
    close: async () => {},
  };
  const silence = createSilence(port, clock, () => false);
  /** How long a request waits while `noise` comes every 5 ms. */
  const waitedMs = async (noise: () => void = () => {}): Promise<number> => {
    const beganMs = clock.nowMs();
    let endedMs: number | undefined;
    void silence.wait(0, new AbortController().signal).then(() => {
      endedMs = clock.nowMs();
    });
    for (let tries = 0; tries < 200 && endedMs === undefined; tries += 1) {
      noise();
      await clock.advance(5);
    }
    return (endedMs ?? Number.POSITIVE_INFINITY) - beganMs;
  };
  return { silence, waitedMs };
}

it('after a turn without an answer it is as long as that turn, and on a wire that never falls silent twice as long', async () => {
  const quiet = wire('serial');
  quiet.silence.broken(TIMEOUT_MS);
  expect(await quiet.waitedMs()).toBe(TIMEOUT_MS);
  const noisy = wire('serial');
  noisy.silence.broken(TIMEOUT_MS);
  const ms = await noisy.waitedMs(() => noisy.silence.received(0));
  expect(ms).toBeGreaterThanOrEqual(2 * TIMEOUT_MS);
  expect(ms).toBeLessThanOrEqual(2 * TIMEOUT_MS + 5);
});

it('on Modbus TCP nothing is waited for: a late answer is known by its number', async () => {
  const { silence, waitedMs } = wire('modbus-tcp');
  silence.broken(TIMEOUT_MS);
  expect(await waitedMs()).toBeLessThanOrEqual(5);
});
