/** A day's rows as CSV that Excel and WPS open as it is. Pure. */
import { yuan } from '../text/money.ts';
import { accountPartText, columnText, daySheetText } from '../text/page/account.ts';
import { BYTE_ORDER_MARK, csvLines } from '../text/spreadsheet.ts';
import type { Language } from '../text/text.ts';
import { shiftTime } from './days.ts';
import type { LaneRow, SheetLane } from './sheet.ts';

export function sheetCsv(
  day: string,
  rows: readonly LaneRow[],
  lanes: readonly SheetLane[],
  language: Language,
): string {
  const names = new Map(lanes.map(({ id, name }) => [id, name]));
  const { lane, hour, operator, shift, sum, column, count, amount } = daySheetText;
  const head = [daySheetText.day, lane, hour, operator, sum, column, count, amount, shift].map(
    (text) => text[language],
  );
  const sorted = [...rows].sort(
    (a, b) => byText(a.lane, b.lane) || a.hour - b.hour || byText(a.part, b.part) || byText(a.column, b.column),
  );
  const lines = sorted.map((row) => [
    day,
    names.get(row.lane) ?? row.lane,
    `${String(row.hour).padStart(2, '0')}:00`,
    row.operator,
    accountPartText[row.part][language],
    columnText(row.part, row.column)[language],
    String(row.count),
    row.amount === 0 ? '' : yuan(row.amount),
    row.since === undefined ? '' : shiftTime(row.since),
  ]);
  return BYTE_ORDER_MARK + csvLines([head, ...lines]);
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
