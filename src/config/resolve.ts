/** Resolves a document to the configuration the program uses: schema, kinds, secrets, references, then the frozen result. */
import { dirname, resolve as resolvePath } from 'node:path';
import type { z } from 'zod';
import { laneSettings } from '../lane/settings.ts';
import { type ReportedKind, ROLES, type Role } from '../lane/types.ts';
import { cloudFaultText } from '../text/cloud.ts';
import { configFaultText } from '../text/config.ts';
import { peerFaultText } from '../text/destinations/peers.made.ts';
import { readCaCertificates } from './ca-file.ts';
import { type Kinds, noSecret, readCamera, readDevice } from './devices.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt, read } from './issues.ts';
import { deviceGroups, groups, laneKeyFaults, referenceFaults } from './references.ts';
import { destinationConfig, destinationFaults } from './schema/destinations.ts';
import { dutyConfig, dutyFaults } from './schema/duty.ts';
import { knownVehicleConfig } from './schema/intake.ts';
import { mqttConfig, mqttFaults } from './schema/mqtt.ts';
import { parkPlatform } from './schema/platform-destination.ts';
import { publishConfig, publishFaults } from './schema/publish.ts';
import { keptMs, ROOT, type WrittenLane, type WrittenPoint } from './schema/schema.ts';
import { systemConfig, systemFaults } from './schema/systems.ts';
import { tariffConfig, tariffFaults } from './schema/tariff.ts';
import { isSecretName } from './secret-name.ts';
import type { Secret, Secrets } from './secrets.ts';
import type { CameraConfig, CloudConfig, Config, DeviceConfig, LaneConfig, PointConfig } from './types.ts';
import { misplacedOutputs, wireFaults } from './wires.ts';
import { writtenPeers } from './written-peers.ts';

type Written = z.output<typeof ROOT>;

/** Loops bounce less than contacts and lose more by a long debounce. */
const LOOP_DEBOUNCE_MS = 20;
const CONTACT_DEBOUNCE_MS = 30;
const LOOPS: readonly Role[] = ['approach', 'barrier', 'exit'];
const SHORTEST_TOKEN = 16;

/**
 * Returns the configuration of a document without syntax faults, or all its faults. `heldCa`: the certificates of `cloud.ca` when the
 * document was last valid, so that its file is not needed.
 */
export function resolveConfig(
  document: ConfigDocument,
  kinds: Kinds,
  secrets: Secrets,
  heldCa?: string,
): { readonly config?: Config; readonly faults: readonly ConfigFault[] } {
  const { value } = document;
  if (value === null || value === undefined)
    return { faults: [faultAt(document, 'missing', [], configFaultText.emptyFile())] };
  const root = read(ROOT, document, [], value);
  const onWire = kinds.driverKinds.filter(({ wire }) => wire !== false);
  const own = kinds.driverKinds.filter(({ wire }) => wire === false);
  const devices = deviceGroups(value).map(({ path, written }) => ({
    path,
    ...readDevice(document, path, written, onWire, secrets),
  }));
  const gpio = groups(value, ['gpio']).map(({ path, written }) => readDevice(document, path, written, own, secrets));
  const cameras = groups(value, ['cameras']).map(({ path, written }) =>
    readCamera(document, path, written, kinds.cameraKinds, secrets),
  );
  const placed = devices.flatMap(({ path, device }) => (device === undefined ? [] : [{ path, device }]));
  const known = [...placed.map(({ device }) => device), ...gpio.flatMap(({ device }) => device ?? [])];
  const deviceById = new Map(known.map((device) => [device.id, device] as const));
  const cameraConfigs = cameras.flatMap(({ camera }) => camera ?? []);
  const authority = authorityOf(document, heldCa);
  const faults = [
    ...root.faults,
    ...[...devices, ...gpio].flatMap((device) => device.faults),
    ...cameras.flatMap((camera) => camera.faults),
    ...wireFaults(document, placed),
    ...referenceFaults(document, pointsById([...known, ...cameraConfigs])),
    ...laneKeyFaults(document, placed),
    ...secretFaults(document, secrets),
    ...mqttFaults(document),
    ...systemFaults(document, { secrets, beside: relativeTo(document.file) }),
    ...dutyFaults(document),
    ...tariffFaults(document),
    ...publishFaults(document),
    ...destinationFaults(document, { secrets, beside: relativeTo(document.file) }),
    ...pictureFaults(document),
    ...authority.faults,
  ];
  if (faults.length > 0 || root.data === undefined) return { faults };
  const off = misplacedOutputs(document, placed);
  for (const { id } of off) deviceById.set(id, { ...(deviceById.get(id) as DeviceConfig), off: true });
  const config = build(document.file, root.data, deviceById, cameraConfigs, secrets, authority.pem);
  const { outdated } = document;
  const acting = actingFaults(document, config);
  return { config: freeze({ ...config, off: [...off.map(({ fault }) => fault), ...acting], outdated }), faults: [] };
}

/** Of peers whose address is known to act: the door sends nothing there. */
function actingFaults(
  document: ConfigDocument,
  config: Pick<Config, 'destinations' | 'intake'>,
): readonly ConfigFault[] {
  const lists = { destination: ['destinations'], payments: ['intake', 'systems'] } as const;
  return writtenPeers(config).flatMap(({ use, name, acting }) => {
    if (acting === undefined || (use !== 'destination' && use !== 'payments')) return [];
    const found = groups(document.value, lists[use]).find(({ written }) => String(written.name) === name);
    return [faultAt(document, 'value', [...(found?.path ?? lists[use]), 'url'], peerFaultText.acting(name, acting))];
  });
}

/** Duplicate devices are a fault already: together they have the points of both. */
function pointsById(devices: readonly Pick<DeviceConfig, 'id' | 'points'>[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map<string, readonly string[]>();
  for (const { id, points } of devices) byId.set(id, [...(byId.get(id) ?? []), ...points]);
  return byId;
}

/** `picture: url` needs `pictureUrl`. */
function pictureFaults(document: ConfigDocument): readonly ConfigFault[] {
  const { cloud } = document.value as { cloud?: { picture?: unknown; pictureUrl?: unknown } };
  if (cloud?.picture !== 'url' || cloud.pictureUrl !== undefined) return [];
  return [faultAt(document, 'missing', ['cloud', 'picture'], cloudFaultText.noPictureUrl(), 'key')];
}

/** Paths are relative to the folder of the configuration. */
const relativeTo = (file: string) => (path: string) => resolvePath(dirname(file), path);

function authorityOf(
  document: ConfigDocument,
  held: string | undefined,
): { readonly pem?: string; readonly faults: readonly ConfigFault[] } {
  const { cloud } = document.value as { cloud?: { ca?: unknown } };
  if (typeof cloud?.ca !== 'string' || cloud.ca === '') return { faults: [] };
  const found = held ?? readCaCertificates(relativeTo(document.file)(cloud.ca));
  return typeof found === 'string'
    ? { pem: found, faults: [] }
    : { faults: [faultAt(document, 'file', ['cloud', 'ca'], found)] };
}

function secretFaults(document: ConfigDocument, secrets: Secrets): readonly ConfigFault[] {
  if (secrets.state === 'unreadable') return [];
  const missing = (path: Path, name: unknown) =>
    typeof name === 'string' && isSecretName(name) && !secrets.byName.has(name)
      ? [noSecret(document, path, name, secrets)]
      : [];
  const { cloud, intake, publish, backup } = document.value as {
    cloud?: { appSecret?: { secret?: unknown }; nextSecret?: { secret?: unknown } };
    publish?: { mqtt?: { password?: { secret?: unknown } } };
    intake?: { mqtt?: { password?: { secret?: unknown } } };
    backup?: { passphrase?: { secret?: unknown } };
  };
  const tokens = groups(document.value, ['intake', 'http', 'tokens']);
  return [
    ...missing(['cloud', 'appSecret', 'secret'], cloud?.appSecret?.secret),
    ...missing(['cloud', 'nextSecret', 'secret'], cloud?.nextSecret?.secret),
    ...missing(['intake', 'mqtt', 'password', 'secret'], intake?.mqtt?.password?.secret),
    ...missing(['publish', 'mqtt', 'password', 'secret'], publish?.mqtt?.password?.secret),
    ...missing(['backup', 'passphrase', 'secret'], backup?.passphrase?.secret),
    ...tokens.flatMap(({ path, written }) => missing([...path, 'secret'], written.secret)),
    ...tokenFaults(document, secrets),
  ];
}

function tokenFaults(document: ConfigDocument, secrets: Secrets): readonly ConfigFault[] {
  const nameByValue = new Map<string, string>();
  return groups(document.value, ['intake', 'http', 'tokens']).flatMap(({ path, written }) => {
    const name = String(written.name);
    const value = secrets.byName.get(String(written.secret))?.reveal();
    if (value === undefined) return [];
    const other = nameByValue.get(value);
    nameByValue.set(value, name);
    const at = [...path, 'secret'];
    if (other !== undefined) return [faultAt(document, 'duplicate', at, configFaultText.sameToken(name, other))];
    return value.length < SHORTEST_TOKEN ? [faultAt(document, 'secret', at, configFaultText.weakToken(name))] : [];
  });
}

function build(
  file: string,
  written: Written,
  devices: ReadonlyMap<string, DeviceConfig>,
  cameras: readonly CameraConfig[],
  secrets: Secrets,
  ca: string | undefined,
): Omit<Config, 'off' | 'outdated'> {
  const beside = relativeTo(file);
  const secret = (name: string) => secrets.byName.get(name) as Secret;
  const { http, https } = written.intake;
  const [{ id: laneId }] = written.lanes as [WrittenLane];
  const context = { file, secret, beside, parkUuid: written.park.uuid, laneId };
  const mqtt = mqttConfig(written.intake.mqtt, context);
  const publish = publishConfig(written.publish, context);
  const { store, page, backup } = written;
  return freeze({
    version: 1,
    file,
    park: written.park,
    cloud: cloudConfig(written, secret, ca),
    lines: written.lines.map((line) => ({
      ...line,
      devices: line.devices.map(({ id }) => devices.get(id) as DeviceConfig),
    })),
    gpio: written.gpio.map(({ id }) => devices.get(id) as DeviceConfig),
    cameras,
    lanes: written.lanes.map((lane) => laneConfig(lane, written.intake.tells)),
    intake: {
      http: {
        ...http,
        tokens: http.tokens.map(({ name, secret: held, until, scopes }) => ({
          ...{ name, secret: secret(held) },
          ...(scopes !== undefined && { scopes }),
          ...(until !== undefined && { untilWallMs: until }),
        })),
      },
      ...(https.enabled && { https: https.listen }),
      ...(mqtt === undefined ? {} : { mqtt }),
      tells: written.intake.tells,
      verifySign: written.intake.verifySign,
      ...(written.intake.maxCount !== undefined && { maxCount: written.intake.maxCount }),
      ...(written.intake.maxLifetime !== undefined && { maxLifetimeMs: written.intake.maxLifetime }),
      knownVehicles: written.intake.knownVehicles.map(knownVehicleConfig),
      ...(written.intake.systems.length > 0 && {
        systems: written.intake.systems.map((each) => systemConfig(each, context)),
      }),
    },
    duty: dutyConfig(
      written.duty,
      written.lanes.map(({ id }) => id),
    ),
    tariff: tariffConfig(written.tariff),
    ...(publish === undefined ? {} : { publish }),
    destinations: written.destinations.map((each) => destinationConfig(each, context)),
    heartbeatMs: written.publish.heartbeat,
    page: {
      enabled: page.enabled,
      listen: page.listen,
      secure: page.https,
      hosts: page.hosts,
      maskPlates: page.maskPlates,
      idleMs: page.idle,
      maintenanceMaxMs: page.maintenanceMax,
      pauseMaxMs: page.pauseMax,
    },
    store: {
      path: beside(store.path),
      framesMaxBytes: store.framesMax,
      keep: store.keep,
      ...keptMs(store),
      journalMaxBytes: store.journalMax,
    },
    ...(backup && {
      backup: { folder: resolvePath(beside(store.path), backup.folder), passphrase: secret(backup.passphrase.secret) },
    }),
    log: written.log,
  });
}

function cloudConfig(
  { cloud, park }: Pick<Written, 'cloud' | 'park'>,
  secret: (name: string) => Secret,
  ca: string | undefined,
): CloudConfig {
  const { url, appId, mode, picture, pictureUrl, serial, noPlate, timeout, maxPicture, clockHold, bandwidth, proxy } =
    cloud;
  return {
    profile: parkPlatform(),
    url: url.replace(/\/+$/, ''),
    values: { ...(appId !== '' && { appId }), parkUuid: park.uuid, noPlate },
    secrets: { appSecret: secret(cloud.appSecret.secret) },
    ...(cloud.nextSecret && { nextSecret: secret(cloud.nextSecret.secret) }),
    ...{ mode, picture, serial },
    ...(pictureUrl === undefined ? {} : { pictureUrl }),
    timeoutMs: timeout,
    maxPictureBytes: maxPicture,
    clockHoldMs: clockHold,
    ...(bandwidth === undefined ? {} : { bandwidthBytesPerSecond: bandwidth }),
    ...(ca === undefined ? {} : { ca }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

function laneConfig(written: WrittenLane, tells: readonly ReportedKind[]): LaneConfig {
  const { id, name = id, direction, camera, cameraSide: side, cameras, reporting } = written;
  const roles = ROLES.filter((role) => written.points[role] !== undefined);
  const points = Object.fromEntries(
    roles.map((role) => [role, pointConfig(role, written.points[role] as WrittenPoint)]),
  );
  const settings = laneSettings({ direction, roles, tells }, written.settings);
  const seen = { ...(camera === undefined ? {} : { camera }), ...(side === undefined ? {} : { cameraSide: side }) };
  const [other] = cameras;
  const second = other && { second: secondCamera(other) };
  return { id, name, direction, points, ...seen, ...second, ...(reporting && { reporting }), settings };
}

function secondCamera({ side, ...rest }: WrittenLane['cameras'][number]): NonNullable<LaneConfig['second']> {
  return { ...rest, ...(side !== undefined && { side }) };
}

function pointConfig(role: Role, written: WrittenPoint): PointConfig {
  const {
    point: reference,
    activeLow,
    debounceMs,
  } = typeof written === 'string' ? { point: written, activeLow: false, debounceMs: undefined } : written;
  const dot = reference.indexOf('.');
  const usualMs = LOOPS.includes(role) ? LOOP_DEBOUNCE_MS : CONTACT_DEBOUNCE_MS;
  return {
    device: reference.slice(0, dot),
    point: reference.slice(dot + 1),
    activeLow,
    debounceMs: debounceMs ?? usualMs,
  };
}

/** Deep-freezes plain data; a kind's own config is left alone. */
function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype) return value;
  for (const [key, inner] of Object.entries(value)) if (key !== 'kind') freeze(inner);
  return Object.freeze(value);
}
