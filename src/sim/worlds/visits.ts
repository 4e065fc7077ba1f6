/** What people do at a lane, as scripts that wait and act: drivers, the management system, the attendant in his booth. They must not know what a box sees of it. */
import type { Random } from '../random.ts';
import type { Script } from '../script-runner.ts';
import type { PaymentFeed } from './feed.ts';
import type { Guest, LaneScene } from './lane-scene.ts';
import type { Lone, Manners } from './people.ts';

export interface Stage {
  readonly scene: LaneScene;
  readonly random: Random;
  readonly manners: Manners;
  readonly feed: PaymentFeed;
  /** Season cars are told of like others; else the box knows their plates. */
  readonly seasonTold: boolean;
  now(): number;
  later(afterMs: number, act: () => void): void;
  /** Comes again after a while, and means to pay. */
  comeAgain(guest: Guest, afterMs: number, lane: LaneScene['lane'] | undefined, visit: Lone): void;
  /** The other lane of the park, if there is one. */
  readonly otherLane: string | undefined;
  /** This plate may go without a word. */
  knows(plate: string): void;
  /** What of the messages is lost at the moment. */
  deaf(): 'all' | 'half' | undefined;
  /** The attendant holds the arm. */
  held: boolean;
}

const UP = 0.8;
const POLL_MS = 150;
/** A driver whose way is barred again waits for so long before somebody opens for him. */
const BARRED_MS = 4_000;

const isUp = ({ scene }: Stage): boolean => scene.arm.position >= UP && scene.arm.rising;

/** It is on the first loop, and everybody ahead has set off. */
function isPresent(stage: Stage, guest: Guest): boolean {
  if (guest.mover.frontM < stage.scene.wayOf(guest.mover.way).first.fromM + 0.2) return false;
  for (const other of stage.scene.guests) {
    if (other === guest) return true;
    if (!other.mover.going) return false;
  }
  return true;
}

export function* comeForward(stage: Stage, guest: Guest): Script {
  const { stopM, first, barrier } = stage.scene.wayOf(guest.mover.way);
  const offM = stage.random.between(-0.35, 0.45);
  guest.mover.targetM = Math.min(Math.max(stopM + offM, first.fromM + 0.4), barrier.fromM + 0.3);
  yield () => isPresent(stage, guest);
}

/** Waits for the arm, sets off, and goes on when it has been stopped. */
export function* goOut(stage: Stage, guest: Guest, reopen: () => void): Script {
  const { scene, random, manners } = stage;
  const { mover, truth } = guest;
  const { barrier } = scene.wayOf(mover.way);
  let stops = random.chance(manners.stopAndGo);
  const stopAtM = barrier.fromM + random.between(0.4, mover.lengthM + 1.5);
  yield* waitForArm(stage, reopen);
  yield random.chance(manners.dawdles) ? random.between(3_000, 9_000) : random.between(200, 1_600);
  while (truth.offBMs === undefined) {
    const before = mover.frontM < barrier.fromM - 0.15;
    if (before && !isUp(stage)) {
      mover.targetM = Math.min(barrier.fromM - 0.1, mover.frontM + 0.3);
      mover.going = false;
      yield* waitForArm(stage, reopen);
      yield random.between(200, 1_200);
    }
    mover.going = true;
    mover.targetM = Number.POSITIVE_INFINITY;
    if (stops && mover.frontM >= stopAtM) {
      stops = false;
      mover.targetM = mover.frontM + 0.4;
      yield random.between(1_000, 6_000);
      mover.targetM = Number.POSITIVE_INFINITY;
    }
    yield POLL_MS;
  }
}

function* waitForArm(stage: Stage, reopen: () => void): Script {
  let sinceMs = stage.now();
  while (!isUp(stage)) {
    if (stage.now() - sinceMs > BARRED_MS && !stage.scene.arm.rising) {
      reopen();
      sinceMs = stage.now();
    }
    yield POLL_MS;
  }
}

export function* goBack(stage: Stage, guest: Guest): Script {
  const { scene } = stage;
  const { spawnM } = scene.wayOf(guest.mover.way);
  guest.mover.targetM = spawnM;
  guest.truth.backMs = stage.now();
  yield () => guest.mover.frontM < spawnM + 1;
  scene.remove(guest);
}

/** The relay of the management system, now and then twice. */
export function pulse(stage: Stage, guest: Guest | undefined, cause: 'system' | 'software'): void {
  const { scene, random, manners } = stage;
  const deaf = stage.deaf();
  if (guest !== undefined && deaf !== undefined) guest.truth.deaf = deaf;
  scene.open('auto', cause, guest?.truth.id);
  if (random.chance(manners.doublePulse))
    stage.later(random.between(500, 2_500), () => scene.open('auto', cause, guest?.truth.id));
}
