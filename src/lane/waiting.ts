/** Verdicts that wait longer than `settle`: for a message that may join the relay's pulse, or for a plate that may show itself alone. */

import { innocentStory } from './assignment.ts';
import { begunBy } from './begun.ts';
import type { Body } from './body.ts';
import { chainWaitsUntil } from './chains.ts';
import { claimsOf, coverOf, isPossibleOnly } from './claims.ts';
import { feedIsDown, heardSince } from './feed.ts';
import { mayBeByRelay } from './health.ts';
import type { Opening } from './opening.ts';
import { openAhead } from './opening-record.ts';
import { lastPulsedMs } from './pulses.ts';
import type { Lane } from './state.ts';
import { bodyOf, openingOf, type StepContext, writable } from './step-context.ts';

/** Where no message at all has come since, a feed that has fallen silent is waited out: until it is heard, or for so long. */
const SIGN_OF_LIFE_MS = 900_000;
/** From so many openings on it is known whether messages are usual here. */
const USUAL_FROM = 10;
const LOOK_AGAIN_MS = 5_000;
const OWNER_AGAIN_MS = 1_000;
/** Who paid ahead comes minutes later. */
const AHEAD_AGAIN_MS = 60_000;
/** Of more vehicles that may have paid ahead the oldest are decided: the lane keeps twice as many. */
const WAITING_MOST = 16;

/** Until when the verdict on a passage that nothing covers has to wait; null: it is due. */
export function waitsUntil(work: StepContext, body: Body, opening: Opening | undefined): number | null {
  if (body.chain !== null) {
    const chainMs = chainWaitsUntil(work, body);
    if (chainMs !== null) return chainMs;
  }
  if (opening !== undefined && hasOwnPulse(work.state, body)) return messageWaitsUntil(work, body, opening);
  if (opening?.granted) return ownerWaitsUntil(work, body);
  if (opening === undefined || !isSystemOpening(work, opening)) return null;
  const first = opening.firstId === body.id ? body : bodyOf(work.state, opening.firstId);
  if (first === undefined) return null;
  if (first.id !== body.id) return (first.waitsUntilMs ?? (first.outMs ?? work.atMs) + work.settings.settleMs) + 1;
  return messageWaitsUntil(work, body, opening);
}

/** The relay pulsed, or repeated its pulse, while it stood on A, no message has joined that pulse, and it is no grant. */
export const hasOwnPulse = (state: Lane, body: Body): boolean =>
  body.chain === null &&
  state.kept.pulses.some(
    (pulse) =>
      pulse.presenceId === body.id && !pulse.isGrant && pulse.joinedBy === null && lastPulsedMs(pulse) >= body.riseMs,
  );

/** The relay began it, as far as is known, and its pulse is no grant: everything hangs on a message. */
export const isSystemOpening = (work: StepContext, opening: Opening): boolean =>
  !opening.granted &&
  !opening.automatic &&
  opening.releaseId === null &&
  !opening.closed &&
  (begunBy(opening, work.settings) === 'relay' || mayBeByRelay(work, opening));

/**
 * It may be one of those that have paid ahead, until each of them has shown its plate and gone by itself; one that ends unused may have been it,
 * and the verdict comes before that: null. undefined: none of them waits.
 */
function aheadWaitsUntil(work: StepContext, body: Body): number | null | undefined {
  const { atMs, settings, state } = work;
  const ahead = openAhead(work, body).filter(({ returned }) => !returned);
  if (ahead.length === 0) return undefined;
  // One that lasts for days keeps back no verdict longer than any other.
  const lastMs = (body.outMs ?? atMs) + settings.paidAheadTtlMs;
  const latestMs = Math.min(lastMs, ...ahead.map(({ endMs }) => endMs)) - LOOK_AGAIN_MS;
  return atMs >= latestMs || state.bodies.length > WAITING_MOST ? null : Math.min(atMs + AHEAD_AGAIN_MS, latestMs);
}

/** A payment is left for it, unless the vehicle that paid is yet to come and shows its plate. */
function ownerWaitsUntil({ state, settings, atMs }: StepContext, body: Body): number | null {
  const latestMs = (body.outMs ?? atMs) + settings.chainWaitMs;
  // What goes to review in any case need not wait.
  if (atMs >= latestMs || body.press !== null || isPossibleOnly(state, settings, body)) return null;
  const story = innocentStory(state, settings, body);
  return story === undefined || story.isBound ? null : Math.min(latestMs, atMs + OWNER_AGAIN_MS);
}

function messageWaitsUntil(work: StepContext, body: Body, opening: Opening): number | null {
  const { state, settings, atMs } = work;
  const fullMs = (body.outMs ?? opening.endMs ?? atMs) + settings.systemOpenWaitMs;
  if (atMs < fullMs) return fullMs;
  const aheadMs = aheadWaitsUntil(work, body);
  if (aheadMs !== undefined) return aheadMs;
  const isUsual = settings.autoCommandIsGrant === 'auto' || state.kept.received.length >= USUAL_FROM;
  const mustBeHeard = isUsual && !feedIsDown(state);
  // Of one that was let out under an arm that was up already, what came before its own pulse says nothing.
  const pulse = state.kept.pulses.find(({ presenceId }) => presenceId === body.id);
  const sinceMs = Math.max(opening.startMs, pulse === undefined ? 0 : lastPulsedMs(pulse));
  if (!mustBeHeard || heardSince(state, sinceMs) || atMs >= fullMs + SIGN_OF_LIFE_MS) return null;
  return atMs + LOOK_AGAIN_MS;
}

/** A message has come: verdicts that waited for one are due. */
export function messageForWaiting(work: StepContext): void {
  const { state, settings, atMs } = work;
  const waiting = state.bodies.filter((body) => body.waitsUntilMs !== null && body.waitsUntilMs > atMs);
  if (waiting.length === 0) return;
  const claims = claimsOf(state, settings);
  for (const body of waiting) {
    const isFirst = openingOf(state, body.openingId)?.firstId === body.id;
    const claim = coverOf(claims, body, settings);
    if (claim === undefined || !(isFirst || body.chain !== null)) continue;
    // A plate that it names and nobody has read yet may be read in a moment, of somebody behind.
    const isUnread = claim.way === 'presence' && claim.hold?.grant.plate !== undefined;
    const dueMs = isUnread ? atMs + settings.plateWindowMs : atMs;
    writable(work, body).waitsUntilMs = Math.min(body.waitsUntilMs ?? dueMs, dueMs);
  }
}
