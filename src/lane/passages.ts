/**
 * Which body a loop edge is for: one table keyed by where a body is, for lanes with A and B, and one by the loops that can be relied on.
 * Terms of lane-logic.md section 4. It decides that somebody passed; whether that was paid for is none of its business.
 */
import { barrierWatchedSince, completePassage, leave, newBody } from './bodies.ts';
import { type Body, lastLoopOf, type Place } from './body.ts';
import { claimsOf } from './claims.ts';
import {
  backComplete,
  backEnds,
  backOffA,
  backOffB,
  backOntoA,
  backThrough,
  backWasAnother,
  cross,
  crossSmall,
  enterB,
  type Handler,
  inPlaces,
  lastOut,
  leaderLeftB,
  leaveA,
  leaveB,
  ON_A,
  resume,
  reversedAfterAll,
} from './crossing.ts';
import { BETWEEN_MS, barrierTouched, REACH_MS } from './fake-exit.ts';
import { replaceHold } from './grant-holds.ts';
import { loopMissed, loopsLeft } from './health.ts';
import type { GrantHold } from './opening.ts';
import { differentPlates } from './plates.ts';
import { lastPulsedMs, pulsesForBody } from './pulses.ts';
import { takeWaiting } from './reads.ts';
import { DRAWBAR_MS } from './revision.ts';
import { approachFallsAlone, approachRisesAlone, barrierFallsAlone, barrierRisesAlone } from './single-loop.ts';
import { lastLoopFalls } from './split.ts';
import type { Lane } from './state.ts';
import {
  currentOpening,
  isWired,
  keep,
  type Logic,
  logicOf,
  loopWorks,
  openingOf,
  removeBody,
  type StepContext,
  writable,
} from './step-context.ts';
import type { LaneSettings } from './types.ts';

/** `a…`: the first loop of a body's way; `b…`: loop B. */
export type LoopEdge = 'aOn' | 'aOff' | 'bOn' | 'bOff';

/** The edge says nothing about a body in this place. */
const nothing: Handler = () => {};

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

const ON_B: readonly Place[] = ['onBoth', 'onB', 'backOnB', 'backOnBoth'];

function act(work: StepContext, bodies: readonly Body[], edge: LoopEdge): void {
  for (const body of bodies) BY_PLACE[body.place][edge](work, body);
}

/** A two-way lane in which inbound vehicles come onto C first. */
const isMirrored = (state: Lane, settings: LaneSettings): boolean =>
  settings.direction === 'both' && isWired(settings, 'exit') && loopWorks(state, 'exit');

const onFirstLoop = (work: StepContext, mirrored: boolean): readonly Body[] =>
  inPlaces(work, ON_A).filter((body) => body.mirrored === mirrored);

/** The first loop of a way has risen: a body begins there, unless one is on it. */
function firstLoopRises(work: StepContext, way: Body['way']): void {
  const { state } = work;
  if (onFirstLoop(work, way === 'reverse').length > 0) return;
  const leader = inPlaces(work, ['onB'])
    .filter((body) => body.way === way)
    .at(-1);
  const past = state.kept.past.findLast((one) => !one.chain);
  if (way === 'forward' && state.kept.between != null) keep(work).between = null;
  const before = leader ?? lastOut(work, way) ?? (way === 'forward' ? past : undefined);
  const body = newBody(work, 'onA', way);
  body.mirrored = way === 'reverse';
  if (before === undefined || before.aFallMs === null) return;
  body.follows = before.id;
  // A gap is a drawbar's when it surely was that short: one of exactly `drawbarGap` must not depend on when it was looked at.
  body.gapMs = Math.max(0, work.atMs - before.aFallMs) + state.approachDoubtMs;
  body.heldB = leader !== undefined;
}

function approachRises(work: StepContext): void {
  const back = inPlaces(work, ['backOnB'])[0];
  if (back !== undefined) act(work, [back], 'aOn');
  else if (!reachesLastLoop(work, 'reverse')) firstLoopRises(work, 'forward');
}

function approachFalls(work: StepContext): void {
  lastLoopFalls(work, 'reverse');
  act(work, onFirstLoop(work, false), 'aOff');
}

function barrierRises(work: StepContext): void {
  const onA = inPlaces(work, ['onA', 'backOnA']);
  // With vehicles on both first loops it is not known yet which one enters.
  const entering = isMirrored(work.state, work.settings) ? onA : onA.slice(0, 1);
  // Whoever has left A is ahead of whoever came onto it since.
  const between = inPlaces(work, ['between']).find((body) => entering.length === 0 || !isChatter(work, body));
  if (between !== undefined) {
    act(work, [between], 'bOn');
    for (const body of entering) standBehind(work, body, between);
  } else if (entering.length > 0) {
    if (!aheadResumes(work, entering)) act(work, entering, 'bOn');
  } else if (!resume(work) && !goesOnFromBetween(work)) newBody(work, 'backOnB', 'reverse');
  barrierTouched(work);
}

/** No vehicle comes from A to B that soon: the one ahead, which left B a moment ago, is on it still, unless another plate was read since. */
function aheadResumes(work: StepContext, entering: readonly Body[]): boolean {
  const isTooSoon = ({ place, way, aRiseMs }: Body): boolean =>
    place === 'onA' && way === 'forward' && aRiseMs !== null && work.atMs - aRiseMs < REACH_MS;
  const isOther = ({ reads }: Body): boolean => differentPlates(reads, lastOut(work)?.reads ?? []);
  if (!entering.every(isTooSoon) || entering.some(isOther) || !resume(work)) return false;
  const ahead = inPlaces(work, ['onB']).at(-1);
  if (ahead !== undefined) for (const body of entering) standBehind(work, body, ahead);
  return true;
}

/**
 * Nobody has come onto A since that one left it, and the arm was raised, the relay pulsed or a payment came since it stood there: it is small, stood
 * between the loops, and goes now.
 */
function goesOnFromBetween(work: StepContext): boolean {
  const { state, atMs } = work;
  const { between, pulses, grants } = state.kept;
  if (between == null || atMs - between.aFallMs > BETWEEN_MS) return false;
  const { aRiseMs } = between;
  const opening = currentOpening(state);
  const isFree = ({ presenceId, issuedMs, grant }: GrantHold): boolean =>
    grant.scope === 'lane' && presenceId === null && issuedMs >= aRiseMs;
  const isLetOut =
    (opening !== undefined && opening.firstId === null && opening.startMs >= aRiseMs) ||
    pulses.some((pulse) => pulse.presenceId === null && lastPulsedMs(pulse) >= aRiseMs) ||
    grants.some(isFree);
  if (!isLetOut) return false;
  // What is read just now is of the next one.
  const body = newBody(work, 'onB', 'forward', aRiseMs);
  body.aRiseMs = aRiseMs;
  body.aFallMs = between.aFallMs;
  body.reads = between.reads;
  pulsesForBody(work, body);
  const own = grants.find((hold) => isFree(hold) && hold.grant.plate === undefined);
  if (own !== undefined) replaceHold(work, own, { presenceId: body.id, returned: false });
  keep(work).between = null;
  return true;
}

/** It came onto A before the one ahead of it reached B. */
function standBehind(work: StepContext, body: Body, leader: Body): void {
  body.follows = leader.id;
  body.gapMs = Math.max(0, (body.aRiseMs ?? body.riseMs) - (leader.aFallMs ?? 0)) + work.state.approachDoubtMs;
  body.heldB = true;
}

/** So short on A, without a read or a grant: no body but the chatter of a detector. */
function isChatter({ state, settings }: StepContext, body: Body): boolean {
  const dwellMs = (body.aFallMs ?? state.actedMs) - body.riseMs;
  if (dwellMs >= settings.minDwellMs || body.reads.length > 0 || body.nosed) return false;
  return !claimsOf(state, settings).some((claim) => claim.bodyId === body.id);
}

function barrierFalls(work: StepContext): void {
  act(work, inPlaces(work, [...ON_B, 'onA']), 'bOff');
}

const ignore = (): void => {};

/** What an edge of A or B does, by the loops that can be relied on now. */
export const BY_LOGIC: Readonly<Record<Logic, Readonly<Record<LoopEdge, (work: StepContext) => void>>>> = {
  both: { aOn: approachRises, aOff: approachFalls, bOn: barrierRises, bOff: barrierFalls },
  approachOnly: { aOn: approachRisesAlone, aOff: approachFallsAlone, bOn: ignore, bOff: ignore },
  barrierOnly: { aOn: ignore, aOff: ignore, bOn: barrierRisesAlone, bOff: barrierFallsAlone },
  none: { aOn: ignore, aOff: ignore, bOn: ignore, bOff: ignore },
};

export function loopEdge(work: StepContext, edge: LoopEdge): void {
  BY_LOGIC[logicOf(work.state)][edge](work);
}

/**
 * Somebody of this way is on B, or has just left it: the loop behind B is its last one. Free no longer than over a drawbar, it has risen again
 * for the one that had reached it: its trailer is neither a second vehicle nor one that comes the other way.
 */
function reachesLastLoop(work: StepContext, way: Body['way']): boolean {
  const { state, settings, atMs } = work;
  if (way === 'reverse' && !isMirrored(state, settings)) return false;
  const there = state.bodies.filter(
    (one) =>
      one.way === way &&
      one.chain === null &&
      !one.presumed &&
      (way === 'forward' || one.mirrored) &&
      (one.place === 'onBoth' || one.place === 'onB' || (one.outMs !== null && atMs - one.outMs <= settings.transitMs)),
  );
  const freeMs = atMs - (state.lastFellMs?.[lastLoopOf(way)] ?? 0);
  const body = there.find(({ cRiseMs }) => cRiseMs === null);
  // For one that has yet to reach it only what a trailer takes is no proof.
  const isSame = freeMs < (body === undefined ? settings.drawbarGapMs : DRAWBAR_MS);
  if (isSame && there.some(({ cRiseMs }) => cRiseMs !== null)) return true;
  if (body === undefined) return false;
  const reached = writable(work, body);
  reached.cRiseMs = atMs;
  takeWaiting(work, reached);
  return true;
}

/** Loop C has risen: whoever came over B is through for sure; in a two-way lane somebody else may be coming in. */
export function exitRises(work: StepContext): void {
  if (reachesLastLoop(work, 'forward')) return;
  if (isMirrored(work.state, work.settings) && logicOf(work.state) === 'both') firstLoopRises(work, 'reverse');
}

export function exitFalls(work: StepContext): void {
  lastLoopFalls(work, 'forward');
  if (work.settings.direction !== 'both') return;
  act(work, onFirstLoop(work, true), 'aOff');
}

/** It left A and did not come to B in time. */
export function transitOver(work: StepContext, over: Body): void {
  const body = writable(work, over);
  reversedAfterAll(work, body);
  if (isChatter(work, body)) {
    removeBody(work, body);
    return;
  }
  if (work.settings.direction !== 'both' && !body.nosed && body.aRiseMs !== null && body.aFallMs !== null)
    keep(work).between = { aRiseMs: body.aRiseMs, aFallMs: body.aFallMs, reads: body.reads };
  if (body.nosed) loopsLeft(work, body, openingOf(work.state, body.openingId));
  else if (body.armUp) loopMissed(work, 'barrierMissed');
  leave(work, body, body.nosed ? 'backedOut' : 'turnedAway', body.aFallMs ?? work.atMs);
}

/** A can be seen again and is free: a body that was on it has gone somewhere, unseen. */
export function goneFromA(work: StepContext, body: Body, sinceMs: number): void {
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
