/**
 * People's behaviour in a lane, as scripts that wait and act: each story is one order to the world, and states the releases to expect.
 * Scripts know vehicles, the barrier and the contacts; they must not know loops' readings or the program's verdicts.
 */
import { LANE } from './loops.ts';
import { metalFrontM, moverRear } from './movers.ts';
import type { Script } from './script-runner.ts';
import type { Vehicle, VehicleKind } from './street.ts';

export const STORIES = [
  'paid',
  'button',
  'remote',
  'crank',
  'tailgater',
  'motorcycle',
  'paidMotorcycle',
  'trailer',
  'backOut',
  'nobody',
] as const;
export type Story = (typeof STORIES)[number];

/** A release the platform should receive. `desc` is the text of `release_method_desc`. */
export interface ExpectedRelease {
  readonly method: 0 | 1 | 2 | 3;
  readonly desc: string;
  readonly plate: string;
  readonly passed: boolean;
  /** Of a tailgater: the loops separate it from the vehicle before it, so that a box must find it. */
  readonly separate?: boolean;
}

export interface StoryOptions {
  /** Of the (first) vehicle. */
  readonly plate?: string;
  /** Kind of the (first) vehicle, where the story leaves it open. */
  readonly vehicle?: 'car' | 'van' | 'truck';
  /** Gap of the tailgater. */
  readonly gapM?: number;
  /** Of the tailgater. */
  readonly followerPlate?: string;
  /** Follows the vehicle before it closely, without waiting for the arm to close between them. */
  readonly close?: boolean;
  /** The camera does not read the plates of this story. */
  readonly unread?: boolean;
}

/** The actions of a script. */
export interface StoryStage {
  readonly armPosition: () => number;
  spawn(kind: VehicleKind, plate: string | undefined): Vehicle;
  /** No other vehicle is being served. */
  laneIsFree(): boolean;
  /** Every vehicle before it has gone. */
  isNext(): boolean;
  /** The camera reads the plate, unless it cannot. */
  read(vehicle: Vehicle): void;
  grant(plate: Vehicle['plate']): void;
  /** A contact closes for a moment, and the arm starts soon after. */
  pulse(contact: 'auto' | 'button' | 'remote'): void;
  /** The arm starts with no contact seen. */
  crank(): void;
  release(release: ExpectedRelease): void;
}

const NO_PLATE = '无牌车';
const READ_DELAY_MS = 400;
const reachesA = (vehicle: Vehicle) => () => vehicle.frontM > LANE.loopA.fromM;
const standsAt = (vehicle: Vehicle) => () =>
  vehicle.speedMps === 0 && Math.abs(vehicle.frontM - vehicle.targetM) < 0.05;
const hasGone = (vehicle: Vehicle) => () => moverRear(vehicle) > LANE.loopB.toM + 2;

export function scriptOf(story: Story | 'arrive', options: StoryOptions, stage: StoryStage): Script {
  return SCRIPTS[story](stage, options);
}

const SCRIPTS: Readonly<Record<Story | 'arrive', (stage: StoryStage, options: StoryOptions) => Script>> = {
  paid: (stage, options) => paid(stage, options.vehicle ?? 'car', options),
  trailer: (stage, options) => paid(stage, 'trailer', options),
  button: (stage, options) => letOut(stage, options, () => stage.pulse('button'), '按钮开闸'),
  remote: (stage, options) => letOut(stage, options, () => stage.pulse('remote'), '遥控开闸'),
  crank: (stage, options) => letOut(stage, options, () => stage.crank(), '手动开闸'),
  motorcycle: (stage) => letOut(stage, { unread: true }, () => stage.pulse('button'), '按钮开闸', 'motorcycle'),
  paidMotorcycle: (stage) => paid(stage, 'motorcycle', { unread: true }),
  tailgater,
  backOut,
  nobody,
  arrive: comeAndWait,
};

/** Drives up to the stop line and shows its plate. */
function* arrive(stage: StoryStage, vehicle: Vehicle, options: StoryOptions): Script {
  if (!options.close) {
    vehicle.targetM = LANE.holdLineM;
    yield () => stage.laneIsFree();
  }
  vehicle.targetM = LANE.stopLineM;
  yield reachesA(vehicle);
  yield READ_DELAY_MS;
  if (!options.unread) stage.read(vehicle);
}

/** Waits for the arm and goes through. */
function* leave(stage: StoryStage, vehicle: Vehicle): Script {
  yield () => stage.armPosition() > 0.85;
  yield 300;
  vehicle.targetM = Number.POSITIVE_INFINITY;
  yield hasGone(vehicle);
}

function* paid(stage: StoryStage, kind: VehicleKind, options: StoryOptions): Script {
  const vehicle = stage.spawn(kind, options.plate);
  yield* arrive(stage, vehicle, options);
  yield 500;
  stage.grant(vehicle.plate);
  yield 150;
  stage.pulse('auto');
  yield 150;
  yield* leave(stage, vehicle);
}

/** Who pays for it and lifts the arm is not of this world, so that it expects no release either. */
function* comeAndWait(stage: StoryStage, options: StoryOptions): Script {
  const vehicle = stage.spawn(options.vehicle ?? 'car', options.plate);
  vehicle.targetM = LANE.holdLineM;
  yield () => stage.laneIsFree() || (stage.isNext() && stage.armPosition() > 0.85);
  yield* arrive(stage, vehicle, { ...options, close: true });
  yield* leave(stage, vehicle);
}

function* letOut(
  stage: StoryStage,
  options: StoryOptions,
  open: () => void,
  desc: string,
  kind: VehicleKind = options.vehicle ?? 'car',
): Script {
  const vehicle = stage.spawn(kind, options.plate);
  yield* arrive(stage, vehicle, options);
  yield standsAt(vehicle);
  yield 600;
  open();
  yield 150;
  const plate = options.unread ? NO_PLATE : (vehicle.plate?.text ?? NO_PLATE);
  stage.release({ method: 1, desc, plate, passed: true });
  yield* leave(stage, vehicle);
}

/** Far enough behind that each loop falls between the two, and near enough that the arm stays up. */
const TAILGATE_GAP_M = 2.8;

/** Conditions for loops to separate two vehicles (lane-logic.md, sections 2 and 4): B free this long, A free longer than by a drawbar. */
const B_FREE_MS = 120;
const A_FREE_MS = 600;

/** Evaluated when the follower is on B. A plate of its own substitutes for a long gap on A. */
function isSeparate({ passed: leader }: Vehicle, { passed: follower }: Vehicle, options: StoryOptions): boolean {
  const { offAMs, offBMs } = leader;
  const { onAMs, onBMs } = follower;
  if (offAMs === undefined || offBMs === undefined || onAMs === undefined || onBMs === undefined) return false;
  return onBMs - offBMs >= B_FREE_MS && (options.unread !== true || onAMs - offAMs >= A_FREE_MS);
}

function* tailgater(stage: StoryStage, options: StoryOptions): Script {
  const leader = stage.spawn(options.vehicle ?? 'car', options.plate);
  const follower = stage.spawn('car', options.followerPlate);
  // An intending follower stands right behind; the other comes as the lane becomes free.
  follower.targetM = options.gapM === undefined ? LANE.holdLineM : LANE.stopLineM;
  if (options.gapM !== undefined) follower.gapM = options.gapM;
  yield* arrive(stage, leader, options);
  follower.gapM = options.gapM ?? TAILGATE_GAP_M;
  yield 500;
  stage.grant(leader.plate);
  yield 150;
  stage.pulse('auto');
  yield () => stage.armPosition() > 0.85;
  yield 300;
  leader.targetM = Number.POSITIVE_INFINITY;
  follower.targetM = Number.POSITIVE_INFINITY;
  follower.maximumMps = leader.maximumMps;
  yield reachesA(follower);
  yield READ_DELAY_MS;
  if (!options.unread) stage.read(follower);
  yield () => metalFrontM(follower) > LANE.loopB.fromM;
  const plate = options.unread ? NO_PLATE : (follower.plate?.text ?? NO_PLATE);
  const separate = isSeparate(leader, follower, options);
  stage.release({ method: 3, desc: '可疑跟车', plate, passed: true, separate });
  yield hasGone(follower);
}

/** Noses onto B, is blocked, backs out; comes again when the arm is down and leaves on its payment. */
function* backOut(stage: StoryStage, options: StoryOptions): Script {
  const vehicle = stage.spawn('car', options.plate);
  yield* arrive(stage, vehicle, options);
  yield 500;
  stage.grant(vehicle.plate);
  yield 150;
  stage.pulse('auto');
  yield () => stage.armPosition() > 0.85;
  yield 300;
  vehicle.targetM = LANE.loopB.fromM + 0.7;
  yield standsAt(vehicle);
  yield 1000;
  vehicle.targetM = LANE.holdLineM + 2;
  yield standsAt(vehicle);
  yield () => stage.armPosition() === 0;
  yield 2000;
  vehicle.targetM = LANE.stopLineM;
  yield reachesA(vehicle);
  yield READ_DELAY_MS;
  if (!options.unread) stage.read(vehicle);
  yield 600;
  stage.pulse('auto');
  yield 150;
  yield* leave(stage, vehicle);
}

function* nobody(stage: StoryStage): Script {
  yield () => stage.laneIsFree();
  yield 1000;
  stage.pulse('button');
  yield 150;
  stage.release({ method: 1, desc: '按钮开闸', plate: NO_PLATE, passed: false });
  yield () => stage.armPosition() > 0.85;
  yield () => stage.armPosition() === 0;
}
