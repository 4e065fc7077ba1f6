/** The names of the sources of wall time, and what each vouches for. Pure. */
import type { TimeQuality } from './record-types.ts';

/** The `Date` of an answer over verified TLS. */
export const HTTPS_DATE = 'https';
/** What a person's phone said; their name follows. */
const PHONE = 'phone:';

export const isPhone = (source: string): boolean => source.startsWith(PHONE);
export const phoneOf = (user: string): string => PHONE + user;

export function qualityBy(source: string): TimeQuality {
  if (isPhone(source)) return 'manual';
  return source === HTTPS_DATE ? 'corrected' : 'synced';
}
