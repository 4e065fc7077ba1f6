/** Texts about platform profiles: faults and what to write instead. Both languages; Chinese first. */
import type { FaultText } from '../config.ts';
import { joined, plain } from '../text.ts';
import * as table from './platform-profile.made.ts';

export const platformProfileText = {
  ...table.platformProfileText,
  badUnit: (units: readonly string[]): FaultText =>
    table.platformProfileText.badUnit(units.length === 0 ? undefined : joined(units.map(plain), ' 或 ', ' or ')),
};
