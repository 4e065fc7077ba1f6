/** What is wrong with a box: one sentence of at most 40 Chinese or 90 Latin characters beside given names, what to do, what support asks for. */
import type { AlarmKind } from '../../lane/types.ts';
import type { DeviceLive } from '../../page/api/api.ts';
import type { Damage } from '../../store/types.ts';
import type { FaultWords } from '../fault.ts';
import { unprovenText, unprovenWords } from '../fault.ts';
import { roleText } from '../lanes/lane-facts.ts';
import { STALLED_TEXT } from '../store.ts';
import { joined, type Text } from '../text.ts';
import * as table from './alerts.made.ts';
import { ALARM_TODO, DISK_TODO } from './alerts.made.ts';
import { durationText } from './duration.ts';
import { deviceKind } from './ui-overview.ts';

export interface Alert {
  readonly text: Text;
  readonly todo?: Text;
  /** Addresses, codes and the words of other programs. */
  readonly details?: Text;
}

const both = (zh: string, en: string): Text => ({ zh, en });
const plain = (text: string): Text => both(text, text);
const records = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'}`;
const waits = (waiting: number): Text =>
  waiting === 0 ? both('', '') : both(`，${waiting} 条记录待上传`, `; ${records(waiting)} queued`);
const details = (why: Text | undefined): Pick<Alert, 'details'> => (why === undefined ? {} : { details: why });

/** Names of signals that fit into a sentence. */
const ROLES_NAMED = 3;

function signals(roles: readonly string[]): Text {
  if (roles.length > ROLES_NAMED) return both(` ${roles.length} 个信号`, `${roles.length} signals`);
  const names = roles.map(roleText);
  return joined(names, '、', ', ');
}

function savedText({ records: count, unreadable, lostPages }: NonNullable<Damage['saved']>): Text {
  const lost = [
    ...(unreadable > 0 ? [both(`${unreadable} 条无法读取`, `${unreadable} could not be read`)] : []),
    ...(lostPages > 0
      ? [
          both(
            `磁盘有 ${lostPages} 处读不出，可能还有记录`,
            `${lostPages} places on the disk could not be read and may hold more`,
          ),
        ]
      : []),
  ];
  const losses = lost.length > 0 ? lost : [both('未发现丢失', 'no loss found')];
  return both(
    [`找回 ${count} 条记录`, ...losses.map(({ zh }) => zh)].join('，'),
    [`${records(count)} recovered`, ...losses.map(({ en }) => en)].join(', '),
  );
}

/** As the list of devices has it, at the head of a sentence. */
const headOf = (kind: DeviceLive['kind']): Text =>
  both(
    deviceKind[kind].zh,
    deviceKind[kind].en.replace(/^./, (first) => first.toUpperCase()),
  );
/** What support asks for: the port, and the words of the system or the device. */
const fieldDetails = (id: string, port: string | undefined, words: FaultWords | undefined): Text =>
  plain([id, port, words?.details].filter((each) => each !== undefined && each !== '').join(' · '));

export const alertText = {
  ...table.alertFaults,
  ...table.alertText,
  /** `text`: what it is, with the loop; `details`: what has changed, and since when. */
  alarm: (lane: string, alarm: AlarmKind, text: Text, details?: Text): Alert => ({
    text: both(`${lane}：${text.zh}`, `${lane}: ${text.en}`),
    todo: ALARM_TODO[alarm],
    ...(details && { details }),
  }),
  lost: (lane: string, roles: readonly string[], hidesArm: boolean): Alert => {
    const { zh, en } = signals(roles);
    const blind = hidesArm ? both('，看不到闸杆，暂不判断', '; no verdicts') : both('', '');
    return {
      text: both(`${lane}：收不到${zh}${blind.zh}`, `${lane}: lost: ${en}${blind.en}`),
      todo: ALARM_TODO.pointsLost,
    };
  },
  hiddenView: (lane: string, camera: string, why: 'cameraCovered' | 'cameraFrozen'): Alert =>
    why === 'cameraCovered'
      ? {
          text: both(
            `${lane}：摄像机 ${camera} 被遮住，画面一色`,
            `${lane}: camera ${camera} is covered, its picture has one colour`,
          ),
          todo: both('去看镜头前有什么；夜里看补光灯', 'see what is before the lens; at night, see to its light'),
        }
      : {
          text: both(`${lane}：摄像机 ${camera} 画面不动了`, `${lane}: the picture of camera ${camera} stands still`),
          todo: both('给摄像机断电重启', 'restart the camera'),
        },
  degraded: (lane: string, roles: readonly string[]): Alert => {
    const { zh, en } = signals(roles);
    return {
      text: both(`${lane}：${zh}不可靠`, `${lane}: unreliable: ${en}`),
      todo: both(
        '在“信号”页看这些点，查地感、车检器和接线',
        'look at them under “Signals”; check coil, detector and wiring',
      ),
    };
  },
  /** `count` devices on it: all of them. */
  wireSilent: (line: string, count: number, forMs: number, port: string | undefined): Alert => {
    const time = durationText(forMs);
    return {
      text: both(
        `线路 ${line} 上的 ${count} 个设备都没有应答，已 ${time.zh}`,
        `None of the ${count} devices on line ${line} answers, for ${time.en}`,
      ),
      todo: both(
        '一起没有应答，多半是供电或总线：查设备电源、总线的两根线',
        'all at once is mostly power or the bus: check the supply and both bus wires',
      ),
      details: fieldDetails(line, port, undefined),
    };
  },
  down: (id: string, kind: DeviceLive['kind'], forMs: number | undefined, words?: FaultWords, port?: string): Alert => {
    const name = id.split('/').at(-1) ?? id;
    const what = words?.what ?? both('已断开', 'is down');
    const time = forMs === undefined || forMs < 1_000 ? both('', '') : durationText(forMs);
    return {
      text: both(
        `${headOf(kind).zh} ${name} ${what.zh}${time.zh && `，已 ${time.zh}`}`,
        `${headOf(kind).en} ${name} ${what.en}${time.en && `, for ${time.en}`}`,
      ),
      ...(words && { todo: words.todo }),
      details: fieldDetails(id, port, words),
    };
  },
  network: (names: readonly string[]): Alert => ({
    text: both(
      `本机网络不通：平台等 ${names.length} 处都连不上`,
      `No network: none of ${names.length} peers can be reached`,
    ),
    todo: both('查网线、交换机和路由器', 'check the network cable, the switch and the router'),
    details: both(names.join('、'), names.join(', ')),
  }),
  uplink: (names: readonly string[]): Alert => ({
    text: both(
      `外网不通：平台等 ${names.length} 处都连不上，记录留在本机`,
      `No internet: none of ${names.length} peers can be reached; records are kept here`,
    ),
    todo: both('查路由器和宽带；恢复后自动补传', 'check the router and the line; what waits is sent by itself'),
    details: both(names.join('、'), names.join(', ')),
  }),
  unproven: (id: string, codes: readonly string[]): Alert => {
    const { zh, en } = unprovenWords(codes);
    const todo = codes.flatMap((code) =>
      code in unprovenText ? [unprovenText[code as keyof typeof unprovenText]] : [],
    );
    const name = id.split('/').at(-1) ?? id;
    return {
      text: both(`设备 ${name} 照常读取，但${zh}未能确认`, `Device ${name} is read, but not proven: ${en}`),
      todo: joined(todo),
    };
  },
  refused: (waiting: number, why: Text | undefined, detail: string | undefined): Alert => ({
    text: both(`平台拒绝接收${waits(waiting).zh}`, `The platform refuses uploads${waits(waiting).en}`),
    ...(why && { todo: why }),
    ...details(detail === undefined ? undefined : plain(detail)),
  }),
  paused: (waiting: number): Alert => ({
    text: both(`上传已由人工暂停${waits(waiting).zh}`, `Uploads paused${waits(waiting).en}`),
  }),
  offline: (waiting: number, forMs: number, why: Text | undefined): Alert => {
    const time = durationText(forMs);
    return {
      text: both(
        `平台 ${time.zh}未连通${waits(waiting).zh}`,
        `Platform unreachable for ${time.en}${waits(waiting).en}`,
      ),
      todo: both(
        '记录已安全保存，恢复后自动补传；查本机网络和平台地址',
        'records are safe and sent once it answers; check the network and the platform’s address',
      ),
      ...details(why),
    };
  },
  destinationFails: (name: string, waiting: number, why: Text | undefined): Alert => ({
    text: both(`去向 ${name} 发不出去${waits(waiting).zh}`, `Destination ${name} fails${waits(waiting).en}`),
    todo: both('查它的地址、密钥和对方是否在运行', 'check its address and key, and whether the far end runs'),
    ...details(why),
  }),
  destinationStopped: (name: string, why: Text | undefined): Alert => ({
    text: both(`去向 ${name} 不再接收`, `Destination ${name} wants nothing more`),
    todo: both('问对方为什么停收；好了在“上传”页恢复', 'ask why it stopped; then resume it under “Uploads”'),
    ...details(why),
  }),
  parked: (count: number): Alert => ({
    text: both(`${count} 条记录被平台拒收`, `The platform refused ${records(count)}`),
    todo: both('在“上传”页看原因，改好后重发', 'see why under “Uploads”, mend it, and send them again'),
  }),
  held: (count: number): Alert => ({
    text: both(`${count} 条记录联调待确认`, `${records(count)} held: the platform answered with a hint`),
    todo: both('在“上传”页看平台的提示', 'see the hint under “Uploads”'),
  }),
  review: (count: number): Alert => ({ text: both(`${count} 条放行待复核`, `${records(count)} for review`) }),
  intakeDown: (key: string, address: string, forMs: number, why: string): Alert => {
    const time = durationText(forMs);
    return {
      text: both(
        `收不到缴费消息：端口打不开，已 ${time.zh}`,
        `Payments cannot be received: the port does not open, for ${time.en}`,
      ),
      todo: both(
        '停掉占用这个端口的程序，或在配置里换一个；其间凭“没有缴费”的判断待复核',
        'stop the program that has the port, or choose another; verdicts that rest on a missing payment wait for review',
      ),
      details: plain(`${key} ${address}: ${why}`),
    };
  },
  channelDown: (id: string, forMs: number): Alert => {
    const time = durationText(forMs);
    return {
      text: both(
        `缴费消息通道 ${id} 已断开 ${time.zh}，收不到缴费`,
        `Intake channel ${id} down for ${time.en}: no payments arrive over it`,
      ),
      todo: both('看管理系统是否在运行，网络是否通', 'see whether the management system runs and the network works'),
    };
  },
  senderClock: (sender: string, offsetMs: number): Alert => {
    const off = durationText(Math.abs(offsetMs));
    return {
      text: both(
        `${sender} 的时钟${offsetMs > 0 ? '慢' : '快'} ${off.zh}，缴费照常计入`,
        `The clock of ${sender} is ${off.en} ${offsetMs > 0 ? 'slow' : 'fast'}: its payments count all the same`,
      ),
      todo: both('校对那台电脑的时间', 'set the clock of that computer'),
    };
  },
  expired: (count: number): Alert => ({
    text: both(
      `最近一小时有 ${count} 条缴费消息收到时已过期`,
      `${count} ${count === 1 ? 'payment' : 'payments'} had expired on arrival in the last hour`,
    ),
    todo: both(
      '它们没有放行任何车：看消息为什么迟到，对方的时钟对不对',
      'they covered no car: see why they are late, and whether the sender’s clock is right',
    ),
  }),
  refusedSender: (
    {
      from,
      holder,
      path,
      why,
      todo,
      count,
    }: { from: string; holder?: string; path?: string; why: Text; todo: Text; count: number },
    sinceMs: number,
  ): Alert => {
    const who = holder ?? from;
    const since = durationText(sinceMs);
    return {
      text: both(
        `拒收了 ${who} 的缴费消息 ${count} 次：${why.zh}`,
        `Payments from ${who} refused ${count === 1 ? 'once' : `${count} times`}: ${why.en}`,
      ),
      todo,
      details: both(
        [from, path, `从 ${since.zh}前起`].filter((each) => each !== undefined).join(' · '),
        [from, path, `since ${since.en} ago`].filter((each) => each !== undefined).join(' · '),
      ),
    };
  },
  diskFull: { text: both('磁盘已满：新照片存不下', 'Disk full: no room for new pictures'), todo: DISK_TODO.full },
  stalled: (why: keyof typeof STALLED_TEXT, unkept?: { records: number; delivered: number }): Alert => {
    const [text, todo] = [STALLED_TEXT[why], DISK_TODO[why]];
    const inMemory =
      unkept === undefined
        ? both('', '')
        : both(
            `；${unkept.records} 条记录只在内存中，已从内存送达 ${unkept.delivered} 条`,
            `. ${records(unkept.records)} in memory only, ${unkept.delivered} delivered from there`,
          );
    return {
      text: both(`无法写入：${text.zh}，新数据只在内存中`, `Cannot write: ${text.en}. New data is in memory only`),
      todo: both(
        `${todo.zh}；断电会丢失内存中的数据${inMemory.zh}`,
        `${todo.en}; a power cut would lose what is in memory${inMemory.en}`,
      ),
    };
  },
  waitsForDisk: (why: keyof typeof STALLED_TEXT): Alert => {
    const [text, todo] = [STALLED_TEXT[why], DISK_TODO[why]];
    return {
      text: both(
        `${text.zh}，打不开数据库：车道没有监视`,
        `The store cannot be opened: ${text.en}. No lane is watched`,
      ),
      todo: both(
        `${todo.zh}，之后自动恢复；这段时间计为观测中断`,
        `${todo.en}; the rest follows by itself. This time counts as a gap`,
      ),
    };
  },
  damaged: ({ agoMs, saved }: Damage): Alert => {
    const ago = durationText(agoMs);
    const found = saved === undefined ? both('正在找回记录', 'its records are being recovered') : savedText(saved);
    return {
      text: both(
        `数据库 ${ago.zh}前损坏，已启用新库`,
        `The database was damaged ${ago.en} ago and a new one was started`,
      ),
      todo: both(`${found.zh}；存储卡可能正在失效，建议更换`, `${found.en}. The card may be failing: replace it`),
    };
  },
} as const;

/** Of the whole box, and of its configuration. */
export const headlineText = {
  ...table.headlineText,
  configBroken: (faults: number): Text =>
    both(
      `配置文件有 ${faults} 处错误，上一次可用的配置仍然生效`,
      `The configuration has ${faults} ${faults === 1 ? 'fault' : 'faults'}: the last good one is in force`,
    ),
} as const;
