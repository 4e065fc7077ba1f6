/** What devices on one wire must not do to each other: answer to one address, or ask where another master asks. Knows no kind. */
import { faultText } from '../text/config.ts';
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

function listensOnly(document: ConfigDocument, path: Path): boolean {
  const { lines } = document.value as { readonly lines: readonly { readonly listenOnly?: unknown }[] };
  return lines[Number(path[1])]?.listenOnly === true;
}
