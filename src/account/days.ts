/** Days of the account: Beijing time, which has no summer time. Pure. */
import { BEIJING_OFFSET_MS } from '../written-time.ts';

export const DAY_MS = 86_400_000;

/** `2026-11-25` of a wall time. */
export const dayOf = (wallMs: number): string => new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, 10);

/** 0…23. */
export const hourOf = (wallMs: number): number =>
  Math.floor(((((wallMs + BEIJING_OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS) / 3_600_000);

/** `11-25 08:00` of a wall time. */
export const shiftTime = (wallMs: number): string =>
  new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(5, 16).replace('T', ' ');

/** The wall time at which a day begins. */
export const beginOf = (day: string): number => Date.parse(`${day}T00:00:00Z`) - BEIJING_OFFSET_MS;

/** So many days later, or earlier. */
export const daysAfter = (day: string, count: number): string => dayOf(beginOf(day) + count * DAY_MS);
