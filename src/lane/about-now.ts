/** Whether a payment is about what happens in the lane now, whatever the clock says that dated it. Pure. */

import type { Read } from './body.ts';
import { normalPlate, readsExactly, readsFuzzily } from './plates.ts';
import type { Lane } from './state.ts';
import type { Grant, LaneSettings } from './types.ts';

/** Its vehicle is in the lane or has just crossed, or the relay has just pulsed. */
export function isAboutNow(state: Lane, settings: LaneSettings, grant: Grant, atMs: number): boolean {
  if (state.kept.pulses.some((pulse) => Math.abs(atMs - pulse.atMs) <= settings.autoJoinMs)) return true;
  if (grant.plate === undefined) return false;
  const plate = normalPlate(grant.plate);
  const bears = (reads: readonly Read[]): boolean =>
    readsExactly(reads, plate) !== undefined || readsFuzzily(reads, plate) !== undefined;
  return (
    state.bodies.some((body) => bears(body.reads)) ||
    state.kept.past.some((past) => atMs - past.outMs <= 2 * settings.settleMs && bears(past.plates))
  );
}
