/** What devices on one wire must not do to each other: answer to one address, ask where another master asks, or switch what is not theirs. Knows no kind. */

import { outputFaultText } from '../text/commands/output.ts';
import { configFaultText } from '../text/config.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt } from './issues.ts';
import type { DeviceConfig } from './types.ts';

export interface PlacedDevice {
  /** `lines`, number of the line, `devices`, number of the device. */
  readonly path: Path;
  readonly device: DeviceConfig;
}

export function wireFaults(document: ConfigDocument, placed: readonly PlacedDevice[]): readonly ConfigFault[] {
  const firstLine = new Map<string, number>();
  return placed.flatMap((each) => {
    const { path, device } = each;
    const faults: ConfigFault[] = [];
    const { wireUse, listensToo } = device.kind;
    if (wireUse !== undefined && !listensToo && listensOnly(document, path)) {
      faults.push(faultAt(document, 'value', [...path, 'kind'], configFaultText.asksOnListenOnly(device.kind.kind)));
    }
    if (device.kind.output) faults.push(...commandedFaults(document, each, placed));
    const { unit } = device.config as { readonly unit?: unknown };
    if (typeof unit !== 'number') return faults;
    const key = `${String(path[1])} ${device.kind.kind} ${unit}`;
    const first = firstLine.get(key);
    // Without the key it is the default, and the device itself is the place.
    const at = [...path, 'unit'];
    if (first !== undefined)
      faults.push(faultAt(document, 'duplicate', at, configFaultText.duplicateUnit(unit, first)));
    else firstLine.set(key, document.valueAt(at).line);
    return faults;
  });
}

interface WrittenLine {
  readonly port?: unknown;
  readonly listenOnly?: unknown;
}

function lineOf(document: ConfigDocument, path: Path): WrittenLine {
  const { lines } = document.value as { readonly lines: readonly WrittenLine[] };
  return lines[Number(path[1])] ?? {};
}

const listensOnly = (document: ConfigDocument, path: Path): boolean => lineOf(document, path).listenOnly === true;

/**
 * What an alarm output switches must not be a relay that may be wired to a barrier, and what another master commands may be one.
 */
function commandedFaults(
  document: ConfigDocument,
  output: PlacedDevice,
  placed: readonly PlacedDevice[],
): readonly ConfigFault[] {
  const { unit } = output.device.config as { readonly unit?: unknown };
  const commanding = placed.find(({ device }) => commandedUnits(device).includes(unit));
  if (commanding === undefined) return [];
  return [faultAt(document, 'value', [...output.path, 'unit'], outputFaultText.outputCommanded(commanding.device.id))];
}

/** Units whose relays another master switches, as far as the configuration says so. */
function commandedUnits({ config }: DeviceConfig): readonly unknown[] {
  const { commands } = config as { readonly commands?: Readonly<Record<string, { readonly unit?: unknown }>> };
  return Object.values(commands ?? {}).map(({ unit }) => unit);
}

export interface OffDevice {
  readonly id: string;
  readonly fault: ConfigFault;
}

/**
 * Alarm outputs that are switched on and may not be where they are: on a network, or on a wire on which anything is read. By what is
 * written; what is really opened is compared at every opening (src/line/wire-claims.ts).
 */
export function outputsOff(document: ConfigDocument, placed: readonly PlacedDevice[]): readonly OffDevice[] {
  return placed.flatMap((output) => {
    const { id, kind, config } = output.device;
    if (!kind.output || (config as { readonly enabled?: unknown }).enabled !== true) return [];
    const { port } = lineOf(document, output.path);
    const other = placed.find(({ path, device }) => path[1] === output.path[1] && !device.kind.output);
    const off = (key: string, complaint: ReturnType<typeof outputFaultText.outputNotAlone>): readonly OffDevice[] => [
      { id, fault: faultAt(document, 'value', [...output.path.slice(0, 2), key], complaint) },
    ];
    if (String(port).includes('://')) return off('port', outputFaultText.outputOnNetwork(id));
    return other === undefined ? [] : off('devices', outputFaultText.outputNotAlone(id, other.device.id));
  });
}
