/** Updates by page, as an interface that `src/box` implements. */
import type { Text } from '../text/text.ts';
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
