/** Texts about destinations: faults of their configuration, and what they log. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import type { Text } from '../text.ts';

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

const CATEGORIES: Readonly<Record<string, Text>> = {
  unconfirmed: {
    zh: '地址在内网，还没有人确认过；在页面确认后才会发送',
    en: 'it is near the box, and no person has confirmed it: confirm it at the page',
  },
  acting: {
    zh: '这是已知会动作（开闸、通断继电器）的地址：永远不发送',
    en: 'its address is known to act (open a gate, switch a relay): nothing is ever sent there',
  },
  dns: { zh: '域名解析失败', en: 'its name cannot be resolved' },
  refused: { zh: '连接被拒绝', en: 'the connection is refused' },
  unreachable: { zh: '网络不通', en: 'the network does not reach it' },
  timeout: { zh: '没有在时限内应答', en: 'no answer in time' },
  network: { zh: '网络故障', en: 'the network failed' },
  reset: { zh: '连接中断', en: 'the connection broke' },
  clock: {
    zh: '证书有效期与本机时间不符；检查本机时间',
    en: 'the certificate does not fit the clock; check the clock of this box',
  },
  tls: { zh: '证书不可信；核对 ca', en: 'the certificate is not trusted; check ca' },
  tlsName: { zh: '证书的名称不是这个地址', en: 'the certificate is for another name' },
  notHttp: { zh: '应答不是 HTTP', en: 'the answer is not HTTP' },
  notJson: { zh: '应答不是 JSON，可能是别的网页', en: 'the answer is not JSON: another web page?' },
  tooLarge: { zh: '应答过长', en: 'the answer is too long' },
  badProxy: { zh: '代理地址不能用', en: 'the proxy address is unusable' },
  proxy: { zh: '代理不通', en: 'the proxy opens no way' },
  proxyDown: { zh: '连不上代理', en: 'the proxy cannot be reached' },
  proxyLogin: { zh: '代理要求登录', en: 'the proxy wants a login' },
  proxyTimeout: { zh: '代理没有应答', en: 'the proxy does not answer' },
  proxyTls: { zh: '代理的证书不可信', en: "the proxy's certificate is not trusted" },
  login: { zh: '用户名或密码不被接受', en: 'user and password are not accepted' },
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
