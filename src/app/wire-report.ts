/** What `check` and the log say of a wire before it is opened: whether it can carry what its devices are asked, and how often each is then read. */
import { addressNote } from '../config/camera-address.ts';
import type { CameraConfig, Config, LineConfig } from '../config/types.ts';
import { wantedPoints } from '../config/used-points.ts';
import type { WireUse } from '../driver.ts';
import type { Role } from '../lane/types.ts';
import { type WireBudget, wireBudget } from '../line/budget.ts';
import { wireCommandText } from '../text/commands/cli.ts';
import { wireTooSlowText } from '../text/fault.ts';
import type { Text } from '../text/text.ts';

/** A relay's pulse is as short as 0.3 s, and 0.12 s is all that separates two cars: slower looks miss them (devices.md, rule 19). */
const SLOWEST_LOOK_MS = 100;

/** What lasts for seconds at least: a slower look sees it all the same. */
const LASTING: readonly Role[] = ['down', 'up', 'fire', 'mains'];

export interface WireReport {
  readonly budget?: WireBudget;
  /** It cannot carry what is asked. */
  readonly overloaded?: Text;
  /** Devices that are read too rarely for what a lane has to see. */
  readonly slow: readonly Text[];
}

export function wireReport(config: Config, line: LineConfig): WireReport {
  const asked = (line.listenOnly ? [] : line.devices).flatMap((device) => {
    const use = device.kind.wireUse?.(device.config, wantedPoints(config, device.id));
    return use === undefined ? [] : [{ id: device.id, use }];
  });
  const budget = wireBudget(
    line,
    asked.map(({ use }): WireUse => use),
  );
  if (budget === undefined) return { slow: [] };
  const { roundMs, askedMs } = budget;
  const devices = asked.length;
  // Modbus TCP has no baud rate.
  const speed = line.port.startsWith('modbus-tcp:') ? {} : { baudRate: line.baudRate };
  const overloaded = budget.load > 1 && wireTooSlowText(line.id, { devices, ...speed, roundMs, askedMs });
  const slow = asked.flatMap(({ id, use }, index) => {
    const everyMs = Math.ceil(budget.everyMs[index] ?? 0);
    return everyMs > SLOWEST_LOOK_MS && !use.tellsChanges && isQuick(config, id)
      ? [wireCommandText.slow(id, everyMs)]
      : [];
  });
  return { budget, ...(overloaded && { overloaded }), slow };
}

/** A port whose name may be another's after the next start: adapters are numbered as they are found. */
export function portNotes({ port }: LineConfig): readonly Text[] {
  return /^\/dev\/tty(USB|ACM)\d+$/.test(port) ? [wireCommandText.unsteady(port)] : [];
}

/** What `check` says of a camera whose inputs a lane uses, or whose address a person should look at. */
export function cameraNotes(config: Config, camera: CameraConfig): readonly Text[] {
  const { id, everyMs = 0 } = camera;
  return [
    ...[addressNote(camera) ?? []].flat(),
    ...(everyMs > SLOWEST_LOOK_MS && isQuick(config, id) ? [wireCommandText.slow(id, everyMs)] : []),
  ];
}

/** Whether a lane uses anything of the device that comes and goes quickly: all but the limits of an arm and lasting conditions. */
function isQuick({ lanes }: Config, deviceId: string): boolean {
  return lanes.some(({ points }) =>
    Object.entries(points).some(([role, { device }]) => device === deviceId && !LASTING.includes(role as Role)),
  );
}
