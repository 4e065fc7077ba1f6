/**
 * Two vehicles so close that the gap between them on A passed for flicker: told when B falls first although A is still occupied.
 * Either the vehicle backed off B, or the first has left and a second stands on A.
 */
import { completePassage, newBody } from './bodies.ts';
import type { Body, Drop } from './body.ts';
import { leftAtUsualPace, lengthOver } from './learned.ts';
import { bestRead, CHAIN_DISTANCE, contradictsReads } from './plates.ts';
import { takeWaiting } from './reads.ts';
import { keep, type StepContext, writable } from './step-context.ts';

/** The first would have been so near to the usual length. */
const USUAL = 0.3;
/** Detectors lose a vehicle for no longer than this. */
const DROPOUT_MS = 120;
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

/** B rises under a body that has just let go of it, and A had dropped before: the first has left, and this is the second. */
export function hasCrossedBefore(work: StepContext, body: Body): Body | undefined {
  const { bFallMs } = body;
  if (!body.nosed || bFallMs === null || work.atMs - bFallMs > BACK_AND_FORTH_MS) return undefined;
  const drop = lastDrop(body) ?? unseenDrop(work, body, bFallMs);
  return drop === undefined ? undefined : splitAt(work, body, drop, bFallMs);
}

/**
 * A saw no gap at all, but B did: so near that A is longer than the gap. The chassis of a truck looks the same, and a nose that only touches
 * B is none of both.
 */
function unseenDrop(work: StepContext, body: Body, bFallMs: number): Drop | undefined {
  const color = bestRead(body.reads)?.color ?? null;
  const wasOver = body.bRiseMs !== null && bFallMs - body.bRiseMs >= work.settings.drawbarGapMs;
  const isClose = work.atMs - bFallMs < work.settings.drawbarGapMs;
  return wasOver && isClose && color !== 'yellow' ? { fallMs: bFallMs, riseMs: bFallMs } : undefined;
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
  second.reads = body.reads.filter((read) => read.atMs >= drop.riseMs);
  body.reads = body.reads.filter((read) => read.atMs < drop.riseMs);
  takeWaiting(work, second, drop.riseMs);
  passOn(work, body, second, drop.riseMs);
  completePassage(work, body);
  return second;
}

function isCrossing(work: StepContext, body: Body, drop: Drop): boolean {
  const sinceMs = drop.riseMs - work.settings.plateWindowMs;
  if (
    work.state.kept.waiting.some((read) => read.atMs >= sinceMs && contradictsReads(read, body.reads, CHAIN_DISTANCE))
  )
    return true;
  const first = { ...body, aFallMs: drop.fallMs, bFallMs: work.atMs };
  const over = lengthOver(work.state, work.settings, first);
  if (over === null) return false;
  if (Math.abs(over) <= USUAL) return true;
  // A drop that no detector makes of one vehicle, and B left at the pace of one that goes on.
  return drop.riseMs - drop.fallMs > DROPOUT_MS && over > SHORT && leftAtUsualPace(work.state, first);
}

/** What came for the body on A since the second rise was for the second. */
function passOn(work: StepContext, body: Body, second: Body, sinceMs: number): void {
  const { grants, pulses } = work.state.kept;
  keep(work).pulses = pulses.map((pulse) =>
    pulse.presenceId === body.id && pulse.atMs >= sinceMs ? { ...pulse, presenceId: second.id } : pulse,
  );
  keep(work).grants = grants.map((hold) =>
    hold.presenceId === body.id && hold.issuedMs >= sinceMs ? { ...hold, presenceId: second.id } : hold,
  );
  writable(work, second);
}
