/** What the page asks of a field before it sends it, and the box of what arrives. */

import type { MarkKind } from './api-duty.ts';

export const MARKS = ['checked', 'wrong', 'owed', 'recovered', 'open', 'answer'] as const satisfies readonly MarkKind[];
/** Six digits. */
export const PIN_FORM = /^\d{6}$/;
export const PASSPHRASE_MIN = 8;
