/** Texts of reviewing records. Chinese first. */

import type { MarkKind } from '../../page/api/api-duty.ts';
import { countText } from '../count.ts';
import { yuan } from '../money.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

/** Until the office has edited the list. */
export const REASONS_AT_FIRST: readonly string[] = ['业主', '访客', '内部车辆', '已收现金', '设备故障', '领导批准'];

export const MARK_NAME: Readonly<Record<MarkKind, Text>> = {
  checked: { zh: '放得对', en: 'rightful' },
  wrong: { zh: '判错', en: 'box was wrong' },
  owed: { zh: '追缴', en: 'owed' },
  recovered: { zh: '已追回', en: 'recovered' },
  open: { zh: '待处理', en: 'undecided' },
  answer: { zh: '当事人说明', en: 'answer' },
};

export const operatorSource: Readonly<Record<'command' | 'message' | 'pin' | 'roster', Text>> = {
  command: { zh: '由开闸命令得知', en: 'from the command itself' },
  message: { zh: '由管理系统告知', en: 'told by the management system' },
  pin: { zh: '凭 PIN 上岗', en: 'signed on by PIN' },
  roster: { zh: '按排班', en: 'by the roster' },
};

/** Why the box was wrong: what an installer then looks at. */
export const WRONG_REASONS: readonly Text[] = [
  { zh: '已经缴费', en: 'it had paid' },
  { zh: '拖挂车', en: 'a trailer' },
  { zh: '没有车过', en: 'nothing passed' },
  { zh: '试闸、接线', en: 'a test' },
];

/** What waits, beside its state: what follows from each verdict. */
export const followsText = {
  forPerson: { zh: '追缴：上报平台。放得对、判错：不上报。', en: 'Owed: reported. The other two: not reported.' },
  toGo: {
    zh: '它要上报。判错：立即带着您的名字发出，除非审计员或安装员在发出前也判错。',
    en: 'It is to be reported. Wrong: it goes out at once with your name, unless an auditor or installer says so too before it leaves.',
  },
  gone: { zh: '平台已收下：只记下结果。', en: 'The platform has it: the verdict is noted.' },
  putAside: {
    zh: '已经不上报，也不能再追缴：只记下结果。',
    en: 'It is not reported any more, and cannot be owed: the verdict is noted.',
  },
};

export const VERB_NAME = {
  checked: { zh: '放得对', en: 'Rightful' },
  owed: { zh: '追缴', en: 'Owed' },
  wrong: { zh: '判错', en: 'Wrong' },
} satisfies Texts;
/** Before its reasons. */
export const VERB_WHY = {
  checked: { zh: '为什么放得对？', en: 'Rightful, because' },
  wrong: { zh: '哪里判错了？', en: 'Wrong, because' },
} satisfies Texts;

export const inboxText = {
  left: (count: number, more: boolean): Text => ({
    zh: `还有 ${countText(count, more)} 条`,
    en: `${countText(count, more)} left`,
  }),
  done: { zh: '都处理完了', en: 'All done' },
  doneHint: { zh: '新的放行会自己出现在这里。', en: 'New releases appear here by themselves.' },
  rest: { zh: '全部待处理的', en: 'All that waits' },
  details: { zh: '依据、信号、上传过程', en: 'Reasons, signals, upload' },
  onDuty: (name: string): Text => ({ zh: `当班：${name}`, en: `on duty: ${name}` }),
  nobodyOnDuty: { zh: '当班：不详', en: 'on duty: unknown' },
  answered: (who: string, words: string): Text => ({
    zh: `当事人说明（${who} 记）：${words}`,
    en: `Answer of the one concerned, noted by ${who}: ${words}`,
  }),
  wished: (who: string, why: string): Text => ({
    zh: `${who} 判错：${why}。另一个人（审计员或安装员）在发出前也判错，才不上报。`,
    en: `${who} says that the box was wrong: ${why}. It is not reported only if a second person (auditor or installer) says so too before it has left.`,
  }),
  agree: { zh: '我也判错', en: 'Wrong, I agree' },
  ownWords: { zh: '别的原因', en: 'Another reason' },
  back: { zh: '返回', en: 'Back' },
  alike: (count: number): Text => ({
    zh: `选中同车道同类 ${count} 条`,
    en: `Select ${count} alike in this lane`,
  }),
  picked: (count: number): Text => ({ zh: `一起处理 ${count} 条`, en: `${count} together` }),
  pick: (name: string): Text => ({ zh: `选中 ${name}`, en: `select ${name}` }),
  clear: { zh: '取消选择', en: 'Clear selection' },
  undo: (name: string): Text => ({ zh: `撤销：${name}`, en: `Undo: ${name}` }),
  several: (count: number): Text => ({ zh: `${count} 条`, en: `${count} records` }),
  failed: { zh: '没有记下，它还在待处理里。', en: 'Not kept: it is still in the inbox.' },
  gone: (name: string): Text => ({
    zh: `${name}：已经不上报（丢弃或撤回），不能再追缴，没有记下。`,
    en: `${name}: dropped or withdrawn meanwhile: it cannot be owed any more, and nothing was noted.`,
  }),
  keys: {
    zh: '键盘：J K 上下，X 选中，C 放得对，O 追缴，W 判错，U 撤销，回车看详情；原因按数字',
    en: 'Keys: J K move, X selects, C rightful, O owed, W wrong, U undo, Enter opens; a digit picks the reason',
  },
  swipe: { zh: '右滑放得对，左滑追缴', en: 'Swipe right: rightful; left: owed' },
  newer: { zh: '上一条', en: 'Previous' },
  older: { zh: '下一条', en: 'Next' },
  backToInbox: { zh: '待处理', en: 'Inbox' },
} satisfies Texts;

export const reviewText = {
  title: { zh: '处理结果', en: 'Verdicts' },
  nothing: { zh: '还没有人处理过', en: 'Nobody has decided on it yet' },
  /** `names`: of one person, or of the one who asked and the one who agreed. */
  droppedBy: ([who = '', second]: readonly string[]): Text =>
    second === undefined
      ? { zh: `${who} 决定不上报`, en: `${who} decided that it is not reported` }
      : {
          zh: `${who} 和 ${second} 都判错，不上报`,
          en: `${who} and ${second} both said the box was wrong: not reported`,
        },
  openFor: (age: Text): Text => ({ zh: `待处理，已 ${age.zh}`, en: `undecided for ${age.en}` }),
  words: { zh: '说明', en: 'Words' },
  answerSend: { zh: '记下说明', en: 'Keep the answer' },
  plate: { zh: '车牌', en: 'Plate' },
  amount: { zh: '金额（元）', en: 'Amount (yuan)' },
  noAmount: { zh: '要写金额', en: 'needs an amount' },
  owedSend: { zh: '记下欠费金额', en: 'Note what is owed' },
  amountLacks: { zh: '还没写金额', en: 'no amount yet' },
  reopen: { zh: '重新打开', en: 'Reopen' },
  front: { zh: '前车', en: 'Vehicle in front' },
  frontBefore: (seconds: number): Text => ({ zh: `早 ${seconds} 秒识别`, en: `read ${seconds} s before` }),
  frontPaid: { zh: '已缴费', en: 'paid' },
  frontUnpaid: { zh: '没有收到它的缴费', en: 'no payment for it' },
  noFrontPicture: { zh: '本机没有前车的照片', en: 'The box has no picture of the vehicle in front' },
  follower: { zh: '跟车', en: 'the one behind' },
  total: (count: number, more: boolean): Text => ({
    zh: `共 ${countText(count, more)} 条`,
    en: `${countText(count, more)} in all`,
  }),
  today: { zh: '今天', en: 'Today' },
  yesterday: { zh: '昨天', en: 'Yesterday' },
  week: { zh: '近 7 天', en: '7 days' },
  month: { zh: '近 30 天', en: '30 days' },
  to: { zh: '到', en: 'To' },
  marked: { zh: '处理', en: 'Verdict' },
  reasonsTitle: { zh: '“放得对”的原因清单', en: 'Reasons for “rightful”' },
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
