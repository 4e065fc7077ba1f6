/** How the looks at a lane's points become edges: polarity and debounce, by how often a point is looked at. */
import type { Config, DeviceConfig, LaneConfig } from '../config/types.ts';
import { usedPoints } from '../config/used-points.ts';
import { lookedAt, type SignalSettings } from '../lane/signals.ts';

/** Nothing for a device that speaks by itself: it reports when something changes. */
export function pollEveryMs({ id, kind, config: own }: DeviceConfig, config: Config): number | undefined {
  const use = kind.wireUse?.(own, usedPoints(config, id));
  return use === undefined || use.turns.length === 0 || use.reportsChanges ? undefined : use.everyMs;
}

export function laneSignals(config: Config, lane: LaneConfig): SignalSettings {
  const polled = new Map(
    config.lines
      .filter(({ listenOnly }) => !listenOnly)
      .flatMap(({ devices }) => devices.map((device) => [device.id, pollEveryMs(device, config) ?? 0] as const)),
  );
  return Object.fromEntries(
    Object.entries(lane.points).map(([role, point]) => [role, lookedAt(point, polled.get(point.device) ?? 0)]),
  );
}
