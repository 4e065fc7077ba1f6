/** The day's sheet as lines of a terminal. Pure. */

import { shiftTime } from '../../account/days.ts';
import { type LineSums, NO_SUMS, type SheetLine } from '../../account/lines.ts';
import { patternText } from '../../account/patterns.ts';
import type { DaySheet, SheetSum } from '../../account/sheet.ts';
import {
  accountPartText,
  columnText,
  daySheetText,
  equationText,
  questionText,
  reviewedText,
  SHEET_COLUMNS,
  SHEET_SUMS,
  sheetVerdict,
} from '../../text/page/account.ts';
import { beijingTime, type Language, type Text, yuan } from '../../text/text.ts';

export function sheetLines(sheet: DaySheet, language: Language): readonly string[] {
  const say = (text: Text): string => text[language];
  const mark = sheet.isToday ? ` (${say(daySheetText.today)})` : sheet.isFinal ? ` (${say(daySheetText.final)})` : '';
  const head = `${say(daySheetText.title)} ${sheet.day}${mark} · ${sheet.lane === undefined ? say(daySheetText.allLanes) : nameOf(sheet, sheet.lane)}`;
  const unseen = unseenLines(sheet).map(say);
  if (sheet.isEmpty) return [head, say(daySheetText.empty), ...unseen];
  const sums = (['opening', 'extra', 'passage', 'payment', 'owed', 'pair'] as const).flatMap((part) => {
    const { openings: opening, extra, passages: passage, payments: payment, owed, pairs: pair } = sheet;
    const sum = { opening, extra, passage, payment, owed, pair }[part];
    return sum.columns.length === 0 ? [] : ['', ...sumLines(say(accountPartText[part]), part, sum, language)];
  });
  return [
    head,
    say(sheetVerdict(sheet)),
    ...unseen,
    ...sheet.gaps.map(
      ({ lane, hour, equation, left, right }) =>
        `  ${nameOf(sheet, lane)} ${clock(hour)} ${say(equationText[equation])}: ${say(daySheetText.balance(left, right))}`,
    ),
    ...sheet.questions.map(({ lane, atWallMs, kind, plate, releaseId }) =>
      [`  ${nameOf(sheet, lane)} ${beijingTime(atWallMs)}`, say(questionText[kind]), plate, releaseId]
        .filter(Boolean)
        .join('  '),
    ),
    ...(sheet.moreQuestions > 0 ? [`  ${say(daySheetText.moreQuestions(sheet.moreQuestions))}`] : []),
    ...reviewedText(sheet.reviewed).map(say),
    ...sums,
    ...(sheet.ahead.told > 0 ? [`  ${say(daySheetText.ahead(sheet.ahead.told, sheet.ahead.used))}`] : []),
    '',
    ...table(
      say(daySheetText.byLane),
      sheet.byLane.map((line) => ({ ...line, key: nameOf(sheet, line.key) })),
      language,
    ),
    '',
    ...table(
      say(daySheetText.byHour),
      sheet.byHour.map((line) => ({ ...line, key: clock(Number(line.key)) })),
      language,
    ),
    ...(sheet.byOperator.length === 0 ? [] : ['', ...table(say(daySheetText.byOperator), sheet.byOperator, language)]),
    ...(sheet.byShift.length === 0
      ? []
      : [
          '',
          ...table(
            say(daySheetText.byShift),
            sheet.byShift.map((line) => ({ ...line, key: `${shiftTime(line.sinceWallMs)} ${line.operator}` })),
            language,
          ),
        ]),
    ...trendLines(sheet).map(say),
    ...(sheet.patterns.length === 0 ? [] : ['', say(daySheetText.patterns)]),
    ...sheet.patterns.map((pattern) => `  ${say(patternText(pattern, sheet.lanes))}`),
  ];
}

const unseenLines = (sheet: DaySheet): readonly Text[] =>
  sheet.unseen.map(({ lane, times, forMs }) => daySheetText.unseen(nameOf(sheet, lane), times, forMs));

function trendLines({ trend }: DaySheet): readonly Text[] {
  const { amount, unpaid, owedTold, owedEstimated, withoutSum } = summed('', trend);
  const texts = [
    ...(amount === 0 ? [] : [daySheetText.trendPaid(yuan(amount))]),
    ...(unpaid === 0 ? [] : [daySheetText.trendOwed(unpaid, yuan(owedTold), yuan(owedEstimated), withoutSum)]),
  ];
  return texts.length === 0 ? [] : [{ zh: '', en: '' }, ...texts];
}

/** Several days, one line each, and their sum. */
export function daysLines(sheets: readonly DaySheet[], language: Language): readonly string[] {
  const days = sheets.map(({ day, byLane }) => summed(day, byLane));
  const all = {
    gaps: sheets.flatMap(({ gaps }) => gaps),
    questions: sheets.flatMap(({ questions }) => questions),
    moreQuestions: sheets.reduce((sum, { moreQuestions }) => sum + moreQuestions, 0),
    unseen: sheets.flatMap(({ unseen }) => unseen),
  };
  return [
    ...table(daySheetText.day[language], [...days, summed(daySheetText.total[language], days)], language),
    sheetVerdict(all)[language],
    ...sheets.flatMap((sheet) => unseenLines(sheet).map((text) => `${sheet.day} ${text[language]}`)),
  ];
}

function summed(key: string, lines: readonly SheetLine[]): SheetLine {
  const sums = { ...NO_SUMS };
  for (const line of lines) for (const name of Object.keys(sums) as (keyof LineSums)[]) sums[name] += line[name];
  return { ...sums, key };
}

const nameOf = ({ lanes }: DaySheet, id: string): string => lanes.find((lane) => lane.id === id)?.name ?? id;
const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

function sumLines(title: string, part: string, { total, columns }: SheetSum, language: Language): readonly string[] {
  return [
    `${title} ${total}`,
    ...columns.map(
      ({ column, count, amount }) =>
        `  ${String(count).padStart(6)}  ${columnText(part, column)[language]}${amount === 0 ? '' : `  ¥${yuan(amount)}`}`,
    ),
  ];
}

/** A Chinese character takes two places of a terminal. */
export const widthOf = (text: string): number =>
  [...text].reduce((sum, one) => sum + (/[\u2e80-\uffef]/.test(one) ? 2 : 1), 0);
const right = (text: string, width: number): string => ' '.repeat(Math.max(0, width - widthOf(text))) + text;
const left = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

function table(title: string, lines: readonly SheetLine[], language: Language): readonly string[] {
  const money = SHEET_SUMS.filter(({ of }) => lines.some((line) => line[of] !== 0));
  const heads = [...SHEET_COLUMNS, ...money.map(({ head }) => head)].map((column) => daySheetText[column][language]);
  const widths = heads.map((head) => Math.max(6, widthOf(head)) + 2);
  const first = Math.max(widthOf(title), ...lines.map(({ key }) => widthOf(key)));
  const row = (head: string, cells: readonly string[]): string =>
    left(head, first) + cells.map((cell, index) => right(cell, widths[index] ?? 8)).join('');
  return [
    row(title, heads),
    ...lines.map((line) =>
      row(line.key, [...SHEET_COLUMNS.map((column) => String(line[column])), ...money.map(({ of }) => yuan(line[of]))]),
    ),
  ];
}
