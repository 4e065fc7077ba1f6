/** The equations between the three sums of the account, hour by hour. What does not close is shown, never hidden. Pure. */
import type { AccountRow, Rows } from './account.ts';
import { type AccountPart, type Column, groupOf } from './columns.ts';

export const rowsOf = (rows: Rows): readonly AccountRow[] =>
  Object.entries(rows).flatMap(([key, [count, amount]]) => {
    const [hour = '0', operator = '', part = '', column = '', since] = key.split('\t');
    const shift = since === undefined ? {} : { since: Number(since) };
    return count === 0 && amount === 0
      ? []
      : [{ hour: Number(hour), operator, ...shift, part: part as AccountPart, column, count, amount }];
  });

export const EQUATIONS = ['vehicles', 'paid', 'paidLate'] as const;
export type Equation = (typeof EQUATIONS)[number];

/** Left and right side of an equation; it closes when they are equal. */
export interface Balance {
  readonly equation: Equation;
  readonly left: number;
  readonly right: number;
}

const NOT_PAID: ReadonlySet<string> = new Set(['covered.known', 'covered.relay']);
const LATE: ReadonlySet<string> = new Set(['withdrawn.paidLate', 'withdrawn.paidAfterSending']);
/** Openings through which nobody went, and none at all. */
const EMPTY: ReadonlySet<string> = new Set(['nobody', 'bounced']);

type Side = 'left' | 'right';

/** Which side of which equation a row stands on. */
function placesOf(part: AccountPart, column: Column): readonly (readonly [Equation, Side])[] {
  if (part === 'opening') return EMPTY.has(groupOf(column)) ? [] : [['vehicles', 'left']];
  if (part === 'extra') return [['vehicles', 'left']];
  if (part === 'payment') {
    if (column === 'usedLate') return [['paidLate', 'left']];
    return groupOf(column) === 'used' ? [['paid', 'left']] : [];
  }
  if (part !== 'passage' || column === 'part') return [];
  const isPaid = groupOf(column) === 'covered' && !NOT_PAID.has(column);
  return [
    ['vehicles', 'right'],
    ...(isPaid ? [['paid', 'right'] as const] : []),
    ...(LATE.has(column) ? [['paidLate', 'right'] as const] : []),
  ];
}

/**
 * `vehicles`: openings with a passage + continued + extra vehicles = passages. `paid`: payments used = passages covered by a payment. `paidLate`:
 * payments used late = records taken back because they were paid.
 */
export function balances(rows: readonly AccountRow[]): readonly Balance[] {
  const sums = new Map(EQUATIONS.map((equation) => [equation, { equation, left: 0, right: 0 }]));
  for (const { part, column, count } of rows)
    for (const [equation, side] of placesOf(part, column)) {
      const sum = sums.get(equation);
      if (sum !== undefined) sum[side] += count;
    }
  return [...sums.values()];
}

/** An equation of one hour that does not close. */
export interface Unclosed extends Balance {
  readonly hour: number;
}

export function unclosed(rows: readonly AccountRow[]): readonly Unclosed[] {
  const byHour = new Map<number, AccountRow[]>();
  for (const row of rows) {
    const own = byHour.get(row.hour);
    if (own === undefined) byHour.set(row.hour, [row]);
    else own.push(row);
  }
  return [...byHour]
    .sort(([a], [b]) => a - b)
    .flatMap(([hour, own]) =>
      balances(own)
        .filter(({ left, right }) => left !== right)
        .map((balance) => ({ ...balance, hour })),
    );
}
