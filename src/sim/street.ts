/**
 * The solid parts of a lane, step by step: vehicles, loops, the arm and the contacts that move it. It must not know anyone's intentions.
 */
import type { Role } from '../lane/types.ts';
import { createLaneField } from './lane-field.ts';
import { LANE } from './loops.ts';
import { createMachineArm } from './machine-arm.ts';
import { driveMover, type Kind, type Mover, metalFrontM, moverRear, newMover } from './movers.ts';
import { colorOfPlate } from './plates.ts';
import type { Random } from './random.ts';

export type VehicleKind = Exclude<Kind, 'ebike'>;

/** What a camera sees of a vehicle. */
export interface SeenVehicle extends Pick<Mover, 'kind' | 'plate' | 'metal' | 'lengthM' | 'frontM'> {
  /** Red, green, blue, 0…255. */
  readonly paint: readonly [number, number, number];
}

/** A car that stands still, for a picture. */
export const seenCar = (
  frontM: number,
  plate: SeenVehicle['plate'],
  paint: SeenVehicle['paint'] = [46, 92, 158],
): SeenVehicle => ({ kind: 'car', plate, frontM, paint, lengthM: 4.6, metal: [[0, 4.6]] });

export interface Vehicle extends Mover, SeenVehicle {
  /** Clock.nowMs at which it came onto each loop and left it, going forward: the truth. */
  readonly passed: { onAMs?: number; offAMs?: number; onBMs?: number; offBMs?: number };
}

export type Contact = 'auto' | 'button' | 'remote';

export interface Street {
  readonly armPosition: number;
  /** The one farthest down the lane first. */
  readonly vehicles: readonly Vehicle[];
  /** Puts a vehicle at the end of the queue. Without `plate` it gets one, unless it is a motorcycle. */
  spawn(kind: VehicleKind, plate: string | undefined): Vehicle;
  /** The contact closes for a moment, and the arm starts soon after; without a contact the arm just starts. */
  open(contact?: Contact): void;
  fire(on: boolean): void;
  /** Up: moved by hand and held there; down: let go. No contact closes. */
  moveArm(to: 'up' | 'down'): void;
  /** Forces a role's level; undefined ends it. */
  force(role: Role, level: boolean | undefined): void;
  levels(): Record<Role, boolean>;
  step(nowMs: number, stepMs: number): void;
}

const DETECTOR_DELAY_MS = 50;
/** Both edges come equally late, so gaps keep their length; nothing chatters. */
const DETECTOR = { riseMs: DETECTOR_DELAY_MS, fallMs: DETECTOR_DELAY_MS, chatter: 0, dropout: 0 };
const FIELD = {
  ...{ approach: LANE.loopA, barrier: LANE.loopB, exit: LANE.loopC },
  detectors: { approach: DETECTOR, barrier: DETECTOR, exit: DETECTOR },
};
const ARM = { upMs: 1500, closeDelayMs: 1500, patienceMs: 7000, counts: true };
const CONTACT_MS = 300;
/** From the contact to the arm's first movement. */
const ARM_DELAY_MS = 120;
const STAND_STILL_GAP_M = 1.5;
const HEADWAY_S = 0.4;
const ARRIVAL_MPS = 3;
const PAINTS = [
  [196, 52, 48],
  [46, 92, 158],
  [228, 230, 232],
  [62, 66, 74],
  [150, 156, 162],
  [34, 118, 92],
] as const;

export function createStreet(random: Random): Street {
  const felt = new Set<Role | 'beam'>(['down']);
  const feel = (role: Role | 'beam', on: boolean): void => {
    if (on) felt.add(role);
    else felt.delete(role);
  };
  const arm = createMachineArm(ARM, feel);
  const field = createLaneField(FIELD, random, feel);
  const contactUntilMs: Record<Contact, number> = { auto: -1, button: -1, remote: -1 };
  const forced = new Map<Role, boolean>();
  const vehicles: Vehicle[] = [];
  let nowMs = 0;
  let openAtMs: number | undefined;
  let fire = false;

  return {
    get armPosition() {
      return arm.position;
    },
    vehicles,
    spawn: (kind, plate) => {
      const vehicle = newVehicle(kind, plate, vehicles.at(-1), random);
      vehicles.push(vehicle);
      return vehicle;
    },
    open: (contact) => {
      if (contact) contactUntilMs[contact] = nowMs + CONTACT_MS;
      openAtMs = nowMs + ARM_DELAY_MS;
    },
    fire: (on) => {
      fire = on;
      arm.hold(on, nowMs);
    },
    moveArm: (to) => {
      if (to === 'up') arm.hold(true, nowMs);
      else arm.close();
    },
    force: (role, level) => {
      if (level === undefined) forced.delete(role);
      else forced.set(role, level);
    },
    levels: () => {
      const closed = (contact: Contact): boolean => nowMs < contactUntilMs[contact];
      const levels: Record<Role, boolean> = {
        down: felt.has('down'),
        up: felt.has('up'),
        approach: felt.has('approach'),
        barrier: felt.has('barrier'),
        exit: felt.has('exit'),
        auto: closed('auto'),
        button: closed('button'),
        remote: closed('remote'),
        fire,
        mains: true,
      };
      for (const [role, level] of forced) levels[role] = level;
      return levels;
    },
    step: (atMs, stepMs) => {
      nowMs = atMs;
      if (openAtMs !== undefined && nowMs >= openAtMs) {
        arm.open(nowMs);
        openAtMs = undefined;
      }
      moveAll(vehicles, stepMs, nowMs);
      field.step(vehicles, true, nowMs, stepMs);
      arm.step(nowMs, stepMs, forced.get('barrier') ?? field.barrierOn);
    },
  };
}

function moveAll(vehicles: Vehicle[], stepMs: number, nowMs: number): void {
  vehicles.forEach((vehicle, index) => {
    const ahead = vehicles[index - 1];
    driveMover(vehicle, ahead && moverRear(ahead), ahead?.speedMps ?? 0, stepMs / 1000);
    remember(vehicle, nowMs);
  });
  if (vehicles[0] && moverRear(vehicles[0]) > LANE.goneM) vehicles.shift();
}

/** Records when it first came onto each loop, and first left it forwards. */
function remember(vehicle: Vehicle, nowMs: number): void {
  const { passed } = vehicle;
  const frontM = metalFrontM(vehicle);
  const rearM = moverRear(vehicle);
  if (frontM > LANE.loopA.fromM) passed.onAMs ??= nowMs;
  if (rearM > LANE.loopA.toM) passed.offAMs ??= nowMs;
  if (frontM > LANE.loopB.fromM) passed.onBMs ??= nowMs;
  if (rearM > LANE.loopB.toM) passed.offBMs ??= nowMs;
}

function newVehicle(kind: VehicleKind, plate: string | undefined, last: Vehicle | undefined, random: Random): Vehicle {
  const atM = last ? Math.min(LANE.spawnM, moverRear(last) - 4) : LANE.spawnM;
  const mover = newMover(0, kind, 1, atM, random);
  const drawn = kind === 'motorcycle' ? undefined : mover.plate;
  return {
    ...mover,
    plate: plate === undefined || kind === 'motorcycle' ? drawn : { text: plate, color: colorOfPlate(plate) },
    ...{ passed: {}, paint: random.pick(PAINTS), speedMps: ARRIVAL_MPS, targetM: LANE.holdLineM },
    maximumMps: random.between(2.4, 3.4),
    accelerationMps2: random.between(1.1, 1.6),
    ...{ gapM: STAND_STILL_GAP_M, headwayS: HEADWAY_S },
  };
}
