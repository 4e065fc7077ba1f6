/** A month's sheet: what each attendant and each day came to, and both together, made of the same rows as the days' own sheets. */
import type { AccountStore } from '../store/days/accounts.ts';
import { dayOf, daysAfter } from './days.ts';
import { addSums, groupedBy, type LineSums, NO_SUMS, parsedRows, type SheetLine, sheetLine } from './lines.ts';
import { ofOwn, readRows } from './read-sheet.ts';
import { lastFinalDay, type RowSource, rowsOfDay } from './sheet.ts';
import { finished, type Steps, unhurried } from './steps.ts';

/** What one attendant came to in one lane on one day. `operator`: empty while nobody was signed on. */
export interface MonthPart extends SheetLine {
  readonly day: string;
  readonly lane: string;
  readonly operator: string;
  /** Beginnings of shifts: one that goes on past midnight stands under two days. */
  readonly since: readonly number[];
}

export interface MonthLine extends SheetLine {
  readonly shifts: number;
}

export interface MonthSheet {
  /** `2026-11`, Beijing time. */
  readonly month: string;
  readonly lane?: string;
  readonly isFinal: boolean;
  /** Of a month that is not over: up to today. */
  readonly days: readonly SheetLine[];
  readonly byOperator: readonly MonthLine[];
  readonly total: SheetLine;
  /** The same days of the month before, as they were kept. */
  readonly before: SheetLine;
}

interface MonthWanted {
  readonly month: string;
  readonly lane?: string | undefined;
  readonly own?: readonly string[] | undefined;
  readonly nowWallMs: number;
}

/** A month as people write it; undefined: it is none, or to come. */
export function monthNamed(word: string, today: string): string | undefined {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(word) && word <= today.slice(0, 7) ? word : undefined;
}

function daysOf(month: string): readonly string[] {
  const all = Array.from({ length: 31 }, (_, index) => daysAfter(`${month}-01`, index));
  return all.filter((day) => day.startsWith(month));
}

/** A day after the other, so that neither the store nor the lanes wait for a month. */
export async function monthParts(
  store: AccountStore,
  { month, nowWallMs, ...which }: MonthWanted,
  breathe: () => Promise<unknown>,
): Promise<readonly MonthPart[]> {
  const parts: MonthPart[] = [];
  for (const day of daysOf(month).filter((one) => one <= dayOf(nowWallMs))) {
    parts.push(...(await unhurried(partsOf(await readRows(store, { day, ...which })), breathe)));
  }
  return parts;
}

function* partsOf(source: RowSource): Steps<readonly MonthPart[]> {
  const grouped = yield* groupedBy(yield* rowsOfDay(source), ({ lane, operator }) => `${lane}\t${operator}`);
  const parts: MonthPart[] = [];
  for (const [key, own] of grouped.sort(byKey)) {
    yield;
    const [lane = '', operator = ''] = key.split('\t');
    const since = [...new Set(own.flatMap((row) => row.since ?? []))];
    parts.push({ ...sheetLine(key, own), day: source.day, lane, operator, since });
  }
  return parts;
}

export async function monthSheet(
  store: AccountStore,
  wanted: MonthWanted,
  breathe: () => Promise<unknown>,
): Promise<MonthSheet> {
  const { month, lane, own, nowWallMs } = wanted;
  const days = daysOf(month);
  const past = days.filter((day) => day <= dayOf(nowWallMs));
  const daysBefore = daysOf(daysAfter(`${month}-01`, -1).slice(0, 7));
  const upTo = past.length === days.length ? daysBefore.length : Math.min(past.length, daysBefore.length);
  const lines = ofOwn(own, await store.lines(daysBefore[0] ?? '', daysBefore[upTo - 1] ?? ''));
  const parts = await monthParts(store, wanted, breathe);
  const partsOn = (day: string) => parts.filter((part) => part.day === day);
  return {
    month,
    ...(lane !== undefined && { lane }),
    isFinal: (days[days.length - 1] ?? '') <= lastFinalDay(nowWallMs),
    days: past.map((day) => together(day, partsOn(day))),
    byOperator: finished(groupedBy(parts, ({ operator }) => operator))
      .sort(byKey)
      .map(([operator, its]) => ({
        ...together(operator, its),
        shifts: new Set(its.flatMap((one) => one.since)).size,
      })),
    total: together(month, parts),
    before: together(
      '',
      lines.filter(({ laneId }) => lane === undefined || laneId === lane).map(({ rows }) => parsedRows(rows) ?? {}),
    ),
  };
}

function together(key: string, lines: readonly Partial<LineSums>[]): SheetLine {
  const total = { ...NO_SUMS };
  for (const line of lines) addSums(total, line);
  return { key, ...total };
}

/** Nobody comes last. */
const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  Number(a === '') - Number(b === '') || a.localeCompare(b, 'zh');
