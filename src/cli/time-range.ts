/** Times on a command line: `--last 1h`, `--day today`, `--from … --until …`. Every command that takes times reads them here. */
import { beginOf, DAY_MS, dayOf } from '../account/days.ts';
import { dayNamed } from '../account/read-sheet.ts';
import { parseDuration } from '../config/units.ts';
import { rangeText } from '../text/commands/time-range.made.ts';
import { joined, plain } from '../text/text.ts';
import { UsageError } from './arguments.ts';
import type { CommandOption } from './command.ts';

export const RANGE_OPTIONS = {
  last: { type: 'string', value: 'TIME', offers: ['1h', '24h', '7d'], help: rangeText.last },
  day: { type: 'string', short: 'd', value: 'DAY', offers: ['today', 'yesterday'], help: rangeText.day },
  from: { type: 'string', value: 'TIME', offers: ['today', 'yesterday'], help: rangeText.from },
  // `--to` is the destination.
  until: { type: 'string', value: 'TIME', formerly: ['to'], offers: ['today', 'now'], help: rangeText.until },
} as const satisfies Readonly<Record<string, CommandOption>>;

/** From this moment and before that one. */
export interface TimeRange {
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

const OPEN_END_MS = Number.MAX_SAFE_INTEGER;

type Values = Readonly<Record<string, unknown>>;

/** undefined: no time was given. A missing end or beginning is open: a clock may have been wrong. Throws UsageError. */
export function timeRange(values: Values, nowWallMs: number): TimeRange | undefined {
  const { last, day, from, until } = values as Partial<Record<keyof typeof RANGE_OPTIONS, string>>;
  const given = [last !== undefined && '--last', day !== undefined && '--day'].filter((each) => each !== false);
  const ends = [from !== undefined && '--from', until !== undefined && '--until'].filter((each) => each !== false);
  const apart = [...given, ...(given.length > 0 ? ends : [])];
  if (apart.length > 1) throw new UsageError('option', rangeText.tooMany(joined(apart.map(plain), ' 和 ', ' and ')));
  if (last !== undefined) return { fromWallMs: nowWallMs - lastMs(last), toWallMs: nowWallMs };
  if (day !== undefined) {
    const beginMs = beginOf(dayAsked(day, nowWallMs));
    return { fromWallMs: beginMs, toWallMs: beginMs + DAY_MS };
  }
  if (from === undefined && until === undefined) return undefined;
  const range = {
    fromWallMs: from === undefined ? 0 : timeOf('from', from, nowWallMs),
    toWallMs: until === undefined ? OPEN_END_MS : timeOf('until', until, nowWallMs),
  };
  if (range.toWallMs <= range.fromWallMs) throw new UsageError('option', rangeText.backwards);
  return range;
}

/** For a command that works on a stretch of time only. Throws UsageError without a beginning. */
export function neededRange(values: Values, nowWallMs: number): TimeRange {
  const range = timeRange(values, nowWallMs);
  if (range === undefined || range.fromWallMs === 0) throw new UsageError('option', rangeText.needed);
  return range;
}

/** The days it touches up to today, oldest first; of `--last 7d` the seven that end today. */
export function daysOf(values: Values, nowWallMs: number): readonly string[] {
  const { fromWallMs, toWallMs } = neededRange(values, nowWallMs);
  const isWholeDays = values.last !== undefined && (toWallMs - fromWallMs) % DAY_MS === 0;
  const days: string[] = [];
  for (
    let atMs = beginOf(dayOf(fromWallMs)) + (isWholeDays ? DAY_MS : 0);
    atMs < Math.min(toWallMs, nowWallMs);
    atMs += DAY_MS
  )
    days.push(dayOf(atMs));
  return days;
}

function dayAsked(word: string, nowWallMs: number): string {
  const day = dayNamed(word, dayOf(nowWallMs));
  if (day === undefined) throw new UsageError('option', rangeText.badDay(word));
  return day;
}

function lastMs(text: string): number {
  if (text === 'today' || text === 'yesterday') throw new UsageError('option', rangeText.lastIsDay(text));
  // A bare number would be milliseconds, which nobody means here.
  const ms = /[a-z]$/i.test(text) ? durationOf(text) : 0;
  if (ms <= 0) throw new UsageError('option', rangeText.badLast(text));
  return ms;
}

function durationOf(text: string): number {
  try {
    return parseDuration(text);
  } catch {
    return 0;
  }
}

/** A time of day is today's; without a zone it is Beijing's. */
function timeOf(option: 'from' | 'until', text: string, nowWallMs: number): number {
  const today = dayOf(nowWallMs);
  if (text === 'now') return nowWallMs;
  const bare = dayNamed(text, today);
  // A day is named whole: until a day is until its end.
  if (bare !== undefined) return beginOf(bare) + (option === 'until' ? DAY_MS : 0);
  const [, date, time, zone] =
    /^(?:(\d{4}-\d\d-\d\d)[T ])?(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/i.exec(text) ?? [];
  const day = date === undefined ? today : dayNamed(date, today);
  const wallMs = day === undefined || time === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone ?? '+08:00'}`);
  if (Number.isNaN(wallMs)) throw new UsageError('option', rangeText.badTime(option, text));
  return wallMs;
}
