/** A time as the log, the commands and the sheets of evidence write it, in both languages. */

/** All sites use Beijing time; the offset shows it. */
const BEIJING_OFFSET_MS = 8 * 3_600_000;

/** `2026-11-24T20:01:02.345+08:00` */
export function beijingTime(wallMs: number): string {
  return `${new Date(wallMs + BEIJING_OFFSET_MS).toISOString().slice(0, -1)}+08:00`;
}
