/** Whether an opening is granted: by what preceded it, or by a message for the body that it lets through. */
import { claimsOf, waitsForNext } from './claims.ts';
import type { Begun, Opening } from './opening.ts';
import type { Lane } from './state.ts';
import { bodyOf, isWired, type StepContext, writableOpening } from './step-context.ts';
import type { LaneSettings } from './types.ts';

/** A pulse longer than this before the start did not begin the opening. */
const PULSE_BEFORE_MS = 3_000;

/** What moved the arm: of relay and press the nearer to its start; no command seen where the relay is watched is a hand, too. */
export function begunBy(opening: Opening, settings: LaneSettings): Begun {
  const { press, startMs } = opening;
  const windowMs = PULSE_BEFORE_MS + (isWired(settings, 'down') ? 0 : settings.closeTimeMs);
  const pulseMs = opening.pulseMs !== null && opening.pulseMs >= startMs - windowMs ? opening.pulseMs : null;
  if (press !== null)
    return pulseMs !== null && Math.abs(startMs - pulseMs) < Math.abs(startMs - press.atMs) ? 'relay' : 'hand';
  if (pulseMs !== null) return 'relay';
  return isWired(settings, 'auto') && !opening.commandsBlind && opening.seen ? 'hand' : 'unknown';
}

/** An unused grant for a body in or at the lane, or for the next that comes. One for another plate counts only if no hand opened. */
export function openingIsGranted(state: Lane, settings: LaneSettings, begun: Begun): boolean {
  if (state.kept.grants.length === 0 && state.kept.pulses.length === 0) return false;
  const claims = claimsOf(state, settings);
  const isHere = (id: number): boolean => state.bodies.some((body) => body.id === id && body.place !== 'out');
  return (
    claims.some((claim) => isHere(claim.bodyId) && (claim.way !== 'mismatch' || begun !== 'hand')) ||
    waitsForNext(state, claims)
  );
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
