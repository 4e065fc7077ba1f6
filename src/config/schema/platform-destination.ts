/** The configuration of a destination of kind `platform`: a profile, and what it asks for. Knows no platform but by its profile. */
import { z } from 'zod';
import { platformProfiles } from '../../delivery/request/profile.ts';
import type { PlatformProfile } from '../../delivery/request/profile-form.ts';
import type { PlatformConfig } from '../../delivery/settings.ts';
import { platformDestinationText as text } from '../../text/destinations/platform.ts';
import { findProfile, noSecret } from '../devices.ts';
import type { ConfigDocument, Path } from '../document.ts';
import { groupIn, type WrittenKeys } from '../document.ts';
import type { ConfigFault } from '../errors.ts';
import { faultAt } from '../issues.ts';
import { nearest } from '../nearest.ts';
import { locateProfile, readProfile } from '../profiles.ts';
import { isSecretName } from '../secret-name.ts';
import type { Secret, Secrets } from '../secrets.ts';
import { httpUrl, line, pictureUrlSchema, secretReference, size } from './values.ts';

const MEGABYTE = 1_000_000;

let shipped: PlatformProfile | undefined;

/** The platform of the park, which `cloud` configures. */
export function parkPlatform(): PlatformProfile {
  shipped ??= readProfile(platformProfiles, '4pyun').profile as PlatformProfile;
  return shipped;
}

/** Beside those of every destination. */
export const platformKeys = {
  profile: z.string(),
  url: httpUrl,
  values: z.record(z.string(), line).default({}),
  secrets: z.record(z.string(), secretReference).default({}),
  picture: z.string().optional(),
  pictureUrl: pictureUrlSchema.optional(),
  maxPicture: size(20_000, 10 * MEGABYTE).prefault('500KB'),
  mode: z.enum(['integration', 'production']).default('integration'),
};

export type WrittenPlatform = z.output<z.ZodObject<typeof platformKeys>>;

/** An unknown profile and its own faults; values, secrets and pictures that it does not ask for, or does and did not get. */
export function platformFaults(
  document: ConfigDocument,
  { path, written }: { readonly path: Path; readonly written: WrittenKeys },
  secrets: Secrets,
): readonly ConfigFault[] {
  const { profile: found, faults } = findProfile(document, path, written.profile, platformProfiles);
  if (faults.length > 0) return faults;
  const profile = found as PlatformProfile;
  return [
    ...askedFaults(document, { path, written }, profile, secrets),
    ...pictureFaultsOf(document, path, written, profile),
  ];
}

/** Values and secrets that a profile does not ask for, or does and did not get. */
export function askedFaults(
  document: ConfigDocument,
  { path, written }: { readonly path: Path; readonly written: WrittenKeys },
  profile: Pick<PlatformProfile, 'values' | 'secrets'>,
  secrets: Secrets,
): readonly ConfigFault[] {
  const required = Object.entries(profile.values).flatMap(([name, { optional, default: usual }]) =>
    optional || usual !== undefined ? [] : [name],
  );
  return [
    ...namesFaults(document, { path, written, key: 'values', known: Object.keys(profile.values), required }),
    ...namesFaults(document, {
      ...{ path, written, key: 'secrets' },
      ...{ known: Object.keys(profile.secrets), required: Object.keys(profile.secrets) },
    }),
    ...secretFaultsOf(document, path, written, secrets),
  ];
}

interface Named {
  readonly path: Path;
  readonly written: WrittenKeys;
  readonly key: 'values' | 'secrets';
  readonly known: readonly string[];
  readonly required: readonly string[];
}

function namesFaults(document: ConfigDocument, { path, written, key, known, required }: Named): readonly ConfigFault[] {
  const given = groupIn(written[key]);
  const at = [...path, key];
  const unknown = Object.keys(given).filter((name) => !known.includes(name));
  const absent = required.filter((name) => given[name] === undefined || given[name] === '');
  return [
    ...unknown.map((name) =>
      faultAt(document, 'unknownKey', [...at, name], text.unknownName(name, nearest(name, known), known), 'key'),
    ),
    ...absent.map((name) => faultAt(document, 'missing', at, text.missingName[key](name), 'key')),
  ];
}

function secretFaultsOf(
  document: ConfigDocument,
  path: Path,
  written: WrittenKeys,
  secrets: Secrets,
): readonly ConfigFault[] {
  if (secrets.state === 'unreadable') return [];
  return Object.entries(groupIn(written.secrets)).flatMap(([key, reference]) => {
    const name = groupIn(reference).secret;
    const isMissing = typeof name === 'string' && isSecretName(name) && !secrets.byName.has(name);
    return isMissing ? [noSecret(document, [...path, 'secrets', key, 'secret'], name, secrets)] : [];
  });
}

function pictureFaultsOf(
  document: ConfigDocument,
  path: Path,
  { picture, pictureUrl }: WrittenKeys,
  { pictures }: PlatformProfile,
): readonly ConfigFault[] {
  const modes = Object.keys(pictures);
  const chosen = picture ?? modes[0];
  if (typeof picture === 'string' && !modes.includes(picture)) {
    const complaint = text.unknownPicture(picture, nearest(picture, modes), modes);
    return [faultAt(document, 'reference', [...path, 'picture'], complaint)];
  }
  const wantsUrl = typeof chosen === 'string' && pictures[chosen]?.facts.includes('pictureUrl') === true;
  if (wantsUrl && pictureUrl === undefined)
    return [faultAt(document, 'missing', [...path, 'picture'], text.noPictureUrl(), 'key')];
  return [];
}

/** The keys have been checked. */
export function platformConfig(
  written: WrittenPlatform,
  { file, secret }: { readonly file: string; readonly secret: (name: string) => Secret },
): Omit<PlatformConfig, 'name' | 'timeoutMs' | 'ca' | 'proxy' | 'takes'> {
  const { profile: profileName, url, values, pictureUrl, maxPicture: maxPictureBytes, mode } = written;
  const found = locateProfile(file, platformProfiles, profileName);
  const profile = found && (readProfile(found.profiles, profileName).profile as PlatformProfile);
  const picture = written.picture ?? Object.keys(profile?.pictures ?? {})[0];
  return {
    ...{
      kind: 'platform',
      profileName,
      profile: profile as PlatformProfile,
      url: url.replace(/\/+$/, ''),
      values,
      mode,
    },
    secrets: Object.fromEntries(
      Object.entries(written.secrets).map(([name, reference]) => [name, secret(reference.secret)]),
    ),
    maxPictureBytes,
    ...(found?.unproven && { unproven: true }),
    ...(picture !== undefined && { picture }),
    ...(pictureUrl !== undefined && { pictureUrl }),
  };
}
