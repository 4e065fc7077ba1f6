/** Texts of the account: columns, equations, questions, the day's sheet. Chinese first. Used by the page, the command and the CSV. */
import { joined, plain, type Text } from '../text.ts';
import * as table from './account.made.ts';
import { DETAIL } from './account.made.ts';

export { accountPartText, equationText, questionText } from './account.made.ts';

const GROUP: Readonly<Record<string, Readonly<Record<string, Text>>>> = table.GROUP;

/** `part`: opening, extra, passage, payment; a column without words stands as it is. */
export function columnText(part: string, column: string): Text {
  const [group = '', detail = ''] = column.split('.');
  const head = GROUP[part]?.[group] ?? DETAIL[group] ?? plain(group);
  return detail === '' ? head : joined([head, DETAIL[detail] ?? plain(detail)], ' · ', ' · ');
}

interface Reviewed {
  readonly records: number;
  readonly closed: number;
  readonly inDay: number;
  readonly openDays: number;
}
export interface HandOpenings {
  readonly lane: string;
  readonly operator: string;
  readonly count: number;
  readonly per100: number;
  readonly median100: number;
  readonly chance100: number;
}

/** How far the records of a day are reviewed; none where there is no record. */
export function reviewedText({ records, closed, inDay, openDays }: Reviewed): readonly Text[] {
  if (records === 0) return [];
  const open = records - closed;
  return [
    daySheetText.reviewed(records, closed, inDay, (100 * inDay) / Math.max(1, records)),
    ...(open === 0 ? [] : [daySheetText.stillOpen(open, openDays < 1 ? 0 : openDays)]),
  ];
}

/** What a day's account comes to, as far as it was seen. */
export function sheetVerdict({ gaps, questions, moreQuestions, unseen }: Verdict): Text {
  const open = gaps.length + questions.length + moreQuestions;
  if (open > 0) return daySheetText.open(open);
  return unseen.length === 0 ? daySheetText.closes : daySheetText.closesAsSeen;
}

/** What of a day's sheet its verdict rests on. */
interface Verdict {
  readonly gaps: readonly unknown[];
  readonly questions: readonly unknown[];
  readonly moreQuestions: number;
  readonly unseen: readonly unknown[];
}

export const daySheetText = {
  ...table.daySheetText,
  unseen: (name: string, times: number, forMs: number): Text =>
    table.daySheetText.unseen(name, times, forMs, times !== 1),
  handOpenings: (hand: HandOpenings): Text => table.daySheetText.handOpenings({ ...hand, rare: hand.chance100 < 0.1 }),
};

/** Columns of the sheet, in their order; on the page and in the command. Their heads are in `daySheetText`. */
export const SHEET_COLUMNS = [
  'openings',
  'passages',
  'byHand',
  'nobody',
  'covered',
  'reported',
  'review',
  'pairs',
  'payments',
] as const;

/** Sums of money, each only where there is one. */
export const SHEET_SUMS = [
  { of: 'amount', head: 'paidTold' },
  { of: 'owedTold', head: 'owedTold' },
  { of: 'owedEstimated', head: 'owedEstimated' },
] as const;
