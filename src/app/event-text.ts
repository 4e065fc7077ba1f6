/** Events as one line each, where they are worth one: for the log of `run` and the terminal of the demonstration. It words others' decisions. */

import { receiptText } from '../delivery/request/receipt-text.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import type { Fact, LaneEffect, LaneEvent, Release, Role, TurnedOut } from '../lane/types.ts';
import { healthText } from '../line/health-text.ts';
import type { LogIds } from '../log.ts';
import type { StoreNotice } from '../store/notice.ts';
import { storeNoticeText } from '../store/notice-text.ts';
import { EDGES, EVENT, lineText } from '../text/app.made.ts';
import { witnessText } from '../text/camera.ts';
import { maskedPlate } from '../text/destinations/plate-mask.ts';
import { faultText, noticeText, recoveredText } from '../text/fault.ts';
import { intakeLog } from '../text/intake.ts';
import { alarmText, descText, factText, reasonText } from '../text/lanes/lane.ts';
import { reportingText } from '../text/lanes/reporting.ts';
import { joined, plain, type Text } from '../text/text.ts';
import type { AppEvent } from './events.ts';

export interface EventLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** The lane's name. */
  readonly lane?: string;
  readonly plate?: string;
  /** Further plates in `what` and `why`. */
  readonly plates?: readonly string[];
  readonly what: Text;
  readonly why?: Text;
  readonly ids: LogIds;
}

const EDGE: Readonly<Partial<Record<Role, { readonly on?: Text; readonly off?: Text }>>> = EDGES;

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
        what: recoveredText(subjectName(event.subject), event.count, Math.max(1_000, event.forMs)),
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
        : EVENT.cameraFailed(event.camera, String(event.error));
      return { level: 'warn', lane: event.lane.name, what, ids: { lane: event.lane.id } };
    }
    case 'intake':
      return {
        level: 'error',
        what: intakeLog.cannotListen(event.fault.address, event.fault.why),
        ids: {},
      };
    case 'notJournalled':
      return { level: 'error', lane: event.lane.name, what: EVENT.notJournalled, ids: { lane: event.lane.id } };
    case 'nextSecret':
      return { level: 'warn', what: EVENT.nextSecret, ids: {} };
    case 'reporting': {
      const what = EVENT.reporting(reportingText.earned(event.earned));
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
    ...(receipt.kind === 'accepted' && receipt.seqno !== undefined && { why: EVENT.seqno(receipt.seqno) }),
    ids: receipt.kind === 'accepted' && receipt.seqno !== undefined ? { ...ids, seqno: receipt.seqno } : ids,
  };
}

type Lane = Extract<AppEvent, { kind: 'event' }>['lane'];

function laneEventLine(lane: Lane, event: LaneEvent): EventLine | undefined {
  const head = { level: 'info', lane: lane.name, ids: { lane: lane.id } } as const;
  switch (event.kind) {
    case 'edge': {
      const what = EDGE[event.role]?.[event.on ? 'on' : 'off'];
      return what && { ...head, level: 'debug', what };
    }
    case 'plate':
      return { ...head, plate: event.plate.text, what: EVENT.plateRead };
    case 'grant':
      return {
        ...head,
        ...(event.grant.plate !== undefined && { plate: event.grant.plate }),
        what: EVENT.grant[lane.direction === 'entry' ? 'entry' : 'exit'],
        why: plain(event.grant.source),
      };
    case 'tick': {
      if (event.witness !== undefined) return { ...head, what: witnessText(event.witness) };
      const { text, source } = event.aside ?? {};
      if (text === undefined) return undefined;
      return { ...head, level: 'warn', what: EVENT.aside, why: EVENT.asideOf(String(source), text) };
    }
    default:
      return undefined;
  }
}

function withdrawnText(why: TurnedOut, direction: Lane['direction']): Text {
  if (why === 'notASecondVehicle') return EVENT.withdrawn.noSecond;
  return EVENT.withdrawn[direction === 'entry' ? 'entry' : 'exit'];
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
        what: factText(effect.fact, lane.direction),
      };
    default:
      return undefined;
  }
}

function releaseText({ desc, group, reported }: Release): Text {
  if (group === 'unproven') return EVENT.release.unproven(descText(desc));
  return EVENT.release[reported ? 'reported' : 'review'](descText(desc));
}

type Subject = Extract<AppEvent, { kind: 'fault' }>['subject'];
const subjectName = (subject: Subject): string => subject.deviceId ?? subject.lineId;
const subjectIds = (subject: Subject): EventLine['ids'] => ({ device: subjectName(subject) });

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
    head + plates.reduce((text, each) => (each === '' ? text : text.replaceAll(each, maskedPlate(each))), line);
  const { zh, en } = lineText(what, why);
  return { zh: masked(zh), en: masked(en) };
}
