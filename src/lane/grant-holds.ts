/** The counter of grants as it is kept: how it is written to, when two messages are one grant, and what a body that leaves without passing puts back. */

import type { Body } from './body.ts';
import { claimsOf } from './claims.ts';
import type { EndedGrant, GrantHold } from './opening.ts';
import { givePulsesBack } from './pulses.ts';
import type { Kept } from './state.ts';
import { fact, keep, type StepContext } from './step-context.ts';
import type { Fact, Grant } from './types.ts';

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

/** Ends that differ by less are one: each telling is converted from wall time anew. */
const END_TOLERANCE_MS = 2_000;

/** Numbers begin again each day; nobody tells of one payment anew so much later with another time. */
const OTHER_DAY_MS = 12 * 3_600_000;

/** What only describes it may be told with more or fewer fields. */
const alike = <Value>(one: Value | undefined, other: Value | undefined): boolean =>
  one === undefined || other === undefined || one === other;

const isOfOtherDay = (one: Grant, other: Grant): boolean => Math.abs(one.issuedAtMs - other.issuedAtMs) >= OTHER_DAY_MS;

/** What a payment is called once its number is another's: it goes on beside that one. The same in every lane. */
export const formerId = ({ id, issuedAtMs }: Grant): string => `${id}~${Math.round(issuedAtMs)}`;

/** The payment that was last told under a number. */
export const previousGrant = ({ grants, known }: Kept, id: string): GrantHold | EndedGrant | undefined =>
  grants.find(({ grant }) => grant.id === id) ?? known.findLast(({ grant }) => grant.id === id);

/** What was used, is of another day or was told by another sender is not corrected under its number: the number is another payment's. */
export function isAnother(before: Pick<GrantHold, 'grant' | 'used'> | EndedGrant, grant: Grant): boolean {
  const isOver = 'used' in before ? before.used > 0 : before.unusedMs === null;
  return isOver || isOfOtherDay(before.grant, grant) || before.grant.source !== grant.source;
}

/** Told before, with the same content and of the same day; when and by whom does not matter. */
export function isRepetition({ grants, known }: Kept, grant: Grant): boolean {
  const isIt = ({ grant: one }: EndedGrant | GrantHold): boolean =>
    one.id.startsWith(grant.id) &&
    (one.id === grant.id || one.id === formerId({ ...one, id: grant.id })) &&
    sameGrant(one, grant);
  return grants.some(isIt) || known.some(isIt);
}

function sameGrant(one: Grant, other: Grant): boolean {
  const endsAlike =
    one.expiresAtMs === undefined || other.expiresAtMs === undefined
      ? one.expiresAtMs === other.expiresAtMs
      : Math.abs(one.expiresAtMs - other.expiresAtMs) < END_TOLERANCE_MS;
  return (
    endsAlike &&
    !isOfOtherDay(one, other) &&
    one.scope === other.scope &&
    one.plate === other.plate &&
    one.count === other.count &&
    one.kind === other.kind &&
    alike(one.plateColor, other.plateColor) &&
    alike(one.amount, other.amount) &&
    alike(one.parkingSerial, other.parkingSerial) &&
    alike(one.carDesc, other.carDesc) &&
    alike(one.operator, other.operator)
  );
}
