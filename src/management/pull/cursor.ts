/** How far a system has been read: the texts of its cursor as numbers that can be compared, and back. Pure. */
import { timeText } from '../../delivery/request/values.ts';
import { isoTime } from '../payment.ts';
import type { CursorForm } from '../profile-form.ts';

/** undefined: it is none. A number may have more digits than JavaScript's. */
export function cursorValue({ time }: CursorForm, text: string): bigint | undefined {
  if (time === undefined) return /^-?\d{1,30}$/.test(text) ? BigInt(text) : undefined;
  const iso = isoTime(text, time);
  return iso === undefined ? undefined : BigInt(Date.parse(iso));
}

/** As far as the minute a time says where it belongs; fractions have as many digits as they like. */
const SORTED_DIGITS = 16;

/**
 * Of a column, by which the database sorts and compares: undefined also where it would do so by letters that mean another order, such as `2026/11/3 9:05`.
 */
export function columnValue(form: CursorForm, text: string): bigint | undefined {
  const value = cursorValue(form, text);
  return value !== undefined && text.startsWith(cursorText(form, value).slice(0, SORTED_DIGITS)) ? value : undefined;
}

/** The greatest. */
export const farthest = (...values: readonly bigint[]): bigint =>
  values.reduce((one, other) => {
    if (other > one) return other;
    return one;
  });

/** Where reading begins: this far behind what is known. */
export function overlapped({ time, overlap }: CursorForm, value: bigint): bigint {
  return value - BigInt(time === undefined ? overlap : overlap * 1_000);
}

export function cursorText({ time }: CursorForm, value: bigint): string {
  if (time === undefined) return String(value);
  return time === 'utc'
    ? timeText(Number(value), 'utc').replace('T', ' ').replace('Z', '')
    : timeText(Number(value), time);
}

/** A time ahead of now, of a clock that jumped, does not carry the cursor with it. */
export const bounded = ({ time }: CursorForm, value: bigint, nowWallMs: number): bigint =>
  time !== undefined && value > BigInt(Math.floor(nowWallMs)) ? BigInt(Math.floor(nowWallMs)) : value;
