/** What the units of root do for the page, which has no rights: updates, the clock. As interfaces that `src/box` implements. */
import type { Text } from '../text/text.ts';
import type { ClockView, PhoneTime } from './api/api-clock.ts';
import type { Job } from './api/api-setup.ts';

export interface UpdateControl {
  /** Why updates by page are not possible, and what to do instead; undefined: they are. */
  cannot(): Text | undefined;
  /** The last update as reported by the box's units, also across a restart of this program; undefined: none is known. */
  job(): Job | undefined;
  /**
   * Checks the signature that the package at `path` carries and hands it on; the file is gone afterwards. Throws Problem: unavailable, busy, invalid.
   */
  leave(path: string): Promise<{ readonly sha256: string }>;
}

export interface MachineClock {
  view(): Promise<ClockView>;
  /**
   * Has root set the clock to what the phone of this user says; resolves when that is done, to how far the clock was moved. Throws Problem: invalid,
   * conflict where the time comes from the network, busy, unavailable.
   */
  take(time: PhoneTime, user: string): Promise<{ readonly byMs: number; readonly errorMs: number }>;
}
