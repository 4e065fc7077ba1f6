/** What the box testifies of itself, for the page. */
import type { App } from '../app/app.ts';
import type { ObservationList } from '../page/api/api-intake.ts';
import { observationText } from '../store/observation-text.ts';

const SHOWN_MAX = 100;
const READ_MAX = 500;

export async function observationList({ store }: Pick<App, 'store'>): Promise<ObservationList> {
  const found = (await store.looks.observations(READ_MAX))
    // These stand with their records.
    .filter(({ seen }) => seen.why !== 'reviewed')
    .slice(0, SHOWN_MAX);
  return {
    items: found.map(({ id, laneId, fromWallMs, toWallMs, seen }) => ({
      id,
      lane: laneId,
      fromWallMs,
      toWallMs,
      ...('roles' in seen && seen.lasts && { lasts: true as const }),
      ...observationText(seen),
    })),
  };
}
