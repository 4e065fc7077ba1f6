/** Profiles: one YAML file per device model or platform, shipped with its kind or written for one site. Knows no kind. */
import { readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { DriverKind } from '../driver.ts';
import { readSmallFileSync } from '../small-file.ts';
import { configFaultText } from '../text/config.ts';
import { ConfigDocument } from './document.ts';
import type { ConfigFault } from './errors.ts';
import { read } from './issues.ts';

type Profiles = NonNullable<DriverKind['profiles']>;
const ENDING = '.yaml';

/** Site profiles of every kind, beside the configuration. No transcript proves them. */
const SITE_FOLDER = 'profiles';

/** Site profiles of a kind; a shipped one of the same name takes precedence. */
export function siteProfiles(configFile: string, { schema }: Profiles): Profiles {
  return { folder: pathToFileURL(`${join(dirname(resolve(configFile)), SITE_FOLDER)}/`), schema };
}

/** Names of ours and of the site's. */
export function allProfileNames(configFile: string, profiles: Profiles): readonly string[] {
  return [...new Set([...profileNames(profiles), ...profileNames(siteProfiles(configFile, profiles))])];
}

/** Profile names of a kind, sorted; none without a folder. */
export function profileNames({ folder }: Profiles): readonly string[] {
  return namesIn(folder)
    .filter((file) => file.endsWith(ENDING))
    .map((file) => file.slice(0, -ENDING.length))
    .sort();
}

function namesIn(folder: URL): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Where the profile of this name stands: ours first, else that of the site, which nothing proves. undefined: nowhere. */
export function locateProfile(
  configFile: string,
  profiles: Profiles,
  name: string,
): { readonly profiles: Profiles; readonly unproven?: true } | undefined {
  if (profileNames(profiles).includes(name)) return { profiles };
  const site = siteProfiles(configFile, profiles);
  return profileNames(site).includes(name) ? { profiles: site, unproven: true } : undefined;
}

/** Reads one profile, whose name must be one of `profileNames`. Its faults carry the lines of its own file. */
export function readProfile(
  { folder, schema }: Profiles,
  name: string,
): { profile?: unknown; faults: readonly ConfigFault[] } {
  const file = fileURLToPath(new URL(`${name}${ENDING}`, `${folder.href.replace(/\/$/, '')}/`));
  let text: string;
  try {
    text = readSmallFileSync(file);
  } catch (error) {
    const text = configFaultText.profileUnreadable(file, (error as NodeJS.ErrnoException).code ?? '');
    return { faults: [{ code: 'file', file, path: '', line: 1, column: 1, ...text }] };
  }
  const document = new ConfigDocument(file, text);
  if (document.faults.length > 0) return { faults: document.faults };
  const { data, faults } = read(schema, document, [], document.value);
  return faults.length > 0 ? { faults } : { profile: data, faults };
}

/** For editors. */
export function profileJsonSchema({ schema }: Profiles): object {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
