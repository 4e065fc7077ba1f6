/** Reads what hangs on a wire or on the network: each device and camera with the schema of its own kind. Knows kinds only as they are handed in. */
import { systemClock } from '../clock.ts';
import { type Bus, type CameraKind, type DriverKind, LinkError } from '../driver.ts';
import { configFaultText } from '../text/config.ts';
import type { ConfigDocument, Path } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt, read } from './issues.ts';
import { nearest, nearestFirst } from './nearest.ts';
import { profileNames, readProfile, siteProfiles } from './profiles.ts';
import type { Secrets } from './secrets.ts';
import type { CameraConfig, DeviceConfig } from './types.ts';
import { isSecretName } from './values.ts';

/** The kinds of devices and cameras of this program. */
export interface Kinds {
  readonly driverKinds: readonly DriverKind[];
  readonly cameraKinds: readonly CameraKind[];
}

type Written = Readonly<Record<string, unknown>>;

/** Reads one device. `device` is undefined when there are faults. */
export function readDevice(
  document: ConfigDocument,
  path: Path,
  written: Written,
  kinds: readonly DriverKind[],
  secrets: Secrets,
): { device?: DeviceConfig; faults: readonly ConfigFault[] } {
  const kind = findKind(document, path, written, kinds);
  if ('code' in kind) return { faults: [kind] };
  const { id, kind: _kind, profile: name, ...others } = written;
  const own = kind.profiles === undefined && name !== undefined ? { ...others, profile: name } : others;
  const config = readOwn(document, path, own, kind.schema, secrets);
  const profile: ReturnType<typeof findProfile> =
    kind.profiles === undefined ? { faults: [] } : findProfile(document, path, name, kind.profiles);
  const faults = [...config.faults, ...profile.faults];
  if (faults.length > 0 || typeof id !== 'string') return { faults };
  const whole = { ...(config.data as object), profile: profile.profile };
  const unproven = profile.unproven && { unproven: profile.unproven };
  // What an alarm output did is no observation of a lane.
  const points = kind.output ? [] : pointsOf(kind, whole);
  return { device: { id, kind, config: whole, points, ...unproven }, faults };
}

/** Reads one camera. `camera` is undefined when there are faults. */
export function readCamera(
  document: ConfigDocument,
  path: Path,
  written: Written,
  kinds: readonly CameraKind[],
  secrets: Secrets,
): { camera?: CameraConfig; faults: readonly ConfigFault[] } {
  const kind = findKind(document, path, written, kinds);
  if ('code' in kind) return { faults: [kind] };
  const { id, kind: _kind, ...own } = written;
  const { data: config, faults } = readOwn(document, path, own, kind.schema, secrets);
  if (faults.length > 0 || typeof id !== 'string') return { faults };
  // A camera says its points before it is asked for anything.
  const { inputs } = kind.create(config, { clock: systemClock() });
  const points = inputs?.points ?? [];
  return { camera: { id, kind, config, points, ...(inputs && { everyMs: inputs.everyMs }) }, faults };
}

function findKind<K extends { readonly kind: string }>(
  document: ConfigDocument,
  path: Path,
  written: Written,
  kinds: readonly K[],
): K | ConfigFault {
  const names = kinds.map(({ kind }) => kind);
  const name = String(written.kind);
  const found = kinds.find(({ kind }) => kind === name);
  return (
    found ??
    faultAt(document, 'reference', [...path, 'kind'], configFaultText.unknownKind(name, names, nearest(name, names)))
  );
}

function readOwn(
  document: ConfigDocument,
  path: Path,
  own: Written,
  schema: DriverKind['schema'],
  secrets: Secrets,
): { data?: unknown; faults: readonly ConfigFault[] } {
  const missing: ConfigFault[] = [];
  const resolved = withSecrets(own, path, (name, at) => {
    const secret = secrets.byName.get(name);
    if (secret !== undefined || secrets.state === 'unreadable') return secret;
    missing.push(noSecret(document, [...at, 'secret'], name, secrets));
    return undefined;
  });
  const result = read(schema, document, path, resolved);
  // What could not be resolved is not there for the schema either; one fault for it is enough.
  const places = new Set(missing.map(({ path: place }) => place.replace(/\.secret$/, '')));
  return { ...result, faults: [...missing, ...result.faults.filter((fault) => !places.has(fault.path))] };
}

/** The fault of a secret that does not exist. */
export function noSecret(document: ConfigDocument, path: Path, name: string, secrets: Secrets): ConfigFault {
  const missing = configFaultText.noSecret(name, secrets.file, secrets.state === 'read');
  return faultAt(document, 'secret', path, isSecretName(name) ? missing : configFaultText.badSecretName());
}

/** Every `{ secret: name }` in `value` replaced by what it stands for. */
function withSecrets(value: unknown, path: Path, find: (name: string, at: Path) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withSecrets(item, [...path, index], find));
  if (typeof value !== 'object' || value === null) return value;
  const { secret, ...others } = value as Written;
  if (typeof secret === 'string' && Object.keys(others).length === 0) return find(secret, path);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withSecrets(inner, [...path, key], find)]),
  );
}

function findProfile(
  document: ConfigDocument,
  path: Path,
  name: unknown,
  profiles: NonNullable<DriverKind['profiles']>,
): { profile?: unknown; unproven?: true; faults: readonly ConfigFault[] } {
  const site = siteProfiles(document.file, profiles);
  const siteNames = profileNames(site);
  const names = [...new Set([...profileNames(profiles), ...siteNames])];
  const at = [...path, 'profile'];
  if (name === undefined)
    return { faults: [faultAt(document, 'missing', at, configFaultText.noProfile(names), 'key')] };
  if (typeof name === 'string' && profileNames(profiles).includes(name)) return readProfile(profiles, name);
  if (typeof name === 'string' && siteNames.includes(name)) return { ...readProfile(site, name), unproven: true };
  const complaint = configFaultText.unknownProfile(String(name), nearestFirst(String(name), names));
  return { faults: [faultAt(document, 'reference', at, complaint)] };
}

/** A driver says its points before it is run, so a wire that is not there will do. */
function pointsOf(kind: DriverKind, config: { readonly profile: unknown }): readonly string[] {
  const closed = () => new LinkError('closed', 'no port is open while a configuration is checked');
  const bus: Bus = {
    exchange: () => Promise.reject(closed()),
    frames: () => {
      throw closed();
    },
  };
  return kind.create({ ...config }, { bus, clock: systemClock() }).points;
}
