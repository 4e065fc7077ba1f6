/**
 * Two vehicles so close that the gap between them on A passed for flicker: told when B falls first although A is still occupied.
 * Either the vehicle backed off B, or the first has left and a second stands on A.
 */
import { begunBy } from './begun.ts';
import { completePassage, newBody } from './bodies.ts';
import { type Body, type Drop, lastLoopOf, type Read } from './body.ts';
import { readsChanged } from './body-reads.ts';
import { claimsOf } from './claims.ts';
import { leftAtUsualPace, lengthOver } from './learned.ts';
import type { Pulse } from './opening.ts';
import { openingIsGranted } from './opening-grant.ts';
import { bestRead, CHAIN_DISTANCE, contradicts, contradictsReads, hardlyOnePlate, normalPlate } from './plates.ts';
import { lastPulsedMs, pulsesForBody } from './pulses.ts';
import { takeStanding, takeWaiting } from './reads.ts';
import { hasBeenOver, LOOP_DOUBT_MOST_MS, LOST_MS } from './revision.ts';
import { currentOpening, keep, openingOf, type StepContext, writable, writableOpening } from './step-context.ts';

/** The first would have been so near to the usual length. */
const USUAL = 0.3;
/** Faster than usual over the loops, and yet a car. */
const SHORT = -1;

/** B has fallen under a body on A: whether it had crossed at a drop of A, and the rest of it is another body. */
export function hasCrossedAtDrop(work: StepContext, body: Body): boolean {
  const drop = lastDrop(body);
  if (drop === undefined || !isCrossing(work, body, drop)) return false;
  splitAt(work, body, drop, work.atMs);
  return true;
}

/** No vehicle backs off B and comes onto it again so soon. */
const BACK_AND_FORTH_MS = 1_000;

/** B rises under a body that has let go of it: the first has left, and this is the second. */
export function hasCrossedBefore(work: StepContext, body: Body): Body | undefined {
  const { bFallMs } = body;
  if (!body.nosed || bFallMs === null) return undefined;
  const isSoon = work.atMs - bFallMs <= BACK_AND_FORTH_MS;
  const atFall = { fallMs: bFallMs, riseMs: bFallMs };
  const drop = lastDrop(body) ?? (isSoon ? unseenDrop(work, body, atFall) : atFall);
  if (drop === undefined || isDropout(work, body, drop, bFallMs)) return undefined;
  if (isSoon) return splitAt(work, body, drop, bFallMs);
  if (!hasBeenOver(work.settings, body)) return undefined;
  const isOther = isOtherRead(work, body, drop) || paysAsAnother(work, body, bFallMs);
  if (wentOverLast(work, body, bFallMs) || isOther || isLetOutAgain(work, body, drop, bFallMs))
    return splitLate(work, body, drop, bFallMs);
  const isPaid = claimsOf(work.state, work.settings).some((claim) => claim.bodyId === body.id);
  if (!isPaid || !isRaisedSince(work, body, bFallMs)) return undefined;
  const second = splitLate(work, body, drop, bFallMs);
  // It may have rolled back off B, and a hand let it out once more.
  second.doubtfulBack = true;
  return second;
}

/** It had reached the loop behind B, and was on it when B fell: who rolls back leaves that one first. */
function wentOverLast({ state }: StepContext, { cRiseMs, way }: Body, bFallMs: number): boolean {
  const last = lastLoopOf(way);
  return (
    cRiseMs !== null && cRiseMs <= bFallMs && (state.levels[last] === true || (state.lastFellMs?.[last] ?? 0) > bFallMs)
  );
}

/** The loop behind B falls with B free: whoever was on both as B fell has gone on, and what stands on its first loop is another. */
export function lastLoopFalls(work: StepContext, way: Body['way']): void {
  const { state } = work;
  const isOver = (body: Body): boolean =>
    body.place === 'onA' && body.nosed && body.way === way && openingOf(state, body.openingId) !== undefined;
  const over = state.levels.barrier === false ? state.bodies.find(isOver) : undefined;
  if (over === undefined || over.bFallMs === null || !wentOverLast(work, over, over.bFallMs)) return;
  const body = writable(work, over);
  splitLate(work, body, lastDrop(body) ?? { fallMs: over.bFallMs, riseMs: over.bFallMs }, over.bFallMs);
}

/** Since B fell somebody on A has paid under a plate that those read before contradict. */
const paysAsAnother = ({ state }: StepContext, { id, reads }: Body, bFallMs: number): boolean =>
  state.kept.grants.some(
    ({ presenceId, issuedMs, grant }) =>
      presenceId === id &&
      issuedMs > bFallMs &&
      grant.plate !== undefined &&
      contradicts({ reads: reads.filter(({ atMs }) => atMs <= bFallMs) }, [normalPlate(grant.plate)]),
  );

/** It came onto B in an opening that had let nobody through yet, before anybody came onto A, and went when B fell: whoever came onto A is another. */
export function hasGoneFromBetween(work: StepContext, body: Body): Body | undefined {
  const { aRiseMs, bRiseMs, bFallMs } = body;
  const opening = openingOf(work.state, body.openingId);
  if (aRiseMs === null || bRiseMs === null || bFallMs === null || work.settings.direction === 'both') return undefined;
  // Somebody who comes in against the lane needs no arm to come onto B.
  if (opening === undefined || opening.firstId !== null || opening.startMs >= bRiseMs) return undefined;
  body.way = 'forward';
  const second = splitLate(work, body, { fallMs: aRiseMs, riseMs: aRiseMs }, bFallMs);
  body.aRiseMs = null;
  body.aFallMs = null;
  // A saw nothing of the first, so nothing of this one is its rear.
  second.gapMs = null;
  pulsesForBody(work, second);
  return second;
}

/** The first went when B fell, whatever came since. */
function splitLate(work: StepContext, body: Body, drop: Drop, bFallMs: number): Body {
  const { atMs } = work;
  work.atMs = bFallMs;
  const second = splitAt(work, body, drop, bFallMs);
  work.atMs = atMs;
  const { state, settings } = work;
  ungrant(work, body);
  const opening = currentOpening(state);
  if (opening === undefined || opening.startMs <= bFallMs) return second;
  const since = writableOpening(work, opening);
  since.startPlate = bestRead(second.reads);
  since.granted = openingIsGranted(state, settings, begunBy(opening, settings));
  return second;
}

/** A hand had raised the arm for the first, and what made that opening a granted one was the second's. */
function ungrant(work: StepContext, { id, openingId }: Body): void {
  const { state, settings } = work;
  const opening = openingOf(state, openingId);
  if (opening === undefined || opening.firstId !== id || begunBy(opening, settings) !== 'hand') return;
  if (!claimsOf(state, settings).some(({ bodyId }) => bodyId === id)) writableOpening(work, opening).granted = false;
}

/**
 * A hand, or the relay without a payment, had let the first onto B, and since that left it the relay or a payment lets somebody out.
 */
function isLetOutAgain({ state, settings }: StepContext, body: Body, drop: Drop, bFallMs: number): boolean {
  const { id, aRiseMs, bRiseMs } = body;
  const { pulses, grants, presses } = state.kept;
  const own = grants.filter(({ presenceId }) => presenceId === id);
  const pulse = pulses.find(({ presenceId }) => presenceId === id);
  // Where A showed the second one come, what came since was for that one, be the first on B still.
  const sinceMs = Math.min(bFallMs, drop.riseMs);
  const isLetOut =
    (pulse !== undefined && lastPulsedMs(pulse) > sinceMs) || own.some(({ issuedMs }) => issuedMs > sinceMs);
  if (!isLetOut || own.some(({ issuedMs }) => issuedMs <= (bRiseMs ?? 0))) return false;
  const opening = openingOf(state, body.openingId);
  // What was paid for while it was on B, in an opening that nothing had granted, is for the one behind as well.
  const isUngranted = opening !== undefined && (!opening.granted || own.length > 0);
  const begun = opening === undefined ? 'unknown' : begunBy(opening, settings);
  const isPressed = presses.some(({ atMs }) => atMs > Math.max(opening?.startMs ?? 0, aRiseMs ?? 0) && atMs <= bFallMs);
  const isUnpaid = pulse !== undefined && !pulse.isGrant && pulse.joinedBy === null && pulse.atMs < sinceMs;
  return isPressed || (isUngranted && (begun === 'hand' || (begun === 'relay' && isUnpaid)));
}

/**
 * The arm was down since B fell, and a hand raised it, or the relay without a payment where each has one; or a button was pressed since while it
 * came down.
 */
function isRaisedSince({ state, settings }: StepContext, { id }: Body, bFallMs: number): boolean {
  const { presses, pulses } = state.kept;
  if (presses.some(({ atMs }) => atMs > bFallMs)) return true;
  const opening = currentOpening(state);
  if (opening === undefined || opening.startMs <= bFallMs) return false;
  const isPulsed = pulses.some((pulse) => pulse.presenceId === id && !pulse.isGrant && lastPulsedMs(pulse) > bFallMs);
  return begunBy(opening, settings) === 'hand' || isPulsed;
}

/**
 * A saw no gap at all, but B did: so near that A is longer than the gap. The chassis of a truck looks the same, and a nose that only touches
 * B is none of both.
 */
function unseenDrop(work: StepContext, body: Body, drop: Drop): Drop | undefined {
  const color = bestRead(body.reads)?.color ?? null;
  const isLong = work.atMs - drop.fallMs >= work.settings.drawbarGapMs;
  return !hasBeenOver(work.settings, body) || isLong || color === 'yellow' ? undefined : drop;
}

/** B was free so shortly, and no other plate was read: its detector lost the vehicle for a moment, as a drawbar passed over A perhaps. */
function isDropout(work: StepContext, body: Body, drop: Drop, bFallMs: number): boolean {
  const isLost = work.atMs - bFallMs <= LOST_MS + Math.min(work.state.loopPollMs, LOOP_DOUBT_MOST_MS);
  return isLost && !isOtherRead(work, body, drop);
}

const lastDrop = (body: Body): Drop | undefined =>
  body.drops.findLast((one) => body.bRiseMs !== null && one.fallMs > body.bRiseMs);

function splitAt(work: StepContext, body: Body, drop: Drop, bFallMs: number): Body {
  body.place = 'onB';
  body.aFallMs = drop.fallMs;
  body.bFallMs = bFallMs;
  body.drops = body.drops.filter((one) => one.fallMs < drop.fallMs);
  const second = newBody(work, 'onA', body.way, drop.riseMs);
  second.mirrored = body.mirrored;
  second.aRiseMs = drop.riseMs;
  second.follows = body.id;
  second.gapMs = drop.riseMs - drop.fallMs + work.state.approachDoubtMs;
  const firsts = body.reads.filter(({ atMs }) => atMs <= (body.bRiseMs ?? drop.riseMs));
  // Another plate that was read when the nose of the first was on B already, is of who stood behind it.
  const isSeconds = (read: Read): boolean =>
    read.atMs >= drop.riseMs || (!firsts.includes(read) && hardlyOnePlate([read], firsts));
  second.reads = body.reads.filter(isSeconds);
  body.reads = body.reads.filter((read) => !isSeconds(read));
  readsChanged(work, body);
  // It came when A rose, which is seen only now.
  takeWaiting(work, second, drop.riseMs);
  // It has stood on A ever since: what was read for nobody meanwhile was its own.
  takeStanding(work, second, drop.riseMs);
  // Where A showed no drop, the second came at some time after the first was on B with the arm up, which needed nothing any more.
  const sinceMs = drop.fallMs === drop.riseMs && body.armUp ? (body.bRiseMs ?? drop.riseMs) : drop.riseMs;
  passOn(work, body, second, sinceMs);
  completePassage(work, body);
  return second;
}

function isCrossing(work: StepContext, body: Body, drop: Drop): boolean {
  if (isOtherRead(work, body, drop)) return true;
  const first = { ...body, aFallMs: drop.fallMs, bFallMs: work.atMs };
  const over = lengthOver(work.state, work.settings, first);
  if (over === null) return false;
  if (Math.abs(over) <= USUAL) return true;
  // A drop that no detector makes of one vehicle, and B left at the pace of one that goes on.
  return drop.riseMs - drop.fallMs > LOST_MS && over > SHORT && leftAtUsualPace(work.state, first);
}

/** About when the second would have come onto A, or since, another plate was read. */
function isOtherRead({ state, settings }: StepContext, { reads }: Body, { riseMs }: Drop): boolean {
  const sinceMs = riseMs - settings.plateWindowMs;
  return state.kept.waiting.some((read) => read.atMs >= sinceMs && contradictsReads(read, reads, CHAIN_DISTANCE));
}

/** What came for the body on A since the second rise was for the second. */
function passOn(work: StepContext, body: Body, second: Body, sinceMs: number): void {
  const { grants, pulses } = work.state.kept;
  keep(work).pulses = pulses.flatMap((pulse): readonly Pulse[] => {
    if (pulse.presenceId !== body.id) return [pulse];
    if (pulse.atMs >= sinceMs) return [{ ...pulse, presenceId: second.id }];
    const { againMs, ...first } = pulse;
    if (againMs === undefined || againMs < sinceMs) return [pulse];
    // What passed for a repetition for the first was the second's own.
    keep(work).pulseCount += 1;
    const id = work.state.kept.pulseCount;
    return [first, { ...first, id, atMs: againMs, sinceMs: againMs, presenceId: second.id, joinedBy: null }];
  });
  keep(work).grants = grants.map((hold) =>
    hold.presenceId === body.id && hold.issuedMs >= sinceMs ? { ...hold, presenceId: second.id } : hold,
  );
  writable(work, second);
}
