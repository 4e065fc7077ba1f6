/** A day's rows, and a month by attendant, as CSV that Excel and WPS open as it is. Pure. */
import { accountPartText, columnText, daySheetText, SHEET_COLUMNS, SHEET_SUMS } from '../text/page/account.ts';
import { BYTE_ORDER_MARK, csvLines } from '../text/spreadsheet.ts';
import { type Language, yuan } from '../text/text.ts';
import { shiftTime } from './days.ts';
import { groupedBy } from './lines.ts';
import type { MonthPart } from './month-sheet.ts';
import { type RowSource, rowsOfDay, type SheetLane } from './sheet.ts';
import type { Steps } from './steps.ts';

/** In parts, lane by lane: all of a large park at once would make a poll late. */
export function* sheetCsv(source: RowSource, lanes: readonly SheetLane[], language: Language): Steps<string[]> {
  const names = new Map(lanes.map(({ id, name }) => [id, name]));
  const { day, lane, hour, operator, shift, sum, column, count, amount } = daySheetText;
  const head = [day, lane, hour, operator, sum, column, count, amount, shift].map((text) => text[language]);
  const csv = [BYTE_ORDER_MARK + csvLines([head])];
  for (const [id, rows] of (yield* groupedBy(yield* rowsOfDay(source), (one) => one.lane)).sort(byFirst)) {
    yield;
    const sorted = [...rows].sort((a, b) => a.hour - b.hour || byText(a.part, b.part) || byText(a.column, b.column));
    yield;
    const lines = sorted.map((row) => [
      source.day,
      names.get(id) ?? id,
      `${String(row.hour).padStart(2, '0')}:00`,
      row.operator,
      accountPartText[row.part][language],
      columnText(row.part, row.column)[language],
      String(row.count),
      row.amount === 0 ? '' : yuan(row.amount),
      row.since === undefined ? '' : shiftTime(row.since),
    ]);
    csv.push(csvLines(lines));
  }
  return csv;
}

/** A line for each day, lane and attendant, as a table that pivots. */
export function monthCsv(parts: readonly MonthPart[], lanes: readonly SheetLane[], language: Language): string {
  const names = new Map(lanes.map(({ id, name }) => [id, name]));
  const { day, lane, operator, shifts, unpaid } = daySheetText;
  const sums = SHEET_SUMS.map(({ head }) => daySheetText[head]);
  const head = [day, lane, operator, shifts, ...SHEET_COLUMNS.map((column) => daySheetText[column]), unpaid, ...sums];
  const lines = parts.map((part) => [
    part.day,
    names.get(part.lane) ?? part.lane,
    part.operator === '' ? daySheetText.nobodyOn[language] : part.operator,
    String(part.since.length),
    ...[...SHEET_COLUMNS, 'unpaid' as const].map((column) => String(part[column])),
    ...SHEET_SUMS.map(({ of }) => yuan(part[of])),
  ]);
  return BYTE_ORDER_MARK + csvLines([head.map((text) => text[language]), ...lines]);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => byText(a, b);
