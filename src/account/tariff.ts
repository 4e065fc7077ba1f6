/** What a stay costs by the tariff of the park, in fen. Pure; never less for a longer stay. */
import { beginOf, DAY_MS, dayOf } from './days.ts';

/** So much for each `everyMs` begun; `forMs`: of the first so much, the last step goes on without end. */
export interface TariffStep {
  readonly forMs?: number;
  readonly everyMs: number;
  readonly fen: number;
}

export interface TariffNight {
  /** Minutes since midnight in Beijing; `to` not after `from`: of the next day. */
  readonly fromMinutes: number;
  readonly toMinutes: number;
  /** Absent: `fen` is for the whole night. */
  readonly everyMs?: number;
  readonly fen: number;
  readonly maxFen?: number;
}

export interface Tariff {
  /** The platform's codes; absent: all. */
  readonly carTypes?: readonly string[];
  readonly carDescs?: readonly string[];
  /** A stay no longer than this costs nothing. */
  readonly freeMs: number;
  /** A longer one is charged without its free time. */
  readonly deductFree: boolean;
  readonly steps: readonly TariffStep[];
  readonly dailyMaxFen?: number;
  /** What `dailyMaxFen` is for: 24 hours from the entry, or a day of the calendar. */
  readonly dailyMaxPer: '24h' | 'day';
  readonly night?: TariffNight;
}

/** A longer stay is more often an exit that nobody told of: it has no sum. */
export const STAY_MOST_MS = 31 * DAY_MS;
const MINUTE_MS = 60_000;

/** The first that holds for such a car. What is not known of the car fits only a tariff that does not ask for it. */
export function tariffFor(
  tariffs: readonly Tariff[],
  { carType, carDesc }: { readonly carType?: string | undefined; readonly carDesc?: string | undefined },
): Tariff | undefined {
  return tariffs.find(
    ({ carTypes, carDescs }) =>
      (carTypes === undefined || (carType !== undefined && carTypes.includes(carType))) &&
      (carDescs === undefined || (carDesc !== undefined && carDescs.includes(carDesc))),
  );
}

/** Times are wall times. undefined: no stay that a tariff speaks of. */
export function stayFen(tariff: Tariff, enteredMs: number, leftMs: number): number | undefined {
  const { freeMs, deductFree, steps, dailyMaxFen } = tariff;
  if (leftMs < enteredMs || leftMs - enteredMs > STAY_MOST_MS) return undefined;
  if (leftMs - enteredMs <= freeMs) return 0;
  const fromMs = enteredMs + (deductFree ? freeMs : 0);
  const nights = nightsOf(tariff.night, fromMs, leftMs);
  return periodsOf(tariff, fromMs, leftMs).reduce((total, [beginMs, endMs]) => {
    const darkMs = nights.reduce((sum, night) => sum + Math.max(0, overlapMs(night, beginMs, endMs)), 0);
    const byDay = stepsFen(steps, endMs - beginMs - darkMs);
    // A night belongs to the period in which it begins, and is not cut by the end of that.
    const byNight = nights
      .filter((night) => night.fromMs >= beginMs && night.fromMs < endMs)
      .reduce((sum, night) => sum + nightFen(tariff.night as TariffNight, night.toMs - night.fromMs), 0);
    return total + Math.min(byDay + byNight, dailyMaxFen ?? Number.POSITIVE_INFINITY);
  }, 0);
}

/** Each has a maximum of its own, and begins with the first step; without a maximum there is one. */
function periodsOf(
  { dailyMaxFen, dailyMaxPer }: Tariff,
  fromMs: number,
  toMs: number,
): readonly (readonly [number, number])[] {
  if (dailyMaxFen === undefined) return [[fromMs, toMs]];
  const periods: [number, number][] = [];
  for (let beginMs = fromMs; beginMs < toMs; ) {
    const endMs = (dailyMaxPer === 'day' ? beginOf(dayOf(beginMs)) : beginMs) + DAY_MS;
    periods.push([beginMs, Math.min(endMs, toMs)]);
    beginMs = endMs;
  }
  return periods;
}

function stepsFen(steps: readonly TariffStep[], forMs: number): number {
  let leftMs = forMs;
  let fen = 0;
  for (const step of steps) {
    if (leftMs <= 0) break;
    const ownMs = Math.min(leftMs, step.forMs ?? Number.POSITIVE_INFINITY);
    fen += Math.ceil(ownMs / step.everyMs) * step.fen;
    leftMs -= ownMs;
  }
  return fen;
}

interface NightStay {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The parts of a stay that lie in a night. */
function nightsOf(night: TariffNight | undefined, fromMs: number, toMs: number): readonly NightStay[] {
  if (night === undefined) return [];
  const { fromMinutes, toMinutes } = night;
  const lengthMs = (((toMinutes - fromMinutes + 1440 - 1) % 1440) + 1) * MINUTE_MS;
  const nights: NightStay[] = [];
  for (let dayMs = beginOf(dayOf(fromMs)) - DAY_MS; dayMs < toMs; dayMs += DAY_MS) {
    const beginMs = dayMs + fromMinutes * MINUTE_MS;
    const stay = { fromMs: Math.max(beginMs, fromMs), toMs: Math.min(beginMs + lengthMs, toMs) };
    if (stay.toMs > stay.fromMs) nights.push(stay);
  }
  return nights;
}

const overlapMs = ({ fromMs, toMs }: NightStay, beginMs: number, endMs: number): number =>
  Math.min(toMs, endMs) - Math.max(fromMs, beginMs);

function nightFen({ everyMs, fen, maxFen }: TariffNight, forMs: number): number {
  const all = everyMs === undefined ? fen : Math.ceil(forMs / everyMs) * fen;
  return Math.min(all, maxFen ?? Number.POSITIVE_INFINITY);
}
