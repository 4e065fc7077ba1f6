/** What is true of a lane beside what a box said of it, one to one, by time and plate. It counts nothing and runs nothing. */
import type { Release } from '../../lane/types.ts';
import type { OpeningTruth, VehicleTruth } from '../../sim/worlds/truth.ts';
import type { Given } from './detection-box.ts';

/** `guilty`: nobody with a right to it let it pass, so that a box is to say so. `either`: nothing is wrong whatever it says. */
export type Guilt = 'guilty' | 'innocent' | 'either';

/** One vehicle, or one opening through which nobody went. */
export interface Item {
  readonly guilt: Guilt;
  readonly vehicle?: VehicleTruth;
  readonly opening?: OpeningTruth;
  /** Let out with the key under an arm that was up already: nothing of that can be seen, and it looks like any unpaid follower. */
  readonly unseenHand?: true;
  /** Moments by which a record may name it. */
  readonly atMs: readonly number[];
  /** While it was on B. */
  readonly onB?: readonly [fromMs: number, toMs: number];
}

/** What was said, as far as it is matched and judged: the engine's own verdict, or the record that a platform got of it. */
export interface Spoken {
  readonly release: Pick<Release, 'releaseAtMs' | 'method' | 'reported' | 'passed' | 'plate'>;
}

export interface Match<S extends Spoken = Given> {
  readonly item: Item;
  readonly given?: S;
}

export interface Matched<S extends Spoken = Given> {
  readonly matches: readonly Match<S>[];
  /** Said of nobody, or a second time of somebody. */
  readonly phantoms: readonly S[];
}

/** Loops tell late, polls look late, and some manoeuvres are slow. */
const NEAR_MS = 4_000;
/** A record that bears the plate is of that vehicle, as long as it was about. */
const ABOUT_MS = 30_000;
/** Its plate says more than its time. */
const SAME_PLATE_MS = -2_500;
const SAME_PLATE_SHARE = 0.1;
const OTHER_PLATE_MS = 4_000;
const INNOCENT_MS = 600;
/** Said at a moment when it was on B it is as near as this, however long it stood there. */
const ON_B_MS = 1_500;
/** A record of a passage speaks of who passed, rather than of who stood by and went back. */
const NOT_PASSED_MS = 2_500;
/** What happens is seen so much later at most. */
const SEEN_MS = 200;
/** A plate belongs to the vehicles that were in the lane within this. */
const WITHIN_MS = 90_000;

export function itemsOf(vehicles: readonly VehicleTruth[], openings: readonly OpeningTruth[]): readonly Item[] {
  const byId = new Map(openings.map((opening) => [opening.id, opening]));
  const openedFor = new Map<number, number[]>();
  const passing = new Set(vehicles.flatMap(({ id, offBMs }) => (offBMs === undefined ? [] : [id])));
  // Who passes after the arm came down again before it is of the opening through which it went; the other one speaks for itself.
  for (const { forVehicle, startMs, vehicles: through } of openings)
    if (forVehicle !== undefined && (through.length > 0 || !passing.has(forVehicle)))
      openedFor.set(forVehicle, [...(openedFor.get(forVehicle) ?? []), startMs]);
  const known = (...times: readonly (number | undefined)[]): number[] => times.filter((time) => time !== undefined);
  const ofVehicles = vehicles.map((vehicle): Item => {
    const { id, onAMs, onBMs, offBMs, backMs, back, untold, opening, authorised, means } = vehicle;
    const passed = offBMs !== undefined;
    // A grant that no message told of, or too late, cannot be known to have ended unused.
    const unknowable = means === 'slip' || (back === 'fake' && untold !== undefined);
    const guilt = unknowable ? 'either' : authorised || !passed ? 'innocent' : 'guilty';
    const own = openedFor.get(id) ?? [];
    const went = opening === undefined ? undefined : byId.get(opening);
    // By its opening's start a record names the first that went, if that was what it was opened for, or nobody was.
    const first = went?.vehicles[0] === id && (guilt === 'guilty' || went.forVehicle !== undefined);
    const began = first ? went.startMs : undefined;
    const unseenHand = means === 'key' && own.length === 0;
    const atMs = known(onAMs, onBMs, backMs, began, ...own);
    const onB = onBMs !== undefined && offBMs !== undefined && ([onBMs, offBMs] as const);
    return { guilt, vehicle, ...(unseenHand && { unseenHand }), ...(onB && { onB }), atMs };
  });
  const ofOpenings = openings.flatMap((opening): Item[] => {
    const { cause, forVehicle, startMs, vehicles: through } = opening;
    const byHand = cause !== 'system' && cause !== 'software';
    // A car that came long after is not what an arm was opened by hand for: then somebody did open it for nobody.
    if (through.length > 0)
      return byHand && forVehicle === undefined ? [{ guilt: 'either', opening, atMs: [startMs] }] : [];
    const guilt = forVehicle !== undefined || cause === 'hold' ? 'either' : byHand ? 'guilty' : 'innocent';
    return [{ guilt, opening, atMs: [startMs] }];
  });
  return [...ofVehicles, ...ofOpenings];
}

/** By each plate that it has or was read with. */
function itemsByPlate(items: readonly Item[]): ReadonlyMap<string, readonly Item[]> {
  const byPlate = new Map<string, Item[]>();
  for (const item of items) {
    const { vehicle } = item;
    if (vehicle === undefined) continue;
    const texts = new Set([vehicle.plate, ...vehicle.reads.map(({ text }) => text)]);
    for (const text of texts) if (text !== undefined) byPlate.set(text, [...(byPlate.get(text) ?? []), item]);
  }
  return byPlate;
}

export function matchVerdicts<S extends Spoken>(items: readonly Item[], given: readonly S[]): Matched<S> {
  const byPlate = itemsByPlate(items);
  const byTime = items
    .flatMap((item) => [...item.atMs, ...(item.onB ?? [])].map((atMs) => ({ atMs, item })))
    .sort((a, b) => a.atMs - b.atMs);
  const pairs: { one: S; item: Item; cost: number }[] = [];
  for (const one of given) {
    const { releaseAtMs, plate } = one.release;
    const named = (plate === undefined ? [] : (byPlate.get(plate.text) ?? [])).filter(
      (item) =>
        item.atMs.some((time) => Math.abs(time - releaseAtMs) < WITHIN_MS) &&
        (accuses(one.release, item) || wasHere(item, releaseAtMs)),
    );
    const near = new Set(named);
    for (let at = firstFrom(byTime, releaseAtMs - NEAR_MS); at < byTime.length; at += 1) {
      const { atMs, item } = byTime[at] as (typeof byTime)[number];
      if (atMs > releaseAtMs + NEAR_MS) break;
      near.add(item);
    }
    for (const item of near) {
      const cost = costOf(item, one.release, named);
      if (cost !== undefined) pairs.push({ one, item, cost });
    }
  }
  pairs.sort((a, b) => a.cost - b.cost);
  const takenBy = new Map<Item, S>();
  const placed = new Set<S>();
  for (const { one, item } of pairs) {
    if (placed.has(one) || takenBy.has(item)) continue;
    takenBy.set(item, one);
    placed.add(one);
  }
  const matches = items.map((item): Match<S> => {
    const one = takenBy.get(item);
    return one === undefined ? { item } : { item, given: one };
  });
  return { matches, phantoms: given.filter((one) => !placed.has(one)) };
}

/** Whoever has done nothing is accused by its plate, whenever the record was. */
const accuses = ({ reported }: Spoken['release'], { guilt }: Item): boolean => reported && guilt === 'innocent';

/** It had come by that moment and not gone, or the arm was raised for it then: of any other a plate says only that it was misread or taken for another's. */
function wasHere({ vehicle, atMs }: Item, releaseAtMs: number): boolean {
  if (vehicle === undefined) return true;
  const { onAMs = vehicle.arrivedMs, goneMs = Number.POSITIVE_INFINITY } = vehicle;
  const isThen = releaseAtMs >= onAMs - SEEN_MS && releaseAtMs <= goneMs;
  return isThen || atMs.some((time) => Math.abs(time - releaseAtMs) <= SEEN_MS);
}

/** Less is nearer; undefined: it cannot be meant. */
function costOf(item: Item, { releaseAtMs, passed }: Spoken['release'], named: readonly Item[]): number | undefined {
  const { vehicle, onB, atMs } = item;
  const wasOnB = onB !== undefined && onB[0] <= releaseAtMs && releaseAtMs <= onB[1];
  const apart = Math.min(...atMs.map((time) => Math.abs(time - releaseAtMs)), ...(wasOnB ? [ON_B_MS] : []));
  const isNamed = named.includes(item);
  if (apart > (isNamed ? ABOUT_MS : NEAR_MS)) return undefined;
  const guilt = item.guilt === 'innocent' ? INNOCENT_MS : 0;
  const other = passed && vehicle !== undefined && vehicle.offBMs === undefined ? NOT_PASSED_MS : 0;
  if (isNamed) return apart * SAME_PLATE_SHARE + SAME_PLATE_MS + guilt;
  return apart + (named.length > 0 ? OTHER_PLATE_MS : 0) + guilt + other;
}

function firstFrom(all: readonly { readonly atMs: number }[], atMs: number): number {
  let [low, high] = [0, all.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((all[middle]?.atMs ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
