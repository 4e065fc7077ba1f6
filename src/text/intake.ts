/** Answers to systems that push to the box, and their log lines. Both languages; Chinese first. */
import type { FaultText } from './config.ts';
import type { Language, Text } from './text.ts';

interface ProblemText {
  readonly title: Text;
  readonly detail: Text;
}

/** By ProblemCode. */
export const problemText = {
  unauthorized: {
    title: { zh: '令牌无效', en: 'The token is not valid' },
    detail: {
      zh: '请在 Authorization 头里写 Bearer 加上令牌（“接口”页上建的，或配置里的）；被作废的令牌不再有效',
      en: 'Send the header Authorization: Bearer and a token of the page API or of the configuration; one that was revoked is no longer valid',
    },
  },
  forbidden: {
    title: { zh: '令牌没有这项权限', en: 'The token may not do this' },
    detail: {
      zh: '送缴费消息的令牌要有权限 grants；在“接口”页上另建一个',
      en: 'A token that pushes here needs the scope grants: make one on the page API',
    },
  },
  plainHttp: {
    title: { zh: '这个端口只接受 https', en: 'This port speaks TLS only' },
    detail: {
      zh: '请把地址改成 https:// 开头；这次的令牌已经明文传出，网络不可信时请换一个',
      en: 'Write https:// in the address. The token of this request came in clear: change it where the network is not trusted',
    },
  },
  notTheCamera: {
    title: { zh: '不是这台摄像机', en: 'This is not the camera' },
    detail: {
      zh: '推送只接受来自摄像机 url 里的地址；经过别的地址转发时，在 pushFrom 里加上那个地址',
      en: 'Pushes are accepted from the address in the url of the camera only; if they pass through another, add that one to pushFrom',
    },
  },
  tooManyRequests: {
    title: { zh: '请求太频繁', en: 'Too many requests' },
    detail: { zh: '请按 Retry-After 的秒数等待后再发', en: 'Wait the seconds of Retry-After, then send again' },
  },
  notFound: {
    title: { zh: '没有这个地址', en: 'There is nothing at this path' },
    detail: { zh: '接口说明见 /api/openapi.json', en: 'The interface is described at /api/openapi.json' },
  },
  methodNotAllowed: {
    title: { zh: '不支持这种请求方法', en: 'This method is not supported' },
    detail: { zh: '支持的方法见 Allow 头', en: 'The header Allow lists those that are' },
  },
  mediaType: {
    title: { zh: '内容类型不支持', en: 'Unsupported media type' },
    detail: {
      zh: '请发送 Content-Type: application/json，不压缩',
      en: 'Send Content-Type: application/json, uncompressed',
    },
  },
  tooLarge: {
    title: { zh: '内容太大', en: 'The request is too large' },
    detail: {
      zh: '一次最多 1 MB、500 条；请分几次发送',
      en: 'At most 1 MB and 500 items at a time; send it in parts',
    },
  },
  lengthRequired: {
    title: { zh: '没有 Content-Length', en: 'Content-Length is missing' },
    detail: {
      zh: '请在请求头里写 Content-Length（内容的字节数）；没有它，HTTP 规定内容为空',
      en: 'Send the header Content-Length with the number of bytes of the body: without it, by the rules of HTTP, there is no body',
    },
  },
  malformed: {
    title: { zh: '这不是 HTTP 请求', en: 'This is no HTTP request' },
    detail: {
      zh: '请检查请求行和请求头的格式、长度和换行（CRLF）',
      en: 'Check the form, the size and the line ends (CRLF) of the request line and the headers',
    },
  },
  slow: {
    title: { zh: '内容没有在 10 秒内传完', en: 'The body did not arrive within 10 seconds' },
    detail: { zh: '请检查网络后重发', en: 'Check the network and send again' },
  },
  encoding: {
    title: { zh: '内容不是 UTF-8 编码', en: 'The body is not UTF-8' },
    detail: { zh: '多半是 GBK；请转成 UTF-8 再发', en: 'It is probably GBK; convert it to UTF-8' },
  },
  json: {
    title: { zh: '内容不是 JSON', en: 'The body is not JSON' },
    detail: { zh: '请检查引号、逗号和括号', en: 'Check quotes, commas and brackets' },
  },
  invalid: {
    title: { zh: '内容不符合要求', en: 'The content is not valid' },
    detail: {
      zh: 'errors 里列出每个有问题的字段；没有任何一条被接收',
      en: 'errors names each field; nothing was accepted',
    },
  },
  conflict: {
    title: { zh: '同一个 id 的内容不一样', en: 'This id was used for something else' },
    detail: {
      zh: 'errors 里列出不一样的字段；新的事情请用新的 id；没有任何一条被接收',
      en: 'errors names the fields that differ; use a new id for a new thing; nothing was accepted',
    },
  },
  full: {
    title: { zh: '暂时存不下', en: 'It cannot be kept now' },
    detail: {
      zh: '本机的存储正忙或已满；请按 Retry-After 重发，重复的 id 不会重复计算',
      en: 'The store is busy or full; send again after Retry-After, a repeated id counts once',
    },
  },
  broken: {
    title: { zh: '程序内部错误', en: 'Internal error' },
    detail: { zh: '已记入日志，请重发', en: 'It is in the log; send again' },
  },
} as const satisfies Readonly<Record<string, ProblemText>>;

export const fieldText = {
  day: { zh: '写上日期，如 ?day=2026-11-25', en: 'name a day, as in ?day=2026-11-25' },
  control: { zh: '不能有控制字符或换行', en: 'must have no control characters or line breaks' },
  localTime: { zh: '应当是北京时间 yyyyMMddHHmmss', en: 'must be Beijing time as yyyyMMddHHmmss' },
  beforeFrom: { zh: '不能早于 from', en: 'cannot be before from' },
  beforeAt: { zh: '不能早于 at', en: 'cannot be before at' },
  boothOrLanes: { zh: 'booth 和 lanes 只写一个', en: 'give booth or lanes, not both' },
  unknownBooth: (booths: readonly string[]): Text => ({
    zh: booths.length === 0 ? '配置里没有岗亭（duty.booths）' : `没有这个岗亭；配置里有：${booths.join('、')}`,
    en:
      booths.length === 0
        ? 'the configuration has no booths (duty.booths)'
        : `there is no such booth; there are: ${booths.join(', ')}`,
  }),
  entryTime: {
    zh: '应当是 yyyyMMddHHmmss（北京时间）、带时区的时间或毫秒数',
    en: 'must be yyyyMMddHHmmss in Beijing, a time with its offset, or milliseconds',
  },
  order: { zh: '应当是订单号，一到 80 个字', en: 'must be the number of the order, of 1 to 80 characters' },
  fen: { zh: '应当是分，最多八位数字', en: 'must be fen, of eight digits at most' },
  carType: { zh: '应当是 0 到 4', en: 'must be 0 to 4' },
  before: { zh: '不能早于 issuedAt', en: 'cannot be before issuedAt' },
  notPlate: {
    zh: '这不能当车牌：最多 16 个字符，没有控制、方向字符和标记（< > &）、公式、网址',
    en: 'this cannot be a plate: at most 16 characters, no control or direction characters, markup (< > &), formula or address',
  },
  unknownLane: (lanes: readonly string[]): Text => ({
    zh: `没有这个车道；本机的车道：${lanes.join('、')}`,
    en: `there is no such lane; the lanes of this box: ${lanes.join(', ')}`,
  }),
  countOver: (most: number): Text => ({
    zh: `一条放行最多 ${most} 次；需要更多请改本机配置 intake.maxCount`,
    en: `one grant covers ${most} passages at most; intake.maxCount of this box allows more`,
  }),
  lifetimeOver: (minutes: number): Text => ({
    zh: `一条放行最长有效 ${minutes} 分钟；需要更久请改本机配置 intake.maxLifetime`,
    en: `one grant lives ${minutes} min at most; intake.maxLifetime of this box allows more`,
  }),
  signRequired: {
    zh: '平台的签名不对或没有，本机要求签名（intake.verifySign: require）',
    en: 'the platform’s sign is wrong or missing, and this box requires it (intake.verifySign: require)',
  },
  laneOrPlate: {
    zh: 'lane 和 plate 至少写一个，否则不知道是谁的',
    en: 'give lane or plate: without either the message cannot be assigned',
  },
  gateOrPlate: {
    zh: '消息里既没有 gate_id 也没有 plate，不知道是谁付的；请在转发时补上 plate',
    en: 'the message has neither gate_id nor plate and cannot be assigned; add plate when forwarding it',
  },
  otherPark: { zh: '这是别的车场的消息', en: 'this message is for another park' },
  unknownService: (services: readonly string[]): Text => ({
    zh: `只认识这些平台消息：${services.join('、')}`,
    en: `only these messages of the platform are understood: ${services.join(', ')}`,
  }),
  differs: (was: string): Text => ({ zh: `上次是“${was}”`, en: `was "${was}" before` }),
  emptyBatch: { zh: '列表是空的', en: 'the list is empty' },
};

/** Of a port that two listeners would have. */
export const listenFaultText = {
  sameListen: (port: number, other: string): FaultText => ({
    message: {
      zh: `端口 ${port} 已经由 ${other}.listen 使用`,
      en: `the port ${port} is already that of ${other}.listen`,
    },
    hint: { zh: '换一个端口，例如 0.0.0.0:8443', en: 'choose another port, such as 0.0.0.0:8443' },
  }),
};

/** Faults of a configuration's known vehicles. */
export const knownVehicleFaultText = {
  badDay: (): FaultText => ({
    message: { zh: '不是日期', en: 'this is not a day' },
    hint: { zh: '写成 2026-05-01', en: 'write 2026-05-01' },
  }),
  endsBefore: (): FaultText => ({
    message: { zh: '结束早于开始', en: 'it ends before it begins' },
    hint: { zh: 'to 不能早于 from', en: 'to cannot be before from' },
  }),
};

export const ignoredText = {
  otherLane: { zh: '这个通道不归本机管', en: 'this gate is not one of this box' },
  noPlate: { zh: '没有识别到车牌', en: 'no plate was read' },
  noOrder: {
    zh: '没有查到要付的订单（result_code 不是 1001）',
    en: 'there is no order to pay (result_code is not 1001)',
  },
  notPlate: { zh: '不是车牌，只留存原文', en: 'this is no plate: its text is stored and not used' },
} as const satisfies Readonly<Record<string, Text>>;

/** Of a forwarded message of the platform, which counts all the same. */
export const unverifiedText = {
  wrong: {
    zh: '平台签名不对（可能是另一个应用的密钥，或转发时改写过）；照样算数',
    en: 'the platform’s sign is wrong (perhaps of another application, or rewritten on the way); it counts all the same',
  },
  missing: { zh: '没有平台签名；照样算数', en: 'without the platform’s sign; it counts all the same' },
} as const satisfies Readonly<Record<string, Text>>;

/** Of a payment that counts. */
export const reusedIdText: Text = {
  zh: '这个编号以前的缴费已经用掉（或是另一天的）：按另一笔缴费计。编号请不要重复',
  en: 'the payment that had this id was used, or is of another day: this one counts as another payment. Give each its own id',
};

/** `2026-05-01 12:00:00 +08:00`: to the second, with the offset. */
const legible = (iso: string): string => iso.replace(/T(\d\d:\d\d:\d\d)(?:\.\d+)?/, ' $1 ');

/** Both times by the box's clock, with their offset. */
export const expiredText = (expiredAt: string, receivedAt: string): Text => ({
  zh: `有效到 ${legible(expiredAt)}，本机收到时是 ${legible(receivedAt)}；没有放行任何车。请检查发送方的时钟和时区`,
  en: `valid until ${legible(expiredAt)}, received by the box at ${legible(receivedAt)}; it covers no car. Check the clock and the time zone of the sender`,
});

export const intakeLog = {
  listening: (url: string, names: readonly string[]): Text => ({
    zh: `缴费消息接口在 ${url}，令牌：${names.join('、')}`,
    en: `intake for paid exits at ${url}, tokens: ${names.join(', ')}`,
  }),
  cannotListen: (address: string, why: string): Text => ({
    zh: `${address} 收不到缴费消息：无法监听（${why}）；车道照常工作，稍后再试`,
    en: `paid exits cannot be received at ${address}: it cannot be opened (${why}); the lanes go on, it is tried again`,
  }),
  refused: (code: string, who: string, count: number, errors: readonly NamedField[] = []): Text => ({
    zh: `拒绝了 ${who} 推送的消息：${problemTitle(code).zh}${fieldsOf(errors, 'zh')}${count > 1 ? `（已 ${count} 次）` : ''}`,
    en: `refused a message from ${who}: ${problemTitle(code).en}${fieldsOf(errors, 'en')}${count > 1 ? ` (${count} times)` : ''}`,
  }),
  mqttReady: (address: string, topics: readonly string[]): Text => ({
    zh: `已连接 MQTT 服务器 ${address}，主题：${topics.join('、')}`,
    en: `connected to the MQTT broker ${address}, topics: ${topics.join(', ')}`,
  }),
  mqttOlder: (address: string): Text => ({
    zh: `MQTT 服务器 ${address} 不支持 MQTT 5，改用 3.1.1；请在服务器上限制消息大小`,
    en: `the MQTT broker ${address} does not support MQTT 5: using 3.1.1; limit the size of messages at the broker`,
  }),
  mqttIgnored: (topic: string, count: number): Text => ({
    zh: `${topic} 的消息里有 ${count} 条与本机无关`,
    en: `${count} of a message on ${topic}: nothing to do for this box`,
  }),
  broken: (message: string): Text => ({
    zh: `处理推送消息时程序出错：${message}`,
    en: `internal error while handling a message: ${message}`,
  }),
};

interface NamedField {
  readonly field: string;
  readonly message: Text;
}

/** Faulty fields of a message that gets no answer; names from the sender are cut to a line's length. */
function fieldsOf(errors: readonly NamedField[], language: Language): string {
  const shown = errors.slice(0, 3).map(({ field, message }) => {
    const name = field.replace(/\p{Cc}/gu, '?').slice(0, 60);
    return `${name === '' ? '' : `${name} `}${message[language]}`;
  });
  const more = errors.length > shown.length ? ' …' : '';
  return shown.length === 0 ? '' : `${language === 'zh' ? '：' : ': '}${shown.join('; ')}${more}`;
}

const RETAINED: Text = {
  zh: '这是服务器保留的旧消息（retain），不算数；发布时不要用 retain',
  en: 'it is an old one that the broker retained, and does not count; publish without retain',
};

const TLS_AT_PLAIN: Text = {
  zh: '在明文端口上用了 https；加密的端口见 intake.https.listen',
  en: 'it speaks TLS to the plain port; the port for TLS is that of intake.https.listen',
};

const REUSED_ID: Text = {
  zh: '编号以前用过，按另一笔缴费计',
  en: 'its id was used before: counted as another payment',
};
const EXPIRED: Text = { zh: '收到时已过期', en: 'it had expired on arrival' };

function problemTitle(code: string): Text {
  if (code === 'expired') return EXPIRED;
  if (code === 'reusedId') return REUSED_ID;
  if (code === 'retained') return RETAINED;
  if (code === 'tlsAtPlain') return TLS_AT_PLAIN;
  return (problemText as Readonly<Record<string, ProblemText>>)[code]?.title ?? { zh: code, en: code };
}

export const apiText = {
  description: {
    zh: '缴费、月卡、免费车、车牌、入场记录、应收金额和上下班从这里进来。带令牌；同一个 id 只算一次；202 表示已经存好，断电也不丢。',
    en: 'Paid exits, season tickets, free cars, plates, entries, sums asked for and shifts come in here. With a token; one id counts once; 202 means kept, also through a power cut.',
  },
  grants: {
    zh: '告知谁可以通过（缴费、月卡、免费、远程开闸）；也接受原样转发的平台消息。',
    en: 'Says who may pass (paid, season ticket, free, opened remotely); messages of the platform are taken as they are.',
  },
  grantFate: {
    zh: '一笔缴费的结果：放行了哪次通过、怎样、何时；迟到、没用、过期、取消，以及原因。只能查自己的令牌送来的（和 MQTT 送来的）。',
    en: 'What became of a payment: used by which passage, in which way, when; late, unused, expired, cancelled, and why. Of the token itself, and of the broker.',
  },
  paymentSheet: {
    zh: '一天里送来的缴费与计入的缴费，按发送方和收费电脑；没计入的逐笔列出。',
    en: 'Payments told versus counted of a day, by sender and till; those not counted one by one.',
  },
  status: {
    zh: 'accepted 新的；duplicate 已有的（换了 id 重送的也是）；ignored 与本机无关；expired 收到时已过期，不放行任何车，同一个 id 再发应答相同。',
    en: 'accepted: new; duplicate: received before, under another id too; ignored: not for this box; expired: no longer valid on arrival, it covers no car, and the same id gets the same answer again.',
  },
  reason: { zh: 'ignored 和 expired 的原因。', en: 'Why, of ignored and expired.' },
  warning: {
    zh: '算数，但需要人看一眼：例如编号以前用过，按另一笔缴费计。',
    en: 'It counts, and a person should look: its id was used before, and it is another payment.',
  },
  expiredAt: {
    zh: 'expired：有效到什么时候（本机时间）。',
    en: 'Of expired: when it was over, by the clock of the box.',
  },
  receivedAt: {
    zh: 'expired：本机什么时候收到（本机时间）。',
    en: 'Of expired: when it came, by the clock of the box.',
  },
  entries: {
    zh: '告知入场记录：车牌、时间、记录号、车类；也接受原样转发的平台入场消息。',
    en: 'Says that a vehicle came in: plate, time, record, type of car; entry messages of the platform are taken as they are.',
  },
  charges: {
    zh: '告知一辆车要付多少钱才能离场；也接受原样转发的、答给平台的查费应答（payment.billing）。',
    en: 'Says what a vehicle is asked to pay before it leaves; answers given to the platform (payment.billing) are taken as they are.',
  },
  vehicles: {
    zh: '告知名单车辆（月卡、免费车）：一辆或一批。',
    en: 'Says which vehicles are known (season tickets, free cars): one or a list.',
  },
  shifts: { zh: '告知谁上岗、谁下班。', en: 'Says who goes on duty, or off.' },
  plates: { zh: '告知车道上识别到的车牌。', en: 'Says which plate was read in a lane.' },
  systems: {
    zh: '用模板接入的收费系统按它自己的格式推送；name 见配置的 intake.systems。',
    en: 'A management system that is known by a profile pushes in its own form; name stands in intake.systems of the configuration.',
  },
  systemAnswer: {
    zh: '模板里写的应答，逐字节相同。',
    en: 'The answer of its profile, byte for byte.',
  },
  accepted: {
    zh: '已存好。单条返回一个结果，列表返回 results。',
    en: 'Kept. One receipt for one thing, results for a list.',
  },
} as const satisfies Readonly<Record<string, Text>>;

export const tokenFaultText = {
  badMoment: (): FaultText => ({
    message: { zh: '这不是带时区的日期时间', en: 'this is not a date and time with its zone' },
    hint: { zh: '写成 "2026-12-01T00:00:00+08:00"', en: 'write "2026-12-01T00:00:00+08:00"' },
  }),
};
