/**
 * People's behaviour in a lane, as scripts that wait and act: each story is one order to the world.
 * Scripts know vehicles, the barrier and the contacts; they must not know loops' readings or the program's verdicts.
 */
import { LANE } from './loops.ts';
import { moverRear } from './movers.ts';
import type { Script } from './script-runner.ts';
import type { Contact, Vehicle, VehicleKind } from './street.ts';

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
  /** Somebody pays for it, and the management system tells. */
  grant(vehicle: Vehicle): void;
  /** A contact closes for a moment, and the arm starts soon after; without one the arm just starts. `vehicle`: who is let out by it. */
  open(contact?: Contact, vehicle?: Vehicle): void;
}

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
  button: (stage, options) => letOut(stage, options, 'button'),
  remote: (stage, options) => letOut(stage, options, 'remote'),
  crank: (stage, options) => letOut(stage, options, undefined),
  motorcycle: (stage) => letOut(stage, { unread: true }, 'button', 'motorcycle'),
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
  stage.grant(vehicle);
  yield 150;
  stage.open('auto', vehicle);
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
  contact: Contact | undefined,
  kind: VehicleKind = options.vehicle ?? 'car',
): Script {
  const vehicle = stage.spawn(kind, options.plate);
  yield* arrive(stage, vehicle, options);
  yield standsAt(vehicle);
  yield 600;
  stage.open(contact, vehicle);
  yield 150;
  yield* leave(stage, vehicle);
}

/** Far enough behind that each loop falls between the two, and near enough that the arm stays up. */
const TAILGATE_GAP_M = 2.8;

function* tailgater(stage: StoryStage, options: StoryOptions): Script {
  const leader = stage.spawn(options.vehicle ?? 'car', options.plate);
  const follower = stage.spawn('car', options.followerPlate);
  // An intending follower stands right behind; the other comes as the lane becomes free.
  follower.targetM = options.gapM === undefined ? LANE.holdLineM : LANE.stopLineM;
  if (options.gapM !== undefined) follower.gapM = options.gapM;
  yield* arrive(stage, leader, options);
  follower.gapM = options.gapM ?? TAILGATE_GAP_M;
  yield 500;
  stage.grant(leader);
  yield 150;
  stage.open('auto', leader);
  yield () => stage.armPosition() > 0.85;
  yield 300;
  leader.targetM = Number.POSITIVE_INFINITY;
  follower.targetM = Number.POSITIVE_INFINITY;
  follower.maximumMps = leader.maximumMps;
  follower.truth.means = 'follow';
  yield reachesA(follower);
  yield READ_DELAY_MS;
  if (!options.unread) stage.read(follower);
  yield hasGone(follower);
}

/** Noses onto B, is blocked, backs out; comes again when the arm is down and leaves on its payment. */
function* backOut(stage: StoryStage, options: StoryOptions): Script {
  const vehicle = stage.spawn('car', options.plate);
  yield* arrive(stage, vehicle, options);
  yield 500;
  stage.grant(vehicle);
  yield 150;
  stage.open('auto', vehicle);
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
  stage.open('auto', vehicle);
  yield 150;
  yield* leave(stage, vehicle);
}

function* nobody(stage: StoryStage): Script {
  yield () => stage.laneIsFree();
  yield 1000;
  stage.open('button');
  yield () => stage.armPosition() > 0.85;
  yield () => stage.armPosition() === 0;
}
