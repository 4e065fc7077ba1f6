/** Events as one line each, where they are worth one: for the log of `run` and the terminal of the demonstration. It words others' decisions. */
import type { AppEvent } from '../app/events.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import type { Fact, LaneEffect, LaneEvent, Release, Role, TurnedOut } from '../lane/types.ts';
import type { StoreNotice } from '../store/notice.ts';
import * as table from './app.made.ts';
import { witnessText } from './camera.ts';
import { receiptText } from './cloud.ts';
import { faultText, healthText, noticeText, recoveredText } from './fault.ts';
import { intakeLog } from './intake.ts';
import { alarmText, descText, factText, noteText, reasonText } from './lanes/lane.ts';
import { earnedText } from './lanes/reporting.ts';
import { storeNoticeText } from './store.ts';
import { joined, type Text } from './text.ts';

export { demoPageText, neighboursUnheard, runText } from './app.made.ts';

export interface EventLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** The lane's name. */
  readonly lane?: string;
  readonly plate?: string;
  /** Further plates in `what` and `why`. */
  readonly plates?: readonly string[];
  readonly what: Text;
  readonly why?: Text;
  readonly ids: {
    readonly lane?: string;
    readonly device?: string;
    readonly release?: string;
    readonly seqno?: string;
  };
}

const plain = (zh: string, en: string): Text => ({ zh, en });

/** Visible edges; edges of loops are too frequent for the log. */
const EDGES: Readonly<Partial<Record<Role, { readonly on?: Text; readonly off?: Text }>>> = table.EDGES;

const GOOD_NEWS: ReadonlySet<StoreNotice['kind']> = new Set([
  'recovered',
  'swept',
  'migrated',
  'salvaged',
  'corrected',
]);

/** undefined: not worth a line. */
export function eventLine(event: AppEvent): EventLine | undefined {
  switch (event.kind) {
    case 'event':
      return laneEventLine(event.lane, event.event);
    case 'effect':
      return effectLine(event.lane, event.effect);
    case 'receipt':
      return receiptLine(event);
    case 'fault':
      return {
        level: 'warn',
        what: faultText(
          subjectName(event.subject),
          event.error,
          event.count,
          event.subject.lineId === 'camera' ? 'camera' : 'wire',
        ),
        ids: subjectIds(event.subject),
      };
    case 'recovered':
      return {
        level: 'info',
        what: recoveredText(subjectName(event.subject), event.count, event.forMs),
        ids: subjectIds(event.subject),
      };
    case 'notice':
      return {
        level: event.notice.kind === 'unproven' && event.notice.what.length === 0 ? 'info' : 'warn',
        what: noticeText(subjectName(event.subject), event.notice),
        ids: subjectIds(event.subject),
      };
    case 'health':
      return { level: 'debug', what: healthText(event.health), ids: { device: event.health.lineId } };
    case 'camera': {
      const known = event.error instanceof LinkError || event.error instanceof ProtocolError;
      const what = known
        ? faultText(event.camera, event.error as LinkError, 1, 'camera')
        : plain(`摄像机 ${event.camera} 抓拍失败：${event.error}`, `camera ${event.camera}: ${event.error}`);
      return { level: 'warn', lane: event.lane.name, what, ids: { lane: event.lane.id } };
    }
    case 'intake':
      return {
        level: 'error',
        what: intakeLog.cannotListen(event.fault.address, event.fault.why),
        ids: {},
      };
    case 'notJournalled': {
      const what = plain(
        '存储跟不上，这一事件没有写入日志，重放时看不到',
        'the store cannot keep up: this event is not journalled, a replay will not see it',
      );
      return { level: 'error', lane: event.lane.name, what, ids: { lane: event.lane.id } };
    }
    case 'nextSecret': {
      const what = plain(
        '平台已改用新密钥（cloud.nextSecret）：请把 cloud.appSecret 换成新值，删掉 nextSecret',
        'the platform accepts the new secret (cloud.nextSecret): give cloud.appSecret its value, and remove nextSecret',
      );
      return { level: 'warn', what, ids: {} };
    }
    case 'reporting': {
      const { zh, en } = earnedText(event.earned);
      const what = plain(`开始上报“没有缴费”：${zh}`, `reports “nobody paid” from now on: ${en}`);
      return { level: 'info', lane: event.laneId, what, ids: { lane: event.laneId } };
    }
    case 'record':
    case 'flooded':
    case 'latePoll':
    case 'picture':
    case 'received':
      return undefined;
    case 'store':
      return {
        level: GOOD_NEWS.has(event.notice.kind) ? 'info' : 'warn',
        what: storeNoticeText(event.notice),
        ids: {},
      };
  }
}

function receiptLine({ record, receipt }: Extract<AppEvent, { kind: 'receipt' }>): EventLine {
  const ids = { lane: record.laneId, release: record.serial };
  return {
    level: receipt.kind === 'accepted' ? 'info' : 'warn',
    lane: record.gateName,
    ...(record.release.plate && { plate: record.release.plate.text }),
    what: receiptText(receipt),
    ...(receipt.kind === 'accepted' &&
      receipt.seqno !== undefined && { why: plain(`流水号 ${receipt.seqno}`, `seqno ${receipt.seqno}`) }),
    ids: receipt.kind === 'accepted' && receipt.seqno !== undefined ? { ...ids, seqno: receipt.seqno } : ids,
  };
}

type Lane = Extract<AppEvent, { kind: 'event' }>['lane'];

function laneEventLine(lane: Lane, event: LaneEvent): EventLine | undefined {
  const head = { level: 'info', lane: lane.name, ids: { lane: lane.id } } as const;
  switch (event.kind) {
    case 'edge': {
      const what = EDGES[event.role]?.[event.on ? 'on' : 'off'];
      return what && { ...head, level: 'debug', what };
    }
    case 'plate':
      return { ...head, plate: event.plate.text, what: plain('识别到车牌', 'plate read') };
    case 'grant': {
      const isEntry = lane.direction === 'entry';
      const what = isEntry ? plain('收到入场记录', 'entry record received') : plain('收到放行凭证', 'grant received');
      return {
        ...head,
        ...(event.grant.plate !== undefined && { plate: event.grant.plate }),
        what,
        why: plain(event.grant.source, event.grant.source),
      };
    }
    case 'tick': {
      if (event.witness !== undefined) return { ...head, what: witnessText(event.witness) };
      const { text, source } = event.aside ?? {};
      if (text === undefined) return undefined;
      const what = plain('收到的不是车牌，不作依据', 'the text is no plate and is not used');
      return { ...head, level: 'warn', what, why: plain(`${source}：${text}`, `${source}: ${text}`) };
    }
    default:
      return undefined;
  }
}

function withdrawnText(why: TurnedOut, direction: Lane['direction']): Text {
  if (why === 'notASecondVehicle') return plain('撤回：并无第二辆车', 'withdrawn: there was no second vehicle');
  return direction === 'entry'
    ? plain('撤回：入场记录迟到', 'withdrawn: its entry record came after all')
    : plain('撤回：迟到的缴费已到', 'withdrawn: it was paid after all');
}

function effectLine(lane: Lane, effect: LaneEffect): EventLine | undefined {
  const head = { level: 'info', lane: lane.name, ids: { lane: lane.id } } as const;
  switch (effect.kind) {
    case 'release':
      return {
        ...head,
        level: 'warn',
        ...(effect.release.plate && { plate: effect.release.plate.text }),
        plates: platesIn(effect.release.facts),
        what: releaseText(effect.release),
        why: reasonText(effect.release),
      };
    case 'withdraw':
      return {
        ...head,
        plates: platesIn(effect.facts),
        what: withdrawnText(effect.why, lane.direction),
        why: joined(effect.facts.map((fact) => factText(fact, lane.direction))),
      };
    case 'alarm':
      return { ...head, level: effect.on ? 'warn' : 'info', what: alarmText(effect) };
    case 'note':
      // The passage that used it has its own line.
      if (effect.fact.kind === 'grantUsed') return undefined;
      return {
        ...head,
        ...(effect.plate && { plate: effect.plate.text }),
        plates: platesIn([effect.fact]),
        what: noteText(effect, lane.direction),
      };
    default:
      return undefined;
  }
}

function releaseText(release: Release): Text {
  const desc = descText(release.desc);
  if (release.group === 'unproven') return plain(`暂存，不上报：${desc.zh}`, `kept back: ${desc.en}`);
  return release.reported
    ? plain(`异常放行：${desc.zh}`, `unpaid release: ${desc.en}`)
    : plain(`待复核，不上报：${desc.zh}`, `kept for review: ${desc.en}`);
}

type Subject = Extract<AppEvent, { kind: 'fault' }>['subject'];
const subjectName = (subject: Subject): string => subject.deviceId ?? subject.lineId;
const subjectIds = (subject: Subject): EventLine['ids'] => ({ device: subjectName(subject) });

/** Masks the middle of a plate where lines are stored for long. */
const maskedPlate = (plate: string): string =>
  plate.slice(0, 2) + '*'.repeat(Math.max(0, plate.length - 4)) + plate.slice(-2);

/** Fact values that are plates: its own, the granted one, that of the vehicle before. */
const PLATES: ReadonlySet<string> = new Set(['plate', 'granted', 'before']);
const platesIn = (facts: readonly Fact[]): readonly string[] =>
  facts.flatMap((fact) =>
    Object.entries(fact.values ?? {}).flatMap(([key, value]) =>
      PLATES.has(key) && typeof value === 'string' ? [value] : [],
    ),
  );

/** The line as logged, with plates masked. */
export function eventLogText({ plate, plates = [], what, why }: EventLine): Text {
  const head = plate === undefined ? '' : `${maskedPlate(plate)} `;
  const masked = (line: string): string =>
    plates.reduce((text, each) => (each === '' ? text : text.replaceAll(each, maskedPlate(each))), line);
  return plain(
    `${head}${masked(`${what.zh}${why ? `（${why.zh}）` : ''}`)}`,
    `${head}${masked(`${what.en}${why ? ` (${why.en})` : ''}`)}`,
  );
}

export const lockText = {
  running: (
    folder: string,
    holder: { readonly pid: number; readonly command: string; readonly sinceWallMs: number } | undefined,
  ): Text => {
    const since = holder && new Intl.DateTimeFormat('sv-SE', SINCE).format(holder.sinceWallMs);
    return plain(
      `${folder} 正由另一个程序使用${holder ? `：进程 ${holder.pid}（lanewarden ${holder.command}），自 ${since} 起` : ''}；同一个目录只能运行一个。先停掉它（服务：systemctl stop lanewarden），或换一个 store.path`,
      `another program runs on ${folder}${holder ? `: process ${holder.pid} (lanewarden ${holder.command}), since ${since}` : ''}; one folder, one program. Stop it first (the service: systemctl stop lanewarden), or use another store.path`,
    );
  },
  unlocked: (folder: string, why: string): Text =>
    plain(
      `无法锁定 ${folder}（${why}）：照常运行，但不会发现第二个程序`,
      `${folder} cannot be locked (${why}): it runs all the same, and would not notice a second program`,
    ),
};

/** Beijing time, as in the log. */
const SINCE = { dateStyle: 'short', timeStyle: 'medium', timeZone: 'Asia/Shanghai' } as const;

export const demoText = {
  ...table.demoText,
  heads: [plain('时间', 'time'), plain('车道', 'lane'), plain('车牌', 'plate'), plain('发生了什么', 'what happened')],
  shows: (itself: boolean): Text => (itself ? plain('拍到本车', 'of this vehicle') : plain('没拍到本车', 'not of it')),
};
