/** When a turn is over: a deadline missed by a busy processor is not the device's fault. */
import { expect, it } from 'vitest';
import { LinkError } from '../../src/driver.ts';
import type { Port } from '../../src/line/port-contract.ts';
import { createSilence } from '../../src/line/silence.ts';
import { Turns } from '../../src/line/turns.ts';
import { handClock } from '../sim/hand-clock.ts';

const TIMEOUT_MS = 50;

/** A wire on which nothing happens but what the test does, by a clock that it moves. */
async function openTurn(write: Port['write'] = async () => {}) {
  const clock = handClock();
  const over = new AbortController();
  const port: Port = {
    transport: 'serial',
    characterMs: 0,
    gapMs: 0,
    isOpen: true,
    listen: () => {},
    write,
    discard: async () => {},
    close: async () => {},
  };
  const silence = createSilence(port, clock, () => false);
  const broken: LinkError[] = [];
  const turns = new Turns({ port, clock, silence, over: over.signal, broken: (error) => broken.push(error) });
  const outcome = new Promise<string>((resolve) => {
    turns.enqueue({
      request: Uint8Array.of(1),
      timeoutMs: TIMEOUT_MS,
      gapMs: 0,
      offer: (bytes) => {
        resolve(`answered ${bytes[0]}`);
        return bytes.length;
      },
      fail: (error) => resolve(error instanceof LinkError ? error.code : error.message),
    });
  });
  await settled();
  return { clock, turns, outcome, over, broken };
}

/** Everything that waits for nothing but the event loop has been done. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('looks once more when we were late ourselves: the answer may be waiting to be read', async () => {
  const { clock, turns, outcome } = await openTurn();
  clock.jump(TIMEOUT_MS + 200);
  await settled();
  turns.bytes(Uint8Array.of(7));
  expect(await outcome).toBe('answered 7');
});

it('looks only once more: a silent device fails however late we are', async () => {
  const { clock, outcome } = await openTurn();
  clock.jump(TIMEOUT_MS + 200);
  await settled();
  clock.jump(200);
  expect(await outcome).toBe('timeout');
});

it('a port that failed to write once is over, also where it says nothing of it', async () => {
  const { broken } = await openTurn(() => Promise.reject(new RangeError('input/output error')));
  expect(broken.map(({ code }) => code)).toEqual(['gone']);
});
