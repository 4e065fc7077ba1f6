/** One car teaches the wiring of 1,000 random boards on which nothing was tuned: the figures of docs/en/commissioning-wiring.md. */
import { expect, it } from 'vitest';
import { oddWrongInGreen, taughtBoards } from './judge.ts';

// The floors stand a little below what was measured: 969 and 955.
it.each([
  { withEmpty: false, atLeast: 965 },
  { withEmpty: true, atLeast: 950 },
])('is never wrong in green; after an opening of the empty lane: $withEmpty', ({ withEmpty, atLeast }) => {
  const { wrongInGreen, whole, missed } = taughtBoards({ from: 1_000, count: 1_000, withEmpty });
  expect(wrongInGreen).toEqual([]);
  expect(whole, missed.join('\n')).toBeGreaterThanOrEqual(atLeast);
});

it('33 odd families, 40 boards each: none is wrong in green', () => {
  expect(oddWrongInGreen(40)).toEqual({});
});
