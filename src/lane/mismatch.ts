/**
 * A grant for another plate than the one read: when it may still be this body's. What a hand lets out under somebody else's payment is
 * a manual release, so the payment must belong to this opening in every other way.
 */

import type { Body } from './body.ts';
import type { GrantHold } from './opening.ts';
import { normalPlate, readsExactly, readsFuzzily } from './plates.ts';
import type { Lane } from './state.ts';
import type { LaneSettings } from './types.ts';

/** A plate read or used on another vehicle so recently is that vehicle's. */
const SEEN_MS = 120_000;

/** Received while the body was in the lane, or near a pulse that came while it stood on A; and nobody else bears the plate. */
export function isMismatchAllowed(state: Lane, settings: LaneSettings, hold: GrantHold, body: Body): boolean {
  if (hold.returned || hold.grant.plate === undefined) return false;
  const wasHere = hold.arrivedMs >= body.riseMs && hold.arrivedMs <= (body.outMs ?? Number.POSITIVE_INFINITY);
  const nearPulse = state.kept.pulses.some(
    (pulse) => pulse.presenceId === body.id && Math.abs(pulse.atMs - hold.arrivedMs) <= settings.autoJoinMs,
  );
  return (wasHere || nearPulse) && !isSomebodyElses(state, body, normalPlate(hold.grant.plate));
}

function isSomebodyElses(state: Lane, body: Body, plate: string): boolean {
  const fromMs = state.actedMs - SEEN_MS;
  return (
    state.bodies.some((one) => one.id !== body.id && readsFuzzily(one.reads, plate) !== undefined) ||
    state.kept.waiting.some((read) => read.text === plate) ||
    state.kept.past.some(
      (past) => past.outMs >= fromMs && (past.grantPlate === plate || readsExactly(past.plates, plate) !== undefined),
    ) ||
    state.kept.elsewhere.some((seen) => seen.plate === plate && seen.what !== 'granted' && seen.atMs >= fromMs)
  );
}
