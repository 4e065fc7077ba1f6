/** The configuration of management systems that are known by a profile. Knows none but by its profile. */
import { z } from 'zod';
import { withDefaults } from '../../delivery/request/request.ts';
import { intakeProfiles } from '../../management/profile.ts';
import type { IntakeProfile } from '../../management/profile-form.ts';
import { isSenderAddress } from '../../management/senders.ts';
import { configFaultText } from '../../text/config.ts';
import { systemFaultText } from '../../text/management.ts';
import { readCaCertificates } from '../ca-file.ts';
import { findProfile, noSecret } from '../devices.ts';
import type { ConfigDocument, Path } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { nearest } from '../nearest.ts';
import { locateProfile, readProfile } from '../profiles.ts';
import { groups } from '../references.ts';
import { isSecretName } from '../secret-name.ts';
import type { Secret, Secrets } from '../secrets.ts';
import type { DatabaseConfig, SystemConfig } from '../types.ts';
import { askedFaults } from './platform-destination.ts';
import { durationSchema, hostNameSchema, httpUrl, id, line, secretReference } from './values.ts';

const SYSTEMS_MOST = 10;
const SECOND_MS = 1_000;

const senderAddress = z.string().superRefine((value, context) => {
  if (isSenderAddress(value)) return;
  const complaint = systemFaultText.badAddress();
  context.addIssue({ code: 'custom', message: complaint.message.en, params: { complaint }, input: value });
});

const system = z.strictObject({
  name: id,
  profile: z.string(),
  values: z.record(z.string(), line).default({}),
  secrets: z.record(z.string(), secretReference).default({}),
  lanes: z.record(z.string(), z.string()).default({}),
  from: z.array(senderAddress).max(20).default([]),
  database: z
    .strictObject({
      kind: z.enum(['mysql', 'postgres', 'sqlserver']),
      host: hostNameSchema,
      port: z.int().min(1).max(65_535).optional(),
      name: line,
      user: line,
      password: secretReference,
      tls: z.boolean().default(false),
      ca: z.string().min(1).optional(),
    })
    .optional(),
  file: z.string().min(1).max(500).optional(),
  url: httpUrl.optional(),
  every: durationSchema(SECOND_MS, 600 * SECOND_MS).prefault('3s'),
});

export const systems = z.array(system).max(SYSTEMS_MOST).default([]);

const AT = ['intake', 'systems'];

/** Names taken twice, profiles that are unknown or at fault, what they ask for and did not get, lanes that do not exist. */
export function systemFaults(
  document: ConfigDocument,
  { secrets, beside }: { readonly secrets: Secrets; readonly beside: (path: string) => string },
): readonly ConfigFault[] {
  const lanes = groups(document.value, ['lanes']).map(({ path, written }) =>
    String(document.numberSource([...path, 'id']) ?? written.id),
  );
  const names = new Set([
    'mqtt',
    ...groups(document.value, ['intake', 'http', 'tokens']).map(({ written }) => String(written.name)),
  ]);
  const { intake } = document.value as { readonly intake?: { readonly http?: Enabled; readonly https?: Enabled } };
  const listens = intake?.http?.enabled === true || intake?.https?.enabled === true;
  return groups(document.value, AT).flatMap(({ path, written }) => {
    const faults: ConfigFault[] = [];
    const name = String(written.name);
    if (names.has(name)) faults.push(faultAt(document, 'duplicate', [...path, 'name'], systemFaultText.name(name)));
    names.add(name);
    for (const [theirs, lane] of Object.entries(mapOf(written.lanes))) {
      const at = [...path, 'lanes', theirs];
      const ours = String(document.numberSource(at) ?? lane);
      if (!lanes.includes(ours))
        faults.push(faultAt(document, 'reference', at, configFaultText.unknownLane(ours, lanes, nearest(ours, lanes))));
    }
    const found = findProfile(document, path, written.profile, intakeProfiles);
    if (found.faults.length > 0) return [...faults, ...found.faults];
    const profile = found.profile as IntakeProfile;
    faults.push(...askedFaults(document, { path, written }, profile, secrets));
    faults.push(...wayFaults(document, { path, written }, profile, listens));
    return [
      ...faults,
      ...databaseFaults(document, [...path, 'database'], mapOf(written.database), { secrets, beside }),
    ];
  });
}

function databaseFaults(
  document: ConfigDocument,
  path: Path,
  { password, tls, ca }: Readonly<Record<string, unknown>>,
  { secrets, beside }: Parameters<typeof systemFaults>[1],
): readonly ConfigFault[] {
  const { secret } = mapOf(password);
  const isMissing = typeof secret === 'string' && isSecretName(secret) && !secrets.byName.has(secret);
  const certificates = typeof ca === 'string' && ca !== '' ? readCaCertificates(beside(ca)) : undefined;
  return [
    ...(isMissing && secrets.state !== 'unreadable'
      ? [noSecret(document, [...path, 'password', 'secret'], secret, secrets)]
      : []),
    ...(ca !== undefined && tls !== true
      ? [faultAt(document, 'value', [...path, 'ca'], systemFaultText.caWithoutTls())]
      : []),
    ...(typeof certificates === 'object' ? [faultAt(document, 'file', [...path, 'ca'], certificates)] : []),
  ];
}

/** Which keys say where a system of this profile is. */
export const systemKeysOf = ({ push, sql, file, rest }: Pick<IntakeProfile, 'push' | 'sql' | 'file' | 'rest'>) => ({
  from: push !== undefined,
  url: rest !== undefined,
  file: file !== undefined || sql !== undefined,
  database: sql !== undefined,
});

/** Keys that belong to another way, and those that are missing for this one. */
function wayFaults(
  document: ConfigDocument,
  { path, written }: ReturnType<typeof groups>[number],
  { push, sql, file, rest }: IntakeProfile,
  listens: boolean,
): readonly ConfigFault[] {
  const isNamed = Array.isArray(written.from) && written.from.length > 0;
  const needs = {
    from: push !== undefined && push.signature === undefined && push.token === undefined && !isNamed,
    url: rest !== undefined && written.url === undefined,
    file: file !== undefined && written.file === undefined,
    database: sql !== undefined && written.database === undefined && written.file === undefined,
  };
  const used = systemKeysOf({ push, sql, file, rest });
  const has = { ...used, file: used.file && (file !== undefined || written.database === undefined) };
  const keys = Object.keys(needs) as (keyof typeof needs)[];
  return [
    ...keys
      .filter((key) => needs[key])
      .map((key) => faultAt(document, 'missing', [...path, key], systemFaultText.needs[key](), 'key')),
    ...keys
      .filter((key) => written[key] !== undefined && !has[key])
      .map((key) => faultAt(document, 'unknownKey', [...path, key], systemFaultText.unused(key), 'key')),
    ...(push !== undefined && !listens
      ? [faultAt(document, 'missing', [...path, 'profile'], systemFaultText.noPort())]
      : []),
  ];
}

interface Enabled {
  readonly enabled?: unknown;
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

interface SystemContext {
  readonly file: string;
  readonly secret: (name: string) => Secret;
  readonly beside: (path: string) => string;
}

/** The keys have been checked. */
export function systemConfig(written: z.output<typeof system>, { file, secret, beside }: SystemContext): SystemConfig {
  const { database, url } = written;
  const { name, profile: profileName, lanes, from } = written;
  const found = locateProfile(file, intakeProfiles, profileName);
  const profile = found && (readProfile(found.profiles, profileName).profile as IntakeProfile);
  return {
    ...{ name, profileName, profile: profile as IntakeProfile, lanes, from },
    values: profile === undefined ? written.values : withDefaults(profile, written.values),
    secrets: Object.fromEntries(
      Object.entries(written.secrets).map(([key, reference]) => [key, secret(reference.secret)]),
    ),
    everyMs: written.every,
    ...(database && { database: databaseConfig(database, { secret, beside }) }),
    ...(written.file !== undefined && { file: beside(written.file) }),
    ...(url !== undefined && { url: url.replace(/\/+$/, '') }),
    ...(found?.unproven && { unproven: true }),
  };
}

function databaseConfig(
  { ca, ...written }: NonNullable<z.output<typeof system>['database']>,
  { secret, beside }: Pick<SystemContext, 'secret' | 'beside'>,
): DatabaseConfig {
  const certificates = ca === undefined ? undefined : readCaCertificates(beside(ca));
  return {
    ...written,
    password: secret(written.password.secret),
    ...(typeof certificates === 'string' && { ca: certificates }),
  };
}
