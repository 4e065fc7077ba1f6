/** The kind that supports a search, with its shipped and site profiles. It opens nothing. */
import { profileNames, readProfile, siteProfiles } from '../config/profiles.ts';
import type { DriverKind } from '../driver.ts';
import { Problem } from '../http/problem.ts';

export type SearchableKind = DriverKind & Required<Pick<DriverKind, 'search' | 'profiles'>>;

/** `configFile`: site profiles are beside it. Throws Problem: notFound. */
export function searchableOf(driverKinds: readonly DriverKind[], configFile: string) {
  const kind = driverKinds.find(
    (each): each is SearchableKind => each.search !== undefined && each.profiles !== undefined,
  );
  if (kind === undefined) throw new Problem('notFound');
  const sources = [kind.profiles, siteProfiles(configFile, kind.profiles)];
  const profiles = new Map<string, unknown>();
  for (const source of sources)
    for (const name of profileNames(source)) {
      const { profile } = readProfile(source, name);
      if (profile !== undefined && !profiles.has(name)) profiles.set(name, profile);
    }
  return { kind, search: kind.search, profiles };
}
