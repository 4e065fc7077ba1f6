/** Plates seen in other lanes of the park: what they say about the vehicles of this one. */

import type { Body } from './body.ts';
import { voidFakeExitOf } from './fake-exit.ts';
import type { Sighting } from './opening.ts';
import { normalPlate, readsExactly } from './plates.ts';
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

/** A payment told for another lane names a plate that was on A here then or came soon after: somebody has paid, in the wrong lane. */
export function isAccountedElsewhere(work: StepContext, body: Body): boolean {
  const { state, settings } = work;
  const fromMs = body.riseMs - settings.laneGrantTtlMs;
  const untilMs = (body.aFallMs ?? body.outMs ?? work.atMs) + settings.autoJoinMs;
  return state.kept.elsewhere.some(
    ({ what, atMs, plate }) =>
      what === 'granted' && atMs >= fromMs && atMs <= untilMs && readsExactly(body.reads, plate) !== undefined,
  );
}

/** So many in a row, and the lanes were swapped when the management system was set up. */
const SWAPPED_FROM = 3;

export function countElsewhere(work: StepContext, isElsewhere: boolean): void {
  const count = isElsewhere ? work.state.kept.toldElsewhere + 1 : 0;
  if (count !== work.state.kept.toldElsewhere) keep(work).toldElsewhere = count;
  alarm(work, 'laneIdsSwapped', count >= SWAPPED_FROM, [fact('grantsForOtherLane', work.atMs, { count })]);
}
