/** Device profiles beside the configuration, as a provisioning file brings them: new ones are added, one in use is never changed under a running box. */
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { plainValue } from '../config/edit.ts';
import { makeFolderDurably, readText, writeDurably } from '../small-file.ts';
import { ProvisionError } from './provision-error.ts';

const ENDING = '.yaml';
const MODE = 0o644;

export const profilesFolder = (configFile: string): string => join(dirname(configFile), 'profiles');

/** By name. */
export async function siteProfilesOf(configFile: string): Promise<Readonly<Record<string, string>>> {
  const folder = profilesFolder(configFile);
  const files = await readdir(folder).catch(() => []);
  const found: Record<string, string> = {};
  for (const file of files.filter((each) => each.endsWith(ENDING)).sort()) {
    const text = await readText(join(folder, file));
    if (text !== undefined) found[file.slice(0, -ENDING.length)] = text;
  }
  return found;
}

/**
 * Throws ProvisionError `profile` before anything is written: the configuration that runs must be able to come back as it was. `inForce`: its text.
 */
export async function addProfiles(
  configFile: string,
  profiles: Readonly<Record<string, string>>,
  inForce: string,
): Promise<void> {
  const known = await siteProfilesOf(configFile);
  const inUse = namesIn(plainValue(inForce));
  const other = Object.entries(profiles).filter(([name, text]) => known[name] !== text);
  const changed = other.find(([name]) => known[name] !== undefined && inUse.has(name));
  if (changed !== undefined) throw new ProvisionError('profile', changed[0]);
  if (other.length === 0) return;
  await makeFolderDurably(profilesFolder(configFile));
  for (const [name, text] of other)
    await writeDurably(join(profilesFolder(configFile), `${name}${ENDING}`), text, MODE);
}

/** Every value of a key `profile`. */
function namesIn(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  JSON.stringify(value ?? null, (key, each: unknown) => {
    if (key === 'profile' && typeof each === 'string') names.add(each);
    return each;
  });
  return names;
}
