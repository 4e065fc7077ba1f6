/** What devices on one wire must not do to each other: answer to one address, ask where another master asks, or switch what is not theirs. Knows no kind. */
import { faultText } from '../text/config.ts';
import { outputFaultText } from '../text/output.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { Fault } from './errors.ts';
import { faultAt } from './issues.ts';
import type { DeviceConfig } from './types.ts';

export interface PlacedDevice {
  /** `lines`, number of the line, `devices`, number of the device. */
  readonly path: Path;
  readonly device: DeviceConfig;
}

export function wireFaults(document: ConfigDocument, placed: readonly PlacedDevice[]): readonly Fault[] {
  const lineOf = ({ path }: PlacedDevice) => String(path[1]);
  const firstLine = new Map<string, number>();
  return placed.flatMap((each) => {
    const { path, device } = each;
    const faults: Fault[] = [];
    const { wireUse, listensToo } = device.kind;
    if (wireUse !== undefined && !listensToo && listensOnly(document, path)) {
      faults.push(faultAt(document, 'value', [...path, 'kind'], faultText.asksOnListenOnly(device.kind.kind)));
    }
    if (device.kind.output) faults.push(...outputFaults(document, each, placed));
    const { unit } = device.config as { readonly unit?: unknown };
    if (typeof unit !== 'number') return faults;
    const key = `${lineOf(each)} ${device.kind.kind} ${unit}`;
    const first = firstLine.get(key);
    // Without the key it is the default, and the device itself is the place.
    const at = [...path, 'unit'];
    if (first !== undefined) faults.push(faultAt(document, 'duplicate', at, faultText.duplicateUnit(unit, first)));
    else firstLine.set(key, document.valueAt(at).line);
    return faults;
  });
}

/** Where a line leads: the host of a network address, else the port itself. */
function hostOf(document: ConfigDocument, path: Path): string {
  const { lines } = document.value as { readonly lines: readonly { readonly port?: unknown }[] };
  const port = String(lines[Number(path[1])]?.port ?? '');
  return URL.canParse(port) ? new URL(port).hostname : port;
}

function listensOnly(document: ConfigDocument, path: Path): boolean {
  const { lines } = document.value as { readonly lines: readonly { readonly listenOnly?: unknown }[] };
  return lines[Number(path[1])]?.listenOnly === true;
}

/**
 * What an alarm output switches must not be a relay that may be wired to a barrier. So it has a board of its own, that nothing of a lane is
 * read from and that no other master commands, on a wire on which there is no other master.
 */
function outputFaults(
  document: ConfigDocument,
  output: PlacedDevice,
  placed: readonly PlacedDevice[],
): readonly Fault[] {
  const { unit } = output.device.config as { readonly unit?: unknown };
  const sameWire = ({ path }: PlacedDevice): boolean => path[1] === output.path[1];
  const others = placed.filter((other) => other !== output);
  const at = (complaint: ReturnType<typeof outputFaultText.outputShares>): Fault =>
    faultAt(document, 'value', [...output.path, 'unit'], complaint);
  // One serial server or one board may be reached in two ways.
  const sameHost = ({ path }: PlacedDevice): boolean => hostOf(document, path) === hostOf(document, output.path);
  const sharing = others.find((other) => sameHost(other) && (other.device.config as { unit?: unknown }).unit === unit);
  const commanding = others.find(({ device }) => commandedUnits(device).includes(unit));
  const listened = others.find((other) => sameWire(other) && hearsAnotherMaster(other.device));
  return [
    ...(sharing === undefined ? [] : [at(outputFaultText.outputShares(sharing.device.id))]),
    ...(commanding === undefined ? [] : [at(outputFaultText.outputCommanded(commanding.device.id))]),
    ...(listened === undefined ? [] : [at(outputFaultText.outputNotAlone(listened.device.id))]),
  ];
}

/** Units whose relays another master switches, as far as the configuration says so. */
function commandedUnits({ config }: DeviceConfig): readonly unknown[] {
  const { commands } = config as { readonly commands?: Readonly<Record<string, { readonly unit?: unknown }>> };
  return Object.values(commands ?? {}).map(({ unit }) => unit);
}

/** A kind that never asks is there to hear what another master asks. */
function hearsAnotherMaster({ kind }: DeviceConfig): boolean {
  return kind.wireUse === undefined && !kind.output;
}
