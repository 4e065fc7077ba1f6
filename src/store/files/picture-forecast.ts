/** How long the disk can keep pictures at the pace of the last ones, and which day is lost first. Pure. */
import type { Room } from '../types.ts';

const DAY_MS = 86_400_000;
/** Free space below this is the reserve, which pictures may not use. */
export const RESERVE_BYTES = 40_000_000;

export interface PictureForecast {
  /** So many days fit. */
  readonly days: number;
  /** Absent: all days stay as long as they should. */
  readonly lost?: { readonly dayWallMs: number; readonly fromWallMs: number };
}

/** undefined: there is less than a day to judge by. */
export function pictureForecast(
  { freeBytes, framesBytes, bytesPerDay, oldestWallMs }: Omit<Room, 'wear' | 'damage'>,
  { framesMaxBytes, keepFramesMs }: { readonly framesMaxBytes: number; readonly keepFramesMs: number },
  nowWallMs: number,
): PictureForecast | undefined {
  if (bytesPerDay === undefined || bytesPerDay <= 0 || oldestWallMs === undefined) return undefined;
  if (nowWallMs - oldestWallMs < DAY_MS) return undefined;
  const room = Math.min(framesMaxBytes, framesBytes + Math.max(0, freeBytes - RESERVE_BYTES));
  const days = room / bytesPerDay;
  if (days * DAY_MS >= keepFramesMs) return { days };
  const fromWallMs = nowWallMs + (Math.max(0, room - framesBytes) / bytesPerDay) * DAY_MS;
  return { days, lost: { dayWallMs: Math.max(oldestWallMs, fromWallMs - keepFramesMs), fromWallMs } };
}
