/**
 * Checks a wire before it is opened: whether it can carry the configured polling, and how often each device is then read. For `check` and
 * the log.
 */
import { addressNote } from '../config/camera-address.ts';
import type { CameraConfig, Config, LineConfig } from '../config/types.ts';
import { usedPoints } from '../config/used-points.ts';
import type { WireUse } from '../driver.ts';
import type { Role } from '../lane/types.ts';
import { type WireBudget, wireBudget } from '../line/bus-load.ts';
import { wireCommandText } from '../text/commands/cli.ts';
import { wireTooSlowText } from '../text/fault.ts';
import type { Text } from '../text/text.ts';

/** A relay's pulse is as short as 0.3 s, and 0.12 s is all that separates two cars: slower polling misses them (devices.md, rule 19). */
const SLOWEST_POLL_MS = 100;

/** Conditions that last for seconds at least: slow polling still sees them. */
const LASTING: readonly Role[] = ['down', 'up', 'fire', 'mains'];

export interface WireReport {
  readonly budget?: WireBudget;
  /** The wire cannot carry the configured polling. */
  readonly overloaded?: Text;
  /** Devices polled too rarely for their lane. */
  readonly slow: readonly Text[];
}

export function wireReport(config: Config, line: LineConfig): WireReport {
  const polled = (line.listenOnly ? [] : line.devices).flatMap((device) => {
    const use = device.kind.wireUse?.(device.config, usedPoints(config, device.id));
    return use === undefined ? [] : [{ id: device.id, use }];
  });
  const budget = wireBudget(
    line,
    polled.map(({ use }): WireUse => use),
  );
  if (budget === undefined) return { slow: [] };
  const { roundMs, requestedMs: askedMs } = budget;
  const devices = polled.length;
  // Modbus TCP has no baud rate.
  const speed = line.port.startsWith('modbus-tcp:') ? {} : { baudRate: line.baudRate };
  const overloaded = budget.load > 1 && wireTooSlowText({ id: line.id, devices, ...speed, roundMs, askedMs });
  const slow = polled.flatMap(({ id, use }, index) => {
    const everyMs = Math.ceil(budget.everyMs[index] ?? 0);
    return everyMs > SLOWEST_POLL_MS && !use.reportsChanges && isQuick(config, id)
      ? [wireCommandText.slow(id, everyMs)]
      : [];
  });
  return { budget, ...(overloaded && { overloaded }), slow };
}

/** A port name that may mean another adapter after the next start: adapters are numbered as they are found. */
export function portNotes({ port }: LineConfig): readonly Text[] {
  return /^\/dev\/tty(USB|ACM)\d+$/.test(port) ? [wireCommandText.unsteady(port)] : [];
}

/** Notes of `check` on a camera whose inputs a lane uses, or whose address needs a review. */
export function cameraNotes(config: Config, camera: CameraConfig): readonly Text[] {
  const { id, everyMs = 0 } = camera;
  return [
    ...[addressNote(camera) ?? []].flat(),
    ...(everyMs > SLOWEST_POLL_MS && isQuick(config, id) ? [wireCommandText.slow(id, everyMs)] : []),
  ];
}

/** Whether a lane uses a short-lived signal of the device: everything but arm limits and lasting conditions. */
function isQuick({ lanes }: Config, deviceId: string): boolean {
  return lanes.some(({ points }) =>
    Object.entries(points).some(([role, { device }]) => device === deviceId && !LASTING.includes(role as Role)),
  );
}
