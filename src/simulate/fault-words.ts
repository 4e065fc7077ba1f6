/** Faults as words of a command line: `late=5%`, `unplug@30s:10s`. It switches nothing. */

import { UsageError } from '../cli/arguments.ts';
import { FAULTS, type FaultName, isFault } from '../sim/faults.ts';
import { simulateText } from '../text/commands/simulate.ts';

export interface PlannedFault {
  readonly name: FaultName;
  /** 0…1 */
  readonly share: number;
  /** After the start. */
  readonly fromMs: number;
  /** undefined: to the end. */
  readonly forMs?: number;
}

const UNITS_MS = { ms: 1, s: 1_000, min: 60_000 } as const;
const WORD = /^([a-z0-9-]+)(?:=(\d+(?:\.\d+)?)%)?(?:@(\d+)(ms|s|min)(?::(\d+)(ms|s|min))?)?$/;

/** Throws UsageError. */
export function plannedFault(text: string): PlannedFault {
  const [, name = '', percent, from, fromUnit, lasts, lastsUnit] = WORD.exec(text) ?? [];
  const share = percent === undefined ? 1 : Number(percent) / 100;
  if (!isFault(name) || share > 1) throw new UsageError('option', simulateText.badFault(text, FAULTS));
  const inMs = (amount: string | undefined, unit: string | undefined): number =>
    Number(amount ?? 0) * UNITS_MS[(unit ?? 'ms') as keyof typeof UNITS_MS];
  return {
    ...{ name, share, fromMs: inMs(from, fromUnit) },
    ...(lasts !== undefined && { forMs: inMs(lasts, lastsUnit) }),
  };
}
