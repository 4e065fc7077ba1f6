/** The contacts of one lane's loops, and of a beam across it: what the metal above them makes each of them say. It must not know drivers. */

import { createLoopDetector } from './loop-detector.ts';
import { type Mover, reachOver } from './movers.ts';
import type { Random } from './random.ts';
import { mirrored, type Site } from './worlds/site.ts';

export type LoopRole = 'approach' | 'barrier' | 'exit';
const LOOPS: readonly LoopRole[] = ['approach', 'barrier', 'exit'];

export interface LaneField {
  readonly barrierOn: boolean;
  /** Metal has moved, or has not: then only what is due is said. */
  step(movers: readonly Mover[], moved: boolean, nowMs: number, stepMs: number): void;
}

const BEAM_HALF_M = 0.02;
const BEAM_DELAY_MS = 10;

export function createLaneField(
  site: Pick<Site, LoopRole | 'detectors'>,
  random: Random,
  say: (role: LoopRole | 'beam', on: boolean, atMs: number) => void,
): LaneField {
  const detectorOf = (role: LoopRole) =>
    createLoopDetector(site.detectors[role], random, (on, atMs) => say(role, on, atMs));
  const detectors = {
    approach: detectorOf('approach'),
    barrier: detectorOf('barrier'),
    exit: detectorOf('exit'),
  };
  const stretches = {
    1: { approach: site.approach, barrier: site.barrier, exit: site.exit },
    [-1]: { approach: mirrored(site.approach), barrier: mirrored(site.barrier), exit: mirrored(site.exit) },
  };
  const reach: Record<LoopRole, number> = { approach: -1, barrier: -1, exit: -1 };
  let beamReach = -1;
  const feelLoop = (role: LoopRole, movers: readonly Mover[], nowMs: number, stepMs: number): void => {
    let most = -1;
    let rough = false;
    for (const mover of movers) {
      const { fromM, toM } = stretches[mover.way][role];
      const over = reachOver(mover, fromM, toM);
      if (over <= most) continue;
      most = over;
      rough = mover.kind === 'truck' || mover.kind === 'trailer';
    }
    const before = reach[role];
    reach[role] = most;
    if (before > 0 !== most > 0) detectors[role].metal(most > 0, crossedMs(before, most, nowMs, stepMs), rough);
  };
  const feelBeam = (movers: readonly Mover[], nowMs: number, stepMs: number): void => {
    let most = -1;
    for (const mover of movers) most = Math.max(most, reachOver(mover, -BEAM_HALF_M, BEAM_HALF_M));
    const before = beamReach;
    beamReach = most;
    if (before > 0 === most > 0) return;
    say('beam', most > 0, crossedMs(before, most, nowMs, stepMs) + BEAM_DELAY_MS);
  };
  return {
    get barrierOn() {
      return detectors.barrier.on;
    },
    step: (movers, moved, nowMs, stepMs) => {
      for (const role of LOOPS) {
        if (moved) feelLoop(role, movers, nowMs, stepMs);
        detectors[role].advance(nowMs);
      }
      if (moved) feelBeam(movers, nowMs, stepMs);
    },
  };
}

/** When, within the step, a reach went through zero. */
function crossedMs(before: number, after: number, nowMs: number, stepMs: number): number {
  const share = after === before ? 1 : Math.min(1, Math.max(0, -before / (after - before)));
  return nowMs - stepMs + stepMs * share;
}
