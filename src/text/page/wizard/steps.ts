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
  reports: (when: string): Text => ({
    zh: `${when} 验收，已开始上报。用按钮放一辆车看看：放行记录里有它和图片，平台也收到。`,
    en: `Accepted ${when}; it reports now. Let one car out by the button: it stands in Releases with its picture, and the platform has it.`,
  }),
  last: { zh: '看放行记录', en: 'See the releases' },
  toSheet: { zh: '去结束', en: 'End it' },
} as const;

export const alongText = {
  backTo: (step: Text): Text => ({ zh: `回到：${step.zh}`, en: `Back to: ${step.en}` }),
  notTaught: (roles: Text): Text => ({
    zh: `没有学到：${roles.zh}。接了的，写入后在下面逐个做“单项测试”；没有接就不用管。`,
    en: `Not learnt: ${roles.en}. For those that are wired use the single tests below; for the others nothing is to be done.`,
  }),
} as const;
