/** Who comes to a lane and what each means to do: drawn by the shares of a world. It must not know how it goes. */

import type { Kind } from '../movers.ts';
import type { Random } from '../random.ts';

export const VISITS = [
  'paid',
  'ahead',
  'free',
  'season',
  'buttonPaid',
  'button',
  'remote',
  'key',
  'software',
  'follower',
  'fakeExit',
  'backOut',
  'turnAway',
  'nobody',
  'hold',
  'slip',
  'changer',
] as const;
export type Visit = (typeof VISITS)[number];
/** One vehicle that comes by itself. */
export type Lone = Exclude<Visit, 'follower' | 'nobody' | 'hold'>;

/** How often each comes, in any unit; what is left out does not come. */
export type Mix = Readonly<Partial<Record<Visit, number>>>;

export interface Manners {
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  /** How near followers mean to come, and how often. */
  readonly gaps: readonly { readonly fromM: number; readonly toM: number; readonly share: number }[];
  /** Stands on B, or just past it, for the traffic of the street. */
  readonly stopAndGo: number;
  /** Takes its time when the arm is up. */
  readonly dawdles: number;
  /** Nobody pays but by message: the follower is followed. */
  readonly chain: number;
  /** Vehicles an hour. */
  readonly perHour: number;
  /** The one after comes up close, as in a queue. */
  readonly platoon: number;
  /** The relay pulses twice. */
  readonly doublePulse: number;
  /** An inbound one, in a two-way lane. */
  readonly inbound: number;
}

export function drawn<T extends string>(shares: Readonly<Partial<Record<T, number>>>, random: Random): T {
  const all = Object.entries(shares) as [T, number][];
  let left = random.next() * all.reduce((sum, [, share]) => sum + share, 0);
  for (const [name, share] of all) {
    left -= share;
    if (left < 0) return name;
  }
  return (all[0] as [T, number])[0];
}

export function gapOf(manners: Manners, random: Random): number {
  let left = random.next() * manners.gaps.reduce((sum, { share }) => sum + share, 0);
  for (const { fromM, toM, share } of manners.gaps) {
    left -= share;
    if (left < 0) return random.between(fromM, toM);
  }
  return 2;
}

/** Milliseconds to the next: of the same queue, or one that knows nothing of the others. */
export const nextArrivalMs = (manners: Manners, random: Random): number =>
  random.chance(manners.platoon)
    ? random.between(1_500, 6_000)
    : (-Math.log(1 - random.next()) * 3_600_000) / manners.perHour;
