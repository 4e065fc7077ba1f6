/** Texts of the account: columns, equations, questions, the day's sheet. Chinese first. Used by the page, the command and the CSV. */
import type { Text } from '../text.ts';
import { durationText } from './duration.ts';

const GROUP: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  opening: {
    granted: { zh: '有据开闸', en: 'let out by a message' },
    automatic: { zh: '自动时段开闸', en: 'automatic' },
    hand: { zh: '人工开闸', en: 'by hand' },
    systemUnpaid: { zh: '系统开闸无缴费', en: 'by the system, unpaid' },
    continued: { zh: '未落杆连续放行', en: 'continued before the arm was down' },
    nobody: { zh: '开闸无车通过', en: 'nobody passed' },
    maintenance: { zh: '维护中', en: 'in maintenance' },
    unknown: { zh: '原因不明', en: 'cause unknown' },
    bounced: { zh: '闸杆抖动（不计）', en: 'arm bounced (not counted)' },
  },
  extra: {
    manual: { zh: '人工放行的后车', en: 'let on by hand' },
    tailgating: { zh: '跟车', en: 'tailgating' },
    heldOpen: { zh: '常抬杆', en: 'arm held open' },
    systemUnpaid: { zh: '系统放行无缴费', en: 'let on by the system, unpaid' },
    wrongWay: { zh: '逆行', en: 'wrong way' },
    ranBarrier: { zh: '闯杆', en: 'ran the barrier' },
    maintenance: { zh: '维护中', en: 'in maintenance' },
    blind: { zh: '盲区推定', en: 'presumed while blind' },
    unknown: { zh: '原因不明', en: 'cause unknown' },
    unclear: { zh: '说不清', en: 'unclear' },
    unseenOpening: { zh: '开闸未被看到', en: 'its opening was not seen' },
  },
  passage: {
    covered: { zh: '有据通行', en: 'covered' },
    reported: { zh: '异常上报', en: 'reported' },
    review: { zh: '待复核', en: 'for review' },
    withdrawn: { zh: '已撤回', en: 'withdrawn' },
    automatic: { zh: '自动时段内', en: 'in an automatic time' },
    maintenance: { zh: '维护中', en: 'in maintenance' },
    blind: { zh: '盲区推定', en: 'presumed while blind' },
    unclear: { zh: '说不清', en: 'unclear' },
    part: { zh: '同一辆车的一部分（不计）', en: 'part of the same vehicle (not counted)' },
  },
  payment: {
    used: { zh: '已放行', en: 'used' },
    usedLate: { zh: '放行后才到', en: 'used late' },
    usedOther: { zh: '别的车牌用掉', en: 'used under another plate' },
    cameAndWent: { zh: '来了又退回（疑似假出场）', en: 'came and went back (fake exit?)' },
    neverCame: { zh: '缴费后没有来', en: 'never came' },
    expired: { zh: '到达时已过期', en: 'expired on arrival' },
    elsewhere: { zh: '别的车道', en: "another lane's" },
    ended: { zh: '消息作废', en: 'ended by a message' },
  },
  owed: {
    told: { zh: '系统告知应收', en: 'asked by the system' },
    estimated: { zh: '按收费标准估算', en: 'estimated by the tariff' },
    without: { zh: '没有金额', en: 'without a sum' },
  },
  pair: {
    review: { zh: '待复核', en: 'for review' },
    covered: { zh: '算已缴费', en: 'taken as paid' },
  },
};

const DETAIL: Readonly<Record<string, Text>> = {
  paid: { zh: '缴费', en: 'paid' },
  monthly: { zh: '月卡', en: 'season ticket' },
  free: { zh: '免费', en: 'free' },
  storedValue: { zh: '储值卡', en: 'stored value' },
  remoteOpen: { zh: '平台远程开闸', en: 'remote, by the platform' },
  relay: { zh: '开闸继电器', en: 'relay' },
  known: { zh: '名单车辆', en: 'known vehicle' },
  other: { zh: '其他', en: 'other' },
  fire: { zh: '消防', en: 'fire' },
  mainsLost: { zh: '断电', en: 'mains lost' },
  keepOpen: { zh: '平台常开', en: 'kept open' },
  freePassage: { zh: '免费时段', en: 'free period' },
  button: { zh: '按钮', en: 'button' },
  remote: { zh: '遥控', en: 'remote' },
  noCommand: { zh: '没有看到指令', en: 'no command seen' },
  manual: { zh: '人工放行', en: 'by hand' },
  tailgating: { zh: '可疑跟车', en: 'tailgating' },
  heldOpen: { zh: '常抬杆', en: 'held open' },
  systemUnpaid: { zh: '系统无缴费', en: 'system, unpaid' },
  unknown: { zh: '原因不明', en: 'cause unknown' },
  wrongWay: { zh: '逆行', en: 'wrong way' },
  ranBarrier: { zh: '闯杆', en: 'ran the barrier' },
  paidLate: { zh: '缴费迟到', en: 'paid late' },
  paidAfterSending: { zh: '上报后才收到缴费', en: 'paid, told after it was reported' },
  person: { zh: '人工撤回', en: 'taken back by a person' },
  granted: { zh: '已有缴费', en: 'paid for' },
  automatic: { zh: '自动时段', en: 'automatic' },
  maintenance: { zh: '维护中', en: 'in maintenance' },
  repeated: { zh: '重复', en: 'told again' },
  replaced: { zh: '被新的代替', en: 'replaced' },
  cancelled: { zh: '取消', en: 'cancelled' },
  givenUp: { zh: '超出上限', en: 'beyond the limit' },
  ahead: { zh: '提前缴费', en: 'paid ahead' },
};

/** `part`: opening, extra, passage, payment; a column without words stands as it is. */
export function columnText(part: string, column: string): Text {
  const [group = '', detail = ''] = column.split('.');
  const head = GROUP[part]?.[group] ?? DETAIL[group] ?? { zh: group, en: group };
  if (detail === '') return head;
  const rest = DETAIL[detail] ?? { zh: detail, en: detail };
  return { zh: `${head.zh} · ${rest.zh}`, en: `${head.en} · ${rest.en}` };
}

export const accountPartText = {
  opening: { zh: '开闸', en: 'Openings' },
  extra: { zh: '一次开闸中的后车', en: 'Further vehicles in an opening' },
  passage: { zh: '通行', en: 'Passages' },
  payment: { zh: '缴费消息', en: 'Payments told' },
  told: { zh: '收到的缴费消息', en: 'Payments received' },
  owed: { zh: '未缴费出场', en: 'Unpaid exits' },
  pair: { zh: '没用上的缴费抵了跟车', en: 'Unused payments beside tailgaters' },
} satisfies Readonly<Record<string, Text>>;

export const equationText = {
  vehicles: {
    zh: '有车通过的开闸 + 连续放行 + 后车 = 通行',
    en: 'openings with a passage + continued + further vehicles = passages',
  },
  paid: {
    zh: '已放行的缴费消息 = 凭消息的有据通行（缴费、免费、月卡等）',
    en: 'payments used = passages covered by a message (paid, free, season ticket and the like)',
  },
  paidLate: { zh: '放行后才到的缴费 = 因缴费撤回', en: 'payments used late = records taken back as paid' },
} satisfies Readonly<Record<string, Text>>;

export const questionText = {
  openingWithoutPassage: {
    zh: '这次开闸有车通过，但没有对应的通行',
    en: 'somebody passed in this opening, and no passage was counted',
  },
  passageUnclear: {
    zh: '有物体通过，无法确认是否为车辆',
    en: 'something passed, and it is unclear whether it was a vehicle',
  },
  paymentWithoutPassage: {
    zh: '缴费来晚了，找不到它的通行',
    en: 'a payment came late, and its passage is not known any more',
  },
  coverWithoutPayment: {
    zh: '通行算作已缴费，但没有对应的缴费',
    en: 'a passage counts as paid, and no payment was used',
  },
} satisfies Readonly<Record<string, Text>>;

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
  title: { zh: '日报', en: 'Daily sheet' },
  day: { zh: '日期', en: 'Day' },
  lane: { zh: '车道', en: 'Lane' },
  allLanes: { zh: '全部车道', en: 'All lanes' },
  hour: { zh: '小时', en: 'Hour' },
  operator: { zh: '收费员', en: 'Operator' },
  sum: { zh: '类别', en: 'Sum' },
  column: { zh: '栏目', en: 'Column' },
  count: { zh: '次数', en: 'Count' },
  amount: { zh: '金额（元）', en: 'Amount (CNY)' },
  passages: { zh: '通行', en: 'Passages' },
  openings: { zh: '开闸', en: 'Openings' },
  byHand: { zh: '人工', en: 'By hand' },
  covered: { zh: '有据', en: 'Covered' },
  reported: { zh: '异常', en: 'Reported' },
  tailgating: { zh: '跟车', en: 'Tailgating' },
  review: { zh: '待复核', en: 'For review' },
  nobody: { zh: '无车', en: 'Nobody' },
  pairs: { zh: '抵跟车', en: 'Pairs' },
  payments: { zh: '缴费', en: 'Payments' },
  total: { zh: '合计', en: 'Total' },
  closes: {
    zh: '账目已平：每次开闸、每次通行、每条缴费各归一栏。',
    en: 'The account closes: every opening, passage and payment stands in one column.',
  },
  /** In front of what the account comes to: what happened then is in no column. */
  unseen: (name: string, times: number, forMs: number): Text => {
    const { zh, en } = durationText(forMs);
    return {
      zh: `${name} 有 ${times} 段时间没有监视，共 ${zh}：其间的开闸、通行、缴费不在账内。`,
      en: `${name} was not observed ${times === 1 ? 'once' : `${times} times`}, ${en} in all: what happened then is in no column.`,
    };
  },
  closesAsSeen: {
    zh: '监视到的账目已平。',
    en: 'What was observed closes.',
  },
  open: (count: number): Text => ({
    zh: `有 ${count} 处对不上，逐条列在下面。`,
    en:
      count === 1
        ? '1 place does not close; it is listed below.'
        : `${count} places do not close; they are listed below.`,
  }),
  balance: (left: number, right: number): Text => ({ zh: `${left} ≠ ${right}`, en: `${left} ≠ ${right}` }),
  empty: { zh: '这一天没有记录。', en: 'Nothing was recorded on this day.' },
  today: { zh: '今天，到现在为止', en: 'today, so far' },
  final: { zh: '已定稿', en: 'final' },
  questions: { zh: '待核对', en: 'Questions' },
  moreQuestions: (count: number): Text => ({ zh: `另有 ${count} 条`, en: `${count} more` }),
  patterns: { zh: '值得一问', en: 'Worth asking' },
  trend: { zh: '近 30 天', en: 'Last 30 days' },
  byLane: { zh: '按车道', en: 'By lane' },
  byHour: { zh: '按小时', en: 'By hour' },
  shift: { zh: '班次', en: 'Shift' },
  byShift: { zh: '按班次', en: 'By shift' },
  byOperator: { zh: '按收费员', en: 'By operator' },
  paidTold: { zh: '缴费（元，消息写明）', en: 'Paid ¥, told' },
  owedTold: { zh: '未缴（元，告知）', en: 'Unpaid ¥, asked' },
  owedEstimated: { zh: '未缴（元，估算）', en: 'Unpaid ¥, est.' },
  trendPaid: (yuan: string): Text => ({
    zh: `近 30 天缴费 ¥${yuan}（消息写明的）`,
    en: `¥${yuan} paid within 30 days, as told`,
  }),
  trendOwed: (unpaid: number, told: string, estimated: string, without: number): Text => ({
    zh: `近 30 天未缴费出场 ${unpaid} 次：告知应收 ¥${told}，估算 ¥${estimated}，${without} 次没有金额`,
    en: `${unpaid} unpaid exits within 30 days: ¥${told} asked, ¥${estimated} estimated, ${without} without a sum`,
  }),
  trendTouch: { zh: '点某一天看数字', en: 'Tap a day for its figures' },
  trendDay: (day: string, passages: number, byHand: number, unpaid: number, yuan: string): Text => ({
    zh: `${day}：通行 ${passages}，人工 ${byHand}，没有缴费 ${unpaid}（¥${yuan}）`,
    en: `${day}: ${passages} passages, ${byHand} by hand, ${unpaid} unpaid (¥${yuan})`,
  }),
  left: { zh: '出场', en: 'Left' },
  unpaid: { zh: '没有缴费', en: 'Nobody paid' },
  worth: { zh: '没有缴的金额', en: 'Worth' },
  worthOf: (told: string, estimated: string, without: number): Text => ({
    zh: `告知 ¥${told}，估算 ¥${estimated}${without === 0 ? '' : `；另有 ${without} 次没有金额`}`,
    en: `¥${told} as asked, ¥${estimated} estimated${without === 0 ? '' : `; ${without} more without a sum`}`,
  }),
  weekBefore: (value: string): Text => ({ zh: `上周同日 ${value}`, en: `a week before: ${value}` }),
  noWeekBefore: { zh: '上周同日没有数据', en: 'nothing kept of a week before' },
  printed: (park: string, box: string, at: string): Text => ({
    zh: `车场 ${park}，本机 ${box}，打印于 ${at}。`,
    en: `Park ${park}, box ${box}, printed ${at}.`,
  }),
  chainHead: (last: number, head: string): Text => ({
    zh: `链头 ${last}：${head}。`,
    en: `Chain head ${last}: ${head}.`,
  }),
  signature: { zh: '签字：', en: 'Signature:' },
  owed: {
    zh: '本该收多少：管理系统告知的，或按收费标准估算的；两样都没有就不写金额',
    en: 'what they would have cost: as the management system asked, or by the tariff; no sum where neither is known',
  },
  told: {
    zh: '金额只统计消息里写明的缴费。“已放行”含免费、月卡等消息：等于有据通行，不算开闸继电器和名单车辆',
    en: 'sums are of payments that were told with an amount. “used” holds free, season ticket and other messages: it equals what is covered, without relay and known vehicles',
  },
  ahead: (told: number, used: number): Text => ({
    zh: `提前缴费 ${told} 条，已在某条车道使用 ${used} 条`,
    en: `${told} paid ahead for the park, ${used} used in some lane`,
  }),
  handOpenings: ({ lane, operator, count, per100, median100, chance100 }: HandOpenings): Text => ({
    zh: `${lane}：${operator} 人工开闸 ${count} 次，每百次开闸 ${per100} 次，本车道中位数 ${median100}；碰巧这么多的可能 ${percent(chance100, '不到')}。为什么？`,
    en: `${lane}: ${operator} opened ${count} times by hand, ${per100} of 100, the lane’s median is ${median100}; so many by chance: ${percent(chance100, 'below')}. Why?`,
  }),
  remoteUnsigned: (count: number, of: number): Text => ({
    zh: `遥控开闸 ${of} 次，其中 ${count} 次无人签到。是谁？`,
    en: `${count} of ${of} openings by remote with nobody signed on. Who?`,
  }),
  reviewed: (records: number, closed: number, inDay: number): Text => ({
    zh: `处理：当天记录 ${records} 条，已处理 ${closed} 条，24 小时内 ${inDay} 条（${share(inDay, records)}）。`,
    en: `Review: ${closed} of ${records} records of the day closed, ${inDay} (${share(inDay, records)}) within 24 h.`,
  }),
  stillOpen: (count: number, days: number): Text => ({
    zh: `还有 ${count} 条待处理${days < 1 ? '' : `，最早的已 ${days} 天`}。`,
    en: `${count} undecided${days < 1 ? '' : `, the oldest for ${days} ${days === 1 ? 'day' : 'days'}`}.`,
  }),
  samePlate: (plate: string, count: number): Text => ({
    zh: `${plate} 一周内 ${count} 条记录。为什么总是这辆车？`,
    en: `${plate}: ${count} records within a week. Why this one?`,
  }),
  toOpen: { zh: '去处理', en: 'Decide on them' },
  yesterday: { zh: '昨天', en: 'Yesterday' },
  todayLink: { zh: '今天', en: 'Today' },
  earlier: { zh: '前一天', en: 'Day before' },
  later: { zh: '后一天', en: 'Day after' },
  print: { zh: '打印', en: 'Print' },
  csv: { zh: '表格 CSV', en: 'CSV' },
  zip: { zh: '连图片 zip', en: 'ZIP with pictures' },
  record: { zh: '看记录', en: 'Record' },
  noPicture: { zh: '没有存下图片', en: 'no picture was kept' },
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
