/**
 * The solid parts of a lane, step by step: vehicles, loops, the arm and the contacts that move it. It must not know anyone's intentions.
 */
import type { Role } from '../lane/types.ts';
import { createBarrier } from './barrier.ts';
import { createDetector, LANE } from './loops.ts';
import { colorOfPlate, randomPlate } from './plates.ts';
import type { Random } from './random.ts';
import { drive, isOver, rearOf, type Vehicle, type VehicleKind } from './vehicle.ts';

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
const CONTACT_MS = 300;
/** From the contact to the arm's first movement. */
const ARM_DELAY_MS = 120;
const STAND_STILL_GAP_M = 1.5;
const ARRIVAL_MPS = 3;
const PAINTS = [
  [196, 52, 48],
  [46, 92, 158],
  [228, 230, 232],
  [62, 66, 74],
  [150, 156, 162],
  [34, 118, 92],
] as const;

const LOOPS = { approach: LANE.loopA, barrier: LANE.loopB, exit: LANE.loopC } as const;
type LoopRole = keyof typeof LOOPS;
const LOOP_ROLES: readonly LoopRole[] = ['approach', 'barrier', 'exit'];

export function createStreet(random: Random): Street {
  const barrier = createBarrier();
  const detectors: Readonly<Record<LoopRole, ReturnType<typeof createDetector>>> = {
    approach: createDetector(DETECTOR_DELAY_MS),
    barrier: createDetector(DETECTOR_DELAY_MS),
    exit: createDetector(DETECTOR_DELAY_MS),
  };
  const contactUntilMs: Record<Contact, number> = { auto: -1, button: -1, remote: -1 };
  const forced = new Map<Role, boolean>();
  const vehicles: Vehicle[] = [];
  let nowMs = 0;
  let openAtMs: number | undefined;
  let fire = false;

  const feelLoops = (): void => {
    for (const role of LOOP_ROLES) {
      let occupied = false;
      for (const vehicle of vehicles) occupied ||= isOver(vehicle, LOOPS[role]);
      detectors[role].feel(occupied, nowMs);
    }
  };

  return {
    get armPosition() {
      return barrier.position;
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
      barrier.hold(on);
    },
    moveArm: (to) => {
      if (to === 'up') barrier.hold(true);
      else barrier.close();
    },
    force: (role, level) => {
      if (level === undefined) forced.delete(role);
      else forced.set(role, level);
    },
    levels: () => {
      const closed = (contact: Contact): boolean => nowMs < contactUntilMs[contact];
      const levels: Record<Role, boolean> = {
        down: barrier.down,
        up: barrier.up,
        approach: detectors.approach.on,
        barrier: detectors.barrier.on,
        exit: detectors.exit.on,
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
        barrier.open(nowMs);
        openAtMs = undefined;
      }
      moveAll(vehicles, stepMs, nowMs);
      feelLoops();
      barrier.move(nowMs, stepMs, forced.get('barrier') ?? detectors.barrier.on);
    },
  };
}

function moveAll(vehicles: Vehicle[], stepMs: number, nowMs: number): void {
  vehicles.forEach((vehicle, index) => {
    const ahead = vehicles[index - 1];
    drive(vehicle, ahead && rearOf(ahead), stepMs / 1000);
    remember(vehicle, nowMs);
  });
  if (vehicles[0] && rearOf(vehicles[0]) > LANE.goneM) vehicles.shift();
}

/** Records when it first came onto each loop, and first left it forwards. */
function remember(vehicle: Vehicle, nowMs: number): void {
  const { passed, frontM } = vehicle;
  const rearM = rearOf(vehicle);
  if (frontM > LANE.loopA.fromM) passed.onAMs ??= nowMs;
  if (rearM > LANE.loopA.toM) passed.offAMs ??= nowMs;
  if (frontM > LANE.loopB.fromM) passed.onBMs ??= nowMs;
  if (rearM > LANE.loopB.toM) passed.offBMs ??= nowMs;
}

function newVehicle(kind: VehicleKind, plate: string | undefined, last: Vehicle | undefined, random: Random): Vehicle {
  const text = kind === 'motorcycle' ? undefined : (plate ?? randomPlate(random));
  return {
    kind,
    plate: text === undefined ? undefined : { text, color: colorOfPlate(text) },
    scale: random.between(0.9, 1.05),
    passed: {},
    paint: random.pick(PAINTS),
    frontM: last ? Math.min(LANE.spawnM, rearOf(last) - 4) : LANE.spawnM,
    speedMps: ARRIVAL_MPS,
    targetM: LANE.holdLineM,
    maximumMps: random.between(2.4, 3.4),
    accelerationMps2: random.between(1.1, 1.6),
    gapM: STAND_STILL_GAP_M,
  };
}
