/** A record's `reason`: first the fact that whoever audits it needs, then what was seen. Both languages; Chinese first. */
import type { Release } from '../../lane/types.ts';
import type { RecordFacts } from '../../store/record-types.ts';
import { joined, type Text } from '../text.ts';
import { reasonText } from './lane.ts';
import { signedOnText } from './record-reason.made.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BEIJING_OFFSET_MS = 8 * 3_600_000;

export function recordReason(
  release: Pick<Release, 'facts' | 'desc' | 'direction' | 'plate'>,
  wallMs: number,
  known: RecordFacts | undefined,
): Text {
  const seen = reasonText(release);
  const all = [...leads(release, wallMs, known), seen].filter(({ zh }) => zh !== '');
  return joined(all);
}

function leads(
  { direction, plate }: Pick<Release, 'direction' | 'plate'>,
  wallMs: number,
  { car, entry, quietMs, signedOnBy }: RecordFacts = {},
): readonly Text[] {
  const isHis = car !== undefined && car.plate === plate?.text;
  const ended = isHis ? car.endedWallMs : undefined;
  return [
    ...(ended === undefined ? [] : [endedText(car?.carDesc, ended, wallMs)]),
    ...(entry === undefined || !entry.unpaid || isCovered(car?.carType, ended)
      ? []
      : [stayText(wallMs - entry.wallMs)]),
    ...(quietMs === undefined ? [] : [quietText(quietMs, direction)]),
    ...(signedOnBy === undefined ? [] : [signedOnText(signedOnBy)]),
  ];
}

/** A season ticket or a free car that is valid owes nothing for its stay. */
const isCovered = (carType: string | undefined, ended: number | undefined): boolean =>
  ended === undefined && ['2', '3', '4'].includes(carType ?? '');

function endedText(name: string | undefined, endedWallMs: number, wallMs: number): Text {
  const at = clock(endedWallMs, wallMs);
  return { zh: `${name ?? '月卡'} 已于 ${at} 到期`, en: `${name ?? 'season ticket'} ended at ${at}` };
}

function stayText(forMs: number): Text {
  const minutes = Math.max(0, Math.floor(forMs / MINUTE_MS));
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  const zh = [
    [days, '天'],
    [hours, '小时'],
    [rest, '分'],
  ].filter(([count]) => count !== 0);
  const en = [
    [days, 'd'],
    [hours, 'h'],
    [rest, 'min'],
  ].filter(([count]) => count !== 0);
  const said = (parts: (string | number)[][], none: string) => parts.map((part) => part.join(' ')).join(' ') || none;
  return { zh: `入场 ${said(zh, '0 分')}，未缴费`, en: `in for ${said(en, '0 min')}, not paid` };
}

function quietText(forMs: number, direction: Release['direction']): Text {
  const minutes = Math.floor(forMs / MINUTE_MS);
  return direction === 'entry'
    ? { zh: `入场记录已 ${minutes} 分钟没有来过`, en: `no entry record for ${minutes} min` }
    : { zh: `缴费消息已 ${minutes} 分钟没有来过`, en: `no payment message for ${minutes} min` };
}

/** `09:59`, on another day with the day; midnight is the end of the day before. */
function clock(wallMs: number, nowMs: number): string {
  const day = (ms: number) => Math.floor((ms + BEIJING_OFFSET_MS) / DAY_MS);
  const text = new Date(wallMs + BEIJING_OFFSET_MS).toISOString();
  if (text.slice(11, 16) === '00:00') return new Date(wallMs + BEIJING_OFFSET_MS - 1).toISOString().slice(5, 10);
  return day(wallMs) === day(nowMs) ? text.slice(11, 16) : text.slice(5, 16).replace('T', ' ');
}
