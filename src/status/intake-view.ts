/** State of the intake for the page: the channels, the clocks of senders, refused senders, and messages without effect. */

import type { App } from '../app/app.ts';
import type { Bridge } from '../app/bridge.ts';
import type { IntakeView } from '../page/api/api-intake.ts';
import { refusedSenderText } from '../text/page/overview.ts';

/** Below this an offset is within the accuracy of clocks and networks. */
const SLOW_MS = 30_000;
const FAST_MS = 1_000;

type IntakeParts = Pick<App, 'intake' | 'intakePorts' | 'clock' | 'store' | 'bridges'>;

export function intakeView({ intake, intakePorts, clock, store, bridges }: IntakeParts): IntakeView {
  const nowMs = clock.nowMs();
  const { channels, ignored, refused } = intake;
  const { urls, certificate } = intakePorts;
  return {
    ...{ urls, ...(certificate && { certificate }) },
    channels: channels.all().map(({ id, up, sinceMs, lastHeardAtMs }) => ({
      id,
      up,
      forMs: Math.round(nowMs - sinceMs),
      ...(lastHeardAtMs !== undefined && { heardAgoMs: Math.round(nowMs - lastHeardAtMs) }),
    })),
    inClear: intake.inClear,
    smallSums: intake.smallSums.senders,
    senders: senderClocks([...bridges.values()]),
    uncounted: ignored.rows.map(({ atNowMs, ...row }) => ({
      ...row,
      atWallMs: Math.round(store.time.wallMsAt(atNowMs)),
    })),
    uncountedCount: ignored.count,
    refused: refused.rows.map(({ from, holder, path, code, count, firstMs, lastMs }) => ({
      from,
      ...(holder !== undefined && { holder }),
      ...(path !== undefined && { path }),
      ...refusedSenderText(code),
      count,
      firstWallMs: Math.round(store.time.wallMsAt(firstMs)),
      lastWallMs: Math.round(store.time.wallMsAt(lastMs)),
    })),
  };
}

/** Each lane learns by itself; the best knowledge of any is shown. */
function senderClocks(bridges: readonly Bridge[]): IntakeView['senders'] {
  const offsets = new Map<string, number>();
  for (const { state } of bridges)
    for (const { source, till, offsetMs } of state.lane.kept.senders)
      if (offsetMs > SLOW_MS || offsetMs < -FAST_MS)
        offsets.set(till === undefined ? source : `${source} / ${till}`, offsetMs);
  return [...offsets].map(([sender, offsetMs]) => ({ sender, offsetMs }));
}
