/** Reads the devices of a wire and the cameras, each with the schema of its own kind. Knows kinds only as passed in. */
import { systemClock } from '../clock.ts';
import { type Bus, type CameraKind, type DriverKind, LinkError } from '../driver.ts';
import { configFaultText } from '../text/config.ts';
import type { ConfigDocument, Path, WrittenKeys } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { faultAt, read } from './issues.ts';
import { nearest, nearestFirst } from './nearest.ts';
import { allProfileNames, locateProfile, readProfile } from './profiles.ts';
import { isSecretName } from './secret-name.ts';
import type { Secrets } from './secrets.ts';
import type { CameraConfig, DeviceConfig } from './types.ts';

export interface Kinds {
  readonly driverKinds: readonly DriverKind[];
  readonly cameraKinds: readonly CameraKind[];
}

/** `device` is undefined when there are faults. */
export function readDevice(
  document: ConfigDocument,
  path: Path,
  written: WrittenKeys,
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
  // The relay of an alarm output is no observation of a lane.
  const points = kind.output ? [] : pointsOf(kind, whole);
  const named = kind.profiles !== undefined && typeof name === 'string' && { profileName: name };
  return { device: { id, kind, config: whole, points, ...named, ...unproven }, faults };
}

/** `camera` is undefined when there are faults. */
export function readCamera(
  document: ConfigDocument,
  path: Path,
  written: WrittenKeys,
  kinds: readonly CameraKind[],
  secrets: Secrets,
): { camera?: CameraConfig; faults: readonly ConfigFault[] } {
  const kind = findKind(document, path, written, kinds);
  if ('code' in kind) return { faults: [kind] };
  const { id, kind: _kind, ...own } = written;
  const { data: config, faults } = readOwn(document, path, own, kind.schema, secrets);
  if (faults.length > 0 || typeof id !== 'string') return { faults };
  // The points are known before any request to the camera.
  const { inputs, messages } = kind.create(config, { clock: systemClock() });
  const points = inputs?.points ?? [];
  const more = { ...(inputs && { everyMs: inputs.everyMs }), ...(messages && { topics: messages.topics }) };
  return { camera: { id, kind, config, points, ...more }, faults };
}

/** The kind that the trade calls `name`: 臻识, 海康威视, CP Plus. */
function tradeKind(name: string, kinds: readonly NamedKind[]): string | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return kinds.find(({ tradeNames = [] }) => tradeNames.some((trade) => plain(name).includes(plain(trade))))?.kind;
}

interface NamedKind {
  readonly kind: string;
  readonly tradeNames?: readonly string[];
}

function findKind<K extends NamedKind>(
  document: ConfigDocument,
  path: Path,
  written: WrittenKeys,
  kinds: readonly K[],
): K | ConfigFault {
  const names = kinds.map(({ kind }) => kind);
  const name = String(written.kind);
  const found = kinds.find(({ kind }) => kind === name);
  const near = tradeKind(name, kinds) ?? nearest(name, names);
  return found ?? faultAt(document, 'reference', [...path, 'kind'], configFaultText.unknownKind(name, names, near));
}

function readOwn(
  document: ConfigDocument,
  path: Path,
  own: WrittenKeys,
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
  // The schema also misses unresolved references; one fault for each is enough.
  const places = new Set(missing.map(({ path: place }) => place.replace(/\.secret$/, '')));
  return { ...result, faults: [...missing, ...result.faults.filter((fault) => !places.has(fault.path))] };
}

export function noSecret(document: ConfigDocument, path: Path, name: string, secrets: Secrets): ConfigFault {
  const missing = configFaultText.noSecret(name, secrets.file, secrets.state === 'read');
  return faultAt(document, 'secret', path, isSecretName(name) ? missing : configFaultText.badSecretName());
}

/** Replaces every `{ secret: name }` in `value`. */
function withSecrets(value: unknown, path: Path, find: (name: string, at: Path) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item, index) => withSecrets(item, [...path, index], find));
  if (typeof value !== 'object' || value === null) return value;
  const { secret, ...others } = value as WrittenKeys;
  if (typeof secret === 'string' && Object.keys(others).length === 0) return find(secret, path);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withSecrets(inner, [...path, key], find)]),
  );
}

/** The profile that `profile` of the group at `path` names. */
export function findProfile(
  document: ConfigDocument,
  path: Path,
  name: unknown,
  profiles: NonNullable<DriverKind['profiles']>,
): { profile?: unknown; unproven?: true; faults: readonly ConfigFault[] } {
  const names = allProfileNames(document.file, profiles);
  const at = [...path, 'profile'];
  if (name === undefined)
    return { faults: [faultAt(document, 'missing', at, configFaultText.noProfile(names), 'key')] };
  const found = typeof name === 'string' ? locateProfile(document.file, profiles, name) : undefined;
  if (found !== undefined)
    return { ...readProfile(found.profiles, name as string), ...(found.unproven && { unproven: true }) };
  const complaint = configFaultText.unknownProfile(String(name), nearestFirst(String(name), names));
  return { faults: [faultAt(document, 'reference', at, complaint)] };
}

/** A driver knows its points without a wire. */
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
