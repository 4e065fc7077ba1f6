/** Bodies come, are read, leave or pass: what is the same for every loop logic. Which edge does what is in `passages.ts`. */

import type { Body, Place } from './body.ts';
import { READS_OF_BODY } from './body-reads.ts';
import { mayBeFakeExit } from './fake-exit.ts';
import { giveBack } from './grant-holds.ts';
import type { Opening, Suspension } from './opening.ts';
import { bestRead } from './plates.ts';
import { dropPulses, pulsesForBody } from './pulses.ts';
import { adoptReads, takeWaiting } from './reads.ts';
import { type Lane, LOOPS } from './state.ts';
import {
  fact,
  isWired,
  keep,
  loopWorks,
  note,
  openingOf,
  removeBody,
  type StepContext,
  writable,
  writableOpening,
} from './step-context.ts';

/** Presses before the first passage of an opening count from this long before it. */
const PRESS_BEFORE_MS = 3_000;
/** No lane holds more; at the limit the oldest is given up. */
const BODIES_MOST = 32;

/** A body begins at the moment being acted on; one that is known by traces only began at `traceMs` and takes nothing to itself. */
export function newBody(
  work: StepContext,
  place: Place,
  way: Body['way'] = 'forward',
  traceMs: number | null = null,
): Body {
  const { state, settings, atMs } = work;
  const onB = place === 'onB' || place === 'backOnB';
  keep(work).bodyCount += 1;
  const body: Body = {
    id: state.kept.bodyCount,
    place,
    way,
    mirrored: false,
    riseMs: traceMs ?? atMs,
    aRiseMs: onB ? null : atMs,
    aFallMs: null,
    bRiseMs: onB ? atMs : null,
    bFallMs: null,
    cRiseMs: null,
    outMs: null,
    follows: null,
    gapMs: null,
    heldB: false,
    ambiguousOf: null,
    nosed: false,
    doubtfulBack: false,
    together: false,
    single: false,
    approachOnly: false,
    presumed: false,
    unwatched: false,
    unproven: LOOPS.some((loop) => state.kept.unproven[loop] && isWired(settings, loop)),
    armUp: state.arm !== 'closed',
    underArm: onB && state.arm === 'closed',
    ran: false,
    automatic: false,
    maintenance: state.kept.maintenance !== null,
    openingId: onB ? state.openingId : null,
    previousId: null,
    previousOutMs: null,
    press: null,
    captureId: captureAt(work),
    reads: [],
    drops: [],
    bGapMs: null,
    armDownBefore: false,
    stood: false,
    waitsUntilMs: null,
    mayBeKnown: false,
    counted: false,
    chain: null,
  };
  if (state.bodies.length >= BODIES_MOST) leave(work, state.bodies[0] as Body, 'bodyGivenUp');
  state.bodies = [...state.bodies, body];
  work.owned.push(body);
  if (traceMs !== null) return body;
  takeWaiting(work, body);
  adoptReads(work, body);
  pulsesForBody(work, body);
  return body;
}

/** The picture asked for at the moment being acted on, if one was. */
export const captureAt = (work: StepContext): string | null =>
  work.inbox.captures.find((capture) => capture.atMs === work.atMs)?.id ?? null;

/** It went away without passing: what was granted to it is for the next. */
export function leave(work: StepContext, body: Body, why: string, sinceMs: number = work.atMs): void {
  const best = bestRead(body.reads);
  const values = { bodyId: body.id, ...(best === null ? {} : { plate: best.text }), untilMs: work.atMs };
  note(work, fact(why, body.riseMs, values));
  mayBeFakeExit(work, body, sinceMs);
  giveBack(work, body, sinceMs);
  removeBody(work, body);
}

/** Its passage is complete: it belongs to an opening if there is one, and settles later. */
export function completePassage(work: StepContext, body: Body): void {
  const { state, settings, atMs } = work;
  body.place = 'out';
  body.outMs = atMs;
  const watchedMs = Math.max(state.kept.listeningSinceMs ?? -1, state.kept.commandsBadUntilMs ?? -1);
  // One that did not come over loop A, where there is one, had passed it before.
  const cameFirst = body.aRiseMs === body.riseMs || !isWired(settings, 'approach');
  body.unwatched = watchedMs >= body.riseMs - (cameFirst ? 0 : settings.laneGrantTtlMs);
  body.captureId ??= captureAt(work);
  if (!body.ran) body.openingId ??= state.openingId;
  const opening = openingOf(state, body.openingId);
  if (opening !== undefined) joinOpening(work, body, opening);
  if (opening?.automatic || cameDuring(body, state.kept.suspension)) automaticPassage(work, body);
  if (body.ran && settings.direction !== 'both' && body.way === 'reverse') body.openingId = null;
}

const cameDuring = (body: Body, suspension: Suspension | null): boolean =>
  suspension !== null && (body.bRiseMs ?? body.aFallMs ?? body.riseMs) >= suspension.sinceMs;

function automaticPassage(work: StepContext, body: Body): void {
  const { state } = work;
  body.automatic = true;
  if (state.kept.suspension === null) return;
  keep(work).suspension = { ...state.kept.suspension, passages: state.kept.suspension.passages + 1 };
}

function joinOpening(work: StepContext, body: Body, joined: Opening): void {
  const opening = writableOpening(work, joined);
  const { state, settings, atMs } = work;
  const fromMs = opening.lastOutMs ?? opening.startMs - PRESS_BEFORE_MS;
  body.maintenance ||= opening.maintenance;
  body.previousId = opening.lastId;
  body.previousOutMs = opening.lastOutMs;
  body.press = state.kept.presses.filter((press) => press.atMs > fromMs && press.atMs <= atMs).at(-1) ?? null;
  if (body.way === 'reverse' && settings.direction !== 'both') opening.wrongWay = true;
  else opening.firstId ??= body.id;
  opening.lastId = body.id;
  opening.lastOutMs = atMs;
}

/** Its passage did not happen after all: it reversed. Only before it has settled. */
export function takeBack(work: StepContext, body: Body): void {
  const { state } = work;
  const joined = openingOf(state, body.openingId);
  if (joined !== undefined) {
    const opening = writableOpening(work, joined);
    if (opening.firstId === body.id) opening.firstId = null;
    opening.lastId = body.previousId;
    opening.lastOutMs = body.previousOutMs;
  }
  if (body.automatic && state.kept.suspension !== null) {
    keep(work).suspension = { ...state.kept.suspension, passages: state.kept.suspension.passages - 1 };
  }
}

/** Two bodies are one vehicle: `body` stays, `part` goes, with all that it had. */
export function mergeBodies(work: StepContext, body: Body, part: Body): void {
  const { state } = work;
  // The front plate is the first one read; what a trailer shows at its end is kept, but does not replace it.
  const reads = body.reads.length > 0 ? body.reads : part.reads;
  body.reads = reads.slice(0, READS_OF_BODY);
  keep(work).reads = state.kept.reads.map((one) => (one.bodyId === part.id ? { ...one, bodyId: body.id } : one));
  keep(work).grants = state.kept.grants.map((one) =>
    one.presenceId === part.id ? { ...one, presenceId: body.id } : one,
  );
  keep(work).pulses = state.kept.pulses.map((one) =>
    one.presenceId === part.id ? { ...one, presenceId: body.id } : one,
  );
  dropPulses(work, body.id, 1);
  removeBody(work, part);
}

/** A lane in which no loop works: the opening itself stands for one vehicle. */
export function presumedBody(work: StepContext, opening: Opening): void {
  const body = newBody(work, 'onB');
  body.bRiseMs = null;
  body.presumed = true;
  body.underArm = false;
  body.openingId = opening.id;
  body.captureId = opening.captureId;
}

/** The arm has left down: what stands on B is not under a closed arm any more, and passes in this opening. */
export function openingForBodies(work: StepContext, opening: Opening): void {
  for (const each of work.state.bodies) {
    if (each.place === 'out') continue;
    const body = writable(work, each);
    body.armUp = true;
    const onB = body.place === 'onB' || body.place === 'onBoth' || body.way === 'reverse';
    body.underArm = false;
    if (onB && !body.ran) body.openingId ??= opening.id;
  }
}

/** Whether B has been watched without a break since `sinceMs`. */
export function barrierWatchedSince(work: StepContext, sinceMs: number): boolean {
  const { state } = work;
  return loopWorks(state, 'barrier') && (state.kept.backMs.barrier === null || state.kept.backMs.barrier < sinceMs);
}

export const isPassing = (state: Lane, body: Body, opening: Opening): boolean =>
  body.place !== 'out' &&
  !body.presumed &&
  body.way === 'forward' &&
  (body.place === 'onBoth' || body.place === 'onB' || body.place === 'between') &&
  (body.openingId ?? state.openingId) === opening.id;
