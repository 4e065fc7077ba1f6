/** Where the page leads into the documents at `/help/`: a page and one of its headings, as it stands there in each language. Chinese first. */
import type { Text } from '../text.ts';

export { helpText } from './help.made.ts';

export interface HelpPlace {
  /** Of docs/zh and docs/en, without `.md`. */
  readonly page: string;
  readonly heading: Text;
}

const at = (page: string, zh: string, en: string): HelpPlace => ({ page, heading: { zh, en } });

export const HELP = {
  overview: at('troubleshooting', '出了问题怎么办', 'Something is wrong'),
  access: at('page', '第一次打开', 'The first time'),
  first: at('commissioning', '第一次使用', 'First use'),
  ports: at('devices', '串口和线路', 'Ports and lines'),
  bus: at('devices', '找设备', 'The search for devices'),
  wiring: at('commissioning-wiring', '一辆车学会接线', 'One car teaches the wiring'),
  camera: at('cameras', '摄像机', 'Cameras'),
  cloud: at('commissioning', '平台联调', 'The rehearsal with the platform'),
  sheet: at('commissioning', '验收单', 'The acceptance sheet'),
  paid: at('intake', '管理系统会发哪些消息', 'What the management system reports'),
  queue: at('troubleshooting', '记录积压，或平台没有收到', 'Records wait, or the platform does not have them'),
  decide: at('review', '怎么处理', 'Decide'),
  checks: at('troubleshooting', '原话', 'Messages'),
  intake: at('troubleshooting', '每辆车都报成未缴费', 'Every car is reported as unpaid'),
  evidence: at('evidence', '核对', 'Verify'),
  fates: at('intake-messages', '一笔缴费后来怎样', 'What became of a payment'),
  pushes: at('troubleshooting', '没有车牌', 'No plates'),
  questions: at('account', '等式', 'Equations'),
  patterns: at('account', '值得一问', 'Worth asking'),
  duty: at('morning', '谁在当班', 'Who is on duty'),
  backup: at('swap', '更换设备', 'Swapping the box'),
} as const satisfies Readonly<Record<string, HelpPlace>>;

export type HelpName = keyof typeof HELP;

/** As the site makes the id of a heading (deploy/help/build.mjs). */
export const headingAnchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replace(/ /g, '-');
