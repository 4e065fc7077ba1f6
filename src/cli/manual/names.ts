/**
 * The names a box has, for completion: lanes, cameras, records, users, profiles. What cannot be read gives none: a shell that completes must not
 * show errors.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stateFolder } from '../../box/state-folder.ts';
import type { Kinds } from '../../config/devices.ts';
import { peekValue } from '../../config/edit.ts';
import { configFile, readConfigText } from '../../config/file.ts';
import { profileNames } from '../../config/profiles.ts';
import { platformProfiles } from '../../delivery/request/profile.ts';
import { hasStore, withStore } from '../named-store.ts';

/** The newest records; older ones are typed. */
const RECORDS_MAX = 50;

export const NAMES = ['lanes', 'cameras', 'records', 'users', 'profiles'] as const;
export type Names = (typeof NAMES)[number];

export interface NamePlaces {
  readonly config?: string | undefined;
  readonly store?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly kinds: () => Promise<Kinds>;
}

export async function boxNames(names: Names, places: NamePlaces): Promise<readonly string[]> {
  try {
    return await READ[names](places);
  } catch {
    return [];
  }
}

const READ: Readonly<Record<Names, (places: NamePlaces) => Promise<readonly string[]>>> = {
  lanes: async (places) => idsIn(places, 'lanes'),
  cameras: async (places) => idsIn(places, 'cameras'),
  users: async (places) => {
    const { users } = JSON.parse(readFileSync(join(folderOf(places), 'page/users.json'), 'utf8')) as {
      readonly users: readonly { readonly user: string }[];
    };
    return users.map(({ user }) => user);
  },
  profiles: async ({ kinds }) => {
    const { driverKinds } = await kinds();
    // Kinds may share a folder.
    const places = [...driverKinds.flatMap(({ profiles }) => profiles ?? []), platformProfiles];
    return [...new Set(places.flatMap((each) => profileNames(each)))];
  },
  records: async (places) => {
    const path = folderOf(places);
    if (!hasStore(path)) return [];
    const records = await withStore(path, ({ review }) => review.list({ limit: RECORDS_MAX }));
    return records.map(({ id }) => String(id));
  },
};

/** The secrets beside the configuration are not needed for it, and may be unreadable. */
function idsIn({ config, environment }: NamePlaces, key: 'lanes' | 'cameras'): readonly string[] {
  const list = peekValue(readConfigText(configFile(config, environment)), [key]) as { toJSON(): unknown };
  const rows = list.toJSON() as readonly { readonly id: unknown }[];
  return rows.map(({ id }) => String(id));
}

function folderOf({ config, store, environment }: NamePlaces): string {
  if (store !== undefined) return store;
  const file = configFile(config, environment);
  return stateFolder(file, existsSync(file) ? readConfigText(file) : undefined) ?? '';
}
