/** The configuration of management systems that are known by a profile. Knows none but by its profile. */
import { z } from 'zod';
import { intakeProfiles } from '../../management/profile.ts';
import type { IntakeProfile } from '../../management/profile-form.ts';
import { isSenderAddress } from '../../management/senders.ts';
import { withDefaults } from '../../platform/request.ts';
import { configFaultText } from '../../text/config.ts';
import { systemFaultText } from '../../text/management.ts';
import { findProfile } from '../devices.ts';
import type { ConfigDocument } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { nearest } from '../nearest.ts';
import { locateProfile, readProfile } from '../profiles.ts';
import { groups } from '../references.ts';
import type { Secret, Secrets } from '../secrets.ts';
import type { SystemConfig } from '../types.ts';
import { askedFaults } from './platform-destination.ts';
import { id, line, secretReference } from './values.ts';

const SYSTEMS_MOST = 10;

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
});

export const systems = z.array(system).max(SYSTEMS_MOST).default([]);

const AT = ['intake', 'systems'];

/** Names taken twice, profiles that are unknown or at fault, what they ask for and did not get, lanes that do not exist. */
export function systemFaults(document: ConfigDocument, secrets: Secrets): readonly ConfigFault[] {
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
    const { signature, token } = profile.push;
    const isNamed = Array.isArray(written.from) && written.from.length > 0;
    if (signature === undefined && token === undefined && !isNamed)
      faults.push(faultAt(document, 'missing', [...path, 'from'], systemFaultText.noFrom(), 'key'));
    if (!listens) faults.push(faultAt(document, 'missing', [...path, 'profile'], systemFaultText.noPort()));
    return faults;
  });
}

interface Enabled {
  readonly enabled?: unknown;
}

const mapOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** The keys have been checked. */
export function systemConfig(
  written: z.output<typeof system>,
  { file, secret }: { readonly file: string; readonly secret: (name: string) => Secret },
): SystemConfig {
  const { name, profile: profileName, lanes, from } = written;
  const found = locateProfile(file, intakeProfiles, profileName);
  const profile = found && (readProfile(found.profiles, profileName).profile as IntakeProfile);
  return {
    ...{ name, profileName, profile: profile as IntakeProfile, lanes, from },
    values: profile === undefined ? written.values : withDefaults(profile, written.values),
    secrets: Object.fromEntries(
      Object.entries(written.secrets).map(([key, reference]) => [key, secret(reference.secret)]),
    ),
    ...(found?.unproven && { unproven: true }),
  };
}
