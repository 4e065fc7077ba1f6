/** Texts of the later steps: platform, acceptance, and the way between them; beside those of `ui-wizard.ts`. Chinese first. */
import type { Text } from '../../text.ts';

export const cloudStepText = {
  details: { zh: '应答原文和签名比对', en: 'Response and signature comparison in full' },
  sendAgain: {
    zh: '密钥已换好：再点一次“发送测试记录”',
    en: 'The secret is replaced: tap “Send the test record” once more',
  },
  platformSaw: {
    zh: '平台人员说看到了这条测试记录和照片。改为正式以后，每条未缴费放行都进入正式数据',
    en: 'The platform’s staff say they saw the test record and its picture. In production every unpaid opening goes into live data',
  },
} as const;

export const acceptText = {
  endKept: { zh: '验收完成，放行先暂存', en: 'Accepted: keep releases back' },
  notYet: { zh: '这条车道还没有验收。', en: 'This lane is not accepted yet.' },
  keptBack: (when: string): Text => ({
    zh: `${when} 验收。本机还没有证明收得到缴费：凭“没有缴费”的放行先暂存，由人查看后再发；断电、闯杆等告警照常上报。`,
    en: `Accepted ${when}. The box has not proved that it hears of payments: releases that rest on “nobody paid” are kept back for a person to send; alarms go as ever.`,
  }),
  toPayments: { zh: '看还缺什么', en: 'See what is missing' },
  reports: (when: string): Text => ({
    zh: `${when} 验收，已开始上报。用按钮放一辆车看看：放行记录里有它和图片，平台也收到。`,
    en: `Accepted ${when}; it reports now. Let one car out by the button: it stands in Releases with its picture, and the platform has it.`,
  }),
  last: { zh: '看放行记录', en: 'See the releases' },
  toSheet: { zh: '去结束', en: 'End it' },
} as const;

export const earningText = {
  title: { zh: '凭什么上报“没有缴费”', en: 'What it may report “nobody paid” by' },
  notYet: {
    zh: '本机还没有证明收得到缴费：凭“没有缴费”的放行只暂存在本机，由人查看后再发。下面任何一项满了就自动上报；断电、闯杆等告警和看不到的时段照常上报。',
    en: 'The box has not proved that it hears of payments: releases that rest on “nobody paid” are kept on it for a person to send. Any one of these is enough. Alarms and blind times are reported as ever.',
  },
  before: {
    zh: '以前的版本就在上报，照旧继续；收不收得到缴费还没有证明。',
    en: 'It goes on reporting as under an earlier version; that it hears of payments is not proved.',
  },
  relayMeansPaid: { zh: '确认：开闸继电器每次动作都是已缴费', en: 'I confirm: each pulse of the relay means paid' },
  joined: (pulses: number, joined: number): Text => ({
    zh: `开闸继电器最近 ${pulses} 次动作，${joined} 次对上缴费消息（仅供参考）`,
    en: `Of the last ${pulses} pulses of the relay ${joined} were joined by a message (for information)`,
  }),
  sign: { zh: '没有缴费消息？', en: 'Nothing tells of payments?' },
  signHint: {
    zh: '签字后立即上报，每次没有缴费记录的开闸都会报成人工放行。签字记入证据链、操作记录和验收单。',
    en: 'With the signature it reports at once: every opening counts as by hand. It stands in the chain of evidence, the audit log and on the acceptance sheet.',
  },
  by: { zh: '签字人', en: 'Signed by' },
  reason: { zh: '理由', en: 'Reason' },
  nothingReason: {
    zh: '这里没有缴费消息，每次开闸都是人工',
    en: 'Nothing tells of payments here; every opening is by hand',
  },
  signNothing: { zh: '签字：每次开闸都是人工', en: 'Sign: every opening is by hand' },
  signList: { zh: '签字：只有名单，没有缴费消息', en: 'Sign: a list alone tells who may leave' },
} as const;

export const alongText = {
  backTo: (step: Text): Text => ({ zh: `回到：${step.zh}`, en: `Back to: ${step.en}` }),
  notTaught: (roles: Text): Text => ({
    zh: `没有学到：${roles.zh}。接了的，写入后在下面逐个做“单项测试”；没有接就不用管。`,
    en: `Not learnt: ${roles.en}. For those that are wired use the single tests below; for the others nothing is to be done.`,
  }),
} as const;
