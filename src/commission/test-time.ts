/** From its first test a lane is in maintenance, with an end: test cars stay on the box, marked, and are not uploaded. */
import type { App } from '../app/app.ts';
import { teachText } from '../text/teach.ts';

const TEST_MS = 2 * 60 * 60_000;

/** Leaves a running maintenance as it is. It ends by itself, with the acceptance sheet, or by a person on the status page. */
export function testTime({ bridges, config }: Pick<App, 'bridges' | 'config'>, laneId: string, operator: string): void {
  const bridge = bridges.get(laneId);
  if (bridge === undefined || bridge.state.lane.kept.maintenance !== null) return;
  const atMs = bridge.nowMs();
  const untilMs = atMs + Math.min(TEST_MS, config.page.maintenanceMaxMs);
  const { zh, en } = teachText.maintenanceReason;
  const reason = `${zh} ${en}`;
  bridge.feed({ kind: 'mode', mode: 'maintenance', on: true, operator, untilMs, reason, atMs });
}
