/** Texts about a broken wire or device: the fault, and what to do. Both languages; Chinese first. */
import type { DriverNotice, LinkCode, LinkError, ProtocolCode, ProtocolError, Unproven } from '../driver.ts';
import type { LineHealth } from '../line/health.ts';
import { joined, type Language, type Text } from './text.ts';

interface Advice {
  readonly what: Text;
  readonly todo: Text;
}

const LINK: Readonly<Record<LinkCode, Advice>> = {
  timeout: {
    what: { zh: '没有应答', en: 'does not answer' },
    todo: {
      zh: '检查供电、A/B 接线、站号和波特率',
      en: 'check its power, the A/B wires, its unit number and the baud rate',
    },
  },
  closed: {
    what: { zh: '连接已关闭', en: 'is closed' },
    todo: { zh: '会自动重新打开', en: 'it reopens automatically' },
  },
  gone: {
    what: { zh: '连接断开', en: 'disconnected' },
    todo: {
      zh: '检查 USB 转换器是否松脱、网线和串口服务器是否正常；恢复后会自动重连',
      en: 'check whether the USB adapter, the network cable or the serial server came loose; it reconnects automatically',
    },
  },
  notFound: {
    what: { zh: '找不到', en: 'is not there' },
    todo: {
      zh: '检查配置中的串口路径或网络地址，以及设备是否插好',
      en: 'check the path or address in the configuration, and that the device is plugged in',
    },
  },
  denied: {
    what: { zh: '没有权限', en: 'denies access' },
    todo: {
      zh: '串口报 Permission denied：把运行用户加入 dialout 组（GPIO：gpio 组）；报 Operation not permitted：服务不许用这类设备，systemctl edit lanewarden 加上它的 DeviceAllow；摄像机：核对用户名和密码（多次输错会被锁定，请勿反复重试）',
      en: 'serial port, “Permission denied”: add the user to the group dialout (GPIO: gpio); “Operation not permitted”: the service allows no such device, add its DeviceAllow= with systemctl edit lanewarden; camera: check user and password (repeated failures lock the address)',
    },
  },
  busy: {
    what: { zh: '被占用', en: 'is in use' },
    todo: { zh: '关闭占用该串口或 GPIO 的其他程序', en: 'close the other program that holds this port or line' },
  },
  listenOnly: {
    what: { zh: '在只听线路上不能主动查询', en: 'cannot be polled on a listen-only wire' },
    todo: {
      zh: '改用被动监听的设备，或在确认没有其他主站后关闭 listenOnly',
      en: 'use a listening kind of device, or turn listenOnly off once no other master is on the wire',
    },
  },
  sharedWire: {
    what: {
      zh: '是报警输出，不接在自己独用的串口上，已关闭，一个字节也不发',
      en: 'is an alarm output and has no serial port of its own: it is off and sends nothing',
    },
    todo: {
      zh: '给报警输出的板单独接一个串口（RS-485 转换器），线上不读任何设备；网络板不能用',
      en: 'give its board a serial port (RS-485 adapter) of its own, on which nothing is read; boards on the network cannot be used',
    },
  },
  refused: {
    what: { zh: '连不上', en: 'cannot be connected' },
    todo: {
      zh: '检查网线、串口服务器的供电、地址和端口，以及它是否设为 TCP 服务器（TCP Server）、有没有被别的程序连着',
      en: 'check the network cable, the serial server’s power, address and port, that it is set to TCP server, and that no other program is connected to it',
    },
  },
  unconfirmed: {
    what: {
      zh: '的图片地址不是已知的图片地址，什么也没有发送',
      en: 'has an unknown picture address; nothing was sent',
    },
    todo: {
      zh: '核对地址；确实是图片时，让车道进入维护、确认闸杆下无人无车，用 lanewarden snapshot 或本机页面的摄像机步骤试一次并确认',
      en: 'check the address; if it really is a picture, put the lane into maintenance, see that the arm is clear, and try and confirm it once with lanewarden snapshot or in the camera step of the page',
    },
  },
  notLocal: {
    what: { zh: '不在本地网络，已拒绝连接', en: 'is not in the local network: not connected' },
    todo: {
      zh: '核对摄像机地址（域名请看它解析到哪里）；确实在公网时，给这台摄像机写 allowPublic: true',
      en: 'check the address of the camera (a name: what it resolves to); if it really is on the internet, set allowPublic: true for it',
    },
  },
};

const PROTOCOL: Readonly<Record<ProtocolCode, Advice>> = {
  checksum: {
    what: { zh: '应答校验错误', en: 'answers with a wrong checksum' },
    todo: {
      zh: '检查终端电阻、屏蔽接地、波特率和校验位，以及线上是否有重复站号或第二个主站',
      en: 'check termination, shield, baud rate and parity, and the wire for duplicate unit numbers or a second master',
    },
  },
  frame: {
    what: { zh: '收到的数据不成帧', en: 'sends bytes without a valid frame' },
    todo: { zh: '检查波特率、校验位和所选协议', en: 'check baud rate, parity and the chosen protocol' },
  },
  unexpected: {
    what: { zh: '应答与所问不符', en: 'answers another request' },
    todo: {
      zh: '检查设备模板是否选对、站号是否重复、线上是否有第二个主站',
      en: 'check the profile, and the wire for duplicate unit numbers or a second master',
    },
  },
  exception: {
    what: { zh: '设备不支持所读的内容', en: 'does not support the request' },
    todo: { zh: '检查设备型号与模板是否一致', en: 'check that the profile is for this model' },
  },
  identity: {
    what: { zh: '不是模板所描述的设备', en: 'is not the device that its profile describes' },
    todo: {
      zh: '核对型号、站号和模板名；确实是同款的仿制板、只有这个寄存器不同时，给这个设备写 probe: none',
      en: 'check the model, the unit number and the name of the profile; if it is a clone that differs in this register only, write probe: none at this device',
    },
  },
};

/** Advice for a network camera, where it differs from a wire's. */
const CAMERA: Readonly<Partial<Record<LinkCode | ProtocolCode, Text>>> = {
  denied: {
    zh: '核对用户名和密码（403 是这个用户无权取图）。先不再试：输错几次，多数摄像机会锁定这个地址半小时。改好后，在调试向导的摄像机一步点“拍一张”就马上再试；不点，5 到 30 分钟后自动再试',
    en: 'check user and password (403: this user may not take pictures). It waits before the next try: after a few bad logins most cameras lock the address for half an hour. Once mended, “Take a picture” in the camera step of the wizard tries at once; else it is tried again after 5 to 30 min',
  },
  refused: {
    zh: '检查供电、网线、地址和端口；应答了别的代码的，看摄像机是否在重启或没有开取图接口',
    en: 'check its power, cable, address and port; where it answers with another status, see whether it restarts or has its picture interface off',
  },
  timeout: { zh: '检查供电、网线和地址', en: 'check its power, the network cable and its address' },
  gone: {
    zh: '检查网线和交换机；恢复后会自动重连',
    en: 'check the network cable and the switch; it reconnects automatically',
  },
  notFound: {
    zh: '检查配置中的地址；也可能是这个固件没有所问的功能',
    en: 'check the address in the configuration; it may also be that this firmware has no such function',
  },
  frame: { zh: '检查摄像机种类（kind）是否选对', en: 'check the kind of camera in the configuration' },
  unexpected: { zh: '检查摄像机种类（kind）和地址', en: 'check the kind of camera and its address' },
  exception: { zh: '这台摄像机没有所问的输入', en: 'this camera has no such input' },
};

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

export function lostText(subject: string): Text {
  return { zh: `${subject} 的输入状态未知`, en: `the inputs of ${subject} are unknown` };
}

/** What is not proven of a board, and what to see to; each stands alone on the page and on the acceptance sheet. */
export const unprovenText: Readonly<Record<Unproven, Text>> = {
  identity: {
    zh: '型号未能确认：板上没有所问的型号寄存器，请核对板上印的型号和站号',
    en: 'its model could not be confirmed: it has no such register; check the model printed on it and its unit number',
  },
  identityOff: {
    zh: '型号没有核对（probe: none）：请核对板上印的型号和站号',
    en: 'its model is not checked (probe: none): check the model printed on it and its unit number',
  },
  identityNone: {
    zh: '型号无法核对，模板里没有型号寄存器：换错板或站号时发现不了，请核对板上印的型号和站号',
    en: 'its profile knows no register of the model: another board or unit number would not be noticed; check both',
  },
  linkage: {
    zh: '联动模式未能读取：请按说明书确认输入不会直接驱动继电器',
    en: 'its linkage modes could not be read: make sure by its manual that no input drives a relay',
  },
  reset: {
    zh: '断电标志未能读取：断电前后的计数可能不准，请保证供电',
    en: 'it does not tell that it lost its power: counts around a power cut may be wrong; see to its supply',
  },
  counters: {
    zh: '计数器未能读取：只看电平，比读取间隔更短的脉冲会漏掉；请提高波特率、减小 pollMs',
    en: 'its counters could not be read: only levels are seen, and a pulse shorter than the poll interval is missed; raise the baud rate, lower pollMs',
  },
};

/** In a word, by the code of what is not proven. */
const UNPROVEN_WORD: Readonly<Record<Unproven, Text>> = {
  identity: { zh: '型号', en: 'model' },
  identityOff: { zh: '型号', en: 'model' },
  identityNone: { zh: '型号', en: 'model' },
  linkage: { zh: '联动模式', en: 'linkage modes' },
  reset: { zh: '断电标志', en: 'power loss' },
  counters: { zh: '计数器', en: 'counters' },
};

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
