/** Who comes to one lane and when, and the scripts that each of them plays. It must not know how a lane is built, nor any box. */

import type { Mover } from '../movers.ts';
import type { Random } from '../random.ts';
import type { ScriptRunner } from '../script-runner.ts';
import type { Guest, LaneScene } from './lane-scene.ts';
import type { WorldManner } from './manner.ts';
import { drawn, gapOf, type Lone, nextArrivalMs, type Visit } from './people.ts';
import { emptyOpening, follow, hold, VISIT_SCRIPTS } from './visit-scripts.ts';
import type { Stage } from './visits.ts';

export interface LanePlay {
  readonly scene: LaneScene;
  /** Lets in whoever is due and finds room. `full`: nobody new is to come. */
  admit(nowMs: number, full: boolean): void;
  comesAgain(atMs: number, mover: Mover, visit: Lone): void;
  nextMs(full: boolean): number;
}

export interface LanePlayParts {
  readonly manner: WorldManner;
  readonly scene: LaneScene;
  readonly random: Random;
  readonly runner: ScriptRunner;
  readonly stage: Stage;
  readonly startMs: number;
  /** One more vehicle has come. */
  readonly onArrival: () => void;
}

/** No more come into a lane. */
const LANE_FULL = 5;
const PAID_AHEAD_MS = [60_000, 600_000] as const;
/** Behind one that means to go back nobody comes up. */
const GOES_BACK: readonly Visit[] = ['fakeExit', 'backOut', 'turnAway', 'changer'];

export function createLanePlay(parts: LanePlayParts): LanePlay {
  const { manner, scene, random, runner, stage, startMs } = parts;
  const { manners, mix, direction } = manner;
  const again: { readonly atMs: number; readonly mover: Mover; readonly visit: Lone }[] = [];
  let arrivalMs = startMs + random.between(2_000, 20_000);
  /** Waits outside until those of the other way have gone. */
  let pending: { readonly visit: Visit; readonly way: 1 | -1 } | undefined;
  let alone: Guest | undefined;

  const payAhead = ({ truth }: Guest, nowMs: number): void =>
    stage.feed.paidAhead(truth, Math.max(startMs + 1_000, nowMs - random.between(...PAID_AHEAD_MS)));
  const lone = (visit: Lone, way: 1 | -1, nowMs: number): Guest => {
    parts.onArrival();
    const guest = scene.spawn({ kind: visit === 'slip' ? 'ebike' : drawn(manners.kinds, random), way });
    if (GOES_BACK.includes(visit)) alone = guest;
    if (visit === 'ahead') payAhead(guest, nowMs);
    runner.run(VISIT_SCRIPTS[visit](stage, guest));
    return guest;
  };
  /** One with a right to leave, and those behind it with none. */
  const party = (way: 1 | -1, nowMs: number): void => {
    let leader = lone(drawn({ paid: 6, season: 2, free: 1, ahead: 1 }, random), way, nowMs);
    do {
      parts.onArrival();
      const guest = scene.spawn({ kind: drawn(manners.kinds, random), way });
      runner.run(follow(stage, guest, leader, gapOf(manners, random)));
      leader = guest;
    } while (random.chance(manners.chain));
  };
  const barred = (way: 1 | -1): boolean => scene.guests.some(({ mover }) => mover.way !== way);
  const arrive = (nowMs: number): void => {
    const inbound = direction === 'both' && random.chance(manners.inbound);
    pending ??= { visit: drawn(mix, random), way: inbound ? -1 : 1 };
    const { visit, way } = pending;
    if (barred(way)) return;
    pending = undefined;
    arrivalMs = nowMs + nextArrivalMs(manners, random);
    if (visit === 'nobody') runner.run(emptyOpening(stage));
    else if (visit === 'hold') runner.run(hold(stage));
    else if (visit === 'follower') party(way, nowMs);
    else lone(visit, way, nowMs);
  };
  return {
    scene,
    admit: (nowMs, full) => {
      if (alone !== undefined && alone.truth.goneMs === undefined) return;
      alone = undefined;
      if (scene.guests.length >= LANE_FULL) return;
      const [first] = again;
      if (first !== undefined && first.atMs <= nowMs) {
        if (barred(first.mover.way)) return;
        again.shift();
        const guest = scene.spawn(first.mover);
        runner.run(VISIT_SCRIPTS[first.visit](stage, guest));
      } else if (arrivalMs <= nowMs && !full) arrive(nowMs);
    },
    comesAgain: (atMs, mover, visit) => {
      again.push({ atMs, mover, visit });
      again.sort((a, b) => a.atMs - b.atMs);
    },
    nextMs: (full) => Math.min(full ? Number.POSITIVE_INFINITY : arrivalMs, again[0]?.atMs ?? Number.POSITIVE_INFINITY),
  };
}
