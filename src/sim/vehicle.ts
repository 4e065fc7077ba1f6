/** Vehicles as moving metal: length, speed, acceleration, and how far their drivers will go. They must not know loops or barriers. */
import type { PlateColor } from '../lane/types.ts';
import type { LoopStretch } from './loops.ts';

export type VehicleKind = 'car' | 'van' | 'truck' | 'trailer' | 'motorcycle';

/** Stretches of metal that a loop feels, in metres behind the front bumper; a drawbar, or a high chassis, is a gap between two. */
const SHAPES: Readonly<Record<VehicleKind, readonly (readonly [number, number])[]>> = {
  car: [[0, 4.6]],
  van: [[0, 5.4]],
  truck: [
    [0, 2.8],
    [4.2, 9],
  ],
  trailer: [
    [0, 4.6],
    [6.4, 9.4],
  ],
  motorcycle: [[0, 2]],
};

export interface VehiclePlate {
  readonly text: string;
  readonly color: PlateColor;
}

export interface LoopTimes {
  onAMs?: number;
  offAMs?: number;
  onBMs?: number;
  offBMs?: number;
}

export interface Vehicle {
  readonly kind: VehicleKind;
  readonly plate: VehiclePlate | undefined;
  /** How long it is beside others of its kind. */
  readonly scale: number;
  /** Clock.nowMs at which it came onto each loop and left it, going forward: the truth. */
  readonly passed: LoopTimes;
  /** Red, green, blue, 0…255. */
  readonly paint: readonly [number, number, number];
  frontM: number;
  speedMps: number;
  /** The driver goes towards this place and stops there. Behind the front: backwards. */
  targetM: number;
  maximumMps: number;
  readonly accelerationMps2: number;
  /** Stays at least this far behind the vehicle ahead. */
  gapM: number;
}

export const lengthOf = (vehicle: Vehicle): number => (SHAPES[vehicle.kind].at(-1)?.[1] ?? 0) * vehicle.scale;
export const rearOf = (vehicle: Vehicle): number => vehicle.frontM - lengthOf(vehicle);
/** Where its metal is, seen from above. */
export const metalOf = (vehicle: Vehicle): readonly LoopStretch[] =>
  SHAPES[vehicle.kind].map(([from, to]) => ({
    fromM: vehicle.frontM - to * vehicle.scale,
    toM: vehicle.frontM - from * vehicle.scale,
  }));

/** Whether some of its metal is over a stretch. Asked of every vehicle at every step. */
export function isOver({ kind, frontM, scale }: Vehicle, { fromM, toM }: LoopStretch): boolean {
  for (const [from, to] of SHAPES[kind]) if (frontM - to * scale < toM && fromM < frontM - from * scale) return true;
  return false;
}

const BRAKING_MPS2 = 4;
const REVERSE_MPS = 1.2;
/** Nearer than this is there. */
const ARRIVED_M = 0.02;

/** Moves it by one step. `aheadM`: the rear of the vehicle ahead, if there is one. */
export function drive(vehicle: Vehicle, aheadM: number | undefined, stepS: number): void {
  const backwards = vehicle.targetM < vehicle.frontM - ARRIVED_M && vehicle.speedMps <= 0;
  const limitM = aheadM === undefined ? vehicle.targetM : Math.min(vehicle.targetM, aheadM - vehicle.gapM);
  const leftM = backwards ? vehicle.frontM - vehicle.targetM : limitM - vehicle.frontM;
  if (leftM <= ARRIVED_M) {
    vehicle.speedMps = 0;
    return;
  }
  // No faster than lets it stop in what is left.
  const allowed = Math.min(backwards ? REVERSE_MPS : vehicle.maximumMps, Math.sqrt(2 * BRAKING_MPS2 * leftM));
  const speed = Math.min(Math.abs(vehicle.speedMps) + vehicle.accelerationMps2 * stepS, allowed);
  vehicle.speedMps = backwards ? -speed : speed;
  vehicle.frontM += vehicle.speedMps * stepS;
}
