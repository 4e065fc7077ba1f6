/** Findings of the diagnosis and what to do. Both languages; Chinese first. It words the checks' measurements. */
import type { Reach, Step } from '../../cloud/reachability.ts';
import type { Unproven } from '../../driver.ts';
import type { LineHealth } from '../../line/health.ts';
import type { TimeQuality } from '../../store/record-types.ts';
import type { BoxNetwork } from '../../system/box-network.ts';
import { faultWord, unprovenText } from '../fault.ts';
import { STALLED_TEXT } from '../store.ts';
import { joined, type Text } from '../text.ts';

const both = (zh: string, en: string): Text => ({ zh, en });
const DAY_MS = 86_400_000;
const day = (wallMs: number): string => new Date(wallMs).toISOString().slice(0, 10);
const whole = (value: number): string => String(Math.round(value));

const FAILED: Readonly<Record<Step, { readonly what: Text; readonly todo: Text }>> = {
  dns: {
    what: both('域名解析失败', 'the name cannot be resolved'),
    todo: both(
      '检查网线或 4G、网关和 DNS 设置；可用 223.5.5.5 试一下',
      'check the cable or the 4G modem, the gateway and the DNS server',
    ),
  },
  connect: {
    what: both('连不上', 'cannot be connected'),
    todo: both(
      '检查防火墙是否放行这个端口，地址是否写对',
      'check that a firewall lets this port through, and the address',
    ),
  },
  badProxy: {
    what: both('代理地址无法使用', 'the proxy address is invalid'),
    todo: both(
      '写成 http://主机:端口（cloud.proxy 或环境变量 HTTPS_PROXY）',
      'write http://host:port (cloud.proxy, or HTTPS_PROXY of the environment)',
    ),
  },
  proxyDown: {
    what: both('连不上代理', 'the proxy cannot be reached'),
    todo: both(
      '核对代理的地址和端口（cloud.proxy 或 HTTPS_PROXY）；直连就把平台写进 NO_PROXY',
      'check the proxy’s address and port (cloud.proxy or HTTPS_PROXY); for no proxy name the platform in NO_PROXY',
    ),
  },
  proxyTls: {
    what: both('代理的证书不被信任', 'the certificate of the proxy is not trusted'),
    todo: both(
      '公司自有的 CA 写到 cloud.ca；核对代理的主机名和本机时间',
      'a company’s own CA belongs in cloud.ca; check the proxy’s host name and the clock of this box',
    ),
  },
  proxyLogin: {
    what: both('代理要求登录，或用户名、密码不对', 'the proxy requires a login, or user and password are wrong'),
    todo: both(
      '在环境变量 HTTPS_PROXY 里写 http://用户:密码@主机:端口，不写 cloud.proxy',
      'write http://user:password@host:port in HTTPS_PROXY of the environment, and no cloud.proxy',
    ),
  },
  proxy: {
    what: both('代理没有接通平台', 'the proxy does not put through to the platform'),
    todo: both(
      '检查代理的白名单，以及它自己能否连上平台',
      'check the proxy’s list of allowed hosts, and whether it reaches the platform itself',
    ),
  },
  tls: {
    what: both('证书不被信任', 'the certificate is not trusted'),
    todo: both(
      '先看本机时间对不对；私有平台把 CA 证书文件写到 cloud.ca；也可能有设备在中间拦截',
      'look at the clock of this box first; a private platform needs its CA file in cloud.ca; something in between may intercept',
    ),
  },
  answer: {
    what: both('连上了但没有回答', 'it is connected and does not answer'),
    todo: both('稍后再试；一直如此请联系平台', 'try again later; if it stays so, ask the platform'),
  },
};

const NAME_FAILED = {
  what: both('证书里没有这个地址的名称', 'the name of this address is not in the certificate'),
  todo: both(
    '核对 cloud.url 的主机名，或请平台更换证书；配置 CA 没有用',
    'check the host name in cloud.url, or have the platform change its certificate; a CA does not help',
  ),
};

/** Nothing is a finding too. */
const listed = (all: readonly string[]): Text =>
  all.length === 0 ? both('没有', 'none') : both(all.join('、'), all.join(', '));

export const diagnoseText = {
  network: both('本机网络', 'Network of this box'),
  networkFound: ({ addresses, gateways, nameServers }: BoxNetwork, proxy: string | undefined): Text => {
    const own = listed(addresses.map(({ on, cidr }) => `${cidr} (${on})`));
    const gateway = listed(gateways.map(({ on, address }) => `${address} (${on})`));
    const dns = listed(nameServers);
    return both(
      `地址 ${own.zh}；网关 ${gateway.zh}；DNS ${dns.zh}；代理 ${proxy ?? '没有'}`,
      `address ${own.en}; gateway ${gateway.en}; DNS ${dns.en}; proxy ${proxy ?? 'none'}`,
    );
  },
  networkLacks: {
    address: both(
      '没有地址：看网线和交换机的灯；没有 DHCP 的网络要手工设地址',
      'no address: look at the cable and the lights of the switch; a network without DHCP needs an address set by hand',
    ),
    gateway: both(
      '没有网关：只能到本网段；平台在外网的，在路由器（DHCP）或本机的网络设置里补上',
      'no gateway: only this network is reached; for a platform outside it, set one in the router (DHCP) or on this box',
    ),
    nameServer: both(
      '没有 DNS：域名解析不了；在路由器（DHCP）或本机的网络设置里补上',
      'no DNS server: names are not resolved; set one in the router (DHCP) or on this box',
    ),
  },
  dns: both('域名解析', 'Name resolution'),
  dnsFound: (host: string, addresses: readonly string[]): Text =>
    both(`${host} → ${addresses.join('、')}`, `${host} → ${addresses.join(', ')}`),
  platform: both('平台连接', 'Platform'),
  platformFound: (status: number, tookMs: number): Text =>
    both(
      `连得上（只问通不通，应答 HTTP ${status}，用时 ${whole(tookMs)} ms）`,
      `reachable (asked for nothing; answered HTTP ${status} in ${whole(tookMs)} ms)`,
    ),
  plainHttp: both(
    '地址是 http://，数据不加密；正式使用请用 https://',
    'the address is http://, nothing is encrypted; use https:// in earnest',
  ),
  failed: (step: Step, code: string): { readonly found: Text; readonly todo: Text } => {
    const { what, todo } = step === 'tls' && code === 'ERR_TLS_CERT_ALTNAME_INVALID' ? NAME_FAILED : FAILED[step];
    return { found: both(`${what.zh}（${code}）`, `${what.en} (${code})`), todo };
  },
  certificate: both('平台证书', 'Certificate'),
  certificateFound: ({ subject, issuer, untilWallMs, chain, protocol }: NonNullable<Reach['certificate']>): Text =>
    both(
      `${subject}，由 ${issuer} 签发，有效到 ${day(untilWallMs)}，链上 ${chain} 张，${protocol}`,
      `${subject}, issued by ${issuer}, valid until ${day(untilWallMs)}, ${chain} in the chain, ${protocol}`,
    ),
  certificateEnds: (untilWallMs: number, nowWallMs: number): Text => {
    const days = Math.max(0, Math.floor((untilWallMs - nowWallMs) / DAY_MS));
    return both(`还有 ${days} 天到期，请提醒平台更换`, `it ends in ${days} days: remind the platform`);
  },
  clock: both('时钟', 'Clock'),
  clockFound: (quality: TimeQuality, offMs: number | undefined): Text => {
    const state: Readonly<Record<TimeQuality, Text>> = {
      synced: both('已校准', 'synchronised'),
      corrected: both('已校正', 'corrected'),
      manual: both('按手机校准', 'taken from a phone'),
      estimated: both('估计的', 'estimated'),
      unknown: both('未知', 'unknown'),
    };
    const off =
      offMs === undefined
        ? both('', '')
        : both(`，与平台相差 ${(offMs / 1000).toFixed(1)} 秒`, `, ${(offMs / 1000).toFixed(1)} s off the platform’s`);
    return both(`${state[quality].zh}${off.zh}`, `${state[quality].en}${off.en}`);
  },
  clockTodo: both(
    '让本机能连到时间服务器（systemd-timesyncd / chrony），并装上时钟电池',
    'let the box reach a time server (systemd-timesyncd, chrony), and fit a clock battery',
  ),
  line: (id: string): Text => both(`线路 ${id}`, `Line ${id}`),
  lineFound: ({ open, openings, wireShare, faults }: LineHealth): Text => {
    const list = Object.entries(faults).map(([code, count]) => ({ ...faultWord(code), count }));
    const more =
      list.length === 0
        ? both('无故障', 'no faults')
        : both(
            `启动以来：${list.map(({ zh, count }) => `${zh} ${count} 次`).join('、')}`,
            `since the start: ${list.map(({ en, count }) => `${en} ×${count}`).join(', ')}`,
          );
    return both(
      `${open ? '已打开' : '没有打开'}，占用 ${whole(wireShare * 100)} %，打开过 ${openings} 次，${more.zh}`,
      `${open ? 'open' : 'not open'}, ${whole(wireShare * 100)} % used, opened ${openings} times, ${more.en}`,
    );
  },
  lineClosed: both(
    '看串口路径是否还在、是否被别的程序占用（调试向导第一步）',
    'see whether the port is there and who holds it (first step of commissioning)',
  ),
  lineFull: both('提高波特率、分成几条线，或加大 pollMs', 'raise the baud rate, use more lines, or raise pollMs'),
  device: (id: string): Text => both(`设备 ${id}`, `Device ${id}`),
  deviceFound: (
    state: 'reading' | 'unknown',
    {
      roundMs,
      turnaroundMs,
      faults,
    }: { readonly roundMs?: number; readonly turnaroundMs?: number; readonly faults: number },
  ): Text => {
    const pace =
      roundMs === undefined
        ? both('', '')
        : both(
            `，每 ${whole(roundMs)} ms 一次，应答 ${whole(turnaroundMs ?? 0)} ms`,
            `, every ${whole(roundMs)} ms, thinks ${whole(turnaroundMs ?? 0)} ms`,
          );
    const count = faults === 0 ? both('', '') : both(`，故障 ${faults} 次`, `, ${faults} faults`);
    return state === 'reading'
      ? both(`有读数${pace.zh}${count.zh}`, `gives readings${pace.en}${count.en}`)
      : both(`没有读数${count.zh}`, `gives no readings${count.en}`);
  },
  deviceTodo: both(
    '检查供电、A/B 线、站号、波特率；用调试向导扫描',
    'check power, A/B wires, unit number, baud rate; search with commissioning',
  ),
  unproven: (what: readonly Unproven[]): Text => joined(what.map((each) => unprovenText[each])),
  deviceFaults: both(
    '偶有故障：检查终端电阻、屏蔽接地和接头',
    'faults now and then: check termination, shield and connectors',
  ),
  camera: (id: string): Text => both(`摄像机 ${id}`, `Camera ${id}`),
  cameraFound: (bytes: number, tookMs: number, width?: number, height?: number): Text => {
    const size = width === undefined || height === undefined ? '' : ` ${width}×${height}`;
    return both(
      `照片${size} ${whole(bytes / 1000)} kB，用时 ${whole(tookMs)} ms`,
      `picture${size} ${whole(bytes / 1000)} kB in ${whole(tookMs)} ms`,
    );
  },
  cameraSlow: both(
    '拍照太慢，照片可能不是抬杆那一刻：减小分辨率，或用有线网络',
    'slow: the picture may not show the moment; lower its resolution, or use a cable',
  ),
  cameraNone: both('没有配置摄像机，记录不带照片', 'no camera is configured: records go without a picture'),
  disk: both('磁盘', 'Disk'),
  diskFound: (freeBytes: number, medianMs: number, longestMs: number): Text =>
    both(
      `剩余 ${(freeBytes / 1e9).toFixed(1)} GB，写盘中位 ${medianMs.toFixed(1)} ms，最长 ${whole(longestMs)} ms`,
      `${(freeBytes / 1e9).toFixed(1)} GB free, a synced write takes ${medianMs.toFixed(1)} ms, ${whole(longestMs)} ms at most`,
    ),
  diskSlow: both(
    '写盘很慢：卡可能老化，换工业级 SD 卡或 SSD',
    'writes are slow: the card may be worn; use an industrial card or an SSD',
  ),
  diskFull: both(
    '空间不足：减小 store.framesMax 或换更大的盘',
    'little room: lower store.framesMax, or use a larger disk',
  ),
  diskStalled: (why: keyof typeof STALLED_TEXT): Text =>
    both(`无法写入：${STALLED_TEXT[why].zh}`, `nothing can be written: ${STALLED_TEXT[why].en}`),
  diskBroken: (detail: string): Text => both(`写不了：${detail}`, `cannot be written: ${detail}`),
  diskTodo: both('检查磁盘是否只读、已满或损坏', 'check whether the disk is read-only, full or broken'),
  intake: both('缴费接口', 'Paid-exit intake'),
  intakeFound: (ways: readonly (string | Text)[]): Text => {
    const words = ways.map((way) => (typeof way === 'string' ? both(way, way) : way));
    const { zh, en } = joined(words, '、', ', ');
    return both(`已开：${zh}`, `on: ${en}`);
  },
  relay: both('开闸继电器', 'opening relay'),
  intakeDown: (address: string, why: string): Text =>
    both(`${address} 无法监听（${why}）`, `${address} cannot be opened (${why})`),
  intakeRefused: (
    { from, holder, count }: { readonly from: string; readonly holder?: string; readonly count: number },
    why: Text,
  ): Text =>
    both(
      `拒收了 ${holder === undefined ? from : `${holder}（${from}）`} 送来的消息：${why.zh}，${count} 次`,
      `refused messages from ${holder === undefined ? from : `${holder} (${from})`}: ${why.en}, ${count} ${count === 1 ? 'time' : 'times'}`,
    ),
  intakePort: (key: string): Text =>
    both(
      `停掉占用该端口的程序，或改 ${key}；本机会自动再试`,
      `stop the program that has this port, or change ${key}; the box tries again by itself`,
    ),
  intakeOff: both('没有开：本机收不到缴费消息', 'off: this box gets no payments'),
  intakeTodo: both(
    '打开 intake.http 或 intake.mqtt，或接开闸继电器并打开 autoCommandIsGrant',
    'turn on intake.http or intake.mqtt, or wire the relay and set autoCommandIsGrant',
  ),
  doing: (name: Text): Text => both(`检查${name.zh}`, `checking: ${name.en}`),
} as const;
