/** Texts of the releases: list, filters, and one release. Chinese first. */
import type { RecordState } from '../../page/api/api.ts';
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const stateName: Readonly<Record<RecordState, Text>> = {
  waiting: { zh: '待上传', en: 'waiting' },
  held: { zh: '联调待确认', en: 'held' },
  parked: { zh: '被拒收', en: 'refused' },
  delivered: { zh: '已送达', en: 'delivered' },
  withdrawn: { zh: '已撤回', en: 'withdrawn' },
  review: { zh: '待复核', en: 'for review' },
  kept: { zh: '暂存未上报', en: 'kept back' },
  dropped: { zh: '不上报', en: 'not reported' },
};

export const confidenceName: Readonly<Record<string, Text>> = {
  sure: { zh: '确定', en: 'sure' },
  likely: { zh: '很可能', en: 'likely' },
  possible: { zh: '可能', en: 'possible' },
};

export const releasesText = {
  filters: { zh: '筛选', en: 'Filter' },
  day: { zh: '日期（北京）', en: 'Day (Beijing)' },
  lane: { zh: '车道', en: 'Lane' },
  method: { zh: '方式', en: 'Method' },
  state: { zh: '状态', en: 'State' },
  plate: { zh: '车牌', en: 'Plate' },
  any: { zh: '全部', en: 'all' },
  clear: { zh: '清除筛选', en: 'Clear' },
  csv: { zh: '导出 CSV', en: 'CSV file' },
  none: { zh: '没有符合条件的放行记录', en: 'No matching releases' },
  noneYet: {
    zh: '还没有放行记录。没有缴费的抬杆和过车会出现在这里。',
    en: 'No releases yet. Unpaid openings and vehicles appear here.',
  },
  older: { zh: '更早的', en: 'Older' },
  newest: { zh: '回到最新', en: 'Newest' },
  noPlate: { zh: '无车牌', en: 'no plate' },
  attempts: (count: number): Text => ({ zh: `试了 ${count} 次`, en: count === 1 ? '1 attempt' : `${count} attempts` }),
  nextIn: (time: Text): Text => ({ zh: `${time.zh}后再试`, en: `next try in ${time.en}` }),
  deliveredAt: { zh: '送达', en: 'Delivered' },
  operator: { zh: '操作员', en: 'Operator' },
  waits: { zh: '还在等', en: 'Waits' },
  backToList: { zh: '全部放行记录', en: 'All releases' },
  when: { zh: '放行时间', en: 'Released' },
  timeQuality: { zh: '时钟', en: 'Clock' },
  confidence: { zh: '把握', en: 'Confidence' },
  scoreMeaning: {
    zh: '模拟车场中，这样的依据每 100 次约对这么多次；不是本车道的实测',
    en: 'of 100 verdicts on such evidence, about this many were right in simulation; not measured in this lane',
  },
  serial: { zh: '本机流水号', en: 'Serial' },
  seqno: { zh: '平台流水号', en: 'Platform number' },
  reason: { zh: '原因', en: 'Reason' },
  lastWhy: { zh: '没送达的原因', en: 'Reason not delivered' },
  picture: { zh: '图片', en: 'Picture' },
  before: { zh: '前一张', en: 'Before' },
  at: { zh: '抓拍', en: 'At release' },
  after: { zh: '后一张', en: 'After' },
  second: { zh: '另一台', en: 'Other camera' },
  zoom: { zh: '放大看', en: 'Enlarge' },
  zoomHint: { zh: '点图片：整张 / 原始大小', en: 'Tap the picture: fit, or full size' },
  timeline: { zh: '前后 15 秒的信号', en: 'Signals, 15 s before and after' },
  noTimeline: { zh: '这段时间没有信号日志', en: 'No signals in the journal for this time' },
  facts: { zh: '判断依据', en: 'Reasons' },
  tries: { zh: '上传过程', en: 'Upload' },
  noTries: { zh: '还没有上传过', en: 'No attempts yet' },
  status: { zh: 'HTTP', en: 'HTTP' },
  code: { zh: 'code', en: 'code' },
  message: { zh: 'message', en: 'message' },
  hint: { zh: 'hint', en: 'hint' },
  comparison: { zh: '签名比对', en: 'Signature comparison' },
  comparisonHint: {
    zh: '平台签的文字与本机签的文字有何不同',
    en: 'where the text signed by the platform differs from ours',
  },
  evidence: { zh: '取证', en: 'Evidence' },
  evidenceHint: {
    zh: '记录、当时的判定、前后两分钟的信号、波形、照片和签名链头，打成一个 zip；不用本机也能核对。',
    en: 'Record, verdict, signals of two minutes before and after, waveform, pictures and signed heads in one zip that can be verified without this box.',
  },
  evidenceTake: { zh: '下载证据包', en: 'Download the evidence' },
  request: { zh: '发送的内容', en: 'Request' },
  requestHint: { zh: '密钥已遮盖，图片只写大小', en: 'secret masked, pictures shown by size' },

  keptWhy: {
    zh: '当时这条车道还没有证明收得到缴费，所以没有自动上报。查它缴没缴费：没缴就追缴，缴了就是判错。',
    en: 'Its lane had not proved by then that it hears of payments, so this was not reported by itself. Look whether it paid: if not, it is owed; if so, the box was wrong.',
  },
  retry: { zh: '立即重试', en: 'Retry now' },
  correct: { zh: '更正后重发', en: 'Correct and resend' },
  correctHint: {
    zh: '只有平台还没有收下的记录可以更正。改了什么、谁改的会留在本机。',
    en: 'Only records that the platform has not accepted can be corrected. The change and its author are kept.',
  },
  why: { zh: '原因', en: 'Reason' },
  whyHint: { zh: '会留在记录里', en: 'kept with the record' },
  unchanged: { zh: '什么都没有改', en: 'Nothing was changed' },
  check: { zh: '核对', en: 'Review' },
  send: { zh: '确认并重发', en: 'Confirm and resend' },
  changeBack: { zh: '再改', en: 'Edit again' },
} satisfies Texts;
