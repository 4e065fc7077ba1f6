/**
 * The solid parts of a lane, step by step: vehicles, loops, the arm and the contacts that move it. It must not know anyone's intentions.
 */
import type { Role } from '../lane/types.ts';
import { createLaneField } from './lane-field.ts';
import { LANE } from './loops.ts';
import { driveMover, type Kind, type Mover, moverRear, newMover } from './movers.ts';
import { createOpenings } from './openings.ts';
import { colorOfPlate } from './plates.ts';
import type { Random } from './random.ts';
import { noteProgress } from './worlds/progress.ts';
import type { OpeningTruth, TrueCause, VehicleTruth } from './worlds/truth.ts';

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
  readonly truth: VehicleTruth;
}

export type Contact = 'auto' | 'button' | 'remote';

/** What really happened, the last of it: judged as the worlds of the detection figures are. */
export interface StreetTruth {
  readonly vehicles: readonly VehicleTruth[];
  readonly openings: readonly OpeningTruth[];
}

export interface Street {
  readonly truth: StreetTruth;
  readonly armPosition: number;
  /** The one farthest down the lane first. */
  readonly vehicles: readonly Vehicle[];
  /** Puts a vehicle at the end of the queue. Without `plate` it gets one, unless it is a motorcycle. */
  spawn(kind: VehicleKind, plate: string | undefined): Vehicle;
  /** The contact closes for a moment, and the arm starts soon after; without a contact the arm just starts. `forVehicle`: who is let out by it. */
  open(contact?: Contact, forVehicle?: Vehicle): void;
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
const CAUSES = { auto: 'system', button: 'button', remote: 'remote' } as const satisfies Record<Contact, TrueCause>;
const TRUTH_KEPT = 10_000;
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

function keep<T>(all: T[], one: T): void {
  all.push(one);
  if (all.length > TRUTH_KEPT) all.shift();
}

export function createStreet(lane: string, random: Random): Street {
  const felt = new Set<Role | 'beam'>(['down']);
  const feel = (role: Role | 'beam', on: boolean): void => {
    if (on) felt.add(role);
    else felt.delete(role);
  };
  const field = createLaneField(FIELD, random, feel);
  const contactUntilMs: Record<Contact, number> = { auto: -1, button: -1, remote: -1 };
  const forced = new Map<Role, boolean>();
  const vehicles: Vehicle[] = [];
  const truth = { vehicles: [] as VehicleTruth[], openings: [] as OpeningTruth[] };
  let nowMs = 0;
  let lastId = 0;
  let fire = false;
  const ids = (): number => {
    lastId += 1;
    return lastId;
  };
  const onOpening = (opening: OpeningTruth): void => keep(truth.openings, opening);
  const site = { arm: ARM, armDelayMs: ARM_DELAY_MS };
  const opened = createOpenings(lane, site, { ids, onOpening, now: () => nowMs }, feel);
  const { arm } = opened;

  return {
    get armPosition() {
      return arm.position;
    },
    ...{ truth, vehicles },
    spawn: (kind, plate) => {
      const vehicle = newVehicle({ id: ids(), lane, kind, arrivedMs: nowMs }, plate, vehicles.at(-1), random);
      vehicles.push(vehicle);
      keep(truth.vehicles, vehicle.truth);
      return vehicle;
    },
    open: (contact, forVehicle) => {
      if (contact) contactUntilMs[contact] = nowMs + CONTACT_MS;
      const cause = contact === undefined ? 'key' : CAUSES[contact];
      if (forVehicle && cause !== 'system') forVehicle.truth.means ??= cause;
      opened.command(cause, forVehicle?.id);
    },
    fire: (on) => {
      fire = on;
      opened.hold(on);
    },
    moveArm: (to) => {
      if (to === 'up') opened.hold(true);
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
      opened.start(nowMs);
      moveAll(vehicles, opened.current, stepMs, nowMs);
      field.step(vehicles, true, nowMs, stepMs);
      arm.step(nowMs, stepMs, forced.get('barrier') ?? field.barrierOn);
    },
  };
}

const WAY = { first: LANE.loopA, barrier: LANE.loopB, stopM: LANE.stopLineM, spawnM: LANE.spawnM, goneM: LANE.goneM };

function moveAll(vehicles: Vehicle[], opening: OpeningTruth | undefined, stepMs: number, nowMs: number): void {
  vehicles.forEach((mover, index) => {
    const ahead = vehicles[index - 1];
    driveMover(mover, ahead && moverRear(ahead), ahead?.speedMps ?? 0, stepMs / 1000);
    noteProgress({ mover, truth: mover.truth }, WAY, ahead && { mover: ahead }, opening, nowMs);
  });
  if (vehicles[0] && moverRear(vehicles[0]) > LANE.goneM) {
    vehicles[0].truth.goneMs = nowMs;
    vehicles.shift();
  }
}

function newVehicle(
  who: Pick<VehicleTruth, 'id' | 'lane' | 'arrivedMs'> & { readonly kind: VehicleKind },
  text: string | undefined,
  last: Vehicle | undefined,
  random: Random,
): Vehicle {
  const atM = last ? Math.min(LANE.spawnM, moverRear(last) - 4) : LANE.spawnM;
  const { kind } = who;
  const mover = newMover(who.id, kind, 1, atM, random);
  const drawn = kind === 'motorcycle' ? undefined : mover.plate;
  const plate = text === undefined || kind === 'motorcycle' ? drawn : { text, color: colorOfPlate(text) };
  return {
    ...{ ...mover, plate },
    truth: { ...who, way: 1, authorised: false, season: false, reads: [], ...(plate && { plate: plate.text }) },
    ...{ paint: random.pick(PAINTS), speedMps: ARRIVAL_MPS, targetM: LANE.holdLineM },
    maximumMps: random.between(2.4, 3.4),
    accelerationMps2: random.between(1.1, 1.6),
    ...{ gapM: STAND_STILL_GAP_M, headwayS: HEADWAY_S },
  };
}
