/**
 * Which loop edge means what: one table keyed by where a body is, for lanes with A and B, and one table for lanes that go by fewer.
 * Terms of lane-logic.md section 4. It decides that somebody passed; whether that was paid for is none of its business.
 */
import { barrierWatchedSince, captureAt, completePassage, leave, mergeBodies, newBody, takeBack } from './bodies.ts';
import { differentPlates } from './plates.ts';
import type { Body, Place } from './state.ts';
import { alarm, bodyOf, fact, type Logic, logicOf, type Work, writable } from './step-context.ts';

export type LoopEdge = 'aOn' | 'aOff' | 'bOn' | 'bOff';
type Handler = (work: Work, body: Body) => void;

/** The edge says nothing about a body in this place. */
const nothing: Handler = () => {};

function enterB(work: Work, body: Body): void {
  body.place = 'onBoth';
  body.together = true;
  body.ambiguousOf = null;
  landOnB(work, body);
}

function landOnB(work: Work, body: Body): void {
  body.bRiseMs = work.atMs;
  body.bFallMs = null;
  body.heldB = false;
  body.armUp = work.state.arm !== 'closed';
  body.underArm = work.state.arm === 'closed';
  body.openingId = work.state.openingId;
  body.captureId = captureAt(work) ?? body.captureId;
}

/** A is left while B is occupied: it is through. */
function cross(work: Work, body: Body): void {
  body.place = 'onB';
  body.aFallMs = work.atMs;
  body.openingId ??= work.state.openingId;
  if (body.underArm && work.state.arm === 'closed') ranBarrier(work, body);
}

function ranBarrier(work: Work, body: Body): void {
  body.ran = true;
  body.openingId = null;
  alarm(work, 'ranBarrier', true, [fact('armWasDown', body.bRiseMs)]);
  alarm(work, 'ranBarrier', false);
}

/** A is left with B free, or with B held by the body before it. */
function leaveA(work: Work, body: Body): void {
  const leader = body.heldB ? bodyOf(work.state, body.follows) : undefined;
  if (leader !== undefined) {
    leaveHeldB(work, body, leader);
    return;
  }
  body.aFallMs = work.atMs;
  body.place = 'between';
  reversedAfterAll(work, body);
}

function leaveHeldB(work: Work, body: Body, leader: Body): void {
  if ((body.gapMs ?? 0) >= work.settings.drawbarGapMs) {
    cross(work, body);
    return;
  }
  // A drawbar or a high chassis: B was occupied from before the first fall of A until after the second.
  const whole = writable(work, leader);
  whole.aFallMs = work.atMs;
  mergeBodies(work, whole, body);
}

/** 01→11→10→00: the body that seemed to have left came back over A, and this is it. */
function reversedAfterAll(work: Work, body: Body): void {
  const first = bodyOf(work.state, body.ambiguousOf);
  body.ambiguousOf = null;
  if (first === undefined || first.place !== 'out' || first.cRiseMs !== null) return;
  if (differentPlates(body.reads, first.reads)) return;
  takeBack(work, first);
  body.nosed = true;
  body.reads = [...first.reads, ...body.reads];
  mergeBodies(work, body, first);
}

function backOffB(work: Work, body: Body): void {
  body.place = 'onA';
  body.nosed = true;
  body.bFallMs = work.atMs;
  body.underArm = false;
}

/** B falls under a body that came onto A while another was on B. */
function leaderLeftB(_work: Work, body: Body): void {
  if (!body.heldB) return;
  body.heldB = false;
  body.ambiguousOf = body.follows;
}

function leaveB(work: Work, body: Body): void {
  body.bFallMs = work.atMs;
  if (body.single) {
    finishSingle(work, body);
    return;
  }
  if (!body.together && !body.ran && body.underArm && work.state.arm === 'closed') ranBarrier(work, body);
  completePassage(work, body);
}

/** Left A a moment ago, and now B rises with A free: small, or the loops are far apart. */
function crossSmall(work: Work, body: Body): void {
  body.place = 'onB';
  landOnB(work, body);
}

function backEnds(work: Work, body: Body): void {
  leave(work, body, body.aRiseMs === null ? 'seenOnBarrierOnly' : 'reverseBackedOut');
}

function backOntoA(work: Work, body: Body): void {
  body.place = 'backOnBoth';
  body.aRiseMs = work.atMs;
}

function backOffA(work: Work, body: Body): void {
  body.place = 'backOnB';
  body.aFallMs = work.atMs;
}

function backThrough(work: Work, body: Body): void {
  body.place = 'backOnA';
  body.bFallMs = work.atMs;
}

function backComplete(work: Work, body: Body): void {
  body.aFallMs = work.atMs;
  if (body.underArm && work.state.arm === 'closed') ranBarrier(work, body);
  completePassage(work, body);
}

/** A stand-off: the one from behind has left B, and the one that came onto A goes forward. */
function backWasAnother(work: Work, body: Body): void {
  body.way = 'forward';
  enterB(work, body);
}

/** Lanes with A and B. Every place and every edge is named. */
export const BY_PLACE: Readonly<Record<Place, Readonly<Record<LoopEdge, Handler>>>> = {
  onA: { aOn: nothing, aOff: leaveA, bOn: enterB, bOff: leaderLeftB },
  onBoth: { aOn: nothing, aOff: cross, bOn: nothing, bOff: backOffB },
  onB: { aOn: nothing, aOff: nothing, bOn: nothing, bOff: leaveB },
  between: { aOn: nothing, aOff: nothing, bOn: crossSmall, bOff: nothing },
  backOnB: { aOn: backOntoA, aOff: nothing, bOn: nothing, bOff: backEnds },
  backOnBoth: { aOn: nothing, aOff: backOffA, bOn: nothing, bOff: backThrough },
  backOnA: { aOn: nothing, aOff: backComplete, bOn: backWasAnother, bOff: nothing },
  out: { aOn: nothing, aOff: nothing, bOn: nothing, bOff: nothing },
};

const ON_A: readonly Place[] = ['onA', 'onBoth', 'backOnBoth', 'backOnA'];
const ON_B: readonly Place[] = ['onBoth', 'onB', 'backOnB', 'backOnBoth'];
const inPlaces = (work: Work, places: readonly Place[]): readonly Body[] =>
  work.state.bodies.filter((body) => !body.presumed && places.includes(body.place)).map((body) => writable(work, body));

function act(work: Work, bodies: readonly Body[], edge: LoopEdge): void {
  for (const body of bodies) BY_PLACE[body.place][edge](work, body);
}

function approachRises(work: Work): void {
  const back = inPlaces(work, ['backOnB'])[0];
  if (back !== undefined) {
    act(work, [back], 'aOn');
    return;
  }
  if (inPlaces(work, ON_A).length > 0) return;
  const leader = inPlaces(work, ['onB']).at(-1);
  const before = leader ?? lastOut(work) ?? work.state.kept.past.at(-1);
  const body = newBody(work, 'onA');
  if (before === undefined || before.aFallMs === null) return;
  body.follows = before.id;
  // A gap is a drawbar's when it surely was that short: one of exactly `drawbarGap` must not depend on when it was looked at.
  body.gapMs = Math.max(0, work.atMs - before.aFallMs) + work.state.approachDoubtMs;
  body.heldB = leader !== undefined;
}

/** The body that left B last and has not settled. */
const lastOut = (work: Work): Body | undefined =>
  work.state.bodies.filter((body) => body.place === 'out' && body.way === 'forward').at(-1);

function barrierRises(work: Work): void {
  const onA = inPlaces(work, ['onA', 'backOnA'])[0];
  const next = onA ?? inPlaces(work, ['between'])[0];
  if (next !== undefined) {
    act(work, [next], 'bOn');
    return;
  }
  newBody(work, 'backOnB', 'reverse');
}

function barrierFalls(work: Work): void {
  act(work, inPlaces(work, [...ON_B, 'onA']), 'bOff');
}

// Loop A alone: falling while the arm is up.

function approachRisesAlone(work: Work): void {
  if (inPlaces(work, ON_A).length === 0) newBody(work, 'onA');
}

function approachFallsAlone(work: Work): void {
  for (const body of inPlaces(work, ON_A)) {
    if (body.place === 'onBoth') {
      cross(work, body);
      continue;
    }
    body.aFallMs = work.atMs;
    body.approachOnly = true;
    if (work.state.arm === 'closed') leave(work, body, 'turnedAway');
    else completePassage(work, body);
  }
}

// Loop B alone: each occupancy of some length while the arm is not down.

function barrierRisesAlone(work: Work): void {
  const onA = inPlaces(work, ['onA'])[0];
  if (onA !== undefined) {
    onA.single = true;
    enterB(work, onA);
    return;
  }
  if (inPlaces(work, ['onB']).length > 0) return;
  const before = lastOut(work);
  const gapMs = before === undefined ? null : work.atMs - (before.bFallMs ?? before.outMs ?? work.atMs);
  if (before?.single && gapMs !== null && gapMs < work.settings.mergeGapSingleMs) {
    comeBack(work, before);
    return;
  }
  const body = newBody(work, 'onB');
  body.single = true;
  body.follows = before?.id ?? null;
  body.gapMs = gapMs;
}

/** A gap too short for another vehicle: its passage goes on. */
function comeBack(work: Work, past: Body): void {
  takeBack(work, past);
  const body = writable(work, past);
  body.place = 'onB';
  body.outMs = null;
  body.bFallMs = null;
  body.automatic = false;
}

function finishSingle(work: Work, body: Body): void {
  const dwellMs = work.atMs - (body.bRiseMs ?? body.riseMs);
  body.bFallMs = work.atMs;
  if (body.armUp && (dwellMs >= work.settings.minDwellMs || body.cRiseMs !== null)) completePassage(work, body);
  else leave(work, body, 'seenOnBarrierOnly');
}

function barrierFallsAlone(work: Work): void {
  for (const body of inPlaces(work, ['onBoth', 'onB'])) {
    if (body.single || body.place === 'onBoth') {
      body.single = true;
      finishSingle(work, body);
    } else leaveB(work, body);
  }
}

const ignore = (): void => {};

/** What an edge of A or B does, by the loops that can be relied on now. */
export const BY_LOGIC: Readonly<Record<Logic, Readonly<Record<LoopEdge, (work: Work) => void>>>> = {
  both: {
    aOn: approachRises,
    aOff: (work) => act(work, inPlaces(work, ON_A), 'aOff'),
    bOn: barrierRises,
    bOff: barrierFalls,
  },
  approachOnly: { aOn: approachRisesAlone, aOff: approachFallsAlone, bOn: ignore, bOff: ignore },
  barrierOnly: { aOn: ignore, aOff: ignore, bOn: barrierRisesAlone, bOff: barrierFallsAlone },
  none: { aOn: ignore, aOff: ignore, bOn: ignore, bOff: ignore },
};

export function loopEdge(work: Work, edge: LoopEdge): void {
  BY_LOGIC[logicOf(work.state)][edge](work);
}

/** Loop C has risen: whoever came over B is through for sure. */
export function exitRises(work: Work): void {
  const { state, settings, atMs } = work;
  const body = state.bodies.find(
    (one) =>
      one.way === 'forward' &&
      one.cRiseMs === null &&
      !one.presumed &&
      (one.place === 'onBoth' || one.place === 'onB' || (one.outMs !== null && atMs - one.outMs <= settings.transitMs)),
  );
  if (body !== undefined) writable(work, body).cRiseMs = atMs;
}

/** It left A and did not come to B in time. */
export function transitOver(work: Work, body: Body): void {
  leave(work, body, body.nosed ? 'backedOut' : 'turnedAway', body.aFallMs ?? work.atMs);
}

/** A can be seen again and is free: a body that was on it has gone somewhere, unseen. */
export function goneFromA(work: Work, body: Body, sinceMs: number): void {
  if (body.place === 'onBoth') {
    cross(work, body);
    return;
  }
  body.aFallMs = work.atMs;
  if (barrierWatchedSince(work, sinceMs) || work.state.arm === 'closed') {
    leave(work, body, 'turnedAway');
    return;
  }
  body.presumed = true;
  completePassage(work, body);
}
