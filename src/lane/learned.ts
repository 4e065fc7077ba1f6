/**
 * What the lane has learned of its own vehicles: how long one looks to its loops. The index is free of speed and of the loops' sizes once
 * compared with the lane's own median; nobody measures anything. It is forgotten at a power cut, when detectors retune.
 */

import type { Body, Read } from './body.ts';
import type { GrantHold } from './opening.ts';
import { bestRead, normalPlate, readsExactly } from './plates.ts';
import { forwardOf, reverseOf } from './release.ts';
import { type Lane, withLast } from './state.ts';
import { keep, openingOf, type StepContext } from './step-context.ts';
import type { Direction, LaneSettings } from './types.ts';

const LEARNED_MOST = 300;
const LEARNED_LEAST = 15;
const TOGETHER_KEPT = 50;

const directionOf = (settings: LaneSettings, body: Body): Direction =>
  body.way === 'forward' ? forwardOf(settings) : reverseOf(settings);

/** ln of the time on B until A was left, over the time from there until B was left; null where the loops do not tell. */
function lengthIndex(state: Lane, body: Body): number | null {
  const { aFallMs, bRiseMs, bFallMs } = body;
  if (!body.together || aFallMs === null || bRiseMs === null || bFallMs === null) return null;
  const startMs = openingOf(state, body.openingId)?.startMs ?? bRiseMs;
  const frontMs = aFallMs - Math.max(bRiseMs, startMs);
  const rearMs = bFallMs - aFallMs;
  const leastMs = Math.max(1, state.loopPollMs);
  return frontMs < leastMs || rearMs < leastMs ? null : Math.round(Math.log(frontMs / rearMs) * 1000) / 1000;
}

export function median(numbers: readonly number[]): number {
  const sorted = new Float64Array(numbers).sort();
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** How much longer than usual, as a logarithm; null while the lane has learned too little, or the loops do not tell. */
export function lengthOver(state: Lane, settings: LaneSettings, body: Body): number | null {
  const usual = state.kept.usualLength[directionOf(settings, body)];
  if (usual === null) return null;
  const index = lengthIndex(state, body);
  return index === null ? null : index - usual;
}

/** Its last part on A as a multiple of the usual index: how long the second of two was, free of speed. null: not known. */
export function secondPart(state: Lane, settings: LaneSettings, body: Body): number | null {
  const usual = state.kept.usualLength[directionOf(settings, body)];
  const drop = body.drops.at(-1);
  if (usual === null || drop === undefined || body.aFallMs === null || body.bFallMs === null) return null;
  return (body.aFallMs - drop.riseMs) / Math.max(1, body.bFallMs - body.aFallMs) / Math.exp(usual);
}

/** How long A was free before it, as a part of what a usual vehicle takes over B at the pace of the rear ahead, `rearMs` from loop to loop. 0: not known. */
export function gapInUsual({ kept }: Lane, settings: LaneSettings, body: Body, rearMs: number): number {
  const usual = kept.usualLength[directionOf(settings, body)];
  return usual === null ? 0 : (body.gapMs ?? 0) / Math.max(1, rearMs) / (1 + Math.exp(usual));
}

/** It left B at the lane's usual pace: it did not stop on the loops. */
export function leftAtUsualPace(state: Lane, body: Body): boolean {
  const { leavingMs } = state.kept;
  if (leavingMs.length < LEARNED_LEAST || body.aFallMs === null || body.bFallMs === null) return false;
  const share = (body.bFallMs - body.aFallMs) / median(leavingMs);
  return share > 0.5 && share < 1.2;
}

/** An authorised single passage. */
export function learn(work: StepContext, body: Body): void {
  if (body.drops.length > 0 || body.heldB || body.single) return;
  if (work.state.bodies.some((one) => one.follows === body.id && one.heldB)) return;
  const index = lengthIndex(work.state, body);
  if (index === null || body.aFallMs === null || body.bRiseMs === null) return;
  const direction = directionOf(work.settings, body);
  const { lengths, togetherMs, leavingMs } = work.state.kept;
  const learned = withLast(lengths[direction], index, LEARNED_MOST);
  keep(work).lengths = withDirection(lengths, direction, learned);
  learnUsual(work, direction, learned);
  keep(work).togetherMs = withLast(togetherMs, body.aFallMs - body.bRiseMs, TOGETHER_KEPT);
  keep(work).leavingMs = withLast(leavingMs, (body.bFallMs ?? body.aFallMs) - body.aFallMs, TOGETHER_KEPT);
}

const withDirection = <T>(
  { entry, exit }: Readonly<Record<Direction, T>>,
  direction: Direction,
  value: T,
): Readonly<Record<Direction, T>> => (direction === 'entry' ? { entry: value, exit } : { entry, exit: value });

/** Among few each counts; of many the median hardly moves. */
const FEW = 40;
const SELDOM = 16;

function learnUsual(work: StepContext, direction: Direction, learned: readonly number[]): void {
  const isDue = learned.length <= FEW || work.state.kept.passages % SELDOM === 0;
  if (learned.length < LEARNED_LEAST || !isDue) return;
  keep(work).usualLength = withDirection(work.state.kept.usualLength, direction, median(learned));
}

const READS_KEPT = 40;
const READS_LEAST = 10;

/** It paid on A under the plate it was read with: so soon after it came, or before, this lane's camera reads. */
export function learnReading(work: StepContext, body: Body, grant: GrantHold): void {
  if (grant.presenceId !== body.id || grant.grant.plate === undefined || body.aRiseMs === null) return;
  const read = readsExactly(body.reads, normalPlate(grant.grant.plate));
  if (read !== undefined)
    keep(work).readAfterMs = withLast(work.state.kept.readAfterMs ?? [], read.atMs - body.aRiseMs, READS_KEPT);
}

/** Of two moments the one at which the camera rather reads a vehicle that came onto A then; undefined while too little is learned. */
export function readsRatherAt({ kept }: Lane, aRiseMs: number, oneMs: number, otherMs: number): number | undefined {
  const learned = kept.readAfterMs ?? [];
  if (learned.length < READS_LEAST) return undefined;
  const usualMs = aRiseMs + median(learned);
  return Math.abs(oneMs - usualMs) <= Math.abs(otherMs - usualMs) ? oneMs : otherMs;
}

/** In a queue a vehicle is read no earlier than this before it comes onto A. */
const AHEAD_MOST_MS = 30_000;

/** This lane's camera reads vehicles before they come onto A: so long before, at most. 0: it does not, or too little is learned. */
export function readsAheadMs({ kept }: Lane): number {
  const learned = kept.readAfterMs ?? [];
  return learned.length < READS_LEAST || median(learned) >= 0 ? 0 : Math.min(AHEAD_MOST_MS, -Math.min(...learned));
}

/** Read as its vehicle came onto A, where the camera does not read up the lane. */
export const isReadAsItCame = (
  { state, settings }: StepContext,
  { aRiseMs }: Pick<Body, 'aRiseMs'>,
  { atMs }: Read,
): boolean =>
  aRiseMs !== null && atMs >= aRiseMs && atMs <= aRiseMs + settings.plateWindowMs && readsAheadMs(state) === 0;

/** A first read this much later than this lane's camera usually reads may be of the next vehicle. */
const LATER_MS = 1_500;

/** Too late for a first read of a vehicle that came onto A then. */
export function isLateRead({ kept }: Lane, aRiseMs: number, readMs: number): boolean {
  // Nearly every read is in good time: that is seen without the median.
  if (readMs - aRiseMs <= LATER_MS) return false;
  const learned = kept.readAfterMs ?? [];
  return learned.length >= READS_LEAST && readMs - aRiseMs > Math.max(0, median(learned)) + LATER_MS;
}

/** So long after the one ahead it is not the next of a queue. */
const QUEUE_MS = 60_000;

/** The one ahead, or a follower told by a plate in its occupancy, bears one that no payment confirmed: a camera that reads ahead may have read this one. */
function mayBeReadAhead({ bodies, kept }: Lane, body: Body): boolean {
  if (bodies.some((one) => one.riseMs < body.riseMs && one.reads.length > 0)) return true;
  const ahead = kept.past.findLast((past) => !past.chain && past.riseMs < body.riseMs);
  if (ahead === undefined || body.riseMs - ahead.outMs > QUEUE_MS) return false;
  return kept.past.some(
    (past) =>
      past.riseMs < body.riseMs && past.outMs >= ahead.outMs && past.grantPlate === null && past.plates.length > 0,
  );
}

/**
 * The plate a body bears is surely its own, or it bears none and none that was read can be its. A small vehicle is hardly ever read, an unread one
 * is read as the next, and what has been on B and seemed to roll back may be two.
 */
export function isOwnRead(state: Lane, body: Body): boolean {
  const read = bestRead(body.reads);
  if (read === null) return !mayBeReadAhead(state, body);
  if (body.aRiseMs === null) return true;
  // A vehicle of the list needs no hand: its plate may have been read for the one ahead.
  if (!body.together || body.nosed || read.known || isBrief(state, body)) return false;
  const isKnown = (state.kept.readAfterMs ?? []).length >= READS_LEAST;
  // Where the camera reads ahead it would have read this one before it came: a plate read since may be the next one's.
  if (readsAheadMs(state) > 0) return read.atMs <= body.aRiseMs;
  return isKnown ? !isLateRead(state, body.aRiseMs, read.atMs) : read.atMs - body.aRiseMs <= LATER_MS;
}

export function forgetLearned(work: StepContext): void {
  keep(work).lengths = { entry: [], exit: [] };
  keep(work).usualLength = { entry: null, exit: null };
  keep(work).togetherMs = [];
  keep(work).leavingMs = [];
}

/** A and B were together for less than half the lane's usual time: no car. False while that is not known. */
export function isBrief(state: Lane, body: Body): boolean {
  const { togetherMs } = state.kept;
  if (togetherMs.length < LEARNED_LEAST || body.aFallMs === null || body.bRiseMs === null) return false;
  const twiceMs = 2 * (body.aFallMs - body.bRiseMs);
  // Under half the median: at least half of them took more than twice as long. Counting needs no sorting.
  return togetherMs.filter((ms) => ms > twiceMs).length >= togetherMs.length / 2;
}

/** Of the lane's usual time on both loops; a car that nobody read and is faster than that has not been seen in any world. */
const HARDLY = 1 / 4;

/**
 * Nobody read it, and it was hardly on both loops at one time, as the lane's vehicles are: an e-bike, a trolley. False while no vehicle of the lane was
 * seen on both, or none was read as it came.
 */
export function isShorterThanLoops({ kept }: Lane, { reads, aFallMs, bRiseMs, heldB, single }: Body): boolean {
  const { togetherMs, readAfterMs = [] } = kept;
  if (reads.length > 0 || togetherMs.length === 0 || readAfterMs.length === 0) return false;
  if (aFallMs === null || bRiseMs === null || heldB || single) return false;
  return aFallMs - bRiseMs < HARDLY * median(togetherMs);
}
