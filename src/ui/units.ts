/** Sizes and times for people. */

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `1.2 GB`, in powers of 1000 as disks are sold. */
export function bytes(count: number): string {
  let value = Math.max(0, count);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

/** Of a time that comes: what comes within the second comes in a second. */
export const aheadMs = (ms: number): number => Math.max(1_000, ms);
