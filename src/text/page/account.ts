/** Texts of the account: columns, equations, questions, the day's sheet. Chinese first. Used by the page, the command and the CSV. */
import { durationText, type Text } from '../text.ts';
import * as table from './account.made.ts';
import { DETAIL } from './account.made.ts';

export { accountPartText, equationText, questionText } from './account.made.ts';

const GROUP: Readonly<Record<string, Readonly<Record<string, Text>>>> = table.GROUP;

/** `part`: opening, extra, passage, payment; a column without words stands as it is. */
export function columnText(part: string, column: string): Text {
  const [group = '', detail = ''] = column.split('.');
  const head = GROUP[part]?.[group] ?? DETAIL[group] ?? { zh: group, en: group };
  if (detail === '') return head;
  const rest = DETAIL[detail] ?? { zh: detail, en: detail };
  return { zh: `${head.zh} · ${rest.zh}`, en: `${head.en} · ${rest.en}` };
}

interface Reviewed {
  readonly records: number;
  readonly closed: number;
  readonly inDay: number;
  readonly openDays: number;
}
interface HandOpenings {
  readonly lane: string;
  readonly operator: string;
  readonly count: number;
  readonly per100: number;
  readonly median100: number;
  readonly chance100: number;
}
const percent = (value: number, below: string): string => (value < 0.1 ? `${below} 0.1 %` : `${value} %`);
const share = (part: number, all: number): string => `${Math.round((100 * part) / Math.max(1, all))} %`;

/** How far the records of a day are reviewed; none where there is no record. */
export function reviewedText({ records, closed, inDay, openDays }: Reviewed): readonly Text[] {
  if (records === 0) return [];
  const open = records - closed;
  return [
    daySheetText.reviewed(records, closed, inDay),
    ...(open === 0 ? [] : [daySheetText.stillOpen(open, openDays)]),
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
  /** In front of what the account comes to: what happened then is in no column. */
  unseen: (name: string, times: number, forMs: number): Text => {
    const { zh, en } = durationText(forMs);
    return {
      zh: `${name} 有 ${times} 段时间没有监视，共 ${zh}：其间的开闸、通行、缴费不在账内。`,
      en: `${name} was not observed ${times === 1 ? 'once' : `${times} times`}, ${en} in all: what happened then is in no column.`,
    };
  },
  open: (count: number): Text => ({
    zh: `有 ${count} 处对不上，逐条列在下面。`,
    en:
      count === 1
        ? '1 place does not reconcile; it is listed below.'
        : `${count} places do not reconcile; they are listed below.`,
  }),
  worthOf: (told: string, estimated: string, without: number): Text => ({
    zh: `告知 ¥${told}，估算 ¥${estimated}${without === 0 ? '' : `；另有 ${without} 次没有金额`}`,
    en: `¥${told} as asked, ¥${estimated} estimated${without === 0 ? '' : `; ${without} more without a sum`}`,
  }),
  handOpenings: ({ lane, operator, count, per100, median100, chance100 }: HandOpenings): Text => ({
    zh: `${lane}：${operator} 人工开闸 ${count} 次，每百次开闸 ${per100} 次，本车道中位数 ${median100}；碰巧这么多的可能 ${percent(chance100, '不到')}。为什么？`,
    en: `${lane}: ${operator} opened ${count} times by hand, ${per100} of 100, the lane’s median is ${median100}; so many by chance: ${percent(chance100, 'below')}. Why?`,
  }),
  reviewed: (records: number, closed: number, inDay: number): Text => ({
    zh: `处理：当天记录 ${records} 条，已处理 ${closed} 条，24 小时内 ${inDay} 条（${share(inDay, records)}）。`,
    en: `Review: ${closed} of ${records} records of the day closed, ${inDay} (${share(inDay, records)}) within 24 h.`,
  }),
  stillOpen: (count: number, days: number): Text => ({
    zh: `还有 ${count} 条待处理${days < 1 ? '' : `，最早的已 ${days} 天`}。`,
    en: `${count} undecided${days < 1 ? '' : `, the oldest for ${days} ${days === 1 ? 'day' : 'days'}`}.`,
  }),
} satisfies Readonly<Record<string, Text | ((...values: never[]) => Text)>>;

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
