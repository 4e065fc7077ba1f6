/** A record's `reason`: first the fact that whoever audits it needs, then what was seen. Both languages; Chinese first. */

import type { Release } from '../lane/types.ts';
import type { RecordFacts } from '../store/record-types.ts';
import { reasonText } from '../text/lanes/lane.ts';
import { ended as endedText, quiet, signedOnText, stay } from '../text/lanes/record-reason.made.ts';
import { joined, type Text } from '../text/text.ts';
import { BEIJING_OFFSET_MS } from '../written-time.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
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
    ...(ended === undefined ? [] : [endedText(clock(ended, wallMs), car?.carDesc)]),
    ...(entry === undefined || !entry.unpaid || isCovered(car?.carType, ended)
      ? []
      : [stayText(wallMs - entry.wallMs)]),
    ...(quietMs === undefined ? [] : [quiet(Math.floor(quietMs / MINUTE_MS), direction === 'entry')]),
    ...(signedOnBy === undefined ? [] : [signedOnText(signedOnBy)]),
  ];
}

/** A season ticket or a free car that is valid owes nothing for its stay. */
const isCovered = (carType: string | undefined, ended: number | undefined): boolean =>
  ended === undefined && ['2', '3', '4'].includes(carType ?? '');

function stayText(forMs: number): Text {
  const minutes = Math.max(0, Math.floor(forMs / MINUTE_MS));
  return stay(Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60, minutes === 0);
}

/** `09:59`, on another day with the day; midnight is the end of the day before. */
function clock(wallMs: number, nowMs: number): string {
  const day = (ms: number) => Math.floor((ms + BEIJING_OFFSET_MS) / DAY_MS);
  const text = new Date(wallMs + BEIJING_OFFSET_MS).toISOString();
  if (text.slice(11, 16) === '00:00') return new Date(wallMs + BEIJING_OFFSET_MS - 1).toISOString().slice(5, 10);
  return day(wallMs) === day(nowMs) ? text.slice(11, 16) : text.slice(5, 16).replace('T', ' ');
}
