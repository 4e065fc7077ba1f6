/** Texts of reviewing records. Chinese first. */

import type { MarkKind } from '../../page/api/api-duty.ts';
import { countText } from '../count.ts';
import { yuan } from '../money.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

/** Until the office has edited the list. */
export const REASONS_AT_FIRST: readonly string[] = ['业主', '访客', '内部车辆', '已收现金', '设备故障', '领导批准'];

export const MARK_NAME: Readonly<Record<MarkKind, Text>> = {
  checked: { zh: '已复核', en: 'legitimate' },
  wrong: { zh: '误报', en: 'box was wrong' },
  owed: { zh: '待追缴', en: 'owed' },
  recovered: { zh: '已追回', en: 'recovered' },
  open: { zh: '未复核', en: 'not reviewed' },
  answer: { zh: '当事人说明', en: 'answer' },
};

export const operatorSource: Readonly<Record<'command' | 'message' | 'pin' | 'roster', Text>> = {
  command: { zh: '由开闸命令得知', en: 'from the command itself' },
  message: { zh: '由管理系统告知', en: 'told by the management system' },
  pin: { zh: '凭 PIN 上岗', en: 'signed on by PIN' },
  roster: { zh: '按排班', en: 'by the roster' },
};

export const reviewText = {
  title: { zh: '复核', en: 'Review' },
  nothing: { zh: '还没有人复核过', en: 'Nobody has reviewed it yet' },
  /** `names`: of one person, or of the one who asked and the one who agreed. */
  droppedBy: ([who = '', second]: readonly string[]): Text =>
    second === undefined
      ? { zh: `${who} 丢弃：不是放行`, en: `${who} dropped it: no release` }
      : { zh: `${who} 要求丢弃，${second} 同意`, en: `${who} asked to drop it, ${second} agreed` },
  openFor: (age: Text): Text => ({ zh: `未复核，已 ${age.zh}`, en: `not reviewed for ${age.en}` }),
  reason: { zh: '原因', en: 'Reason' },
  noReason: { zh: '不选', en: 'none' },
  words: { zh: '说明', en: 'Words' },
  answerWords: { zh: '当事人怎么说', en: 'What the one concerned says' },
  answerSend: { zh: '记下说明', en: 'Keep the answer' },
  plate: { zh: '车牌', en: 'Plate' },
  amount: { zh: '金额（元）', en: 'Amount (yuan)' },
  noAmount: { zh: '待追缴、已追回要写金额', en: 'Owed and recovered need an amount' },
  amountLacks: { zh: '还没写金额', en: 'no amount yet' },
  reopen: { zh: '重新打开', en: 'Reopen' },
  operator: { zh: '操作员', en: 'Operator' },
  front: { zh: '前车', en: 'Vehicle in front' },
  frontBefore: (seconds: number): Text => ({ zh: `早 ${seconds} 秒识别`, en: `read ${seconds} s before` }),
  frontPaid: { zh: '已缴费', en: 'paid' },
  frontUnpaid: { zh: '没有收到它的缴费', en: 'no payment for it' },
  noFrontPicture: { zh: '本机没有前车的照片', en: 'The box has no picture of the vehicle in front' },
  follower: { zh: '跟车', en: 'the one behind' },
  picked: (count: number): Text => ({ zh: `已选 ${count} 条`, en: `${count} selected` }),
  pick: (name: string): Text => ({ zh: `选中 ${name}`, en: `select ${name}` }),
  all: { zh: '全选', en: 'Select all' },
  clear: { zh: '取消选择', en: 'Clear selection' },
  keys: {
    zh: '键盘：J K 移动，X 选中，C 已复核，W 误报，O 待追缴，R 已追回，U 重新打开，回车打开；选原因按数字',
    en: 'Keys: J K move, X selects, C legitimate, W wrong, O owed, R recovered, U reopen, Enter opens; a digit picks the reason',
  },
  whichReason: { zh: '哪个原因？按数字，或直接按回车', en: 'Which reason? Press its digit, or Enter for none' },
  total: (count: number, more: boolean): Text => ({
    zh: `共 ${countText(count, more)} 条`,
    en: `${countText(count, more)} in all`,
  }),
  today: { zh: '今天', en: 'Today' },
  yesterday: { zh: '昨天', en: 'Yesterday' },
  week: { zh: '近 7 天', en: '7 days' },
  month: { zh: '近 30 天', en: '30 days' },
  to: { zh: '到', en: 'To' },
  marked: { zh: '复核', en: 'Review' },
  reasonsTitle: { zh: '复核原因的清单', en: 'List of reasons' },
  reasonsHint: { zh: '每行一个，最多 20 个', en: 'one a line, at most 20' },
  reasonsSave: { zh: '保存清单', en: 'Save the list' },
} satisfies Texts;

/** What an unpaid exit would have cost: always said with how that is known. */
interface Owed {
  readonly by: 'told' | 'tariff';
  /** In fen. */
  readonly amount: number;
}

export const owedText = {
  label: { zh: '本该收', en: 'Would have cost' },
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
  how: {
    told: { zh: '告知', en: 'told' },
    tariff: { zh: '估算', en: 'estimated' },
  } satisfies Readonly<Record<Owed['by'], Text>>,
};
