/**
 * A payment that a vehicle with nearly its plate has used, here or in another lane, until its own vehicle comes: the exact reader goes first. Who loses
 * it again is for a person to look at, and goes to the platform only by one.
 */

import { begunBy } from './begun.ts';
import type { Body } from './body.ts';
import type { CountedPassage } from './counted.ts';
import { setGrants } from './grant-holds.ts';
import type { GrantHold, Opening, Past } from './opening.ts';
import { grantOpening } from './opening-grant.ts';
import { bestRead, fuzzyPlate, normalPlate, readsExactly } from './plates.ts';
import { descOfPress, forwardOf, release, reverseOf } from './release.ts';
import { type Lane, withLast } from './state.ts';
import { count, currentOpening, fact, keep, note, type StepContext } from './step-context.ts';
import type { LaneSettings } from './types.ts';

const LENT_MOST = 16;

/** `bodyId`: who has used it here; null: somebody in another lane. */
export function lend(work: StepContext, hold: GrantHold, bodyId: number | null, wentBack = false): void {
  if (hold.grant.plate === undefined || hold.endMs < work.atMs) return;
  const living = (work.state.kept.lent ?? []).filter((one) => one.hold.endMs >= work.atMs);
  keep(work).lent = withLast(living, { hold: { ...hold, presenceId: null, held: false }, bodyId, wentBack }, LENT_MOST);
}

/** Its vehicle went back for something, and for the next it is over: while a payment ahead would live it is still that one's. */
export const leaveToOwn = (work: StepContext, hold: GrantHold): void =>
  lend(work, { ...hold, endMs: Math.max(hold.endMs, hold.sinceMs + work.settings.paidAheadTtlMs) }, null, true);

/** A plate was read for somebody here: what was paid under it is that one's, whoever has used it. */
export function giveBackTo(work: StepContext, plate: string): void {
  const { state, atMs } = work;
  const lent = state.kept.lent?.find(
    ({ hold }) => hold.endMs >= atMs && normalPlate(hold.grant.plate as string) === plate,
  );
  if (lent === undefined || !state.bodies.some(({ place, reads }) => place !== 'out' && readsExactly(reads, plate)))
    return;
  keep(work).lent = state.kept.lent?.filter((one) => one !== lent) ?? [];
  const { hold, bodyId, wentBack } = lent;
  if (bodyId === null && !wentBack && !passedAlike(state, hold, plate)) return;
  const counted = !loses(work, hold, bodyId, 'here');
  const open = state.kept.grants.find(({ grant }) => grant.id === hold.grant.id);
  const back =
    open === undefined
      ? {
          ...hold,
          left: 1,
          endMs: Math.max(atMs + work.settings.laneGrantTtlMs, wentBack ? 0 : hold.endMs),
          counted,
        }
      : { ...open, left: open.left + 1, used: open.used - 1, counted };
  setGrants(work, [...state.kept.grants.filter((one) => one !== open), back]);
  keep(work).known = state.kept.known.filter(({ grant }) => grant.id !== hold.grant.id);
  note(work, fact('grantGivenBack', atMs, { grantId: hold.grant.id, plate }), hold.grant.id);
  const opening = currentOpening(state);
  if (opening !== undefined) grantOpening(work, opening);
}

/** It was one with nearly that plate that has left by another lane, and not its own vehicle. */
function passedAlike({ kept }: Lane, { issuedMs }: GrantHold, plate: string): boolean {
  const passed = kept.elsewhere.filter((seen) => seen.what === 'passed' && seen.atMs >= issuedMs);
  return passed.some((seen) => fuzzyPlate(seen.plate, plate)) && !passed.some((seen) => seen.plate === plate);
}

/** Its own vehicle has used it in another lane. */
export function usedByExact(work: StepContext, grantId: string): void {
  const lent = work.state.kept.lent?.find(({ hold }) => hold.grant.id === grantId);
  if (lent === undefined) return;
  keep(work).lent = work.state.kept.lent?.filter((one) => one !== lent) ?? [];
  loses(work, lent.hold, lent.bodyId, 'elsewhere');
}

/** Whether its passage is counted anew, without the payment. */
function loses(work: StepContext, { grant }: GrantHold, bodyId: number | null, lostTo: 'here' | 'elsewhere'): boolean {
  const past = work.state.kept.past.find(({ id }) => id === bodyId);
  if (past?.unpaidAs === undefined || past.releaseId !== null) return false;
  const { counted, ...unpaid } = past.unpaidAs;
  const read = bestRead(past.plates);
  const id = release(work, {
    ...unpaid,
    releaseAtMs: counted.passedAtMs,
    captureId: counted.captureId,
    plate: read,
    passed: true,
    confidence: 'possible',
    rests: 'messages',
    reported: false,
    maintenance: false,
    facts: [
      fact('paymentLost', work.atMs, { grantId: grant.id, granted: grant.plate ?? '', plate: read?.text ?? '' }),
      fact('vehicle', past.riseMs, { bodyId: past.id }),
    ],
  });
  keep(work).past = work.state.kept.past.map((one) =>
    one.id === past.id ? { ...one, releaseId: id, covered: false, grantPlate: null } : one,
  );
  count(work, { ...counted, how: 'uncovered', releaseId: id, lostTo });
  return true;
}

/** What its passage is called where nothing covers it. */
export function unpaidAs(
  body: Body,
  opening: Opening | undefined,
  settings: LaneSettings,
  counted: CountedPassage,
): Past['unpaidAs'] {
  if (opening === undefined || body.chain !== null) return undefined;
  const isFirst = opening.firstId === body.id;
  const isRelay = begunBy(opening, settings) === 'relay';
  return {
    ...(!isFirst
      ? { verdict: 'tailgating', desc: 'tailgating' }
      : isRelay
        ? { verdict: 'systemUnpaid', desc: 'systemUnpaid' }
        : { verdict: 'manual', desc: descOfPress(opening.press) }),
    direction: body.way === 'forward' ? forwardOf(settings) : reverseOf(settings),
    openingId: opening.id,
    counted,
  };
}
