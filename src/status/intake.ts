/** How payments come in, as the page shows it: the channels, the clocks of senders, and what came and does not count. */

import type { App } from '../app/app.ts';
import type { Bridge } from '../app/bridge.ts';
import type { IntakeView } from '../page/api/api-intake.ts';

/** Below these a clock is as right as clocks and networks are. */
const SLOW_MS = 30_000;
const FAST_MS = 1_000;

type IntakeParts = Pick<App, 'intake' | 'clock' | 'store' | 'bridges'>;

export function intakeView({ intake, clock, store, bridges }: IntakeParts): IntakeView {
  const nowMs = clock.nowMs();
  const { channels, arrivals } = intake;
  return {
    channels: channels.all().map(({ id, up, sinceMs, lastHeardAtMs }) => ({
      id,
      up,
      forMs: Math.round(nowMs - sinceMs),
      ...(lastHeardAtMs !== undefined && { heardAgoMs: Math.round(nowMs - lastHeardAtMs) }),
    })),
    senders: senderClocks([...bridges.values()]),
    uncounted: arrivals.rows.map(({ atNowMs, ...row }) => ({
      ...row,
      atWallMs: Math.round(store.time.wallMsAt(atNowMs)),
    })),
    uncountedCount: arrivals.count,
  };
}

/** Each lane learns by itself; what any of them knows is shown. */
function senderClocks(bridges: readonly Bridge[]): IntakeView['senders'] {
  const offsets = new Map<string, number>();
  for (const { state } of bridges)
    for (const { source, offsetMs } of state.lane.kept.senders)
      if (offsetMs > SLOW_MS || offsetMs < -FAST_MS) offsets.set(source, offsetMs);
  return [...offsets].map(([sender, offsetMs]) => ({ sender, offsetMs }));
}
