/** Texts of reviewing records. Chinese first. */

import { countText } from '../count.ts';
import { type Text, yuan } from '../text.ts';
import type { Texts } from './texts.ts';
import * as table from './ui-review.made.ts';

export { followsText, MARK_NAME, VERB_NAME, VERB_WHY } from './ui-review.made.ts';

/** Until the office has edited the list. */
export const REASONS_AT_FIRST: readonly string[] = ['业主', '访客', '内部车辆', '已收现金', '设备故障', '领导批准'];

export const operatorSource: Readonly<Record<'command' | 'message' | 'pin' | 'roster', Text>> = table.operatorSource;

/** Why the box was wrong: what an installer then looks at. */
export const WRONG_REASONS: readonly Text[] = [
  { zh: '已经缴费', en: 'it had paid' },
  { zh: '拖挂车', en: 'a trailer' },
  { zh: '没有车过', en: 'nothing passed' },
  { zh: '试闸、接线', en: 'a test' },
];

export const inboxText = {
  ...table.inboxText,
  left: (count: number, more: boolean): Text => ({
    zh: `还有 ${countText(count, more)} 条`,
    en: `${countText(count, more)} left`,
  }),
} satisfies Texts;

export const reviewText = {
  ...table.reviewText,
  /** `names`: of one person, or of the one who asked and the one who agreed. */
  droppedBy: ([who = '', second]: readonly string[]): Text =>
    second === undefined
      ? { zh: `${who} 决定不上报`, en: `${who} decided that it is not reported` }
      : {
          zh: `${who} 和 ${second} 都判错，不上报`,
          en: `${who} and ${second} both said the box was wrong: not reported`,
        },
  total: (count: number, more: boolean): Text => ({
    zh: `共 ${countText(count, more)} 条`,
    en: `${countText(count, more)} in all`,
  }),
} satisfies Texts;

/** What an unpaid exit would have cost: always said with how that is known. */
interface Owed {
  readonly by: 'told' | 'tariff';
  /** In fen. */
  readonly amount: number;
}

export const owedText = {
  ...table.owedText,
  /** Of a list. */
  short: ({ by, amount }: Owed): Text =>
    by === 'told'
      ? { zh: `应收 ¥${yuan(amount)}（告知）`, en: `¥${yuan(amount)} asked` }
      : { zh: `约 ¥${yuan(amount)}（估算）`, en: `about ¥${yuan(amount)}, estimated` },
  /** `at`: when it was asked for; of an estimate when the vehicle came in. */
  long: ({ by, amount }: Owed, at: string): Text =>
    by === 'told'
      ? {
          zh: `¥${yuan(amount)}，管理系统 ${at} 告知的应收金额`,
          en: `¥${yuan(amount)}, as the management system asked at ${at}`,
        }
      : {
          zh: `约 ¥${yuan(amount)}，按收费标准估算，${at} 入场`,
          en: `about ¥${yuan(amount)}, estimated by the tariff, in since ${at}`,
        },
};
