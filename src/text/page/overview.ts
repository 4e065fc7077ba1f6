/** The overview's sentences about the state of the box, and the events beside the signals of a release. Chinese first. */
import type { RefusedFor } from '../../intake/refused-senders.ts';
import type { LaneEvent } from '../../lane/types.ts';
import type { Damage } from '../../store/types.ts';
import { witnessText } from '../camera.ts';
import { unprovenWords } from '../fault.ts';
import { problemText } from '../intake.ts';
import { roleText } from '../lanes/lane-facts.ts';
import { STALLED_TEXT } from '../store.ts';
import type { Text } from '../text.ts';
import { durationText } from './duration.ts';

const both = (zh: string, en: string): Text => ({ zh, en });

/** Of a release whose time was extrapolated across a power cut. */
export function timeErrorText(errorMs: number): Text {
  const error = durationText(errorMs);
  return both(
    `时间从断电前最后一次存盘推算，最多可能晚 ${error.zh}`,
    `time extrapolated across a power cut: may be up to ${error.en} later`,
  );
}

/** Of a release dated by a phone's time. */
export function timeWithinText(withinMs: number): Text {
  const error = durationText(withinMs);
  return both(`本机时间取自手机，误差 ±${error.zh}`, `dated by a time taken from a phone, ±${error.en}`);
}

const waitingZh = (waiting: number): string => (waiting === 0 ? '' : `，${waiting} 条记录待上传，已安全保存`);
const waitingEn = (waiting: number): string => (waiting === 0 ? '' : `; ${records(waiting)} queued, safely stored`);
const becauseZh = (why: Text | undefined): string => (why === undefined ? '' : `（${why.zh}）`);
const becauseEn = (why: Text | undefined): string => (why === undefined ? '' : ` (${why.en})`);
const records = (count: number): string => `${count} ${count === 1 ? 'record' : 'records'}`;

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

/** Of a sender to the intake, for the installer; the sender's own answer is in `problemText`. */
const REFUSED: Partial<Readonly<Record<RefusedFor, { readonly why: Text; readonly todo: Text }>>> = {
  unauthorized: {
    why: both('令牌不对', 'wrong token'),
    todo: both(
      '核对管理系统里填的令牌；对不上就在调试向导的缴费接口一步换一个，两边填一样的',
      'compare the token entered in the management system; if in doubt, set a new one in the payment step of the wizard and enter the same there',
    ),
  },
  noToken: {
    why: both('没有带令牌', 'no token'),
    todo: both(
      '让厂家在请求头里加 Authorization: Bearer 和令牌',
      'have the vendor send the header Authorization: Bearer with the token',
    ),
  },
  notFound: {
    why: both('路径不对', 'wrong path'),
    todo: both('缴费消息的路径是 /api/v1/grants', 'payments go to the path /api/v1/grants'),
  },
  plainHttp: {
    why: both('向 https 的端口发了 http', 'plain HTTP to the TLS port'),
    todo: both('地址改成 https:// 开头，或改用 http 的端口', 'write https:// in the address, or use the plain port'),
  },
  tlsAtPlain: {
    why: both('向 http 的端口发了 https', 'TLS to the plain port'),
    todo: both('地址改成 http:// 开头，或改用 https 的端口', 'write http:// in the address, or use the TLS port'),
  },
};

export function refusedSenderText(code: RefusedFor): { readonly why: Text; readonly todo: Text } {
  const answer = (problemText as Partial<Record<RefusedFor, { readonly title: Text; readonly detail: Text }>>)[code];
  return (
    REFUSED[code] ?? {
      why: answer?.title ?? both(code, code),
      todo: answer?.detail ?? both('见日志', 'see the log'),
    }
  );
}

const diskTodo = (why: keyof typeof STALLED_TEXT): Text =>
  why === 'full' ? both('请释放空间', 'free space') : both('请检查存储卡', 'check the card');

export const overviewText = {
  allWell: both('一切正常', 'All is well'),
  noConfig: both('没有可用的配置，车道没有监视', 'There is no usable configuration: no lane is watched'),
  nothingYet: both('新设备，还没有配置', 'A new box: nothing is configured yet'),
  changing: both('正在启用配置', 'Applying the configuration'),
  configBroken: (faults: number): Text =>
    both(
      `配置文件有 ${faults} 处错误，上一次可用的配置仍然生效`,
      `The configuration has ${faults} ${faults === 1 ? 'fault' : 'faults'}: the last good one is in force`,
    ),
  configReverted: both(
    '新配置没有生效，原来的配置仍在使用',
    'The new configuration is not in force: the previous one is',
  ),
  configTrial: both(
    '新配置试用中，请确认保留，否则自动恢复',
    'A new configuration is on trial: keep it, or it reverts',
  ),
  alarm: (lane: string, text: Text): Text => both(`${lane}：${text.zh}`, `${lane}: ${text.en}`),
  degraded: (lane: string, roles: readonly string[]): Text =>
    both(
      `${lane}：信号不可靠（${roles.map((role) => roleText(role).zh).join('、')}）`,
      `${lane}: unreliable signals (${roles.map((role) => roleText(role).en).join(', ')})`,
    ),
  maintenance: (lane: string): Text =>
    both(`${lane}：维护中，异常放行只记录不上报`, `${lane}: in maintenance, releases are recorded but not reported`),
  unproven: (id: string, codes: readonly string[]): Text => {
    const { zh, en } = unprovenWords(codes);
    return both(`${id} 照常读取，但未能确认：${zh}`, `${id} is read, and not proven: ${en}`);
  },
  down: (id: string, forMs: number, fault: Text | undefined, port?: string): Text => {
    const time = durationText(forMs);
    // The fault names the port itself.
    const at = port === undefined || fault?.en.includes(port) ? both('', '') : both(`（${port}）`, ` (${port})`);
    return both(
      `${id}${at.zh} 已断开 ${time.zh}${becauseZh(fault)}`,
      `${id}${at.en} has been down for ${time.en}${becauseEn(fault)}`,
    );
  },
  refused: (waiting: number, why: Text | undefined): Text =>
    both(
      `平台拒绝接收${becauseZh(why)}${waitingZh(waiting)}`,
      `The platform refuses uploads${becauseEn(why)}${waitingEn(waiting)}`,
    ),
  paused: (waiting: number): Text =>
    both(`上传已由人工暂停${waitingZh(waiting)}`, `Uploads paused${waitingEn(waiting)}`),
  offline: (waiting: number, forMs: number, why: Text | undefined): Text => {
    const time = durationText(forMs);
    return both(
      `平台 ${time.zh}未连通${becauseZh(why)}${waitingZh(waiting)}`,
      `Platform unreachable for ${time.en}${becauseEn(why)}${waitingEn(waiting)}`,
    );
  },
  destinationFails: (name: string, waiting: number, why: Text | undefined): Text =>
    both(
      `去向 ${name} 发不出去${becauseZh(why)}${waitingZh(waiting)}`,
      `Destination ${name} fails${becauseEn(why)}${waitingEn(waiting)}`,
    ),
  destinationStopped: (name: string, why: Text | undefined): Text =>
    both(`去向 ${name} 不再接收${becauseZh(why)}`, `Destination ${name} wants nothing more${becauseEn(why)}`),
  destinationPaused: (name: string): Text => both(`去向 ${name} 已由人工暂停`, `Destination ${name} paused`),
  parked: (count: number): Text => both(`${count} 条记录被平台拒收`, `The platform refused ${records(count)}`),
  held: (count: number): Text =>
    both(`${count} 条记录联调待确认`, `${records(count)} held: the platform answered with a hint`),
  review: (count: number): Text => both(`${count} 条放行待复核`, `${records(count)} for review`),
  intakeDown: (key: string, address: string, forMs: number, why: string): Text => {
    const time = durationText(forMs);
    return both(
      `${address} 收不到缴费消息：无法监听（${why}），已 ${time.zh}；其间凭“没有缴费”的判断改为待复核，请停掉占用该端口的程序或改 ${key}`,
      `Paid exits cannot be received at ${address}: it cannot be opened (${why}), for ${time.en}. Meanwhile verdicts that rest on a missing payment go to review. Stop the program that has this port, or change ${key}`,
    );
  },
  channelDown: (id: string, forMs: number): Text => {
    const time = durationText(forMs);
    return both(
      `缴费消息通道 ${id} 已断开 ${time.zh}，其间的缴费收不到`,
      `The intake channel ${id} has been down for ${time.en}: payments cannot arrive over it`,
    );
  },
  senderClock: (sender: string, offsetMs: number): Text => {
    const off = durationText(Math.abs(offsetMs));
    return both(
      `${sender} 的时钟${offsetMs > 0 ? '慢' : '快'} ${off.zh}，缴费照常计入`,
      `The clock of ${sender} is ${off.en} ${offsetMs > 0 ? 'slow' : 'fast'}: its payments count all the same`,
    );
  },
  smallSums: (sender: string): Text =>
    both(
      `${sender} 送来的金额全都不到 1 元：单位可能弄错了（金额以分计，15 元写 1500）`,
      `All sums of ${sender} are under ¥1: perhaps yuan are sent as fen or the reverse (sums are in fen, 1500 is ¥15)`,
    ),
  expired: (count: number): Text =>
    both(
      `最近一小时有 ${count} 条缴费消息收到时已过期，没有放行任何车`,
      `${count} ${count === 1 ? 'payment' : 'payments'} had expired on arrival in the last hour and covered no car`,
    ),
  refusedSender: (
    { from, holder, why, todo, count }: { from: string; holder?: string; why: Text; todo: Text; count: number },
    sinceMs: number,
  ): Text => {
    const who = holder === undefined ? from : `${holder}（${from}）`;
    const whoEn = holder === undefined ? from : `${holder} (${from})`;
    const since = durationText(sinceMs);
    return both(
      `拒收了 ${who} 送来的缴费消息：${why.zh}。从 ${since.zh}前起 ${count} 次。${todo.zh}`,
      `Payment messages from ${whoEn} were refused: ${why.en}. ${count} ${count === 1 ? 'time' : 'times'} since ${since.en} ago. ${todo.en}`,
    );
  },
  clockUnknown: both('本机时间未校准', 'The clock of this box is not synchronised'),
  stalled: (why: keyof typeof STALLED_TEXT, unkept?: { records: number; delivered: number }): Text => {
    const text = STALLED_TEXT[why];
    const inMemory =
      unkept === undefined
        ? both('', '')
        : both(
            `；${unkept.records} 条记录只在内存中，从内存上传，已送达 ${unkept.delivered} 条`,
            `. ${records(unkept.records)} in memory only, sent from there: ${unkept.delivered} delivered`,
          );
    const todo = diskTodo(why);
    return both(
      `无法写入：${text.zh}${inMemory.zh}；新数据暂存内存，断电会丢失，${todo.zh}`,
      `Cannot write: ${text.en}${inMemory.en}. New data is in memory only and would be lost in a power cut: ${todo.en}`,
    );
  },
  waitsForDisk: (why: keyof typeof STALLED_TEXT): Text => {
    const [text, todo] = [STALLED_TEXT[why], diskTodo(why)];
    return both(
      `${text.zh}，打不开数据库：车道没有监视，这段时间计为缺口；${todo.zh}，之后自动恢复`,
      `The store cannot be opened: ${text.en}. No lane is watched, which counts as a gap: ${todo.en}; the rest follows by itself`,
    );
  },
  damaged: ({ agoMs, saved }: Damage): Text => {
    const ago = durationText(agoMs);
    const found = saved === undefined ? both('正在找回记录', 'its records are being recovered') : savedText(saved);
    return both(
      `数据库 ${ago.zh}前损坏，已启用新库：${found.zh}；存储卡可能正在失效，建议更换`,
      `The database was damaged ${ago.en} ago and a new one was started: ${found.en}. The card may be failing: replace it`,
    );
  },
  diskDays: (days: number): Text => both(`磁盘约 ${days} 天后写满`, `The disk is full in about ${days} days`),
} as const;

/** An event besides the edges, in a word; undefined for events of no interest there. */
export function eventText(event: LaneEvent): Text | undefined {
  switch (event.kind) {
    case 'plate':
      return both(`车牌 ${event.plate.text}`, `plate ${event.plate.text}`);
    case 'grant':
      return both(`放行凭证 ${event.grant.plate ?? ''}`.trim(), `paid exit ${event.grant.plate ?? ''}`.trim());
    case 'tick':
      if (event.witness !== undefined) return witnessText(event.witness);
      return event.aside && both(`不是车牌的文字 ${event.aside.text}`, `no plate: ${event.aside.text}`);
    case 'mode': {
      const on = event.on ? both('开始', 'on') : both('结束', 'off');
      const name = {
        maintenance: both('维护', 'maintenance'),
        keepOpen: both('常开', 'kept open'),
        freePassage: both('免费时段', 'free passage'),
      };
      return both(`${name[event.mode].zh}${on.zh}`, `${name[event.mode].en} ${on.en}`);
    }
    case 'start':
      return both('程序启动', 'program start');
    default:
      return undefined;
  }
}
