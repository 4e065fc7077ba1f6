/**
 * What people do in a lane, as scripts that wait and act: each story is one order to the world, and says what should be reported of it.
 * The scripts know vehicles, the barrier and the contacts; they must not know loops' readings or the program's verdicts.
 */
import { LANE } from './loops.ts';
import { rearOf, type Vehicle, type VehicleKind, type VehiclePlate } from './vehicle.ts';

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

/** What the platform should hear of. `desc` is the text of `release_method_desc`. */
export interface ExpectedRelease {
  readonly method: 0 | 1 | 2 | 3;
  readonly desc: string;
  readonly plate: string;
  readonly passed: boolean;
  /** Of a tailgater: the loops show it apart from the vehicle before it, so that a box must find it. */
  readonly separate?: boolean;
}

export interface StoryOptions {
  /** Of the (first) vehicle. */
  readonly plate?: string;
  /** What the (first) vehicle is, where the story leaves it open. */
  readonly vehicle?: 'car' | 'van' | 'truck';
  /** How near the tailgater comes. */
  readonly gapM?: number;
  /** Of the tailgater. */
  readonly followerPlate?: string;
  /** Comes up close to the vehicle before it, and does not wait for the arm to close between them. */
  readonly close?: boolean;
  /** The camera does not read the plates of this story. */
  readonly unread?: boolean;
}

/** What a script may do. */
export interface StoryStage {
  readonly armPosition: () => number;
  spawn(kind: VehicleKind, plate: string | undefined): Vehicle;
  /** Nobody else is being served. */
  laneIsFree(): boolean;
  /** The camera reads the plate, unless it cannot. */
  read(vehicle: Vehicle): void;
  grant(plate: VehiclePlate | undefined): void;
  /** A contact closes for a moment, and the arm starts soon after. */
  pulse(contact: 'auto' | 'button' | 'remote'): void;
  /** The arm starts with no contact seen. */
  crank(): void;
  release(release: ExpectedRelease): void;
}

/** A script yields what it waits for: a time, or something that becomes so. */
export type StoryScript = Generator<number | (() => boolean), void>;

const NO_PLATE = '无牌车';
const READ_DELAY_MS = 400;
const reachesA = (vehicle: Vehicle) => () => vehicle.frontM > LANE.loopA.fromM;
const standsAt = (vehicle: Vehicle) => () =>
  vehicle.speedMps === 0 && Math.abs(vehicle.frontM - vehicle.targetM) < 0.05;
const hasGone = (vehicle: Vehicle) => () => rearOf(vehicle) > LANE.loopB.toM + 2;

export function scriptOf(story: Story, options: StoryOptions, stage: StoryStage): StoryScript {
  return SCRIPTS[story](stage, options);
}

const SCRIPTS: Readonly<Record<Story, (stage: StoryStage, options: StoryOptions) => StoryScript>> = {
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
};

/** Drives up to the stop line and shows its plate. */
function* arrive(stage: StoryStage, vehicle: Vehicle, options: StoryOptions): StoryScript {
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
function* leave(stage: StoryStage, vehicle: Vehicle): StoryScript {
  yield () => stage.armPosition() > 0.85;
  yield 300;
  vehicle.targetM = Number.POSITIVE_INFINITY;
  yield hasGone(vehicle);
}

function* paid(stage: StoryStage, kind: VehicleKind, options: StoryOptions): StoryScript {
  const vehicle = stage.spawn(kind, options.plate);
  yield* arrive(stage, vehicle, options);
  yield 500;
  stage.grant(vehicle.plate);
  yield 150;
  stage.pulse('auto');
  yield 150;
  yield* leave(stage, vehicle);
}

function* letOut(
  stage: StoryStage,
  options: StoryOptions,
  open: () => void,
  desc: string,
  kind: VehicleKind = options.vehicle ?? 'car',
): StoryScript {
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

/** What the loops need to show two vehicles (lane-logic.md, sections 2 and 4): B free so long, A free longer than a drawbar makes it. */
const B_FREE_MS = 120;
const A_FREE_MS = 600;

/** Asked when the follower is on B. A plate of its own stands for a long gap on A. */
function isSeparate({ passed: leader }: Vehicle, { passed: follower }: Vehicle, options: StoryOptions): boolean {
  const { offAMs, offBMs } = leader;
  const { onAMs, onBMs } = follower;
  if (offAMs === undefined || offBMs === undefined || onAMs === undefined || onBMs === undefined) return false;
  return onBMs - offBMs >= B_FREE_MS && (options.unread !== true || onAMs - offAMs >= A_FREE_MS);
}

function* tailgater(stage: StoryStage, options: StoryOptions): StoryScript {
  const leader = stage.spawn(options.vehicle ?? 'car', options.plate);
  const follower = stage.spawn('car', options.followerPlate);
  // One that means to follow stands right behind; the other comes as the lane becomes free.
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
  yield () => follower.frontM > LANE.loopB.fromM;
  const plate = options.unread ? NO_PLATE : (follower.plate?.text ?? NO_PLATE);
  const separate = isSeparate(leader, follower, options);
  stage.release({ method: 3, desc: '可疑跟车', plate, passed: true, separate });
  yield hasGone(follower);
}

/** Noses onto B, finds its way barred, goes back; comes again when the arm is down and is let out on what it has paid. */
function* backOut(stage: StoryStage, options: StoryOptions): StoryScript {
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

function* nobody(stage: StoryStage): StoryScript {
  yield () => stage.laneIsFree();
  yield 1000;
  stage.pulse('button');
  yield 150;
  stage.release({ method: 1, desc: '按钮开闸', plate: NO_PLATE, passed: false });
  yield () => stage.armPosition() > 0.85;
  yield () => stage.armPosition() === 0;
}
