/** The reads that a body has: how one is added to them, and what follows from it. Whose a read is, is said in `reads.ts`. */

import type { Body, Read } from './body.ts';
import { bestRead } from './plates.ts';
import { bodyOf, type StepContext, writable, writableOpening } from './step-context.ts';

export const READS_OF_BODY = 8;
/** A camera that gives no confidence: what one read of its counts, and two equal ones. */
export const UNRATED_ONCE = 0.75;
const UNRATED_TWICE = 0.85;

export function giveRead(work: StepContext, owner: Body, read: Read): void {
  const body = writable(work, bodyOf(work.state, owner.id) ?? owner);
  const same = body.reads.find((one) => one.text === read.text);
  if (same === undefined) body.reads = [...body.reads, read].slice(-READS_OF_BODY);
  else {
    const twice = same.confidence === UNRATED_ONCE && read.confidence === UNRATED_ONCE ? UNRATED_TWICE : 0;
    const confidence = Math.max(same.confidence, read.confidence, twice);
    // Read before it came and again since: it is its own for certain.
    const atMs = same.atMs < body.riseMs && read.atMs > body.riseMs ? read.atMs : same.atMs;
    const merged: Read = {
      ...same,
      atMs,
      confidence,
      color: same.color ?? read.color,
      known: same.known || read.known,
    };
    body.reads = body.reads.map((one) => (one === same ? merged : one));
  }
  readsChanged(work, body);
}

export function readsChanged(work: StepContext, body: Body): void {
  for (const opening of work.state.openings) {
    if (opening.startBodyId === body.id) writableOpening(work, opening).startPlate = bestRead(body.reads);
  }
}
