/** Texts of the chain and of what is proven by it, in Chinese and English. */

import type { ChainFault } from '../store/chain/chain-fault.ts';
import * as table from '../text/evidence.made.ts';
import { CHAIN_FAULTS } from '../text/evidence.made.ts';
import { beijingTime, ofKind, type Text } from '../text/text.ts';
import type { BundleFault } from './bundle-check.ts';

/** Which row of the chain says so, and since when. */
const saidAt = ({ seq, wallMs }: { readonly seq?: number; readonly wallMs?: number }): string | undefined =>
  seq === undefined || wallMs === undefined ? seq?.toString() : `${seq}, ${beijingTime(wallMs)}`;

export const verifyText = {
  ...table.verifyText,
  fault: (fault: ChainFault): Text =>
    ofKind<ChainFault>(CHAIN_FAULTS, {
      ...fault,
      ...('first' in fault && { single: fault.first === fault.last }),
      ...(fault.kind === 'row' && { said: saidAt(fault) }),
    }),
} as const;

export const bundleText = {
  ...table.bundleText,
  fault: ({ what, file = '', seq }: BundleFault): Text => table.bundleText.fault(`${file} ${seq ?? ''}`.trim(), what),
} as const;
