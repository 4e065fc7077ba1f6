/** An update given by page, as an interface: `src/host` answers it. */
import type { Text } from '../text/text.ts';
import type { Job } from './api/api-setup.ts';

export interface UpdateControl {
  /** Why none can be given here, and what to do instead; undefined: it can. */
  cannot(): Text | undefined;
  /** The last one: what the box's own units make of it, whatever became of this program meanwhile. undefined: nothing is known of one. */
  job(): Job | undefined;
  /**
   * Checks the signature that the package at `path` carries and hands it on; the file is gone afterwards. Throws Problem: unavailable, busy, invalid.
   */
  leave(path: string): Promise<{ readonly sha256: string }>;
}
