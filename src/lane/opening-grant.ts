/** Whether an opening is granted: by what preceded it, or by a message for the body that it lets through. */

import { begunBy } from './begun.ts';
import { type Claim, cameToEmptyLane, claimsOf, waitsForNext } from './claims.ts';
import type { Begun, Opening } from './opening.ts';
import type { Lane } from './state.ts';
import { bodyOf, type StepContext, writableOpening } from './step-context.ts';
import type { LaneSettings } from './types.ts';

/** An unused grant for a body in or at the lane, or for the next that comes. One for another plate counts only if no hand opened. */
export function openingIsGranted(state: Lane, settings: LaneSettings, begun: Begun): boolean {
  if (state.kept.grants.length === 0 && state.kept.pulses.length === 0) return false;
  const claims = claimsOf(state, settings);
  const isOf = ({ bodyId, way, pulse }: Claim): boolean => {
    const body = bodyOf(state, bodyId);
    if (body === undefined || body.place === 'out') return false;
    return begun !== 'hand' || (way !== 'mismatch' && (pulse === null || !cameToEmptyLane(pulse, body)));
  };
  return claims.some(isOf) || waitsForNext(state, settings, claims, begun);
}

/** Something that preceded the opening has become known. */
export function grantOpening(work: StepContext, opening: Opening): void {
  const { state, settings } = work;
  if (!opening.granted && openingIsGranted(state, settings, begunBy(opening, settings)))
    writableOpening(work, opening).granted = true;
}

/** A grant received after the start makes the opening granted when it is for the body that passes first in it. */
export function grantOpeningLater(work: StepContext, opening: Opening, grantId: string): void {
  const { state, settings } = work;
  if (opening.granted || opening.releaseId !== null || opening.automatic) return;
  const claim = claimsOf(state, settings).find((one) => one.hold?.grant.id === grantId && one.way !== 'mismatch');
  const body = claim && bodyOf(state, claim.bodyId);
  if (body === undefined || (opening.firstId !== null && opening.firstId !== body.id)) return;
  const isBehind = state.bodies.some(
    (one) => one.id !== body.id && (one.place === 'onB' || one.place === 'onBoth') && one.riseMs < body.riseMs,
  );
  if (!isBehind) writableOpening(work, opening).granted = true;
}

/** A body that holds a grant is on A or B. */
export function grantIsHere(work: StepContext): boolean {
  const { state, settings } = work;
  const places = ['onA', 'onBoth', 'onB'];
  return claimsOf(state, settings).some((claim) => {
    const body = bodyOf(state, claim.bodyId);
    return body !== undefined && places.includes(body.place);
  });
}
