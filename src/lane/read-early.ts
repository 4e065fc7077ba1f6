/**
 * A camera that looks up the lane may read the next vehicle while the one ahead is still on the loops, and the read goes to that one. A
 * payment issued while the next stands unread on A shows whose plate it was. It judges no passage.
 */
import type { Body } from './body.ts';
import { bodyOnFirstLoop } from './claims.ts';
import type { Past } from './opening.ts';
import { normalPlate, readsExactly } from './plates.ts';
import { giveRead } from './reads.ts';
import { keep, type StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

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
  if (body.riseMs - read.atMs > EARLY_MS) return;
  keep(work).past = state.kept.past.map((one) =>
    one === past ? { ...one, plates: one.plates.filter(({ text }) => text !== plate) } : one,
  );
  giveRead(work, body, read);
}

/** It was let through by no payment of that plate, and had left A well before this one. */
const isFromAhead = (past: Past, body: Body, plate: string, issuedMs: number): boolean =>
  past.grantPlate !== plate && past.riseMs < body.riseMs && (past.aFallMs ?? past.outMs) + LEFT_MS <= issuedMs;
