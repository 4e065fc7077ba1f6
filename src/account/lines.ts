/** What rows of the account come to in one line: of a lane, an hour, an operator, a shift, a day. Pure. */
import type { AccountRow } from './account.ts';
import { BESIDE, groupOf } from './columns.ts';
import type { Steps } from './steps.ts';

/** What one lane, hour or operator comes to. */
export interface SheetLine {
  readonly key: string;
  readonly openings: number;
  readonly passages: number;
  readonly byHand: number;
  readonly nobody: number;
  readonly covered: number;
  readonly reported: number;
  readonly tailgating: number;
  readonly review: number;
  readonly withdrawn: number;
  readonly payments: number;
  /** Of payments used, in fen. */
  readonly amount: number;
  /** Exits that nobody paid for, and those of them without a sum. */
  readonly unpaid: number;
  readonly withoutSum: number;
  /** What they would have cost, in fen: as the management system asked, and by the tariff. */
  readonly owedTold: number;
  readonly owedEstimated: number;
  /** Passages for which an unused payment of the same minute spoke. */
  readonly pairs: number;
}
export type LineSums = { -readonly [Name in Exclude<keyof SheetLine, 'key'>]: number };
export const NO_SUMS: LineSums = {
  ...{ openings: 0, passages: 0, byHand: 0, nobody: 0, covered: 0, reported: 0, tailgating: 0 },
  ...{ review: 0, withdrawn: 0, payments: 0, amount: 0 },
  ...{ unpaid: 0, withoutSum: 0, owedTold: 0, owedEstimated: 0, pairs: 0 },
};
/** Some tenths of a millisecond. */
const ROWS_AT_ONCE = 1_000;
const OF_OPENING: Readonly<Record<string, keyof LineSums>> = { hand: 'byHand', nobody: 'nobody' };
const OF_PASSAGE: Readonly<Record<string, keyof LineSums>> = {
  ...{ covered: 'covered', reported: 'reported', review: 'review', withdrawn: 'withdrawn' },
};

export function sheetLine(key: string, rows: readonly AccountRow[]): SheetLine {
  const sums = { ...NO_SUMS };
  for (const row of rows) addRow(sums, row);
  return { key, ...sums };
}

function addRow(sums: LineSums, { part, column, count, amount }: AccountRow): void {
  const group = groupOf(column);
  if (part === 'payment' && group.startsWith('used')) {
    sums.payments += count;
    sums.amount += amount;
  }
  if (part === 'pair') sums.pairs += count;
  if (part === 'owed') addOwed(sums, column, count, amount);
  if ((part !== 'opening' && part !== 'passage') || BESIDE.has(column)) return;
  sums[part === 'opening' ? 'openings' : 'passages'] += count;
  const own = (part === 'opening' ? OF_OPENING : OF_PASSAGE)[group];
  if (own !== undefined) sums[own] += count;
  if (column === 'reported.tailgating') sums.tailgating += count;
}

function addOwed(sums: LineSums, column: string, count: number, amount: number): void {
  sums.unpaid += count;
  if (column === 'without') sums.withoutSum += count;
  else sums[column === 'told' ? 'owedTold' : 'owedEstimated'] += amount;
}

/** In the order of their first; a row whose key is empty is in none. */
export function* linesBy<Row extends AccountRow>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): Steps<SheetLine[]> {
  const keyed = new Map<string, LineSums>();
  for (const [at, row] of rows.entries()) {
    if (at % ROWS_AT_ONCE === 0) yield;
    const key = keyOf(row);
    if (key === '') continue;
    const sums = keyed.get(key) ?? { ...NO_SUMS };
    addRow(sums, row);
    keyed.set(key, sums);
  }
  yield;
  return [...keyed].map(([key, sums]) => ({ key, ...sums }));
}

/** In the order of their first. */
export function* groupedBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Steps<[string, Row[]][]> {
  const keyed = new Map<string, Row[]>();
  for (const [at, row] of rows.entries()) {
    if (at % ROWS_AT_ONCE === 0) yield;
    const key = keyOf(row);
    const own = keyed.get(key);
    if (own === undefined) keyed.set(key, [row]);
    else own.push(row);
  }
  return [...keyed];
}

/** Into `total`; an earlier version kept fewer sums. */
export function addSums(total: LineSums, sums: Partial<LineSums>): void {
  for (const name of Object.keys(NO_SUMS) as (keyof LineSums)[]) total[name] += sums[name] ?? 0;
}

/** As it was kept; undefined: it is damaged. */
export function parsedRows<Kept = Partial<LineSums>>(text: string): Kept | undefined {
  try {
    return JSON.parse(text) as Kept;
  } catch {
    return undefined;
  }
}
