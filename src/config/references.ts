/**
 * Checks references between parts of the configuration: ids, points, cameras, ports. It reads plain values, so that a fault in one key
 * does not hide a wrong reference in another. It knows no kind of device.
 */
import { ROLES } from '../lane/types.ts';
import { configFaultText } from '../text/config.ts';
import { listenFaultText } from '../text/intake.ts';
import { laneCameraFaultText } from '../text/lanes/lane-cameras.made.ts';
import type { ConfigDocument, Path, WrittenKeys } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt, writePath } from './issues.ts';
import { nearest } from './nearest.ts';
import { listen } from './schema/values.ts';
import type { DeviceConfig } from './types.ts';

export interface Found {
  readonly path: Path;
  readonly written: WrittenKeys;
}

/** The maps in a list; none when there is no such list. */
export function groups(value: unknown, path: Path): readonly Found[] {
  const held = path.reduce<unknown>(
    (at, step) => (isGroup(at) || Array.isArray(at) ? (at as WrittenKeys)[step as string] : undefined),
    value,
  );
  if (!Array.isArray(held)) return [];
  return held.flatMap((item, index) => (isGroup(item) ? [{ path: [...path, index], written: item }] : []));
}

export function deviceGroups(value: unknown): readonly Found[] {
  return groups(value, ['lines']).flatMap(({ path }) => groups(value, [...path, 'devices']));
}

/** `points`: of the readable devices and cameras, by id; missing ones have faults of their own. */
export function referenceFaults(
  document: ConfigDocument,
  points: ReadonlyMap<string, readonly string[]>,
): readonly ConfigFault[] {
  const { value } = document;
  const lines = groups(value, ['lines']);
  const devices = [...deviceGroups(value), ...groups(value, ['gpio'])];
  const cameras = groups(value, ['cameras']);
  const lanes = groups(value, ['lanes']);
  // A camera with inputs counts as a device of the lanes.
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
    ...samePortFaults(document),
    ...lanes.flatMap((lane) => barrierFaults(document, lane)),
    ...(withInputs.length > 0 ? [] : deviceFaults(document)),
  ];
}

/** The port of the intake with TLS, against those that a file could have before there was one. */
function samePortFaults(document: ConfigDocument): readonly ConfigFault[] {
  const { intake, page } = document.value as { readonly intake?: unknown; readonly page?: unknown };
  const { http, https } = isGroup(intake) ? intake : {};
  const own = listening(https, false, '0.0.0.0:8443');
  const others = [
    ['intake.http', listening(http, false, '0.0.0.0:8081')],
    ['page', listening(page, true, '0.0.0.0:8080')],
  ] as const;
  return others.flatMap(([name, other]) => {
    const isSame = own !== undefined && other?.port === own.port && own.port !== 0 && overlap(own.host, other.host);
    const complaint = isSame && listenFaultText.sameListen(own.port, name);
    return complaint ? [faultAt(document, 'duplicate', ['intake', 'https', 'listen'], complaint)] : [];
  });
}

/** undefined: it does not listen, or its address has a fault of its own. */
function listening(written: unknown, byDefault: boolean, usual: string) {
  const { enabled = byDefault, listen: at = usual } = isGroup(written) ? written : {};
  return enabled === true ? listen.safeParse(at).data : undefined;
}

function overlap(one: string, other: string): boolean {
  const hosts = [one, other].map((host) => (host === 'localhost' ? '127.0.0.1' : host));
  return hosts[0] === hosts[1] || hosts.some((host) => host === '0.0.0.0' || host === '::');
}

/** The point references of a lane, in either form, with their places. */
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
  const others = groups(written, ['cameras']).map((other) => ({
    place: [...path, ...other.path, 'camera'],
    camera: other.written.camera,
  }));
  const unknown = [{ place: [...path, 'camera'], camera }, ...others].flatMap((one) =>
    typeof one.camera !== 'string' || cameras.includes(one.camera)
      ? []
      : [
          faultAt(
            document,
            'reference',
            one.place,
            configFaultText.unknownCamera(one.camera, cameras, nearest(one.camera, cameras)),
          ),
        ],
  );
  const wrong = others.flatMap((one) => {
    if (camera === undefined)
      return [faultAt(document, 'reference', one.place, laneCameraFaultText.secondWithoutFirst())];
    return one.camera === camera
      ? [faultAt(document, 'duplicate', one.place, laneCameraFaultText.sameCameraTwice())]
      : [];
  });
  return [...unknown, ...wrong];
}

/** Lane ids in a device's own keys, as parsed by its kind: an unquoted `0123` is text only to its schema. */
export function laneKeyFaults(
  document: ConfigDocument,
  placed: readonly { readonly path: Path; readonly device: DeviceConfig }[],
): readonly ConfigFault[] {
  const lanes = names(groups(document.value, ['lanes']));
  return placed.flatMap(({ path, device }) =>
    (device.kind.laneKeys ?? []).flatMap((key) => {
      const lane = (device.config as WrittenKeys)[key];
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

function isGroup(value: unknown): value is WrittenKeys {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
