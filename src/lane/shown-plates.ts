/**
 * A plate shows whose it was after all: read by itself, or paid under while its vehicle stands unread on A. What a chain or the vehicle ahead
 * had of it was this one's: a camera that looks up the lane reads the next vehicle while the one ahead is still on the loops. It judges no passage.
 */

import type { Body } from './body.ts';
import { giveRead } from './body-reads.ts';
import { bodyOnFirstLoop } from './claims.ts';
import { setRight } from './late-payments.ts';
import { isReadAsItCame } from './learned.ts';
import type { Past } from './opening.ts';
import { fuzzyPlate, normalPlate, readsExactly } from './plates.ts';
import { bodyOf, keep, removeBody, type StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

/** So long after a chain its plate may still show that it was somebody else's. */
export const ALONE_WITHIN_MS = 180_000;
/** A plate is read no earlier than this before its vehicle comes onto A. */
const EARLY_MS = 60_000;
/** Issued so long after the vehicle ahead left A, a payment is not that one's: clocks differ by less. */
const LEFT_MS = 3_000;

/** Moves the plate from the judged passage that was read with it to the unread body on A that now pays under it. */
export function takeFromPast(work: StepContext, grant: Grant, issuedMs: number): void {
  const { state, settings } = work;
  if (grant.plate === undefined || grant.scope === 'park') return;
  const body = bodyOnFirstLoop(state, settings, issuedMs);
  if (body === undefined || body.reads.length > 0 || body.place === 'out') return;
  const plate = normalPlate(grant.plate);
  if (state.bodies.some((one) => readsExactly(one.reads, plate) !== undefined)) return;
  const past = state.kept.past.findLast((one) => readsExactly(one.plates, plate) !== undefined);
  const read = past && readsExactly(past.plates, plate);
  if (past === undefined || read === undefined || !isFromAhead(past, body, plate, issuedMs)) return;
  if (body.riseMs - read.atMs > EARLY_MS || isReadAsItCame(work, past, read)) return;
  keep(work).past = state.kept.past.map((one) =>
    one === past ? { ...one, plates: one.plates.filter(({ text }) => text !== plate) } : one,
  );
  giveRead(work, body, read);
}

/** It was let through by no payment of that plate, and had left A well before this one. */
const isFromAhead = (past: Past, body: Body, plate: string, issuedMs: number): boolean =>
  past.grantPlate !== plate && past.riseMs < body.riseMs && (past.aFallMs ?? past.outMs) + LEFT_MS <= issuedMs;

/** A body has shown its plate by itself: what was taken for a second vehicle with that plate was none. */
export function shownAlone(work: StepContext, body: Body): void {
  for (const one of work.state.bodies) {
    if (one.chain === null || one.chain.bodyId === body.id) continue;
    if (one.reads.some((read) => body.reads.some((own) => fuzzyPlate(own.text, read.text)))) removeBody(work, one);
  }
  const past = work.state.kept.past.find(
    (one) =>
      one.chain &&
      one.releaseId !== null &&
      body.riseMs > one.outMs &&
      work.atMs - one.outMs <= ALONE_WITHIN_MS &&
      one.plates.some((read) => body.reads.some((own) => fuzzyPlate(own.text, read.text))),
  );
  if (past !== undefined) setRight(work, past, 'notASecondVehicle');
}

/** A payment for somebody who stands on A unread: the plate shows itself alone by that. */
export function shownByGrant(work: StepContext, grant: Grant): void {
  if (grant.plate === undefined) return;
  const plate = normalPlate(grant.plate);
  const onA = work.state.bodies.findLast((body) => body.place === 'onA' && body.reads.length === 0);
  if (onA === undefined || onA.riseMs > grant.issuedAtMs + ALONE_WITHIN_MS) return;
  for (const one of work.state.bodies) {
    if (one.chain === null || (bodyOf(work.state, one.id)?.outMs ?? 0) >= Math.min(grant.issuedAtMs, work.atMs))
      continue;
    if (one.reads.some((read) => read.text === plate)) removeBody(work, one);
  }
  const past = work.state.kept.past.find(
    (one) =>
      one.chain &&
      one.releaseId !== null &&
      grant.issuedAtMs > one.outMs &&
      one.plates.some((read) => read.text === plate),
  );
  if (past !== undefined) setRight(work, past, 'notASecondVehicle');
}
