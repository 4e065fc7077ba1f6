/** Plates seen in other lanes of the park: what they say about the vehicles of this one. */
import { normalPlate } from './plates.ts';
import type { Sighting } from './state.ts';
import { keep, type Work } from './step-context.ts';
import type { LaneEvent } from './types.ts';

const SIGHTINGS_MOST = 64;
const SIGHTINGS_KEPT_MS = 600_000;

export function seenElsewhere(work: Work, event: Extract<LaneEvent, { kind: 'elsewhere' }>): void {
  const sighting: Sighting = {
    plate: normalPlate(event.plate),
    what: event.what,
    lane: event.lane,
    atMs: event.atMs,
  };
  const recent = work.state.kept.elsewhere.filter((one) => one.atMs >= work.atMs - SIGHTINGS_KEPT_MS);
  keep(work).elsewhere = [...recent, sighting].slice(-SIGHTINGS_MOST);
}
