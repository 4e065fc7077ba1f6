/** Vehicles of a simulated lane as moving metal, each with its own length, height and driver's manner. They must not know loops, arms or payments. */
import type { PlateColor } from '../lane/types.ts';
import { colorOfPlate, PROVINCES, randomPlate } from './plates.ts';
import type { Random } from './random.ts';

export type Kind = 'car' | 'van' | 'truck' | 'trailer' | 'motorcycle' | 'ebike';

interface Shape {
  /** Stretches of metal that a loop feels, metres behind the front; between two there is a drawbar or a high chassis. */
  readonly metal: readonly (readonly [number, number])[];
  /** Its rear hides what is lower behind it. */
  readonly rearHeightM: number;
  readonly halfWidthM: number;
}
const SHAPES: Readonly<Record<Kind, Shape>> = {
  car: { metal: [[0, 4.5]], rearHeightM: 1.15, halfWidthM: 0.9 },
  van: { metal: [[0, 5.3]], rearHeightM: 1.9, halfWidthM: 0.95 },
  truck: {
    metal: [
      [0, 3],
      [4, 8.6],
    ],
    rearHeightM: 2.8,
    halfWidthM: 1.15,
  },
  trailer: {
    metal: [
      [0, 4.6],
      [6, 8.8],
    ],
    rearHeightM: 1.6,
    halfWidthM: 0.95,
  },
  motorcycle: { metal: [[0.1, 1.9]], rearHeightM: 0.7, halfWidthM: 0.3 },
  ebike: { metal: [[0.3, 1.5]], rearHeightM: 0.5, halfWidthM: 0.25 },
};

/** Trucks whose chassis a loop does not feel between the axles. */
const HIGH_CHASSIS = 0.4;
const LOW_TRUCK: Shape['metal'] = [[0, 8.6]];

export interface Mover {
  readonly id: number;
  readonly kind: Kind;
  /** +1 leaves the park, −1 comes in. Places are metres along its own way, so both ways count upwards. */
  readonly way: 1 | -1;
  readonly plate: { readonly text: string; readonly color: PlateColor } | undefined;
  /** How well its plate can be read, from 0 to 1: no camera reads the least of them. */
  readonly legible: number;
  readonly metal: readonly (readonly [number, number])[];
  readonly lengthM: number;
  readonly rearHeightM: number;
  readonly halfWidthM: number;
  frontM: number;
  speedMps: number;
  /** Where its driver means to stop; behind the front: he goes back. */
  targetM: number;
  maximumMps: number;
  readonly accelerationMps2: number;
  /** Bumper to bumper when standing. */
  gapM: number;
  /** Seconds that he keeps besides when moving; nothing for one who means to slip through. */
  headwayS: number;
  /** Its driver has set off for the street. */
  going: boolean;
}

const BRAKING_MPS2 = 3.5;
const REVERSE_MPS = 1.4;
const ARRIVED_M = 0.03;

export const moverRear = (mover: Mover): number => mover.frontM - mover.lengthM;
/** What a loop feels begins behind the bumper. */
export const metalFrontM = ({ frontM, metal }: Mover): number => frontM - (metal[0]?.[0] ?? 0);

export function newMover(id: number, kind: Kind, way: 1 | -1, atM: number, random: Random): Mover {
  const { rearHeightM, halfWidthM } = SHAPES[kind];
  const metal = kind === 'truck' && !random.chance(HIGH_CHASSIS) ? LOW_TRUCK : SHAPES[kind].metal;
  const scale = kind === 'car' ? random.between(0.8, 1.12) : random.between(0.92, 1.1);
  // How far its bumpers reach over before a loop feels it.
  const overhangM = random.between(0, 0.25);
  const scaled = metal.map(([from, to]) => [from * scale + overhangM, to * scale] as const);
  const text = kind === 'ebike' || (kind === 'motorcycle' && random.chance(0.5)) ? undefined : plateOf(kind, random);
  return {
    ...{ id, kind, way, metal: scaled, rearHeightM, halfWidthM, lengthM: (metal.at(-1)?.[1] ?? 0) * scale },
    plate: text === undefined ? undefined : { text, color: kind === 'truck' ? 'yellow' : colorOfPlate(text) },
    legible: random.next(),
    ...drivesUp(atM, random),
    maximumMps: random.between(2, 4.4),
    accelerationMps2: kind === 'truck' ? random.between(0.5, 1) : random.between(0.8, 1.8),
    ...{ gapM: random.between(0.9, 2.4), headwayS: random.between(0.4, 0.9) },
  };
}

const drivesUp = (atM: number, random: Random) => ({
  ...{ frontM: atM, speedMps: random.between(2, 3.5), targetM: atM, going: false },
});

/** The same vehicle with the same driver comes again: what it is has not changed. */
export const comesAgain = (mover: Mover, id: number, atM: number, random: Random): Mover => ({
  ...mover,
  id,
  ...drivesUp(atM, random),
});

/** All over the country, so that plates of one park share more than chance gives them. */
function plateOf(kind: Kind, random: Random): string {
  const text = randomPlate(random);
  if (kind === 'truck' && text.length === 8) return text.slice(0, 7);
  return random.chance(0.3) ? random.pick([...PROVINCES]) + text.slice(1) : text;
}

/** One step. `aheadM` and `aheadMps`: rear and speed of whatever is ahead, undefined for a free road. */
export function driveMover(mover: Mover, aheadM: number | undefined, aheadMps: number, stepS: number): void {
  const { targetM, frontM } = mover;
  if (targetM < frontM - ARRIVED_M && mover.speedMps <= 0) {
    const leftM = frontM - targetM;
    const allowed = Math.min(REVERSE_MPS, Math.sqrt(2 * BRAKING_MPS2 * leftM));
    mover.speedMps = -Math.min(-mover.speedMps + mover.accelerationMps2 * stepS, allowed);
    mover.frontM = Math.max(targetM, frontM + mover.speedMps * stepS);
    return;
  }
  const toTargetM = targetM - frontM;
  let allowed = toTargetM <= ARRIVED_M ? 0 : Math.sqrt(2 * BRAKING_MPS2 * toTargetM);
  if (aheadM !== undefined) {
    const leftM = aheadM - mover.gapM - mover.headwayS * Math.max(0, mover.speedMps) - frontM;
    const behind =
      leftM <= 0 ? Math.max(0, aheadMps + leftM) : Math.sqrt(aheadMps * aheadMps + 2 * BRAKING_MPS2 * leftM);
    if (behind < allowed) allowed = behind;
  }
  if (mover.maximumMps < allowed) allowed = mover.maximumMps;
  const speed = Math.min(Math.max(0, mover.speedMps) + mover.accelerationMps2 * stepS, allowed);
  mover.speedMps = speed;
  mover.frontM += speed * stepS;
}

/** How far metal reaches over a stretch: over 0 is above it, under 0 is short of it. Stretch and metal in the mover's own metres. */
export function reachOver({ metal, frontM }: Pick<Mover, 'metal' | 'frontM'>, fromM: number, toM: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const [from, to] of metal) {
    const reach = Math.min(frontM - from - fromM, toM - (frontM - to));
    if (reach > most) most = reach;
  }
  return most;
}
