/** The clocks of those who send grants: how far each is off, learned from the ages of its messages. It judges no grant. */

import type { Sender } from './opening.ts';
import type { Lane } from './state.ts';
import { fact, keep, note, type StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

/** So many messages say what a clock is off by; beyond these bounds it is worth a word. */
const AGES_KEPT = 10;
const OFF_MS = 30_000;
/** A clock ahead by less than this is as right as clocks are. */
const AHEAD_MS = 1_000;
const SENDERS_MOST = 16;

const isOff = (offsetMs: number): boolean => offsetMs > OFF_MS || offsetMs < -AHEAD_MS;

export function learnSender(work: StepContext, grant: Grant): void {
  const ageMs = work.atMs - grant.issuedAtMs;
  const before = work.state.kept.senders.find((one) => one.source === grant.source);
  const agesMs = [...(before?.agesMs ?? []), ageMs].slice(-AGES_KEPT);
  // The fastest of ten was hardly delayed: what is left of its age is the clock.
  const offsetMs = agesMs.length === AGES_KEPT ? Math.min(...agesMs) : 0;
  const sender: Sender = { source: grant.source, agesMs, offsetMs };
  if (isOff(offsetMs) && !isOff(before?.offsetMs ?? 0))
    note(work, fact('senderClockOff', work.atMs, { source: grant.source, offsetMs }));
  const others = work.state.kept.senders.filter((one) => one.source !== grant.source);
  keep(work).senders = [...others, sender].slice(-SENDERS_MOST);
}

/** When a grant was issued, by this box's clock. */
export function issuedMsOf(state: Lane, grant: Grant, atMs: number): number {
  const offsetMs = state.kept.senders.find((one) => one.source === grant.source)?.offsetMs ?? 0;
  return Math.min(grant.issuedAtMs + offsetMs, atMs);
}
