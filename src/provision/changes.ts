/** What applying a provisioning file would change on this box, as rows that texts are made of. Values of secrets are compared and never shown. */
import { plainValue } from '../config/edit.ts';
import type { Changes, ConfigChange } from './change-rows.ts';
import type { Rendered } from './render.ts';

export interface BoxNow {
  /** Of the file; empty: there is none. */
  readonly yaml: string;
  readonly secrets: string;
  readonly profiles: Readonly<Record<string, string>>;
}

export function changesOf({ yaml, profiles, part, confirms }: Rendered, now: BoxNow): Changes {
  const known = plainValue(now.secrets);
  return {
    configuration: settingChanges(now.yaml, yaml),
    secrets: howAll(part.secrets, typeof known === 'object' && known !== null ? { ...known } : {}),
    profiles: howAll(profiles, now.profiles),
    users: part.users.map(({ user, role }) => `${user} (${role})`),
    tokens: part.tokens.map(({ name, scopes }) => `${name} (${scopes.join(', ')})`),
    confirms,
  };
}

const howAll = (wanted: Readonly<Record<string, string>>, known: Readonly<Record<string, unknown>>) =>
  Object.entries(wanted).map(([name, value]) => {
    const how = known[name] === undefined ? 'new' : String(known[name]) === value ? 'same' : 'changed';
    return { name, how } as const;
  });

/** Of the values of two texts of a configuration, by key. */
export const settingChanges = (before: string, after: string): readonly ConfigChange[] =>
  differences(flatSettings(before), flatSettings(after));

/** The values of a text of a configuration, by path. */
export const flatSettings = (yaml: string): ReadonlyMap<string, string> => flat(plainValue(yaml));

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly ConfigChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) return [];
    return [{ path, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

/** By path; a row of a list goes by its id, so that one that moves is not one that changes. */
function flat(value: unknown, path = ''): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null) return new Map(value === undefined ? [] : [[path, String(value)]]);
  const rows = Array.isArray(value)
    ? value.map((each, index) => [`${path}[${idOf(each) ?? index}]`, each] as const)
    : Object.entries(value).map(([key, each]) => [path === '' ? key : `${path}.${key}`, each] as const);
  // An empty list is another thing than none: an output for no release is silent.
  if (rows.length === 0 && path !== '') return new Map([[path, JSON.stringify(value)]]);
  return new Map(rows.flatMap(([at, each]) => [...flat(each, at)]));
}

const idOf = (value: unknown): string | undefined => {
  const { id, name } = (value ?? {}) as { readonly id?: unknown; readonly name?: unknown };
  const found = id ?? name;
  return found === undefined ? undefined : String(found);
};
