/** Texts about destinations: faults of their configuration, and what they log. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';
import { CATEGORIES } from './destination.made.ts';

export const destinationFaultText = {
  name: (name: string): FaultText => ({
    message: { zh: `去向名称 ${name} 已被占用`, en: `the name ${name} is taken` },
    hint: {
      zh: '每个去向用自己的名称；4pyun 和 mqtt 是固定的',
      en: 'give each destination its own; 4pyun and mqtt are fixed names',
    },
  }),
  lane: (lane: string, lanes: readonly string[]): FaultText => ({
    message: { zh: `没有车道 ${lane}`, en: `there is no lane ${lane}` },
    hint: { zh: `车道：${lanes.join('、')}`, en: `lanes: ${lanes.join(', ')}` },
  }),
  webhookSecret: (name: string): FaultText => ({
    message: {
      zh: `${name} 不是 Standard Webhooks 的密钥`,
      en: `${name} is not a secret of Standard Webhooks`,
    },
    hint: {
      zh: '写成 whsec_ 加 24 到 64 字节的 base64，例如 whsec_ 后接 `openssl rand -base64 32` 的输出',
      en: 'write whsec_ and 24 to 64 bytes in base64: whsec_ and the output of `openssl rand -base64 32`',
    },
  }),
  badUrl: (): FaultText => ({
    message: { zh: '不是请求地址', en: 'this is not an address for requests' },
    hint: {
      zh: '写成 https://主机/路径，可以带 ?参数；不写用户名、密码和 #',
      en: 'write https://host/path, a query is allowed; no user, no password, no fragment',
    },
  }),
};

/** Why a destination did not take a message: `category: detail`, or as the destination put it. */
export function destinationFault(why: string): Text {
  const [, category = '', detail = ''] = /^(\w+)(?:: (.*))?$/s.exec(why) ?? [];
  const words = Object.hasOwn(CATEGORIES, category) ? CATEGORIES[category] : undefined;
  if (words === undefined) return { zh: why, en: why };
  return detail === '' ? words : { zh: `${words.zh}（${detail}）`, en: `${words.en} (${detail})` };
}

export const destinationLog = {
  fault: (name: string, why: string): Text => ({
    zh: `去向 ${name}：${destinationFault(why).zh}，会自动重试`,
    en: `destination ${name}: ${destinationFault(why).en}; it is tried again`,
  }),
  refused: (name: string, why: string): Text => ({
    zh: `去向 ${name} 不接受：${why}；这一条不再发`,
    en: `destination ${name} refuses: ${why}; this one is not sent again`,
  }),
  stopped: (name: string, why: string): Text => ({
    zh: `去向 ${name} 不再接收（${why}）：停止发送，恢复后继续`,
    en: `destination ${name} wants nothing more (${why}): sending stopped until it is resumed`,
  }),
};
