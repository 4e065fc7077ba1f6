/** One place: where its loops lie, how its detectors, arm and camera are. Drawn at random, because no two parks are alike. It must not know who drives there. */

import type { LoopManner } from '../loop-detector.ts';
import type { ArmManner } from '../machine-arm.ts';
import type { Random } from '../random.ts';

/** Metres along the way out; the arm stands over B. */
export interface Stretch {
  readonly fromM: number;
  readonly toM: number;
}

export interface CameraManner {
  /** `loop`: takes its picture when A rises; `video`: reads whatever plate it sees, also before A. */
  readonly trigger: 'loop' | 'video';
  readonly atM: number;
  readonly heightM: number;
  /** How far beside the middle of the lane it stands. */
  readonly besideM: number;
  readonly nearM: number;
  readonly farM: number;
  /** Whether it says how sure it is. */
  readonly rated: boolean;
  /** Whether the box has been told which side of the arm it looks at. */
  readonly sided: boolean;
}

export interface Site {
  readonly approach: Stretch;
  readonly barrier: Stretch;
  readonly exit: Stretch;
  /** Where a front bumper stops for the arm. */
  readonly stopM: number;
  readonly detectors: Readonly<Record<'approach' | 'barrier' | 'exit', LoopManner>>;
  readonly arm: ArmManner;
  readonly camera: CameraManner;
  /** High and past the arm: it sees over a roof. No lane has it unless asked for. */
  readonly overview: CameraManner;
  /** From the contact to the arm's first movement. */
  readonly armDelayMs: number;
  /** How far the clock of the management system is off. */
  readonly senderOffsetMs: number;
}

/** What is bad about a place, beside geometry. */
export interface Roughness {
  /** A loop chatters as a vehicle comes onto it. */
  readonly chatter: number;
  /** A loop drops out under a truck or a trailer; under a car a tenth as often. */
  readonly dropout: number;
  /** Detectors hold a loop for so long after it is free, at most. */
  readonly fallMs: number;
}

export function randomSite(random: Random, rough: Roughness, senderOffsetMs: number): Site {
  const bLengthM = random.between(1, 2);
  const gapM = random.between(1.2, 2.6);
  const aLengthM = random.between(0.8, 1.6);
  const barrier = { fromM: -bLengthM / 2, toM: bLengthM / 2 };
  const approach = { fromM: barrier.fromM - gapM - aLengthM, toM: barrier.fromM - gapM };
  const exitM = barrier.toM + random.between(1.2, 2.6);
  const manner = (): LoopManner => ({
    ...{ riseMs: random.between(10, 60), fallMs: random.between(20, rough.fallMs) },
    ...{ chatter: rough.chatter, dropout: rough.dropout },
  });
  return {
    ...{ approach, barrier, exit: { fromM: exitM, toM: exitM + aLengthM } },
    stopM: random.between(Math.max(approach.fromM + 0.6, barrier.fromM - 1.2), barrier.fromM - 0.2),
    detectors: { approach: manner(), barrier: manner(), exit: manner() },
    arm: {
      upMs: random.pick([900, 1_500, 1_500, 3_000, 5_000]) * random.between(0.9, 1.1),
      closeDelayMs: random.between(200, 1_800),
      patienceMs: random.between(9_000, 25_000),
      counts: random.chance(0.5),
    },
    camera: {
      trigger: random.chance(0.5) ? 'loop' : 'video',
      atM: random.between(0.2, 2),
      heightM: random.between(1.2, 2.6),
      besideM: random.between(0.9, 2),
      nearM: random.between(0.9, 2.4),
      farM: random.between(5, 10),
      ...{ rated: random.chance(0.9), sided: random.chance(0.7) },
    },
    overview: {
      ...{ trigger: 'video', atM: random.between(3.5, 5), heightM: random.between(2.8, 3.4) },
      ...{ besideM: random.between(0.5, 1.5), nearM: 2, farM: 8, rated: true, sided: true },
    },
    ...{ armDelayMs: random.between(80, 350), senderOffsetMs },
  };
}

/** A lane as one way sees it, in that way's own metres. */
export interface Way {
  readonly first: Stretch;
  readonly barrier: Stretch;
  readonly stopM: number;
  readonly spawnM: number;
  readonly goneM: number;
}

const SPAWN_BEFORE_M = 14;
const GONE_AFTER_M = 7;

export const mirrored = ({ fromM, toM }: Stretch): Stretch => ({ fromM: -toM, toM: -fromM });

/** Inbound, C stands for A. */
export function waysOf({ approach, barrier, exit, stopM }: Site): Readonly<Record<1 | -1, Way>> {
  return {
    1: wayFrom(approach, barrier, stopM),
    [-1]: wayFrom(mirrored(exit), mirrored(barrier), stopM - approach.toM - exit.fromM),
  };
}

function wayFrom(first: Stretch, barrier: Stretch, stopM: number): Way {
  return { first, barrier, stopM, spawnM: first.fromM - SPAWN_BEFORE_M, goneM: barrier.toM + GONE_AFTER_M };
}
