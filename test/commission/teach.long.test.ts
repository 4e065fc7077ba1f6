/** One car teaches the wiring of 2,000 random boards: the share that is wrong in green is too small to be seen on 200. */
import { expect, it } from 'vitest';
import { taughtBoards } from './judge.ts';

it.each([false, true])('is never wrong in green; after an opening of the empty lane: %s', (withEmpty) => {
  const { wrongInGreen, whole, missed } = taughtBoards({ from: 1_000, count: 1_000, withEmpty });
  expect(wrongInGreen).toEqual([]);
  expect(whole, missed.join('\n')).toBeGreaterThanOrEqual(965);
});
