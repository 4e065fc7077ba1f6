/**
 * The minute judged as one: its vehicles and payments are assigned to each other one to one, all together, with "unpaid" and "unused" as rivals.
 * The rules propose an accusation; a payment that the best assignment leaves to the accused speaks against it. It accuses nobody and changes
 * nothing.
 */

import type { Body, Read } from './body.ts';
import { CLOCKS_MS, claimsOf, coverOf, isPossibleOnly } from './claims.ts';
import { bestMatching, type Gains } from './matching.ts';
import type { GrantHold, Past } from './opening.ts';
import { isReadAsAnother, normalPlate, readsExactly, readsFuzzily } from './plates.ts';
import type { Lane } from './state.ts';
import { openingOf } from './step-context.ts';
import type { Direction, LaneSettings } from './types.ts';

/** A payment is about a vehicle that passes so soon after it came. */
const MINUTE_MS = 60_000;
/** Of more vehicles or payments nothing is said but that somebody has to look. */
export const ASSIGNED_MOST = 20;

/** How well a payment fits a vehicle; 0: not at all. */
const FITS = { exact: 8, pulsed: 7, fuzzy: 6, presence: 5, used: 4, here: 3, minute: 2 } as const;
/** A vehicle with a right of its own needs none. One that nobody read, and the relay let out without a message, would have one (`pulsed`). */
const OWN_RIGHT = 4;

interface Vehicle {
  readonly id: number;
  readonly reads: readonly Read[];
  readonly riseMs: number;
  readonly outMs: number | null;
  readonly isForward: boolean;
  readonly ownRight: number;
  /** The relay let it out, and no message says why. */
  readonly isPulsed: boolean;
}

interface Payment {
  readonly plate: string | null;
  /** Still open. */
  readonly hold: GrantHold | null;
  /** The judged vehicle that has used it. */
  readonly user: Past | null;
}

export interface InnocentStory {
  readonly hold: GrantHold;
  /** It is of this very minute: nobody who is yet to come can have paid it. */
  readonly isBound: boolean;
}

/** The payment that is left for the accused where all vehicles and payments of its minute are assigned together; undefined: none is. */
export function innocentStory(state: Lane, settings: LaneSettings, accused: Body): InnocentStory | undefined {
  const { riseMs } = accused;
  const open = state.kept.grants.filter((hold) => mayBeOf(hold, riseMs));
  if (open.length === 0) return undefined;
  const judged = state.kept.past.filter(
    ({ covered, chain, outMs, id }) => covered && !chain && id !== accused.id && outMs >= riseMs - MINUTE_MS,
  );
  const payments: Payment[] = [
    ...open.map((hold) => ({ hold, user: null, plate: hold.grant.plate ? normalPlate(hold.grant.plate) : null })),
    ...judged.flatMap((user) => (user.grantPlate === null ? [] : [{ hold: null, user, plate: user.grantPlate }])),
  ];
  const vehicles = [vehicleOf(accused, false), ...others(state, settings, accused, judged)];
  if (payments.length > ASSIGNED_MOST || vehicles.length > ASSIGNED_MOST) {
    const own = payments.find((payment) => payment.hold !== null && fitOf(vehicleOf(accused, false), payment) > 0);
    return own?.hold == null ? undefined : { hold: own.hold, isBound: false };
  }
  const fits = vehicles.map((vehicle) => payments.map((payment) => fitOf(vehicle, payment)));
  const hold = leftFor(vehicles, payments, fits);
  return hold === undefined ? undefined : { hold, isBound: isBound(state, settings, accused, hold, judged) };
}

/** The payment of the story in which the accused has paid, where that is worth no less than the one in which nobody has paid for it. */
function leftFor(vehicles: readonly Vehicle[], payments: readonly Payment[], fits: Gains): GrantHold | undefined {
  const [, ...rights] = vehicles.map(({ ownRight }) => ownRight);
  const guilty = bestMatching(fits.slice(1), rights);
  // The accused takes a payment, whatever that costs the others.
  const innocent = bestMatching(fits, [null, ...rights]);
  if (guilty === undefined || innocent === undefined) return undefined;
  const gain = innocent.sum - guilty.sum;
  const isLeft = ({ hold }: Payment, index: number): boolean =>
    hold !== null && innocent.columns.includes(index) && !guilty.columns.includes(index);
  // Where two share one payment, and either may have paid it, it is the one that the accused would take.
  const hold = (payments.find(isLeft) ?? payments[innocent.columns[0] ?? -1])?.hold;
  return gain < 0 ? undefined : (hold ?? undefined);
}

/** It is open, has spoken for nobody else yet, and came about then, or later and for another of those in the lane. */
const mayBeOf = ({ left, arrivedMs, cancelled }: GrantHold, riseMs: number): boolean =>
  left > 0 && cancelled === undefined && arrivedMs >= riseMs - MINUTE_MS;

const vehicleOf = (body: Body, isPulsed: boolean): Vehicle => ({
  id: body.id,
  reads: body.reads,
  riseMs: body.riseMs,
  outMs: body.outMs,
  isForward: body.way === 'forward',
  ownRight: isPulsed ? OWN_RIGHT : 0,
  isPulsed,
});

/** Who else may have paid: those in the lane, and those judged as covered. */
function others(state: Lane, settings: LaneSettings, accused: Body, judged: readonly Past[]): readonly Vehicle[] {
  const claims = claimsOf(state, settings);
  const here = state.bodies.filter(
    ({ id, chain, way }) => id !== accused.id && chain === null && (way === 'forward' || settings.direction === 'both'),
  );
  return [
    ...here.map((body) => {
      const pulse = coverOf(claims, body, settings)?.pulse;
      // A message about it may come as long as one joins its pulse.
      return vehicleOf(body, pulse != null && pulse.atMs + settings.autoJoinMs <= state.actedMs);
    }),
    ...judged.map(({ id, plates, riseMs, outMs, grantPlate, how }) => ({
      ...{ id, reads: plates, riseMs, outMs, isForward: true },
      ownRight: grantPlate === null ? OWN_RIGHT : 0,
      isPulsed: how === 'relay',
    })),
  ];
}

const isForWay = (direction: Direction | undefined, isForward: boolean): boolean =>
  direction === undefined || (direction === 'exit') === isForward;

function fitOf(vehicle: Vehicle, { plate, hold, user }: Payment): number {
  if (hold !== null && !isForWay(hold.grant.direction, vehicle.isForward)) return 0;
  if (plate !== null) {
    if (readsExactly(vehicle.reads, plate) !== undefined) return FITS.exact;
    if (readsFuzzily(vehicle.reads, plate) !== undefined) return FITS.fuzzy;
    if (user?.id === vehicle.id) return FITS.used;
    if (isReadAsAnother(vehicle, plate)) return 0;
  }
  if (hold === null) return 0;
  const { riseMs, outMs } = vehicle;
  if (hold.issuedMs > (outMs ?? hold.issuedMs) + CLOCKS_MS) return 0;
  if (vehicle.isPulsed) return FITS.pulsed;
  if (hold.presenceId === vehicle.id) return FITS.presence;
  if (hold.arrivedMs < riseMs - MINUTE_MS) return 0;
  return hold.grant.scope === 'lane' && hold.issuedMs >= riseMs ? FITS.here : FITS.minute;
}

/**
 * Its plate was read here for somebody who passed under another payment; or it names none and was told for this very opening, and the accused is
 * no part of the vehicle ahead.
 */
function isBound(
  state: Lane,
  settings: LaneSettings,
  accused: Body,
  { grant, issuedMs, returned }: GrantHold,
  judged: readonly Past[],
): boolean {
  if (returned) return false;
  if (grant.plate !== undefined) {
    const plate = normalPlate(grant.plate);
    return judged.some(({ grantPlate, plates }) => grantPlate !== plate && readsExactly(plates, plate) !== undefined);
  }
  const opening = openingOf(state, accused.openingId);
  const isOfOpening = opening !== undefined && issuedMs >= opening.startMs - settings.autoJoinMs;
  return isOfOpening && !isPossibleOnly(state, settings, accused);
}
