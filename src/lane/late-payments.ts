/** A payment told after the verdict: the release is withdrawn while its record is on the box, and noted beside it after that. */
import { bodyOnFirstLoop } from './claims.ts';
import { normalPlate, readsExactly, readsFuzzily } from './plates.ts';
import type { GrantHold, Past } from './state.ts';
import { fact, keep, note, type Work, writableOpening } from './step-context.ts';

const PAST_MOST = 64;

/** Remembers a judged body. At the limit the oldest goes: a payment for it would be told too late. */
export function remember(work: Work, past: Past): void {
  keep(work).past = [...work.state.kept.past, past].slice(-PAST_MOST);
}

/** Whether this grant pays for a passage that has been judged. If so that is put right, and the grant is to be used up. */
export function paidLate(work: Work, hold: GrantHold): boolean {
  const past = hold.grant.plate === undefined ? whoWasThere(work, hold) : whosePlate(work, hold, hold.grant.plate);
  if (past?.releaseId == null) return false;
  setRight(work, past, hold.grant.id);
  return true;
}

/** Paid for after the verdict: `releaseId` is taken back, or the payment noted beside it. */
export function setRight(work: Work, past: Past, grantId: string): void {
  const releaseId = past.releaseId as string;
  const facts = [fact('paidLate', work.atMs, { grantId, releaseId })];
  keep(work).past = work.state.kept.past.map((one) => (one.id === past.id ? { ...one, releaseId: null } : one));
  if (past.sent) {
    note(work, fact('latePayment', work.atMs, { grantId, releaseId }), grantId);
    return;
  }
  work.effects.push({ kind: 'withdraw', releaseId, facts, atMs: work.atMs });
}

function isUnpaid(work: Work, past: Past): boolean {
  return past.releaseId !== null && work.atMs - past.outMs <= work.settings.paidAheadTtlMs;
}

/** The release of whoever bore that plate; a body in the lane that bears it comes first. */
function whosePlate(work: Work, hold: GrantHold, told: string): Past | undefined {
  const { state } = work;
  const plate = normalPlate(told);
  if (state.bodies.some((body) => readsExactly(body.reads, plate))) return undefined;
  const unpaid = state.kept.past.filter((past) => isUnpaid(work, past));
  const exact = unpaid.findLast((past) => readsExactly(past.plates, plate));
  if (exact !== undefined || hold.grant.scope === 'park') return exact;
  if (state.bodies.some((body) => readsFuzzily(body.reads, plate))) return undefined;
  return unpaid.findLast((past) => readsFuzzily(past.plates, plate));
}

/** Without a plate: whoever was in the lane when it was issued, unless somebody else was on A. */
function whoWasThere(work: Work, hold: GrantHold): Past | undefined {
  const { state, settings } = work;
  if (bodyOnFirstLoop(state, settings, hold.issuedMs) !== undefined) return undefined;
  return state.kept.past.findLast(
    (past) => isUnpaid(work, past) && past.riseMs <= hold.issuedMs && hold.issuedMs <= past.outMs,
  );
}

/** The record of this release has left the box, or has not after all. */
export function recordSent(work: Work, releaseId: string, sent: boolean): void {
  const { state } = work;
  keep(work).past = state.kept.past.map((past) => (past.releaseId === releaseId ? { ...past, sent } : past));
  for (const opening of state.openings) {
    if (opening.releaseId === releaseId) writableOpening(work, opening).sent = sent;
  }
}
