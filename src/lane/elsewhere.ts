/** Plates seen in other lanes of the park: what they say about the vehicles of this one. */

import type { Body } from './body.ts';
import { voidFakeExitOf } from './fake-exit.ts';
import type { Sighting } from './opening.ts';
import { normalPlate, readsFuzzily } from './plates.ts';
import { alarm, fact, keep, type StepContext } from './step-context.ts';
import type { LaneEvent } from './types.ts';

/** Of a park with a few thousand payments an hour. */
const SIGHTINGS_MOST = 512;
const SIGHTINGS_KEPT_MS = 600_000;

export function seenElsewhere(work: StepContext, event: Extract<LaneEvent, { kind: 'elsewhere' }>): void {
  const { what, lane, atMs } = event;
  const sighting: Sighting = { plate: normalPlate(event.plate), what, lane, atMs };
  const recent = work.state.kept.elsewhere.filter((one) => one.atMs >= work.atMs - SIGHTINGS_KEPT_MS);
  keep(work).elsewhere = [...recent, sighting].slice(-SIGHTINGS_MOST);
  if (what !== 'onA') voidFakeExitOf(work, sighting.plate);
}

/** Somebody has paid in the wrong lane, or went over to this one: a payment told for another names a plate that was on A here, and has not left there. */
export function isAccountedElsewhere({ state, settings, atMs: nowMs }: StepContext, body: Body): boolean {
  const { elsewhere } = state.kept;
  const fromMs = body.riseMs - SIGHTINGS_KEPT_MS;
  const untilMs = (body.aFallMs ?? body.outMs ?? nowMs) + settings.autoJoinMs;
  const told = elsewhere.filter(({ what, atMs }) => what === 'granted' && atMs >= fromMs && atMs <= untilMs);
  const hasLeft = ({ plate, atMs }: Sighting): boolean =>
    elsewhere.some((seen) => seen.what === 'passed' && seen.plate === plate && seen.atMs >= atMs);
  return told.some((one) => readsFuzzily(body.reads, one.plate) !== undefined && !hasLeft(one));
}

/** So many in a row, and the lanes were swapped when the management system was set up. */
const SWAPPED_FROM = 3;

export function countElsewhere(work: StepContext, isElsewhere: boolean): void {
  const count = isElsewhere ? work.state.kept.toldElsewhere + 1 : 0;
  if (count !== work.state.kept.toldElsewhere) keep(work).toldElsewhere = count;
  alarm(work, 'laneIdsSwapped', count >= SWAPPED_FROM, [fact('grantsForOtherLane', work.atMs, { count })]);
}
