/**
 * What one body does at an edge: onto B, off A, through, back. The rules of lane-logic.md section 4 for a single vehicle; which body an
 * edge is for is decided in `passages.ts`, whether it was paid for elsewhere. In a two-way lane "A" is the first loop of its way.
 */
import { captureAt, completePassage, leave, mergeBodies, takeBack } from './bodies.ts';
import type { Body, Place } from './body.ts';
import { barrierDropped, DROPOUT_MS, loopMissed } from './health.ts';
import {
  CHAIN_DISTANCE,
  contradicts,
  contradictsReads,
  differentPlates,
  hardlyOnePlate,
  normalPlate,
} from './plates.ts';
import { takeWaiting } from './reads.ts';
import { STOOD_MS } from './revision.ts';
import { hasCrossedAtDrop, hasCrossedBefore, hasGoneFromBetween } from './split.ts';
import { alarm, bodyOf, currentOpening, fact, type StepContext, writable } from './step-context.ts';

export type Handler = (work: StepContext, body: Body) => void;

/** A drop of A shorter than this is noise and no trace of a second vehicle. */
const DROP_LEAST_MS = 25;
const DROPS_MOST = 8;

export const ON_A: readonly Place[] = ['onA', 'onBoth', 'backOnBoth', 'backOnA'];

export const inPlaces = (work: StepContext, places: readonly Place[]): readonly Body[] =>
  work.state.bodies.filter((body) => !body.presumed && places.includes(body.place)).map((body) => writable(work, body));

/** The body that left B last and has not settled. */
export const lastOut = (work: StepContext, way: Body['way'] = 'forward'): Body | undefined =>
  work.state.bodies.filter((body) => body.place === 'out' && body.way === way && body.chain === null).at(-1);

export function enterB(work: StepContext, entering: Body): void {
  const body = hasCrossedBefore(work, entering) ?? entering;
  body.place = 'onBoth';
  body.together = true;
  body.ambiguousOf = null;
  landOnB(work, body);
}

export function landOnB(work: StepContext, body: Body): void {
  const { state } = work;
  const fellMs = state.barrierFellMs;
  const freeFromMs = Math.max(body.aRiseMs ?? body.riseMs, fellMs ?? 0);
  body.stood ||= body.aRiseMs !== null && work.atMs - freeFromMs >= STOOD_MS;
  body.bGapMs = fellMs === null ? null : work.atMs - fellMs;
  const opening = currentOpening(state);
  body.armDownBefore =
    fellMs !== null && (state.arm === 'closed' || (opening !== undefined && opening.startMs >= fellMs));
  body.bRiseMs = work.atMs;
  body.bFallMs = null;
  body.heldB = false;
  body.armUp = state.arm !== 'closed';
  body.underArm = state.arm === 'closed';
  body.openingId = state.openingId;
  body.captureId = captureAt(work) ?? body.captureId;
  takeWaiting(work, body);
}

/** A is left while B is occupied: it is through. */
export function cross(work: StepContext, body: Body): void {
  body.place = 'onB';
  body.aFallMs = work.atMs;
  body.openingId ??= work.state.openingId;
  if (body.underArm && work.state.arm === 'closed') ranBarrier(work, body);
}

export function ranBarrier(work: StepContext, body: Body): void {
  body.ran = true;
  body.openingId = null;
  // The arm came down since it came: somebody may have let it out.
  body.armUp ||= work.state.armSinceMs > body.riseMs;
  alarm(work, 'ranBarrier', true, [fact('armWasDown', body.bRiseMs)]);
  alarm(work, 'ranBarrier', false);
}

/** It has shown itself to be a vehicle of its own: it stood on A with B free, or the arm was down before it. */
function noteStanding({ state, atMs }: StepContext, body: Body): void {
  const fellMs = state.barrierFellMs;
  if (state.levels.barrier !== false || body.bRiseMs !== null) return;
  body.stood ||= atMs - Math.max(body.riseMs, fellMs ?? 0) >= STOOD_MS;
}

/** A is left with B free, or with B held by the body before it. */
export function leaveA(work: StepContext, body: Body): void {
  const leader = body.heldB ? bodyOf(work.state, body.follows) : undefined;
  if (leader !== undefined) {
    leaveHeldB(work, body, leader);
    return;
  }
  noteStanding(work, body);
  body.aFallMs = work.atMs;
  body.place = 'between';
}

/** It has no trace of its own but a gap on A: a vehicle close behind, a drawbar, or the chatter of a detector. */
function leaveHeldB(work: StepContext, body: Body, leader: Body): void {
  const isOther = body.reads.some((read) => contradictsReads(read, leader.reads, CHAIN_DISTANCE));
  const isBody = body.reads.length > 0 || work.atMs - body.riseMs >= work.settings.minDwellMs;
  // Nobody presses for the rear of what is under way already.
  const isLetOut = work.state.kept.presses.some(({ atMs }) => atMs > body.riseMs);
  // A small vehicle before it was never on both loops: no drawbar looks like that.
  const partMs = leader.together ? work.settings.drawbarGapMs : DROPOUT_MS;
  if (isOther || (isBody && ((body.gapMs ?? 0) >= partMs || isLetOut))) {
    cross(work, body);
    return;
  }
  // A drawbar or a high chassis: B was occupied from before the first fall of A until after the second.
  const whole = writable(work, leader);
  if (isBody && whole.aFallMs !== null) {
    addDrop(whole, whole.aFallMs, body.riseMs);
    for (const drop of body.drops) addDrop(whole, drop.fallMs, drop.riseMs);
    whole.aFallMs = work.atMs;
  }
  mergeBodies(work, whole, body);
}

function addDrop(body: Body, fallMs: number, riseMs: number): void {
  body.drops = [...body.drops, { fallMs, riseMs }].slice(-DROPS_MOST);
}

/** A dropped for less than `flicker` while a body was on both loops: no fall, but a trace. */
export function approachDropped(work: StepContext, fallMs: number, riseMs: number): void {
  if (riseMs - fallMs < DROP_LEAST_MS) return;
  const body = inPlaces(work, ['onBoth', 'onA']).find((one) => one.place === 'onBoth' || one.heldB);
  if (body !== undefined) addDrop(body, fallMs, riseMs);
}

/** Whoever rolls back off B leaves A within this. */
const BACKING_MS = 8_000;

/** 01→11→10→00 and no B: the body that seemed to have left came back over A, and this is it. */
export function reversedAfterAll(work: StepContext, body: Body): void {
  const first = bodyOf(work.state, body.ambiguousOf);
  body.ambiguousOf = null;
  if (first === undefined || first.place !== 'out' || first.cRiseMs !== null) return;
  if (differentPlates(body.reads, first.reads) || hardlyOnePlate(body.reads, first.reads)) return;
  // The verdict on the first may wait for a message longer than anybody takes to roll back.
  if (first.waitsUntilMs !== null && (body.aFallMs ?? work.atMs) - (first.bFallMs ?? 0) > BACKING_MS) return;
  if (paysUnderAnother(work, body, first)) return;
  takeBack(work, first);
  body.nosed = true;
  body.doubtfulBack = true;
  body.reads = [...first.reads, ...body.reads];
  mergeBodies(work, body, first);
}

/** Since the first left B, somebody on A has paid under a plate that is not the first's. */
const paysUnderAnother = ({ state }: StepContext, { id }: Body, first: Body): boolean =>
  state.kept.grants.some(
    ({ presenceId, grant }) =>
      presenceId === id && grant.plate !== undefined && contradicts(first, [normalPlate(grant.plate)]),
  );

/** B rises again with A free, so soon after a body has left it: a drawbar, or a high chassis. Nobody comes from behind that fast. */
export function resume(work: StepContext): boolean {
  const before = lastOut(work);
  if (before === undefined || before.bFallMs === null || before.cRiseMs !== null || before.waitsUntilMs !== null)
    return false;
  const gapMs = work.atMs - before.bFallMs;
  if (gapMs >= work.settings.drawbarGapMs) return false;
  takeBack(work, before);
  if (gapMs < DROPOUT_MS) barrierDropped(work);
  const body = writable(work, before);
  body.place = 'onB';
  body.outMs = null;
  body.bFallMs = null;
  body.automatic = false;
  return true;
}

export function backOffB(work: StepContext, body: Body): void {
  if (hasCrossedAtDrop(work, body)) return;
  body.place = 'onA';
  body.nosed = true;
  body.bFallMs = work.atMs;
  body.underArm = false;
}

/** B falls under a body that came onto A while another was on B. */
export function leaderLeftB(_work: StepContext, body: Body): void {
  if (!body.heldB) return;
  body.heldB = false;
  body.ambiguousOf = body.follows;
}

export function leaveB(work: StepContext, body: Body): void {
  body.bFallMs = work.atMs;
  if (body.single) {
    finishSingle(work, body);
    return;
  }
  if (!body.together && !body.ran && body.underArm && work.state.arm === 'closed') ranBarrier(work, body);
  completePassage(work, body);
}

/** Judged by B alone: an occupancy of some length while the arm is not down. */
export function finishSingle(work: StepContext, body: Body): void {
  const dwellMs = work.atMs - (body.bRiseMs ?? body.riseMs);
  body.bFallMs = work.atMs;
  if (body.armUp && (dwellMs >= work.settings.minDwellMs || body.cRiseMs !== null)) completePassage(work, body);
  else leave(work, body, 'seenOnBarrierOnly');
}

/** Left A a moment ago, and now B rises with A free: small, or the loops are far apart. */
export function crossSmall(work: StepContext, body: Body): void {
  body.place = 'onB';
  body.ambiguousOf = null;
  landOnB(work, body);
}

export function backEnds(work: StepContext, body: Body): void {
  if (body.aRiseMs === null) loopMissed(work, 'approachMissed');
  leave(work, body, body.aRiseMs === null ? 'seenOnBarrierOnly' : 'reverseBackedOut');
}

export function backOntoA(work: StepContext, body: Body): void {
  body.place = 'backOnBoth';
  body.aRiseMs = work.atMs;
}

export function backOffA(work: StepContext, body: Body): void {
  body.place = 'backOnB';
  body.aFallMs = work.atMs;
}

export function backThrough(work: StepContext, body: Body): void {
  body.place = 'backOnA';
  body.bFallMs = work.atMs;
}

export function backComplete(work: StepContext, body: Body): void {
  body.aFallMs = work.atMs;
  if (body.underArm && work.state.arm === 'closed') ranBarrier(work, body);
  completePassage(work, body);
}

/**
 * B rises again under one that came onto A with somebody on B. It was small, had stood between the loops and has gone; or in a stand-off it has gone
 * back where it came from, and the one on A goes forward.
 */
export function backWasAnother(work: StepContext, body: Body): void {
  const second = hasGoneFromBetween(work, body);
  body.way = 'forward';
  enterB(work, second ?? body);
}
