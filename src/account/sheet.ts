/** The day's sheet: rows of lanes and days put together, with what does not close, thirty days beside it, and patterns as questions. Pure. */

import type { AccountText, DroppedMark, PlateCount, ReviewedCount } from '../store/days/accounts.ts';
import type { Observation } from '../store/observation.ts';
import type { AccountDay, AccountRow, OpenQuestion } from './account.ts';
import { type Balance, balances, rowsOf, type Unclosed, unclosed } from './closing.ts';
import { type AccountPart, BESIDE, type Column, GROUPS, groupOf, owedColumn } from './columns.ts';
import { beginOf, DAY_MS, dayOf, daysAfter, hourOf } from './days.ts';
import { addSums, type LineSums, linesBy, NO_SUMS, parsedRows, type SheetLine, sheetLine } from './lines.ts';
import { type Pattern, patternsOf } from './patterns.ts';
import type { Steps } from './steps.ts';
import { blindBetween, type LaneBlind } from './unseen.ts';

export const TREND_DAYS = 30;
/** A lane's account holds that many days: an earlier one is final. */
const OPEN_DAYS = 3;

export const lastFinalDay = (wallMs: number): string => daysAfter(dayOf(wallMs), -OPEN_DAYS);

export interface SheetLane {
  readonly id: string;
  readonly name: string;
}

export interface SheetSource {
  /** A Beijing day. */
  readonly day: string;
  /** One lane only. */
  readonly lane?: string | undefined;
  /** Those of the configuration; others that have rows are shown by their id. */
  readonly lanes: readonly SheetLane[];
  /** What each day of the trend came to. */
  readonly lines: readonly AccountText[];
  /** Of the day, and of those after it that may correct it. */
  readonly texts: readonly AccountText[];
  /** Records of the day dropped by a person. */
  readonly dropped: readonly DroppedMark[];
  /** Plates of records of the week that ends with the day. */
  readonly plates: readonly PlateCount[];
  readonly reviewed?: ReviewedCount;
  /** Of the day. */
  readonly observed?: readonly Observation[];
  readonly nowWallMs: number;
}

export interface SheetColumn {
  readonly column: Column;
  readonly count: number;
  /** Fen. */
  readonly amount: number;
}
export interface SheetSum {
  readonly total: number;
  readonly columns: readonly SheetColumn[];
}
export interface ShiftLine extends SheetLine {
  readonly operator: string;
  readonly sinceWallMs: number;
}
export interface SheetQuestion extends OpenQuestion {
  readonly lane: string;
}
export interface SheetGap extends Unclosed {
  readonly lane: string;
}

/** A lane that was not seen for a part of the day. */
export type SheetUnseen = Pick<LaneBlind, 'lane' | 'times' | 'forMs' | 'lasts'>;

export interface DaySheet {
  readonly day: string;
  readonly lane?: string;
  readonly lanes: readonly SheetLane[];
  readonly isToday: boolean;
  readonly isFinal: boolean;
  /** Nothing was kept for this day. */
  readonly isEmpty: boolean;
  readonly openings: SheetSum;
  readonly extra: SheetSum;
  readonly passages: SheetSum;
  readonly payments: SheetSum;
  /** Exits that nobody paid for, by how well their sum is known; no sum is invented. */
  readonly owed: SheetSum;
  /** Passages for which an unused payment of the same minute spoke. */
  readonly pairs: SheetSum;
  /** Told for the whole park, once: used in some lane, or not yet. */
  readonly ahead: { readonly told: number; readonly used: number };
  readonly balances: readonly Balance[];
  /** What happened then is in no column. */
  readonly unseen: readonly SheetUnseen[];
  readonly gaps: readonly SheetGap[];
  readonly questions: readonly SheetQuestion[];
  readonly moreQuestions: number;
  readonly byLane: readonly SheetLine[];
  readonly byHour: readonly SheetLine[];
  readonly byOperator: readonly SheetLine[];
  /** Of shifts with a known beginning; of each the part that lies in this day. */
  readonly byShift: readonly ShiftLine[];
  readonly trend: readonly SheetLine[];
  readonly patterns: readonly Pattern[];
  /** How far its records are reviewed; `openDays`: for how long the oldest of the others stands open. */
  readonly reviewed: Omit<ReviewedCount, 'oldestWallMs'> & { readonly openDays: number };
}

export interface LaneRow extends AccountRow {
  readonly lane: string;
}

interface KeptDay {
  readonly lane: string;
  readonly day: string;
  readonly kept: AccountDay;
  readonly rows: readonly LaneRow[];
}

/** A row whose text is damaged is left out: the day then does not close, and says so. */
function* keptDays({ day: wanted, lane: only, texts }: RowSource): Steps<readonly KeptDay[]> {
  const days: KeptDay[] = [];
  for (const { laneId: lane, day, rows: text } of texts) {
    if (only !== undefined && lane !== only) continue;
    const kept = parsedRows<AccountDay>(text);
    if (kept === undefined) continue;
    yield;
    // Of the other days only what corrects this one.
    const rows = day === wanted ? rowsOf(kept.rows).map((row) => ({ ...row, lane })) : [];
    days.push({ lane, day, kept, rows });
    yield;
  }
  return days;
}

/** What the rows of a day are made of. */
export type RowSource = Pick<SheetSource, 'day' | 'lane' | 'texts' | 'dropped'>;

/** All rows of one day, with what was moved after it was final and what a person has taken back. */
export function* rowsOfDay(source: RowSource): Steps<readonly LaneRow[]> {
  return yield* moved(source.day, yield* keptDays(source), source.dropped);
}

function* moved(day: string, days: readonly KeptDay[], dropped: readonly DroppedMark[]): Steps<readonly LaneRow[]> {
  const rows = days.filter((one) => one.day === day).flatMap((one) => one.rows);
  const add = (row: LaneRow): void => {
    const at = rows.findIndex((one) => isSameRow(one, row));
    const before = rows[at];
    if (before === undefined) rows.push(row);
    else rows[at] = { ...before, count: before.count + row.count, amount: before.amount + row.amount };
  };
  for (const one of days)
    for (const { day: of, ...move } of one.kept.corrections) if (of === day) add({ ...move, lane: one.lane });
  for (const mark of dropped)
    if (mark.passed && dayOf(mark.wallMs) === day && days.some((one) => one.lane === mark.laneId))
      yield takeBack(rows, mark, add);
  return rows.filter(({ count, amount }) => count !== 0 || amount !== 0);
}

/** A record that a person has taken back leaves its column, and what its vehicle owed. */
function takeBack(
  rows: readonly LaneRow[],
  { laneId: lane, wallMs, verdict, reported, exit, owed }: DroppedMark,
  add: (row: LaneRow) => void,
): void {
  const from = `${reported ? 'reported' : 'review'}.${verdict}`;
  const was = owedColumn(from, { verdict, reported, ...(exit && { exit }), ...(owed && { owed }) });
  const hour = hourOf(wallMs);
  const row = rows.find((one) => one.lane === lane && one.hour === hour && one.column === from && one.count > 0);
  if (row === undefined || row.part !== 'passage') return;
  add({ ...row, count: -1, amount: 0 });
  add({ ...row, column: 'withdrawn.person', count: 1, amount: 0 });
  // Under whom it was counted; of a version before there were sums there is none.
  const unpaid = rows.filter((one) => one.part === 'owed' && one.lane === lane && one.hour === hour);
  const there = unpaid.filter((one) => one.column === was?.column && one.count > 0 && one.amount >= was.amount);
  const at = there.find((one) => one.operator === row.operator && one.since === row.since) ?? there[0];
  if (was !== null && at !== undefined) add({ ...at, count: -1, amount: -was.amount });
}

const OF_ROW = ['lane', 'hour', 'column', 'part', 'operator', 'since'] as const;
const isSameRow = (one: LaneRow, other: LaneRow): boolean => OF_ROW.every((name) => one[name] === other[name]);

function sumOf(rows: readonly AccountRow[], part: AccountPart): SheetSum {
  const columns = new Map<Column, SheetColumn>();
  for (const { column, count, amount } of rows.filter((row) => row.part === part)) {
    const before = columns.get(column);
    columns.set(column, { column, count: count + (before?.count ?? 0), amount: amount + (before?.amount ?? 0) });
  }
  const order: readonly string[] = part in GROUPS ? GROUPS[part as keyof typeof GROUPS] : [];
  const place = ({ column }: SheetColumn): number => order.indexOf(groupOf(column));
  const sorted = [...columns.values()].sort((a, b) => place(a) - place(b) || b.count - a.count);
  return {
    total: sorted.reduce((total, { column, count }) => total + (BESIDE.has(column) ? 0 : count), 0),
    columns: sorted,
  };
}

function reviewedOf({ reviewed, nowWallMs }: SheetSource): DaySheet['reviewed'] {
  const { oldestWallMs = nowWallMs, ...counts } = reviewed ?? { records: 0, closed: 0, inDay: 0 };
  return { ...counts, openDays: Math.floor((nowWallMs - oldestWallMs) / DAY_MS) };
}

export function* buildSheet(source: SheetSource): Steps<DaySheet> {
  const { day, lane, nowWallMs } = source;
  const days = yield* keptDays(source);
  const rows = yield* moved(day, days, source.dropped);
  yield;
  const own = days.filter((one) => one.day === day);
  const lanes = lanesOf(source, own);
  const byLane = yield* laneParts(rows);
  const byHour = yield* linesBy(rows, (row) => `${row.hour}`);
  const byOperator = yield* linesBy(rows, ({ operator }) => operator);
  const byShift = yield* shiftLines(rows);
  const sums = { openings: sumOf(rows, 'opening'), extra: sumOf(rows, 'extra') };
  yield;
  const more = { passages: sumOf(rows, 'passage'), payments: sumOf(rows, 'payment'), owed: sumOf(rows, 'owed') };
  const pairs = sumOf(rows, 'pair');
  yield;
  const patterns = patternsOf(rows, source.plates);
  yield;
  const trend = trendOf(source);
  yield;
  const closes = balances(rows);
  yield;
  return {
    day,
    ...(lane !== undefined && { lane }),
    lanes,
    isToday: day === dayOf(nowWallMs),
    isFinal: day <= lastFinalDay(nowWallMs),
    isEmpty: own.length === 0,
    ...sums,
    ...more,
    pairs,
    ahead: {
      told: Math.max(0, ...byLane.map(({ aheadTold }) => aheadTold)),
      used: byLane.reduce((total, { aheadUsed }) => total + aheadUsed, 0),
    },
    balances: closes,
    unseen: unseenOf(source),
    gaps: byLane.flatMap(({ gaps }) => gaps),
    questions: own.flatMap((one) => one.kept.questions.map((question) => ({ ...question, lane: one.lane }))),
    moreQuestions: own.reduce((total, { kept }) => total + kept.moreQuestions, 0),
    byLane: lanes.flatMap(({ id }) => byLane.find(({ line }) => line.key === id)?.line ?? []),
    byHour: [...byHour].sort((a, b) => Number(a.key) - Number(b.key)),
    byOperator,
    byShift,
    trend,
    patterns,
    reviewed: reviewedOf(source),
  };
}

function unseenOf({ day, lane, observed = [], nowWallMs }: SheetSource): readonly SheetUnseen[] {
  const beginMs = beginOf(day);
  return blindBetween(observed, beginMs, Math.min(beginMs + DAY_MS, nowWallMs))
    .filter((one) => lane === undefined || one.lane === lane)
    .map(({ lane: id, times, forMs, lasts }) => ({ lane: id, times, forMs, lasts }));
}

interface LanePart {
  readonly line: SheetLine;
  readonly gaps: readonly SheetGap[];
  readonly aheadTold: number;
  readonly aheadUsed: number;
}

function* laneParts(rows: readonly LaneRow[]): Steps<readonly LanePart[]> {
  const parts: LanePart[] = [];
  for (const id of new Set(rows.map((row) => row.lane))) {
    const own = rows.filter((row) => row.lane === id);
    const ahead = (part: AccountPart, column: Column): number =>
      own.reduce((total, row) => total + (row.part === part && row.column === column ? row.count : 0), 0);
    parts.push({
      line: sheetLine(id, own),
      gaps: unclosed(own).map((gap) => ({ ...gap, lane: id })),
      aheadTold: ahead('told', 'ahead'),
      aheadUsed: ahead('payment', 'used.ahead'),
    });
    yield;
  }
  return parts;
}

/** In the order of their beginning. */
function* shiftLines(rows: readonly LaneRow[]): Steps<readonly ShiftLine[]> {
  const lines = yield* linesBy(rows, ({ since, operator }) => (since === undefined ? '' : `${since}\t${operator}`));
  return lines
    .map((line) => {
      const [since = '', operator = ''] = line.key.split('\t');
      return { ...line, operator, sinceWallMs: Number(since) };
    })
    .sort((a, b) => a.sinceWallMs - b.sinceWallMs || a.operator.localeCompare(b.operator));
}

function lanesOf({ lanes, lane }: SheetSource, own: readonly KeptDay[]): readonly SheetLane[] {
  const others = own.filter((one) => !lanes.some(({ id }) => id === one.lane));
  const all = [...lanes, ...others.map(({ lane: id }) => ({ id, name: id }))];
  return lane === undefined ? all : all.filter(({ id }) => id === lane);
}

export function trendOf({ day, lane, lines }: SheetSource): readonly SheetLine[] {
  const byDay = new Map<string, LineSums>();
  for (const one of lines) {
    const sums = lane === undefined || one.laneId === lane ? parsedRows(one.rows) : undefined;
    if (sums === undefined) continue;
    const total = byDay.get(one.day) ?? { ...NO_SUMS };
    addSums(total, sums);
    byDay.set(one.day, total);
  }
  return Array.from({ length: TREND_DAYS }, (_, index) => daysAfter(day, index - TREND_DAYS + 1)).map((key) => ({
    key,
    ...(byDay.get(key) ?? NO_SUMS),
  }));
}
