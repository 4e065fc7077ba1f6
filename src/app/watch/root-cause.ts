/** Which fault of the field a lane's missing signal follows from, so that one cable is one cause everywhere. Pure: it reads the figures of the lines. */
import type { Config, LaneConfig } from '../../config/types.ts';
import type { AlarmKind, Role } from '../../lane/types.ts';
import { alarmOf } from '../../lane/view.ts';
import type { LineGauge } from '../../line/health.ts';

export interface FieldFigures {
  readonly config: Pick<Config, 'lines' | 'cameras'>;
  readonly gauges: ReadonlyMap<string, Pick<LineGauge, 'current'>>;
}

/** What a role of a lane is read from, as the page names it: `rs485-1/io1`, `camera/cam1`, `gpio/pi`. */
export function sourceOf(lane: LaneConfig, role: Role, { lines, cameras }: FieldFigures['config']): string | undefined {
  const device = lane.points[role]?.device;
  if (device === undefined) return undefined;
  const line = lines.find(({ devices }) => devices.some(({ id }) => id === device));
  if (line !== undefined) return `${line.id}/${device}`;
  return cameras.some(({ id }) => id === device) ? `camera/${device}` : `gpio/${device}`;
}

/** The wire, where it is closed or where nothing on it answers, of two at least: then it is not the one device. */
export function isWireSilent({ open, devices }: { open: boolean; devices: readonly { state: string }[] }): boolean {
  return !open || (devices.length > 1 && devices.every(({ state }) => state === 'unknown'));
}

const ARM: readonly Role[] = ['down', 'up'];

/** Of an alarm of a lane that begins: `rs485-1` or `rs485-1/io1`. undefined: it stands for itself, or nothing is known to be behind it. */
export function rootOfAlarm(
  lane: LaneConfig,
  { alarm, role }: { readonly alarm: AlarmKind; readonly role?: Role },
  { config, gauges }: FieldFigures,
): string | undefined {
  const roles = alarm === 'pointsLost' && role !== undefined ? [role] : alarm === 'barrierUnknown' ? ARM : [];
  for (const each of roles) {
    const source = sourceOf(lane, each, config);
    const [lineId = '', deviceId] = source?.split('/') ?? [];
    const health = gauges.get(lineId)?.current();
    if (source === undefined || health === undefined) continue;
    if (isWireSilent(health)) return lineId;
    if (health.devices.some((device) => device.deviceId === deviceId && device.state === 'unknown')) return source;
  }
  return undefined;
}

/** Of alarms that are on, by their codes (`pointsLost:down`); those without a root are not there. */
export function rootsOfAlarms(
  lane: LaneConfig,
  codes: readonly string[],
  field: FieldFigures,
): Readonly<Record<string, string>> {
  const roots = codes.map((code) => [code, rootOfAlarm(lane, alarmOf(code), field)] as const);
  return Object.fromEntries(roots.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
