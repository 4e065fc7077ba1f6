/** How often a secret can be guessed, on a clock that is moved by hand; and whom an address stands for. */
import { expect, it, test } from 'vitest';
import { addressBlock } from '../../src/http/address.ts';
import { GuessThrottle } from '../../src/http/guess-throttle.ts';
import { handClock } from '../sim/hand-clock.ts';

const LIMITS = { atOnce: 6, perSecond: 0.5, addressAtOnce: 6, addressPerSecond: 0.5 };

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  [undefined, 'unknown'],
])('%s stands for %s', (address, block) => {
  expect(addressBlock(address)).toBe(block);
});

it('fifty addresses guess for an hour: no more than everybody may, and a newcomer has its turn within two seconds', async () => {
  const clock = handClock();
  const pace = new GuessThrottle(clock, LIMITS);
  let guesses = 0;
  let isOver = false;
  const attack = async (block: string): Promise<void> => {
    while (!isOver)
      await pace
        .guess(block, () => {
          guesses += 1;
          return false;
        })
        .catch(() => clock.sleep(100));
  };
  for (let n = 0; n < 50; n += 1) void attack(`192.0.2.${n}`);
  // Until each of them has been wrong once.
  await clock.advance(120_000);
  for (let minute = 0; minute < 60; minute += 1) {
    await clock.advance(58_000);
    const atMs = clock.nowMs();
    let turnMs = 0;
    void pace
      .guess(`198.51.100.${minute}`, () => {
        turnMs = clock.nowMs() - atMs;
        return true;
      })
      .catch(() => undefined);
    await clock.advance(2_200);
    expect(turnMs).toBeGreaterThan(0);
  }
  isOver = true;
  expect(guesses).toBeGreaterThan(1_500);
  expect(guesses).toBeLessThanOrEqual(LIMITS.atOnce + 62 * 60.2 * LIMITS.perSecond);
});

it('who waits is bounded, and the address with the most wrong guesses is told to go first', async () => {
  const clock = handClock();
  const pace = new GuessThrottle(clock, { atOnce: 100, perSecond: 0.001, addressAtOnce: 3, addressPerSecond: 0.001 });
  const wrong = (block: string) => pace.guess(block, () => false);
  const wrongThrice = async (block: string) => {
    for (let n = 0; n < 3; n += 1) await wrong(block);
  };
  await wrongThrice('192.0.2.2');
  // One of its guesses is forgotten, and it has no new one yet.
  await clock.advance(950_000);
  await wrongThrice('192.0.2.1');
  const refused: string[] = [];
  const wait = (block: string) => void wrong(block).catch(() => refused.push(block));
  wait('192.0.2.2');
  for (let n = 0; n < 5; n += 1) wait('192.0.2.1');
  await clock.advance(1);
  expect(refused).toEqual(['192.0.2.1']);
  for (let n = 0; n < 63; n += 1) wait(`198.51.100.${n}`);
  await clock.advance(1);
  expect(refused).toEqual(Array(5).fill('192.0.2.1'));
});
