/** An unused payment that spoke for a follower: a column of the day, under whoever was on duty. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { emptyAccount, type FoldKnowledge, fold } from '../../src/account/account.ts';
import { buildSheet } from '../../src/account/sheet.ts';
import { finished } from '../../src/account/steps.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario } from '../../src/simulate/scenario/scenario-run.ts';

const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00');
const KNOWN: FoldKnowledge = {
  wallOf: (laneMs) => NOON_MS + laneMs,
  dutyOf: () => ({ operator: '张三', sinceWallMs: NOON_MS }),
};

function sheetOf(name: string) {
  const scenario = readScenario(fileURLToPath(new URL(`../scenarios/${name}.yaml`, import.meta.url)));
  const { effects } = runScenario(scenario);
  const { days } = effects.reduce((account, effect) => fold(account, effect, KNOWN), emptyAccount());
  const [day = ''] = Object.keys(days);
  const texts = Object.entries(days).map(([of, rows]) => ({ laneId: 'L1', day: of, rows: JSON.stringify(rows) }));
  const none = { lanes: [], lines: [], dropped: [], plates: [] };
  return finished(buildSheet({ day, texts, ...none, nowWallMs: NOON_MS + 10 * 86_400_000 }));
}

it.each([
  ['793-paid-ahead-unread-and-close-behind', 'review', 1],
  ['790-etc-lane-20-km-h', 'covered', 1],
  // An insider who buys a cheap payment and covers plates.
  ['803-one-payment-two-openings-by-software', 'review', 2],
])('%s: %s %i', (name, column, count) => {
  const { pairs, byOperator, balances } = sheetOf(name);
  expect(pairs).toEqual({ total: count, columns: [{ column, count, amount: 0 }] });
  expect(byOperator).toMatchObject([{ key: '张三', pairs: count }]);
  for (const { left, right, equation } of balances) expect(left, equation).toBe(right);
});

it('a follower for whom no payment is left is in no pair', () => {
  const { pairs } = sheetOf('794-the-one-that-paid-comes-for-it');
  expect(pairs.total).toBe(0);
});
