/** Many rows are put together a part at a time, so that polls pass in between. */
import { expect, it } from 'vitest';
import type { AccountRow } from '../../src/account/account.ts';
import { groupedBy, linesBy } from '../../src/account/lines.ts';
import { type Steps, unhurried } from '../../src/account/steps.ts';

const ROWS = 10_000;
const HOURS = 24;
const LEAST_TURNS = 10;

const rows = Array.from({ length: ROWS }, (_, at): AccountRow => {
  const place = { hour: at % HOURS, operator: at % 2 === 0 ? '' : '张三' };
  return { ...place, part: 'opening', column: 'hand.button', count: 1, amount: 0 };
});

async function turnsOf<Value>(steps: Steps<Value>): Promise<{ readonly value: Value; readonly turns: number }> {
  let turns = 0;
  const value = await unhurried(steps, async () => {
    turns += 1;
  });
  return { value, turns };
}

it('sums and groups ten thousand rows in at least ten turns', async () => {
  const hours = await turnsOf(linesBy(rows, ({ hour }) => `${hour}`));
  expect(hours.value.map(({ key }) => key)).toEqual(Array.from({ length: HOURS }, (_, hour) => `${hour}`));
  expect(hours.value.reduce((total, { byHand }) => total + byHand, 0)).toBe(ROWS);
  const { value: byOperator } = await turnsOf(linesBy(rows, ({ operator }) => operator));
  expect(byOperator.map(({ key, openings }) => [key, openings])).toEqual([['张三', ROWS / 2]]);
  const groups = await turnsOf(groupedBy(rows, ({ operator }) => operator));
  expect(groups.value.map(([key, own]) => [key, own.length])).toEqual([
    ['', ROWS / 2],
    ['张三', ROWS / 2],
  ]);
  expect(Math.min(hours.turns, groups.turns)).toBeGreaterThanOrEqual(LEAST_TURNS);
});
