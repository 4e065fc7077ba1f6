/** Texts of the diagnosis. Chinese first. */
import type { Text } from '../text.ts';
import type { Texts } from './texts.ts';

export const diagnosticsText = {
  hint: {
    zh: '逐项检查网络、证书、时钟、每条线路、每个设备、每台摄像机、磁盘和缴费接口。只看不改，约十几秒。',
    en: 'Checks network, certificate, clock, every line, device and camera, the disk and the intake. Changes nothing; takes 10 to 20 s.',
  },
  start: { zh: '开始检查', en: 'Check now' },
  again: { zh: '重新检查', en: 'Check again' },
  result: { zh: '检查结果', en: 'Results' },
  allWell: { zh: '全部正常', en: 'All checks passed' },
  todo: (what: Text): Text => ({ zh: `怎么办：${what.zh}`, en: `What to do: ${what.en}` }),
  support: { zh: '支持文件', en: 'Support file' },
  supportHint: {
    zh: '一个压缩包：配置（密钥已去掉）、日志、状态和最近的信号。有问题时发给技术支持。',
    en: 'One zip: configuration (secrets removed), log, state and recent signals. Send it to support.',
  },
  download: { zh: '下载支持文件', en: 'Download the support file' },
} satisfies Texts;

export const observationsText = {
  title: { zh: '运行监测记录：没有看到的时段和人工处理', en: 'Watch reports: times not seen, and what was done' },
  lasts: { zh: '至今', en: 'until now' },
  none: { zh: '没有', en: 'None' },
} satisfies Texts;

export const evidenceText = {
  title: { zh: '证据链', en: 'Chain of evidence' },
  none: { zh: '还没有签名的链头', en: 'No head has been signed yet' },
  key: { zh: '本机公钥', en: 'Public key' },
  keyHint: {
    zh: '抄下来存在别处：证据包由它签名',
    en: 'Write it down elsewhere: bundles of evidence are signed by it',
  },
  head: { zh: '最近的链头', en: 'Newest head' },
  row: (last: number): Text => ({
    zh: `链、行号、链头，到第 ${last} 行；整行复制，存在本机之外`,
    en: `chain, row, head; up to row ${last}. Copy the whole line and keep it outside the box`,
  }),
  left: { zh: '送出本机', en: 'Left the box' },
  nowhere: {
    zh: '还没有：能打开机柜的人可以改写全部。配置 MQTT 发布，或每天把上面的链头复制到别处',
    en: 'not yet: whoever can open the cabinet could rewrite all of it. Publish at a broker, or copy the head above to another place each day',
  },
  boxes: { zh: '记得它的同场本机（台）', en: 'Boxes of this park that remember it' },
  verify: { zh: '核对证据链', en: 'Verify the chain' },
} satisfies Texts;

/** The channels over which payments come in. */
export const grantCurlText = {
  pinned: (fingerprint: string): Text => ({
    zh: `-k 是因为证书是本机自己的，--pinnedpubkey 只认它的公钥；证书指纹 SHA-256：${fingerprint}`,
    en: `-k because the certificate is the box’s own; --pinnedpubkey takes its public key only. Certificate, SHA-256: ${fingerprint}`,
  }),
} satisfies Texts;

/** What the vendor of the management system enters. */
export const vendorText = {
  title: { zh: '给管理系统厂家', en: 'For the vendor of the management system' },
  address: { zh: '推送地址（POST，JSON）', en: 'Push to (POST, JSON)' },
  parts: (protocol: string, host: string, port: string, path: string): Text => ({
    zh: `分开填：${protocol}，地址 ${host}，端口 ${port}，路径 ${path}`,
    en: `In parts: ${protocol}, address ${host}, port ${port}, path ${path}`,
  }),
  token: { zh: '令牌', en: 'Token' },
  tokenGone: {
    zh: '只在设定时显示一次；没有记下就在下面换一个',
    en: 'shown once, when it is set; if it was not written down, set a new one below',
  },
  header: { zh: '请求头', en: 'Header' },
  lane: { zh: '车道编号（lane）', en: 'Lane number (lane)' },
  certificate: (fingerprint: string): Text => ({
    zh: `https 用的是本机自己的证书，让厂家信任它或不验证；指纹 SHA-256：${fingerprint}`,
    en: `https has the box’s own certificate: the vendor trusts it or does not verify. SHA-256: ${fingerprint}`,
  }),
  turnOn: { zh: '打开接口', en: 'Turn the intake on' },
  change: {
    zh: '换端口或令牌（厂家给定的也在这里填）',
    en: 'Change port or token, also to what the vendor prescribes',
  },
  changeHint: {
    zh: '写入后立刻生效，原来的令牌不再有效；请和厂家同时改。',
    en: 'In force at once, and the former token is void: change it together with the vendor.',
  },
  port: { zh: '端口', en: 'Port' },
  made: {
    zh: '厂家给定的填在这里，至少 16 位；不填由本机生成',
    en: 'if the vendor prescribes one, of 16 characters at least; else one is made',
  },
  keep: { zh: '至少 16 位，不能有空格；不填则不换', en: '16 characters at least, no spaces; empty: it stays' },
  whichToken: {
    zh: '配置里的令牌不是正好一个：令牌在“更多 → 配置”的 intake 一节里换',
    en: 'The configuration has not just one token: change it in More → Configuration, under intake',
  },
  write: { zh: '写入配置', en: 'Write to the configuration' },
} satisfies Texts;

export const intakeText = {
  title: { zh: '缴费消息', en: 'Payment messages' },
  none: { zh: '没有配置缴费消息接口，只看开闸继电器', en: 'No intake configured: lanes use the opening relay only' },
  up: { zh: '已连接', en: 'Connected' },
  down: { zh: '断开', en: 'Down' },
  silent: (forTime: Text): Text => ({
    zh: `启动以来没有收到消息（${forTime.zh}）`,
    en: `no message since the start (${forTime.en})`,
  }),
  heard: (ago: Text): Text => ({ zh: `最近一条在 ${ago.zh}前`, en: `last message ${ago.en} ago` }),
  clock: (sender: string, off: Text, fast: boolean): Text => ({
    zh: `${sender} 的时钟${fast ? '快' : '慢'} ${off.zh}，缴费照常计入；请校准它的时间`,
    en: `the clock of ${sender} is ${off.en} ${fast ? 'fast' : 'slow'}: its payments count all the same. Set its clock`,
  }),
  refused: { zh: '被拒收的来源', en: 'Refused senders' },
  refusedOne: { zh: '拒收', en: 'Refused' },
  refusedTimes: (count: number): Text => ({
    zh: `${count} 次，最近`,
    en: `${count} ${count === 1 ? 'time' : 'times'}, last`,
  }),
  refusedSince: { zh: '从', en: 'since' },
  uncounted: (count: number): Text => ({
    zh: `未计入或未核实的消息（启动以来 ${count} 条）`,
    en: `Messages not counted or not verified (${count} since the start)`,
  }),
  expired: { zh: '已过期', en: 'Expired' },
  ignored: { zh: '与本机无关', en: 'Not for this box' },
  inClear: (names: readonly string[]): Text => ({
    zh: `令牌 ${names.join('、')} 在网上是明文：请改用加密的端口（intake.https）并关掉 intake.http，或把接入口放在单独的网段`,
    en: `The token ${names.join(', ')} crosses the network in clear: send over TLS (intake.https) and turn intake.http off, or give the intake a network of its own`,
  }),
  unverified: { zh: '未核实', en: 'Unverified' },
  reusedId: { zh: '编号重复', en: 'Id used again' },
} satisfies Texts;
