/** What `check` says of a wire: whether it can carry what its devices are asked, and how often each is then read. Opens no port. */
import type { Config, LineConfig } from '../config/types.ts';
import type { WireUse } from '../driver.ts';
import { type WireBudget, wireBudget } from '../line/budget.ts';
import { wireText } from '../text/cli.ts';
import type { Text } from '../text/text.ts';

/** A relay's pulse is as short as 0.3 s, and 0.12 s is all that separates two cars: slower looks miss them (devices.md, rule 19). */
const SLOWEST_LOOK_MS = 100;

export interface WireReport {
  readonly budget?: WireBudget;
  readonly notes: readonly Text[];
}

export function wireReport(config: Config, line: LineConfig): WireReport {
  const asked = line.devices.flatMap((device) => {
    const use = device.kind.wireUse?.(device.config, wantedPoints(config, device.id));
    return use === undefined ? [] : [{ id: device.id, use }];
  });
  const budget = wireBudget(
    line,
    asked.map(({ use }): WireUse => use),
  );
  if (budget === undefined) return { notes: [] };
  const overloaded = budget.load > 1 ? [wireText.overloaded(budget.askedMs, Math.ceil(budget.roundMs))] : [];
  const slow = asked.flatMap(({ id }, index) => {
    const everyMs = Math.ceil(budget.everyMs[index] ?? 0);
    return everyMs > SLOWEST_LOOK_MS ? [wireText.slow(id, everyMs)] : [];
  });
  return { budget, notes: [...overloaded, ...slow] };
}

/** The points of a device that some lane uses; a driver may leave the others unread. */
function wantedPoints(config: Config, deviceId: string): ReadonlySet<string> {
  const all = config.lanes.flatMap((lane) => Object.values(lane.points));
  return new Set(all.filter(({ device }) => device === deviceId).map(({ point }) => point));
}
