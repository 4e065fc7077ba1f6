/** Texts about the platform and its answers, in Chinese and English. It words others' decisions. */
import type { DeliveryReceipt } from '../cloud/delivery-receipt.ts';
import type { SignatureComparison, SignatureDifference } from '../cloud/signature/signature-comparison.ts';
import type { FaultText } from './config.ts';
import type { Text } from './text.ts';

/** The reason of a record sent before the clock was set. On the wire, so Chinese only. */
export function reasonWithDoubt(reason: string): string {
  return reason === '' ? '时间未校准' : `${reason}（时间未校准）`;
}

/** The reason of a record corrected by a person, which adds to what the lane found: what was corrected, and the reason of then. On the wire. */
export function correctedReason(why: string, was: readonly string[], reason: string): string {
  const former = was.map((each) => (each === '' ? '无牌' : each)).join('、');
  return `人工更正：${why}；原为${former}，${reason}`;
}

/** The reason of a record that a person asked to drop, with what it was. On the wire. */
export function dismissedReason(who: string, why: string, was: string): string {
  return `${who}要求丢弃：${why}；原记录：${was}`;
}

/** Faults of the section `cloud` of a configuration. */
export const cloudFaultText = {
  badPictureUrl: (): FaultText => ({
    message: { zh: '不是可用的图片地址', en: 'this is not a usable address of pictures' },
    hint: {
      zh: '写成 https://主机/路径/{serial}.jpg：要有 {serial} 或 {file}，每条记录才各有一张图',
      en: 'write https://host/path/{serial}.jpg: with {serial} or {file} in it, so that each record has its own',
    },
  }),
  caUnreadable: (file: string, code: string): FaultText => ({
    message: {
      zh: `证书文件 ${file} 读不了（${code}）`,
      en: `the file of certificates ${file} cannot be read (${code})`,
    },
    hint: {
      zh: '核对路径（相对于配置文件所在的目录），并让运行服务的用户能读；平台用公认的证书时删掉 ca',
      en: 'check the path (it counts from the folder of the configuration) and let the user of the service read it; without a CA of your own remove ca',
    },
  }),
  caNotPem: (file: string): FaultText => ({
    message: { zh: `${file} 里没有可用的 PEM 证书`, en: `${file} holds no PEM certificate, or a damaged one` },
    hint: {
      zh: '要有 -----BEGIN CERTIFICATE----- 开头的完整一段；.cer、.der 先转换：openssl x509 -inform der -in 文件 -out ca.pem',
      en: 'it needs a whole block that begins with -----BEGIN CERTIFICATE-----; convert .cer or .der: openssl x509 -inform der -in FILE -out ca.pem',
    },
  }),
  noPictureUrl: (): FaultText => ({
    message: { zh: '没有写图片地址', en: 'the picture address is missing' },
    hint: {
      zh: '加上 pictureUrl: https://主机/路径/{serial}.jpg，或改用 picture: field',
      en: 'add pictureUrl: https://host/path/{serial}.jpg, or use picture: field',
    },
  }),
};

/** Problems of a record, by the code its `why` or `warning` begins with. */
const WHY: Readonly<Record<string, Text>> = {
  timeout: { zh: '平台在规定时间内没有回答', en: 'the platform did not answer in time' },
  dns: { zh: '域名无法解析，请检查网络和 DNS', en: 'the host name cannot be resolved: check the network and DNS' },
  refused: { zh: '平台拒绝连接，请检查地址和端口', en: 'the platform refuses the connection: check address and port' },
  unreachable: {
    zh: '网络不通，请检查网线或 4G',
    en: 'the network cannot be reached: check the cable or the 4G modem',
  },
  reset: { zh: '连接中途断开', en: 'the connection broke off' },
  clock: {
    zh: '本机时间不准，无法验证平台证书，请先校时',
    en: 'the clock of this box is wrong, so the certificate cannot be verified: set the clock first',
  },
  tls: {
    zh: '平台证书验证失败；私有平台请配置 CA 证书',
    en: 'the certificate of the platform is not trusted; a private platform needs its CA configured',
  },
  tlsName: {
    zh: '证书里没有这个地址的名称，配置 CA 也没有用，请核对地址，或请平台更换证书',
    en: 'the name of this address is not in the certificate, and a CA does not help: check the address, or have the certificate changed',
  },
  notHttp: { zh: '对方回答的不是 HTTP，请检查地址', en: 'the answer is not HTTP: check the address' },
  proxy: {
    zh: '代理服务器拒绝转发（不是平台拒绝），请检查代理的白名单',
    en: 'the proxy refuses, not the platform: check the proxy’s list of allowed hosts',
  },
  proxyLogin: {
    zh: '代理服务器要求用户名和密码，或所给的不对；写在 HTTPS_PROXY 里（http://用户:密码@主机:端口），不写 cloud.proxy',
    en: 'the proxy requires a user and a password, or refuses those given: write http://user:password@host:port in HTTPS_PROXY, and no cloud.proxy',
  },
  proxyDown: {
    zh: '连不上代理服务器，请检查它的地址和端口（cloud.proxy 或 HTTPS_PROXY）',
    en: 'the proxy cannot be reached: check its address and port (cloud.proxy or HTTPS_PROXY)',
  },
  proxyTimeout: {
    zh: '连不上代理服务器，或它没有及时接通平台；请检查它的地址和端口，以及它能否上网',
    en: 'the proxy cannot be reached, or does not put through to the platform in time: check its address and port, and its own way out',
  },
  proxyTls: {
    zh: '代理服务器的证书验证失败；公司自有的 CA 请配置 cloud.ca，并核对主机名',
    en: 'the certificate of the proxy is not trusted: a company’s own CA belongs in cloud.ca; check the host name too',
  },
  badProxy: {
    zh: '代理地址无法使用，请写成 http://主机:端口（cloud.proxy 或 HTTPS_PROXY）',
    en: 'the proxy address is invalid: write http://host:port (cloud.proxy or HTTPS_PROXY)',
  },
  network: { zh: '网络故障', en: 'network failure' },
  status: { zh: '平台暂时不可用', en: 'the platform is not available for now' },
  busy: { zh: '平台暂时无法处理', en: 'the platform cannot process it for now' },
  notJson: {
    zh: '回答的不是平台报文，可能是上网认证页面或地址有误',
    en: 'the answer is not the platform’s: perhaps a captive portal, or a wrong address',
  },
  tooBig: {
    zh: '平台或中间的网关嫌这条记录太大，下次不带照片发送；请调小 cloud.maxPicture',
    en: 'the record is too large for the platform or a gateway; it is sent again without its picture: lower cloud.maxPicture',
  },
  tooLarge: { zh: '回答过长，不是平台报文', en: 'the answer is too long to be the platform’s' },
  rejected: { zh: '平台认为参数有误，不再重试', en: 'the platform finds a parameter wrong; not tried again' },
  signature: {
    zh: '平台说签名不对：核对密钥（app_secret，在更多 → 调试向导 → 平台联调重新输入）；每 10 分钟用一条试一次，改对后自动补传',
    en: 'the signature is refused: check the secret (app_secret, entered again under More → Commissioning → Platform); one record is tried every 10 min, the rest follows by itself',
  },
  otherSecret: {
    zh: '签名被拒：正在更换密钥，改用另一个密钥再发',
    en: 'the signature is refused while the secret is being changed: sent again, signed with the other one',
  },
  blocked: {
    zh: '平台禁止访问，请联系平台；每 10 分钟用一条试一次',
    en: 'access is blocked: ask the platform; one record is tried every 10 min',
  },
  hint: {
    zh: '平台给出提示，按联调规则未算送达',
    en: 'the platform gave a hint; in integration mode that is not delivered',
  },
  unknownCode: { zh: '平台返回未知代码', en: 'the platform’s code is in no table' },
  unsendable: {
    zh: '记录的内容已损坏，无法组成报文，请人工核对',
    en: 'the record is damaged and cannot be sent: a person must check it',
  },
  stopped: { zh: '程序退出，稍后补传', en: 'the program ended; sent again later' },
  paid: { zh: '已缴费，撤回', en: 'paid after all, withdrawn' },
  notASecondVehicle: { zh: '并无第二辆车，撤回', en: 'there was no second vehicle, withdrawn' },
  passedByRight: { zh: '首辆车有权通行，撤回', en: 'the first vehicle had a right to pass, withdrawn' },
  dropped: { zh: '人工丢弃', en: 'dropped by a person' },
  serialTaken: {
    zh: '导入的记录与本机另一条记录的 parking_serial 相同，且可能已发送过，请向平台核对',
    en: 'it was imported with the parking_serial of another record here and may have been sent: ask the platform which one it received',
  },
  pictureBroken: { zh: '照片已损坏，未随记录发送', en: 'the picture is damaged and was not sent' },
  fromMemory: {
    zh: '当时磁盘拒绝写入，从内存上传，未能先落盘',
    en: 'sent from memory during a disk fault, before it was durable',
  },
  pictureTooBig: {
    zh: '照片过大，平台或网关不收，这条未带照片发送；请调小 cloud.maxPicture',
    en: 'the picture is too large for the platform or a gateway and was not sent: lower cloud.maxPicture',
  },
  pictureLarge: {
    zh: '照片超过上限，未能压缩，按原样发送',
    en: 'the picture exceeds the limit and could not be compressed; sent unchanged',
  },
};

/** The codes of `whyText`, for the test that all are documented. */
export const WHY_CODES: readonly string[] = Object.keys(WHY);

/** Words a `why` (`code` or `code: detail`); the platform's own words stay unchanged. */
export function whyText(why: string): Text {
  const [, code = '', detail] = /^(\w+)(?:: ([\s\S]*))?$/.exec(why) ?? [];
  const text = WHY[code];
  if (text === undefined) return { zh: why, en: why };
  if (detail === undefined || detail === '') return text;
  return { zh: `${text.zh}（${detail}）`, en: `${text.en} (${detail})` };
}

/** Longer words of the platform, such as a whole signed text, would hide the sentence. */
const DETAIL_SHOWN_MAX = 60;

/** As `whyText`, with a long detail apart: to be folded. */
export function foldedWhy(why: string): { readonly why: Text; readonly detail?: string } {
  const [, code = '', detail = ''] = /^(\w+): ([\s\S]*)$/.exec(why) ?? [];
  const text = WHY[code];
  return text === undefined || detail.length <= DETAIL_SHOWN_MAX ? { why: whyText(why) } : { why: text, detail };
}

/** One log line: the platform's answer to a record. */
export function receiptText(receipt: DeliveryReceipt): Text {
  switch (receipt.kind) {
    case 'accepted': {
      if (receipt.warning === undefined) return { zh: '已上传，平台收下', en: 'sent, the platform took it' };
      const warning = whyText(receipt.warning);
      return { zh: `已上传，平台收下；注意：${warning.zh}`, en: `sent, the platform took it; note: ${warning.en}` };
    }
    case 'held':
      return headed('未送达，留待处理', 'not delivered, kept for a person', receipt.why);
    case 'retry':
      return headed('暂未送达，稍后补传', 'not delivered yet, tried again later', receipt.why);
    case 'rejected':
      return headed('平台拒收，已另存', 'refused by the platform, parked', receipt.why);
    case 'paused':
      return headed('上传已暂停，记录不会丢', 'sending is paused, nothing is lost', receipt.why);
  }
}

function headed(zh: string, en: string, why: string): Text {
  const text = whyText(why);
  return { zh: `${zh}：${text.zh}`, en: `${en}: ${text.en}` };
}

/** The command `sign`. */
export const signText = {
  summary: {
    zh: '按平台规则计算签名：从标准输入读取 JSON 字段，密钥取自环境变量 LANEWARDEN_SECRET',
    en: 'compute a signature by the platform’s rules: fields as JSON on standard input, the secret from LANEWARDEN_SECRET',
  },
  json: { zh: '以 JSON 输出 {canonical, sign}', en: 'print JSON: {canonical, sign}' },
  compare: {
    zh: '与平台 401 或提示中给出的签名原文逐项比对',
    en: 'compare the text with the one the platform returns in a 401 or a hint',
  },
  noSecret: {
    zh: '缺少密钥：请设置环境变量 LANEWARDEN_SECRET',
    en: 'no secret: set the environment variable LANEWARDEN_SECRET',
  },
  noInput: { zh: '标准输入为空：需要一个 JSON 对象', en: 'standard input is empty: a JSON object is needed' },
  tooLong: { zh: '标准输入过长', en: 'standard input is too long' },
  notJson: { zh: '标准输入不是完整的 JSON', en: 'standard input is not whole JSON' },
  notUtf8: {
    zh: '标准输入不是 UTF-8（终端或文件可能是 GBK），算出的签名会不同；请改用 UTF-8',
    en: 'standard input is not UTF-8 (a terminal or a file in GBK?), so the signature would be another: use UTF-8',
  },
  changedNumber: (number: string): Text => ({
    zh: `数字 ${number} 读入后会变样，签名会不同；请加引号写成文本："${number}"`,
    en: `the number ${number} would be signed as another text: write it as text, in quotes`,
  }),
  to: {
    zh: '配置里的去向（kind: platform）：标准输入是记录的内容（docs/zh/platform-profile-keys.md），输出整个请求',
    en: 'a destination (kind: platform) of the configuration: standard input has the facts of a record (docs/en/platform-profile-keys.md), the whole request is printed',
  },
  config: { zh: '配置文件，用于 --to', en: 'the configuration, for --to' },
  noDestination: (name: string, names: readonly string[]): Text => ({
    zh: `配置里没有 kind: platform 的去向“${name}”${names.length === 0 ? '' : `；有：${names.join('、')}`}`,
    en: `the configuration has no destination "${name}" of kind platform${names.length === 0 ? '' : `; it has ${names.join(', ')}`}`,
  }),
  noFact: (name: string, near: string | undefined): Text => ({
    zh: `没有“${name}”这项内容${near === undefined ? '' : `；是不是想写 ${near}？`}`,
    en: `there is no fact "${name}"${near === undefined ? '' : `; did you mean ${near}?`}`,
  }),
  badTime: (name: string): Text => ({
    zh: `${name} 不是时间：写成 2026-11-27T18:00:00+08:00`,
    en: `${name} is not a time: write 2026-11-27T18:00:00+08:00`,
  }),
  signedText: { zh: '签名原文', en: 'signed text' },
  secretInside: {
    zh: '输入里有密钥字段：密钥只放在环境变量 LANEWARDEN_SECRET，请从输入中删去',
    en: 'the input holds the secret as a field: it belongs into LANEWARDEN_SECRET only; take it out of the input',
  },
  notObject: {
    zh: '标准输入必须是一个 JSON 对象，例如 {"plate": "粤B12345"}',
    en: 'standard input must be one JSON object, such as {"plate": "粤B12345"}',
  },
  notText: (name: string): Text => ({
    zh: `字段 ${name} 不是文本、数字、布尔或 null`,
    en: `the field ${name} is not text, a number, a boolean or null`,
  }),
} as const;

/** One line per difference, in terms an installer can act on. */
export function comparisonText(comparison: SignatureComparison): readonly Text[] {
  if (comparison.kind === 'noText')
    return [
      {
        zh: '提示里没有签名原文，或只有与我们一致的一段，无法比对（完整的原文到 app_secret=*** 为止）',
        en: 'the hint holds no signed text, or only a piece of it that is as ours, so there is nothing to compare (the whole text ends with app_secret=***)',
      },
    ];
  if (comparison.kind === 'equal')
    return [
      {
        zh: '两边签名原文完全一致：是密钥不对，请向平台核对',
        en: 'the texts are equal: the secret is wrong; ask the platform for it again',
      },
    ];
  return comparison.differences.map(differenceText);
}

function differenceText(difference: SignatureDifference): Text {
  switch (difference.kind) {
    case 'missing':
      return {
        zh: `字段 ${difference.field}：我们发送了「${difference.ours}」，平台的签名原文里没有`,
        en: `${difference.field}: we sent “${difference.ours}”, the platform did not sign it`,
      };
    case 'extra':
      return difference.empty
        ? {
            zh: `字段 ${difference.field}：平台把空值也算进了签名，空字段不应参与`,
            en: `${difference.field}: the platform signed an empty value, which is to be left out`,
          }
        : {
            zh: `字段 ${difference.field}：平台的签名原文里多出「${difference.theirs}」，我们没有发送`,
            en: `${difference.field}: the platform signed “${difference.theirs}”, which we did not send`,
          };
    case 'charset':
      return {
        zh: `字段 ${difference.field}：字符集丢失，我们发送「${difference.ours}」，平台读成「${difference.theirs}」；文本部分须注明 charset=UTF-8`,
        en: `${difference.field}: the charset was lost: we sent “${difference.ours}”, the platform read “${difference.theirs}”; the part needs charset=UTF-8`,
      };
    case 'encoded':
      return {
        zh: `字段 ${difference.field}：平台用 URL 编码后的值「${difference.theirs}」签名，应使用原文`,
        en: `${difference.field}: the platform signed the URL-encoded “${difference.theirs}”; the raw value is to be signed`,
      };
    case 'value':
      return {
        zh: `字段 ${difference.field}：值不同，我们是「${difference.ours}」，平台是「${difference.theirs}」`,
        en: `${difference.field}: the value differs: ours is “${difference.ours}”, the platform’s is “${difference.theirs}”`,
      };
    case 'order':
      return {
        zh: `字段顺序不同，平台的顺序是 ${difference.theirs.join('、')}；应按 ASCII 升序`,
        en: `the order differs; the platform has ${difference.theirs.join(', ')}; it should be ascending by ASCII`,
      };
    case 'text':
      return {
        zh: `原文从第 ${difference.at} 个字起不同：我们是「${difference.ours}」，平台是「${difference.theirs}」`,
        en: `the texts differ from character ${difference.at} on: ours is “${difference.ours}”, the platform’s is “${difference.theirs}”`,
      };
  }
}
