/** Texts about a broken wire or device: the fault, and what to do. Both languages; Chinese first. */
import type { DriverNotice, LinkCode, LinkError, ProtocolCode, ProtocolError, Unproven } from '../driver.ts';
import type { LineHealth } from '../line/health.ts';
import * as table from './fault.made.ts';
import { UNPROVEN_WORD, unprovenText } from './fault.made.ts';
import { joined, type Language, type Text } from './text.ts';

export { lostText, unprovenText } from './fault.made.ts';

interface Advice {
  readonly what: Text;
  readonly todo: Text;
}

const LINK: Readonly<Record<LinkCode, Advice>> = table.LINK;

const PROTOCOL: Readonly<Record<ProtocolCode, Advice>> = table.PROTOCOL;

/** Advice for a network camera, where it differs from a wire's. */
const CAMERA: Readonly<Partial<Record<LinkCode | ProtocolCode, Text>>> = table.CAMERA;

/** What a camera does, in its words. */
const CAMERA_WHAT: Readonly<Partial<Record<LinkCode | ProtocolCode, Text>>> = {
  denied: { zh: '拒绝登录', en: 'refuses the login' },
};

/** A fault in its parts; `details` are the words of the system or the device. */
export interface FaultWords {
  readonly what: Text;
  readonly todo: Text;
  readonly details: string;
}

export function faultWords(error: LinkError | ProtocolError, of: 'wire' | 'camera' = 'wire'): FaultWords {
  const advice = error.name === 'LinkError' ? LINK[error.code as LinkCode] : PROTOCOL[error.code as ProtocolCode];
  const { what, todo } =
    of === 'camera'
      ? { what: CAMERA_WHAT[error.code] ?? advice.what, todo: CAMERA[error.code] ?? advice.todo }
      : advice;
  return { what, todo, details: error.message };
}

/** A kind of fault in a few words, by its code. */
export function faultWord(code: string): Text {
  const known: Readonly<Partial<Record<string, Advice>>> = { ...LINK, ...PROTOCOL };
  return known[code]?.what ?? { zh: code, en: code };
}

/** One line: subject, fault, advice, and the detail for support. `count`: repetitions. */
export function faultText(
  subject: string,
  error: LinkError | ProtocolError,
  count = 1,
  of: 'wire' | 'camera' = 'wire',
): Text {
  const { what, todo, details } = faultWords(error, of);
  const times = { zh: count > 1 ? `（已 ${count} 次）` : '', en: count > 1 ? ` (${count} times)` : '' };
  return {
    zh: `${subject} ${what.zh}${times.zh}：${todo.zh}［${details}］`,
    en: `${subject} ${what.en}${times.en}: ${todo.en} [${details}]`,
  };
}

export function recoveredText(subject: string, count: number, forMs: number): Text {
  const seconds = Math.max(1, Math.round(forMs / 1_000));
  return {
    zh: `${subject} 已恢复正常（故障 ${count} 次，历时 ${seconds} 秒）`,
    en: `${subject} works again (${count} faults in ${seconds} s)`,
  };
}

/** `型号、联动模式` */
export function unprovenWords(codes: readonly string[]): Text {
  const words = codes.flatMap((code) => UNPROVEN_WORD[code as Unproven] ?? []);
  return joined(words, '、', ', ');
}

export function noticeText(subject: string, notice: DriverNotice): Text {
  switch (notice.kind) {
    case 'localLinkage':
      return {
        zh: `${subject} 开启了本机联动（各通道模式 ${notice.values.join(' ')}）：输入可直接驱动继电器，开闸时线上看不到命令；请用厂家工具改为普通模式`,
        en: `${subject} is in a linkage mode (modes ${notice.values.join(' ')}): an input can switch a relay with no command on the wire; set the normal mode with the maker's tool`,
      };
    case 'unproven':
      return notProvenText(subject, notice.what);
    case 'unusableGrant':
      return {
        zh: `${subject} 报来一笔缴费，但没有车牌、也没写是哪个车道，用不上：请在该设备上写 grantsFor: 车道编号`,
        en: `${subject} reported a payment without plate and lane, which cannot be used: write grantsFor: LANE at this device`,
      };
    case 'powerCycle':
      return {
        zh: `${subject} 断过电或计数被清零：其间的脉冲可能未计入；请检查供电`,
        en: `${subject} lost its power or its counters were cleared: pulses of that time may be missing; check its supply`,
      };
  }
}

function notProvenText(subject: string, what: readonly Unproven[]): Text {
  if (what.length === 0)
    return {
      zh: `${subject} 的型号、联动模式和计数器现在都能读取`,
      en: `${subject} proves its model, modes and counters now`,
    };
  return {
    zh: `${subject} 照常读取。${what.map((each) => unprovenText[each].zh).join('。')}`,
    en: `${subject} is read on, but ${what.map((each) => unprovenText[each].en).join('. And ')}`,
  };
}

/** An overloaded wire; for `check` and the log. */
export function wireTooSlowText(
  lineId: string,
  wire: { readonly devices: number; readonly baudRate?: number; readonly roundMs: number; readonly askedMs: number },
): Text {
  const { devices, baudRate, askedMs } = wire;
  const roundMs = Math.round(wire.roundMs);
  const speed = {
    zh: baudRate === undefined ? '' : `（${baudRate} 波特）`,
    en: baudRate === undefined ? '' : ` at ${baudRate} baud`,
  };
  return {
    zh: `线路 ${lineId}：${devices} 个设备${speed.zh}轮询一圈要 ${roundMs} ms，而要求 ${askedMs} ms；请提高波特率、分成几条线，或加大 pollMs`,
    en: `line ${lineId}: ${devices} ${devices === 1 ? 'device' : 'devices'}${speed.en} take ${roundMs} ms a round, ${askedMs} ms asked; raise the baud rate, use more lines, or raise pollMs`,
  };
}

/** The state of a line in one line, for a technician. */
export function healthText(health: LineHealth): Text {
  const whole = (value: number): string => String(Math.round(value));
  const percent = (value: number): string => `${whole(value * 100)} %`;
  const devices = health.devices.map((device) => {
    const faultsIn = (language: Language) =>
      Object.entries(device.faults).map(([code, count]) => `${faultWord(code)[language]} ×${count}`);
    const { roundMs, longestRoundMs = 0, turnaroundMs = 0 } = device;
    if (device.state === 'unknown' || roundMs === undefined)
      return {
        zh: [`${device.deviceId} 状态未知`, ...faultsIn('zh')].join(' '),
        en: [`${device.deviceId} unknown`, ...faultsIn('en')].join(' '),
      };
    const round = `${whole(roundMs)}/${whole(longestRoundMs)} ms`;
    if (!health.wired)
      return {
        zh: [`${device.deviceId} 每 ${round} 读一次`, ...faultsIn('zh')].join(' '),
        en: [`${device.deviceId} every ${round}`, ...faultsIn('en')].join(' '),
      };
    return {
      zh: [
        `${device.deviceId} 轮询 ${round}，应答 ${whole(turnaroundMs)} ms，占线 ${percent(device.wireShare)}`,
        ...faultsIn('zh'),
      ].join(' '),
      en: [
        `${device.deviceId} every ${round}, thinks ${whole(turnaroundMs)} ms, ${percent(device.wireShare)} of the wire`,
        ...faultsIn('en'),
      ].join(' '),
    };
  });
  if (!health.wired)
    return {
      zh: `${health.lineId}：${devices.map(({ zh }) => zh).join('；')}`,
      en: `${health.lineId}: ${devices.map(({ en }) => en).join('; ')}`,
    };
  const state = health.open ? { zh: '已打开', en: 'open' } : { zh: '未打开', en: 'not open' };
  return {
    zh: `线路 ${health.lineId} ${state.zh}，占用 ${percent(health.wireShare)}：${devices.map(({ zh }) => zh).join('；')}`,
    en: `line ${health.lineId} ${state.en}, ${percent(health.wireShare)} used: ${devices.map(({ en }) => en).join('; ')}`,
  };
}
