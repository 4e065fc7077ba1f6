/** A body that began as a possible part of the vehicle before it, and what shows that it is one of its own. */

import type { Body, Read } from './body.ts';
import { gapInUsual, lengthOver } from './learned.ts';
import { bestRead, hardlyOnePlate } from './plates.ts';
import type { Lane } from './state.ts';
import type { LaneSettings } from './types.ts';

/** A body that has stood on A so long with B free is a vehicle of its own. */
export const STOOD_MS = 2_000;

/** The arm was down between the two, a loop was free for longer than a drawbar takes, or it stood on A with B free. */
export function isRevised(state: Lane, settings: LaneSettings, body: Body): boolean {
  if (body.stood || body.armDownBefore) return true;
  if (isApart(state, settings, body) || bearsAnotherPlate(state, body)) return true;
  return body.place === 'onA' && !body.heldB && body.bRiseMs === null && standsNow(state, body);
}

/** It has left B with A still occupied, and had been there for longer than a nose that touches it: it may have gone, and another stands on A. */
export const hasBeenOver = ({ drawbarGapMs }: LaneSettings, { nosed, bRiseMs, bFallMs }: Body): boolean =>
  nosed && bRiseMs !== null && bFallMs !== null && bFallMs - bRiseMs >= drawbarGapMs;

/** It may be the vehicle that paid, which had been over B and is back: the same edges come of one behind it. */
export const mayHavePaid = ({ kept }: Lane, { doubtfulBack, follows }: Body): boolean =>
  doubtfulBack && kept.past.some((past) => past.id === follows && past.covered);

/** What two looks at a loop that lie further apart leave open is a lost wire's. */
export const LOOP_DOUBT_MOST_MS = 60;

/** A drop of A that short is noise as often as not. */
const GAP_LEAST_MS = 160;

/** Of a usual vehicle's time on B, and of the way from A to B: no gap before a trailer, or in a chassis, is so large, at any speed. B surely was: it must not depend on when it was looked at. */
const APART = { onA: 1 / 6, onB: 1 / 3 };

function isApart(state: Lane, settings: LaneSettings, body: Body): boolean {
  const { heldB, aRiseMs, bRiseMs, gapMs, bGapMs } = body;
  if (heldB || aRiseMs === null || bRiseMs === null || bGapMs === null || gapMs === null) return false;
  const wayMs = bRiseMs - aRiseMs;
  if (gapMs < GAP_LEAST_MS || wayMs <= 0) return false;
  const sureMs = bGapMs - Math.min(state.loopPollMs, LOOP_DOUBT_MOST_MS);
  return sureMs > wayMs * APART.onB || gapInUsual(state, settings, body, wayMs - bGapMs + gapMs) > APART.onA;
}

/** Both loops rose for it anew, and its plate is hardly the one before it. */
const bearsAnotherPlate = (state: Lane, body: Body): boolean =>
  !body.heldB && body.together && body.aRiseMs !== null && hardlyOnePlate(body.reads, platesBefore(state, body));

/** The plates of the passage before it, or of the body it follows. */
export function platesBefore(state: Lane, body: Body): readonly Read[] {
  const ids = [body.previousId, body.follows].filter((id) => id !== null);
  for (const id of ids) {
    const live = state.bodies.find((one) => one.id === id);
    if (live !== undefined) return live.reads;
    const gone = state.kept.past.find((one) => one.id === id);
    if (gone !== undefined && (gone.plates.length > 0 || gone.grantPlate === null)) return gone.plates;
    if (gone?.grantPlate)
      return [{ text: gone.grantPlate, confidence: 1, color: null, atMs: gone.outMs, known: false, side: null }];
  }
  return [];
}

/** Under four tenths of a usual vehicle, as a logarithm. */
const FRAGMENT = -0.9;

/** The gap of a drawbar, as a trailer follows its car over the loop: a second vehicle is not that short as well. */
export const DRAWBAR_MS = 300;

/**
 * Much shorter than a vehicle, and A showed no gap before it, or only noise, or nobody read it: the rear axles of the one ahead, its trailer, or B
 * lost that one for a moment.
 */
export function isFragment(state: Lane, settings: LaneSettings, body: Body): boolean {
  if (body.heldB || body.outMs === null || body.gapMs === null) return false;
  if (body.gapMs >= (body.reads.length > 0 ? GAP_LEAST_MS : DRAWBAR_MS)) return false;
  if (body.gapMs >= settings.flickerMs && (body.reads.length > 0 || isRevised(state, settings, body))) return false;
  if (body.stood || body.armDownBefore) return false;
  const over = lengthOver(state, settings, body);
  return over !== null && over < FRAGMENT;
}

/** Detectors lose a vehicle for no longer than this. */
export const LOST_MS = 120;

/** Nobody read it, and the one ahead bears the plate of long vehicles, or A showed a gap like noise, and B one no longer than a dropout. */
export function isRear(state: Lane, settings: LaneSettings, body: Body): boolean {
  const { heldB, gapMs, bGapMs, reads } = body;
  if (heldB || reads.length > 0 || bGapMs === null || gapMs === null || gapMs >= settings.drawbarGapMs) return false;
  const isLost = gapMs < GAP_LEAST_MS && bGapMs <= LOST_MS + Math.min(state.loopPollMs, LOOP_DOUBT_MOST_MS);
  return isLost || bestRead(platesBefore(state, body))?.color === 'yellow';
}

function standsNow(state: Lane, body: Body): boolean {
  if (state.levels.barrier !== false || state.barrierFellMs === null) return false;
  return state.arm === 'closed' || state.actedMs - Math.max(body.riseMs, state.barrierFellMs) >= STOOD_MS;
}
