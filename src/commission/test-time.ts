/** From its first test a lane is in maintenance, with an end: test cars stay on the box, marked, and are not uploaded. */
import type { App } from '../app/app.ts';
import { teachText } from '../text/teach.ts';

const TEST_MS = 2 * 60 * 60_000;
/** More than two hours of tests make. */
const CLOSED_MOST = 1_000;
const TEST_REASON = `${teachText.maintenanceReason.zh} ${teachText.maintenanceReason.en}`;

/** Leaves a running maintenance as it is. It ends by itself, with the acceptance sheet, or by a person on the status page. */
export function testTime({ bridges, config }: Pick<App, 'bridges' | 'config'>, laneId: string, operator: string): void {
  const bridge = bridges.get(laneId);
  if (bridge === undefined || bridge.state.lane.kept.maintenance !== null) return;
  const atMs = bridge.nowMs();
  const untilMs = atMs + Math.min(TEST_MS, config.page.maintenanceMaxMs);
  bridge.feed({ kind: 'mode', mode: 'maintenance', on: true, operator, untilMs, reason: TEST_REASON, atMs });
}

/**
 * At hand-over: what the tests made is no release of the park, and nobody is left to decide on it. From here on the lane learns what its senses
 * usually do.
 */
export async function closeTests(
  { store, bridges }: Pick<App, 'store' | 'bridges'>,
  laneId: string,
  who: string,
): Promise<void> {
  const bridge = bridges.get(laneId);
  bridge?.feed({ kind: 'tick', accepted: true, atMs: bridge.nowMs() });
  const records = await store.review.list({ laneId, states: ['review', 'kept'], limit: CLOSED_MOST });
  for (const { id, release } of records)
    if (release.facts.some(({ kind, values }) => kind === 'maintenance' && values?.reason === TEST_REASON))
      await store.review.dismiss(id, who, teachText.maintenanceReason.zh, 'asks');
}
