/**
 * What one part of the configuration says of another: ids, points, cameras, ports. It reads the plain values, so that a fault
 * in one key does not hide a wrong reference in another. It knows no kind of device.
 */
import { ROLES } from '../lane/types.ts';
import { configFaultText } from '../text/config.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt, writePath } from './issues.ts';
import { nearest } from './nearest.ts';
import type { DeviceConfig } from './types.ts';

type Written = Readonly<Record<string, unknown>>;
export interface Found {
  readonly path: Path;
  readonly written: Written;
}

/** The groups of keys in a list, wherever the list may stand; nothing when there is no such list. */
export function groups(value: unknown, path: Path): readonly Found[] {
  const held = path.reduce<unknown>(
    (at, step) => (isGroup(at) || Array.isArray(at) ? (at as Written)[step as string] : undefined),
    value,
  );
  if (!Array.isArray(held)) return [];
  return held.flatMap((item, index) => (isGroup(item) ? [{ path: [...path, index], written: item }] : []));
}

/** Every device on every line. */
export function deviceGroups(value: unknown): readonly Found[] {
  return groups(value, ['lines']).flatMap(({ path }) => groups(value, [...path, 'devices']));
}

/** `points`: of the devices and cameras that could be read, by id; one that is missing there has faults of its own. */
export function referenceFaults(
  document: ConfigDocument,
  points: ReadonlyMap<string, readonly string[]>,
): readonly ConfigFault[] {
  const { value } = document;
  const lines = groups(value, ['lines']);
  const devices = [...deviceGroups(value), ...groups(value, ['gpio'])];
  const cameras = groups(value, ['cameras']);
  const lanes = groups(value, ['lanes']);
  // A camera with inputs of its own is a device to the lanes.
  const withInputs = cameras.filter(({ written }) => (points.get(String(written.id)) ?? []).length > 0);
  return [
    ...repeated(document, lines, 'id', configFaultText.duplicate),
    ...repeated(document, lines, 'port', configFaultText.duplicatePort),
    ...repeated(document, [...devices, ...withInputs], 'id', configFaultText.duplicate),
    ...repeated(document, cameras, 'id', configFaultText.duplicate),
    ...repeated(document, lanes, 'id', configFaultText.duplicate),
    ...repeated(document, groups(value, ['intake', 'http', 'tokens']), 'name', configFaultText.duplicate),
    ...(isList(value, 'lines') ? pointFaults(document, lanes, names([...devices, ...withInputs]), points) : []),
    ...(isList(value, 'cameras') ? lanes.flatMap((lane) => cameraFaults(document, lane, names(cameras))) : []),
    ...lanes.flatMap((lane) => barrierFaults(document, lane)),
    ...(withInputs.length > 0 ? [] : deviceFaults(document)),
  ];
}

/** The text of a lane's point, however it is written, and where it stands. */
function references({ path, written }: Found): readonly { role: string; path: Path; text: string }[] {
  const points = written.points;
  if (!isGroup(points)) return [];
  return ROLES.flatMap((role) => {
    const point = points[role];
    const at = [...path, 'points', role];
    if (typeof point === 'string') return [{ role, path: at, text: point }];
    return isGroup(point) && typeof point.point === 'string'
      ? [{ role, path: [...at, 'point'], text: point.point }]
      : [];
  });
}

function pointFaults(
  document: ConfigDocument,
  lanes: readonly Found[],
  devices: readonly string[],
  points: ReadonlyMap<string, readonly string[]>,
): readonly ConfigFault[] {
  const taken = new Map<string, { lane: string; role: string }>();
  return lanes.flatMap((lane) =>
    references(lane).flatMap(({ role, path, text }) => {
      const [, device, point] = /^([^.]+)\.(.+)$/.exec(text) ?? [];
      if (device === undefined || point === undefined) return [];
      const known = points.get(device);
      const first = taken.get(text);
      if (!devices.includes(device) && known === undefined) {
        const complaint = configFaultText.unknownDevice(device, devices, nearest(device, devices));
        return [faultAt(document, 'reference', path, complaint)];
      }
      if (known !== undefined && !known.includes(point)) {
        const complaint = configFaultText.unknownPoint(device, point, known, nearest(point, known));
        return [faultAt(document, 'reference', path, complaint)];
      }
      if (first !== undefined)
        return [faultAt(document, 'duplicate', path, configFaultText.pointTaken(text, first.lane, first.role))];
      taken.set(text, { lane: String(lane.written.id ?? writePath(lane.path)), role });
      return [];
    }),
  );
}

function cameraFaults(
  document: ConfigDocument,
  { path, written }: Found,
  cameras: readonly string[],
): readonly ConfigFault[] {
  const { camera } = written;
  if (typeof camera !== 'string' || cameras.includes(camera)) return [];
  return [
    faultAt(
      document,
      'reference',
      [...path, 'camera'],
      configFaultText.unknownCamera(camera, cameras, nearest(camera, cameras)),
    ),
  ];
}

/** Lanes that devices name in keys of their own; as their kind read them, for an unquoted `0123` is text only to its schema. */
export function laneKeyFaults(
  document: ConfigDocument,
  placed: readonly { readonly path: Path; readonly device: DeviceConfig }[],
): readonly ConfigFault[] {
  const lanes = names(groups(document.value, ['lanes']));
  return placed.flatMap(({ path, device }) =>
    (device.kind.laneKeys ?? []).flatMap((key) => {
      const lane = (device.config as Written)[key];
      if (typeof lane !== 'string' || lanes.includes(lane)) return [];
      return [
        faultAt(document, 'reference', [...path, key], configFaultText.unknownLane(lane, lanes, nearest(lane, lanes))),
      ];
    }),
  );
}

/** Without a device there is nothing to watch. */
function deviceFaults(document: ConfigDocument): readonly ConfigFault[] {
  const { value } = document;
  const none = (list: unknown) => list === undefined || list === null || (Array.isArray(list) && list.length === 0);
  if (!isGroup(value) || !none(value.lines) || !none(value.gpio)) return [];
  return [faultAt(document, 'missing', ['lines'], configFaultText.noDevices(), 'key')];
}

function barrierFaults(document: ConfigDocument, { path, written }: Found): readonly ConfigFault[] {
  if (!isGroup(written.points) || 'down' in written.points || 'up' in written.points) return [];
  return [faultAt(document, 'missing', [...path, 'points'], configFaultText.noBarrier(String(written.id)), 'key')];
}

function repeated(
  document: ConfigDocument,
  found: readonly Found[],
  key: string,
  text: (value: string, firstLine: number) => ReturnType<typeof configFaultText.duplicate>,
): readonly ConfigFault[] {
  const firstLine = new Map<string, number>();
  return found.flatMap(({ path, written }) => {
    const value = written[key];
    if (typeof value !== 'string') return [];
    const at = [...path, key];
    const first = firstLine.get(value);
    if (first !== undefined) return [faultAt(document, 'duplicate', at, text(value, first))];
    firstLine.set(value, document.valueAt(at).line);
    return [];
  });
}

function names(found: readonly Found[]): readonly string[] {
  return found.flatMap(({ written }) => (typeof written.id === 'string' ? [written.id] : []));
}

/** Where a list is something else, that is the fault, not every reference into it. */
function isList(value: unknown, key: string): boolean {
  return isGroup(value) && (value[key] === undefined || Array.isArray(value[key]));
}

function isGroup(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
