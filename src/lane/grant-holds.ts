/** The counter of grants as it is kept: how it is written to, and what a body that leaves without passing puts back. */

import type { Body } from './body.ts';
import { claimsOf } from './claims.ts';
import type { GrantHold } from './opening.ts';
import { givePulsesBack } from './pulses.ts';
import { fact, keep, type StepContext } from './step-context.ts';
import type { Fact } from './types.ts';

export function setGrants(work: StepContext, grants: readonly GrantHold[]): void {
  keep(work).grants = grants;
  let dueMs: number | null = null;
  for (const hold of grants) if (!hold.held && (dueMs === null || hold.endMs < dueMs)) dueMs = hold.endMs;
  keep(work).grantsDueMs = dueMs;
}

export function replaceHold(work: StepContext, hold: GrantHold, change: Partial<GrantHold>): void {
  const grants = work.state.kept.grants.map((one) => (one === hold ? { ...one, ...change } : one));
  setGrants(work, grants);
}

/** The payment speaks for this vehicle, and for no other from now on. */
export function cancelOnce(work: StepContext, hold: GrantHold, { id: cancelled }: Body): Fact {
  replaceHold(work, hold, { cancelled });
  const { id: grantId, plate } = hold.grant;
  return fact('mayBePaid', hold.arrivedMs, { grantId, ...(plate === undefined ? {} : { granted: plate }) });
}

/** A body left without passing: what it was granted is for the next one. */
export function giveBack(work: StepContext, body: Body, sinceMs: number): void {
  const { state, settings } = work;
  if (state.kept.grants.length === 0 && state.kept.pulses.length === 0) return;
  const claims = claimsOf(state, settings).filter((claim) => claim.bodyId === body.id);
  const messages = claims.filter((claim) => claim.hold !== null);
  const own = (hold: GrantHold): boolean =>
    hold.grant.scope === 'lane' && (hold.presenceId === body.id || messages.some((claim) => claim.hold === hold));
  const back = (hold: GrantHold): GrantHold => ({
    ...hold,
    presenceId: null,
    sinceMs,
    endMs: Math.max(hold.endMs, sinceMs + settings.laneGrantTtlMs),
    held: false,
    returned: true,
  });
  const free = (hold: GrantHold): GrantHold => (hold.held ? { ...hold, held: false } : hold);
  const grants = state.kept.grants.map((hold) => (own(hold) ? back(hold) : free(hold)));
  setGrants(work, grants);
  givePulsesBack(work, body, sinceMs, messages);
}
