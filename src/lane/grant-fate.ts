/** Whether a grant is over when it arrives. Pure, for the intake's answer as for the engine. */

import type { Read } from './body.ts';
import { normalPlate, readsExactly, readsFuzzily } from './plates.ts';
import { issuedMsOf } from './senders.ts';
import type { Lane, LaneState } from './state.ts';
import type { Grant, LaneSettings } from './types.ts';

export type GrantFate = 'accepted' | 'expired';

/** What `step` will make of this grant at `atMs`; to be asked before it is fed. */
export const grantFate = (state: LaneState, settings: LaneSettings, grant: Grant, atMs: number): GrantFate =>
  fateOf(state.lane, settings, grant, atMs);

export function fateOf(state: Lane, settings: LaneSettings, grant: Grant, atMs: number): GrantFate {
  if (grant.expiresAtMs !== undefined) return grant.expiresAtMs < atMs ? 'expired' : 'accepted';
  const lifeMs = grant.scope === 'park' ? settings.paidAheadTtlMs : settings.laneGrantTtlMs;
  if (issuedMsOf(state, grant, atMs) + lifeMs >= atMs) return 'accepted';
  return isAboutNow(state, settings, grant, atMs) ? 'accepted' : 'expired';
}

/** Its vehicle is in the lane or has just crossed, or the relay has just pulsed: the clock that dated it is wrong. */
function isAboutNow(state: Lane, settings: LaneSettings, grant: Grant, atMs: number): boolean {
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
