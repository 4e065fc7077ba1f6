/** A payment told after the verdict: the release is withdrawn while its record is on the box, and noted beside it after that. */
import { bodyOnFirstLoop } from './claims.ts';
import type { GrantHold, Past } from './opening.ts';
import { normalPlate, readsExactly, readsFuzzily } from './plates.ts';
import { issuedApartMs, SAME_MOMENT_MS } from './repetition.ts';
import { withLast } from './state.ts';
import { fact, keep, note, type StepContext, writableOpening } from './step-context.ts';
import type { Grant, TurnedOut } from './types.ts';

const PAST_MOST = 64;

/**
 * Remembers a judged body, in the order in which they came: some wait long for their verdict. At the limit the oldest goes: a payment for it would be
 * told too late.
 */
export function remember(work: StepContext, past: Past): void {
  const { past: before } = work.state.kept;
  const at = before.findLastIndex(({ riseMs }) => riseMs <= past.riseMs) + 1;
  const isLast = at === before.length;
  keep(work).past = isLast
    ? withLast(before, past, PAST_MOST)
    : [...before.slice(0, at), past, ...before.slice(at)].slice(-PAST_MOST);
}

/** The judged passage that this grant pays for, if any. That is put right, and the grant is to be used up. */
export function paidLate(work: StepContext, hold: GrantHold): Past | undefined {
  const unpaid = work.state.kept.past.filter((one) => isUnpaid(work, one, hold));
  const past = (hold.grant.plate === undefined ? unreadThen : whosePlate)(work, hold, unpaid);
  if (past === undefined) return undefined;
  setRight(work, past, 'paidLate', hold.grant.id);
  return past;
}

/** The release turned out otherwise: it is taken back, or corrected where it was sent. `grantId`: who paid late, by what. */
export function setRight(
  work: StepContext,
  past: Pick<Past, 'id' | 'releaseId' | 'sent'>,
  why: TurnedOut,
  grantId: string | null = null,
): void {
  const releaseId = past.releaseId as string;
  const facts = [fact(why, work.atMs, { releaseId, ...(grantId === null ? {} : { grantId }) })];
  keep(work).past = work.state.kept.past.map((one) =>
    one.id === past.id ? { ...one, releaseId: null, covered: one.covered || why !== 'notASecondVehicle' } : one,
  );
  if (past.sent) {
    if (grantId !== null) note(work, fact('latePayment', work.atMs, { grantId, releaseId }), grantId);
    work.effects.push({ kind: 'correct', releaseId, why, facts, atMs: work.atMs });
    return;
  }
  work.effects.push({ kind: 'withdraw', releaseId, why, facts, atMs: work.atMs });
}

/** Told so soon after it, or however late and dated then: a management system may have been out for hours. */
function isUnpaid({ atMs, settings: { paidAheadTtlMs } }: StepContext, past: Past, { datedMs }: GrantHold): boolean {
  const { releaseId, riseMs, outMs } = past;
  const isOfThen = datedMs !== undefined && datedMs >= riseMs - paidAheadTtlMs && datedMs <= outMs + paidAheadTtlMs;
  return releaseId !== null && (atMs - outMs <= paidAheadTtlMs || isOfThen);
}

/** The release of whoever bore that plate; a body in the lane that bears it comes first. */
function whosePlate({ state }: StepContext, hold: GrantHold, unpaid: readonly Past[]): Past | undefined {
  const plate = normalPlate(hold.grant.plate ?? '');
  if (state.bodies.some((body) => readsExactly(body.reads, plate))) return undefined;
  const exact = unpaid.findLast((past) => readsExactly(past.plates, plate));
  if (exact !== undefined || hold.grant.scope === 'park') return exact;
  if (state.bodies.some((body) => readsFuzzily(body.reads, plate))) return undefined;
  return unpaid.findLast((past) => readsFuzzily(past.plates, plate));
}

/** Nobody read it, so no message can name it: one without a plate is known by its time, unless somebody else was on A. */
function unreadThen(work: StepContext, { issuedMs }: GrantHold, unpaid: readonly Past[]): Past | undefined {
  if (bodyOnFirstLoop(work.state, work.settings, issuedMs) !== undefined) return undefined;
  const wasThere = (past: Past): boolean => past.riseMs <= issuedMs && issuedMs <= past.outMs;
  return unpaid.findLast((past) => past.plates.length === 0 && wasThere(past));
}

/** A payment repeated under another id so soon after its vehicle has gone lets nobody out. */
const TOLD_AGAIN_MS = 60_000;

/** It was let through by a grant for that plate, or read with it and let through by none for another. */
const bears = (past: Past, plate: string): boolean =>
  past.grantPlate === null ? readsExactly(past.plates, plate) !== undefined : past.grantPlate === plate;

/** Of that plate and that very moment, which of a season ticket says nothing, and its vehicle has left on it, however long ago. */
const isSamePayment = ({ state }: StepContext, payment: Grant, plate: string): boolean =>
  state.kept.known.some(
    ({ grant, unusedMs }) =>
      unusedMs === null &&
      grant.plate !== undefined &&
      normalPlate(grant.plate) === plate &&
      issuedApartMs(grant, payment) < SAME_MOMENT_MS,
  ) &&
  state.kept.past.some(
    ({ covered, grantPlate, plates }) => covered && grantPlate === plate && readsExactly(plates, plate) !== undefined,
  );

/** Whether this grant only repeats the one that its vehicle has used. */
export function isRepeatedPayment(work: StepContext, grant: Grant): boolean {
  if (grant.plate === undefined) return false;
  const { state, atMs } = work;
  const plate = normalPlate(grant.plate);
  if (grant.kind === 'paid' && isSamePayment(work, grant, plate)) return true;
  const isHere = state.bodies.some((body) => body.place !== 'out' && readsExactly(body.reads, plate) !== undefined);
  if (isHere) return false;
  const bore = state.kept.past.filter((past) => atMs - past.outMs <= TOLD_AGAIN_MS && bears(past, plate));
  return bore.some((past) => past.covered) && !bore.some((past) => past.releaseId !== null);
}

/** The record of this release has left the box, or has not after all. */
export function recordSent(work: StepContext, releaseId: string, sent: boolean): void {
  const { state } = work;
  keep(work).past = state.kept.past.map((past) => (past.releaseId === releaseId ? { ...past, sent } : past));
  for (const opening of state.openings) {
    if (opening.releaseId === releaseId) writableOpening(work, opening).sent = sent;
  }
}
