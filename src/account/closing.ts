/** The equations between the three sums of the account, hour by hour. What does not close is shown, never hidden. Pure. */
import type { Rows } from './account.ts';
import { type AccountPart, type Column, groupOf } from './columns.ts';

/** One row of a day, taken apart. */
export interface AccountRow {
  readonly hour: number;
  readonly operator: string;
  /** The wall time at which the operator's shift began, where it is known. */
  readonly since?: number;
  readonly part: AccountPart;
  readonly column: Column;
  readonly count: number;
  /** Fen. */
  readonly amount: number;
}

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

/**
 * `vehicles`: openings with a passage + continued + extra vehicles = passages. `paid`: payments used = passages covered by a payment. `paidLate`:
 * payments used late = records taken back because they were paid.
 */
export function balances(rows: readonly AccountRow[]): readonly Balance[] {
  const sum = (part: AccountPart, is: (column: Column) => boolean): number =>
    rows.reduce((total, row) => (row.part === part && is(row.column) ? total + row.count : total), 0);
  return [
    {
      equation: 'vehicles',
      left: sum('opening', (column) => !EMPTY.has(groupOf(column))) + sum('extra', () => true),
      right: sum('passage', (column) => column !== 'part'),
    },
    {
      equation: 'paid',
      left: sum('payment', (column) => groupOf(column) === 'used'),
      right: sum('passage', (column) => groupOf(column) === 'covered' && !NOT_PAID.has(column)),
    },
    {
      equation: 'paidLate',
      left: sum('payment', (column) => column === 'usedLate'),
      right: sum('passage', (column) => LATE.has(column)),
    },
  ];
}

/** An equation of one hour that does not close. */
export interface Unclosed extends Balance {
  readonly hour: number;
}

export function unclosed(rows: readonly AccountRow[]): readonly Unclosed[] {
  const hours = [...new Set(rows.map(({ hour }) => hour))].sort((a, b) => a - b);
  return hours.flatMap((hour) =>
    balances(rows.filter((row) => row.hour === hour))
      .filter(({ left, right }) => left !== right)
      .map((balance) => ({ ...balance, hour })),
  );
}
