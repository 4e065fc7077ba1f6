/** Who is on duty, and what of the last day is odd, for the page. */

import { dutyIntervals } from '../account/duty/shifts.ts';
import type { App } from '../app/app.ts';
import type { DutyView } from '../page/api/api-duty.ts';
import type { AffirmedShift } from '../page/box.ts';
import { INBOX_DAYS } from './record-view.ts';

const DAY_MS = 86_400_000;
const OPEN_MAX = 1_000;
/** A change of shift is no gap and no overlap. */
const SHORT_MS = 5 * 60_000;
const ODDITIES_MAX = 20;

export async function dutyView(
  { config, register, store, clock }: Pick<App, 'config' | 'register' | 'store' | 'clock'>,
  own?: readonly string[],
): Promise<Omit<DutyView, 'operators'>> {
  const nowMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
  const wallMs = Math.round(store.time.wallMsAt(clock.nowMs()));
  const open = await store.review.count({
    ...{ marked: 'open', fromWallMs: wallMs - INBOX_DAYS * DAY_MS, limit: OPEN_MAX },
    ...(own && { laneIds: own }),
  });
  // A box where nobody ever signs on has no gaps to tell of, nor has the time before the first who did.
  const fromMs = Math.max(nowMs - DAY_MS, register.shifts[0]?.atMs ?? nowMs);
  const oddities = config.lanes.flatMap(({ id }) =>
    dutyIntervals(register.shifts, id, fromMs, nowMs)
      .filter(({ operators, fromMs, toMs }) => operators.length !== 1 && toMs - fromMs >= SHORT_MS)
      .map(({ fromMs, toMs, operators }) => ({
        ...{ lane: id, operators },
        fromWallMs: wallMs - nowMs + fromMs,
        toWallMs: wallMs - nowMs + toMs,
      })),
  );
  return {
    lanes: config.lanes.map(({ id, name }) => {
      const shift = register.onDuty(id);
      const on = shift && { operator: shift.operator, by: shift.by, sinceWallMs: shift.wallMs };
      return { id, name, ...on };
    }),
    booths: config.duty.booths,
    open,
    ...(open >= OPEN_MAX && { openMore: true as const }),
    oddities: oddities.slice(-ODDITIES_MAX),
    vehicles: register.vehicles.count,
  };
}

interface SignOn {
  readonly operator: string;
  readonly lanes: readonly string[] | undefined;
  readonly on: boolean;
  readonly session: string | undefined;
}

export async function signOn(
  { config, register }: Pick<App, 'config' | 'register'>,
  { operator, lanes: named, on, session }: SignOn,
): Promise<boolean> {
  const known = config.lanes.map(({ id }) => id);
  const lanes = named ?? known;
  if (!lanes.every((lane) => known.includes(lane))) return false;
  await register.signOn(operator, lanes, on, session);
  return true;
}

/** Shifts without an end would be over some day. Resolves to those that go on. */
export async function affirmDuty(
  { config, register }: Pick<App, 'config' | 'register'>,
  user: string,
  lanes: readonly string[] = config.lanes.map(({ id }) => id),
): Promise<readonly AffirmedShift[]> {
  const affirmed: AffirmedShift[] = [];
  for (const lane of lanes) {
    const operator = await register.affirm(lane, user);
    if (operator !== undefined) affirmed.push({ lane, operator });
  }
  return affirmed;
}
