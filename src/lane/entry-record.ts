/**
 * Which entry record a release that nobody paid for belongs to: the one that a paid exit told for its plate, without any passage having used
 * it (it ran out, or came for a car going the wrong way). Absent as often as not. It changes nothing.
 */

import type { Read } from './body.ts';
import type { EndedGrant } from './opening.ts';
import { normalPlate } from './plates.ts';
import type { StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

/** Only the exact plate: a misread would put the release on somebody else's stay. The newest telling counts. */
export function entryRecordOf({ state, settings, atMs }: StepContext, plate: Read | null): string | undefined {
  if (plate === null) return undefined;
  const told = ({ plate: of, parkingSerial }: Grant): boolean =>
    parkingSerial !== undefined && of !== undefined && normalPlate(of) === normalPlate(plate.text);
  const open = state.kept.grants.findLast(({ grant, used }) => used === 0 && told(grant));
  if (open !== undefined) return open.grant.parkingSerial;
  // Longer ago it was another stay of the same car.
  const isOfThisStay = (unusedMs: number | null): boolean =>
    unusedMs !== null && atMs - unusedMs <= settings.paidAheadTtlMs;
  const { known } = state.kept;
  for (let index = known.length - 1; index >= 0; index -= 1) {
    const { grant, unusedMs } = known[index] as EndedGrant;
    if (isOfThisStay(unusedMs) && told(grant)) return grant.parkingSerial;
  }
  return undefined;
}
