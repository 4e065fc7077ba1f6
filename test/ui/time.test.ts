/** Times as the page counts them. */
import { expect, it } from 'vitest';
import { aheadMs } from '../../src/ui/units.ts';

it('what comes within the second comes in a second, not in 0 ms', () => {
  expect([0, 20, -5, 90_000].map(aheadMs)).toEqual([1_000, 1_000, 1_000, 90_000]);
});
