/** Faults as words of a command line: `late=5%`, `unplug@30s:10s`. It switches nothing. */

import { UsageError } from '../cli/arguments.ts';
import { parseDuration } from '../config/units.ts';
import { FAULTS, type FaultName, isFault } from '../sim/faults.ts';
import { simulateText } from '../text/commands/simulate.made.ts';

export interface PlannedFault {
  readonly name: FaultName;
  /** 0…1 */
  readonly share: number;
  /** After the start. */
  readonly fromMs: number;
  /** undefined: to the end. */
  readonly forMs?: number;
}

const WORD = /^([a-z0-9-]+)(?:=(\d+(?:\.\d+)?)%)?(?:@(\d+(?:ms|s|min))(?::(\d+(?:ms|s|min)))?)?$/;

/** Throws UsageError. */
export function plannedFault(text: string): PlannedFault {
  const [, name = '', percent, from = 0, lasts] = WORD.exec(text) ?? [];
  const share = percent === undefined ? 1 : Number(percent) / 100;
  if (!isFault(name) || share > 1) throw new UsageError('option', simulateText.badFault(text, FAULTS.join(' ')));
  return { name, share, fromMs: parseDuration(from), ...(lasts !== undefined && { forMs: parseDuration(lasts) }) };
}
