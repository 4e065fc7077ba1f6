/** A roster of weekdays and hours as shifts. Days and hours are Beijing's. Pure. */
import { BEIJING_OFFSET_MS } from '../../written-time.ts';

export const ROSTER_DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const;
export type RosterDay = (typeof ROSTER_DAYS)[number];

export interface RosterEntry {
  readonly operator: string;
  readonly lanes: readonly string[];
  /** `holiday`: on the days of `Roster.holidays`, when nothing else holds. */
  readonly days: readonly RosterDay[];
  /** Minutes since midnight; an end that is not behind the beginning is of the next day. */
  readonly fromMinutes: number;
  readonly toMinutes: number;
}

export interface Roster {
  readonly entries: readonly RosterEntry[];
  /** `2026-10-01` */
  readonly holidays: readonly string[];
}

export interface RosterShift {
  readonly key: string;
  readonly operator: string;
  readonly lanes: readonly string[];
  readonly fromWallMs: number;
  readonly toWallMs: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Those that hold at this moment. */
export function rosterAt({ entries, holidays }: Roster, wallMs: number): readonly RosterShift[] {
  const today = Math.floor((wallMs + BEIJING_OFFSET_MS) / DAY_MS);
  return [today - 1, today].flatMap((day) => {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    // 1970-01-01 was a Thursday.
    const kind = holidays.includes(date) ? 'holiday' : ROSTER_DAYS[(day + 3) % 7];
    return entries
      .filter(({ days }) => days.some((each) => each === kind))
      .map(({ operator, lanes, fromMinutes, toMinutes }) => {
        const beginMs = day * DAY_MS - BEIJING_OFFSET_MS;
        const fromWallMs = beginMs + fromMinutes * MINUTE_MS;
        const toWallMs = beginMs + toMinutes * MINUTE_MS + (toMinutes <= fromMinutes ? DAY_MS : 0);
        return { key: `roster:${operator}:${fromWallMs}:${lanes.join(',')}`, operator, lanes, fromWallMs, toWallMs };
      })
      .filter(({ fromWallMs, toWallMs }) => fromWallMs <= wallMs && wallMs < toWallMs);
  });
}
