/** What applying a provisioning file would change on this box, as rows that texts are made of. Values of secrets are compared and never shown. */
import { ConfigDocument, type Path } from '../config/document.ts';
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

export type Settings = ReadonlyMap<string, string>;

/** Of the values of two texts of a configuration, by key. */
const settingChanges = (before: string, after: string): readonly ConfigChange[] =>
  differences(flatSettings(before), flatSettings(after));

/** The values of a text of a configuration, by path. A number is as it is written: `0017` is no `17` where the program wants text. */
export function flatSettings(yaml: string): Settings {
  const document = new ConfigDocument('', yaml);
  return new Map(flat(document, document.value));
}

export function differences(before: Settings, after: Settings): readonly ConfigChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [was, is] = [before.get(path), after.get(path)];
    if (was === is) return [];
    return [{ path, ...(was !== undefined && { before: was }), ...(is !== undefined && { after: is }) }];
  });
}

/** By path; a row of a list goes by its id, so that one that moves is not one that changes. */
function flat(document: ConfigDocument, value: unknown, path = '', at: Path = []): (readonly [string, string])[] {
  const textOf = (each: unknown, ...to: Path) =>
    (typeof each === 'number' ? document.numberSource([...at, ...to]) : undefined) ?? String(each);
  if (typeof value !== 'object' || value === null) return value === undefined ? [] : [[path, textOf(value)]];
  const idOf = (row: unknown, index: number): string | number => {
    const key = ['id', 'name'].find((each) => plain(row)[each] !== undefined);
    return key === undefined ? index : textOf(plain(row)[key], index, key);
  };
  const rows = Array.isArray(value)
    ? value.map((each, index) => [`${path}[${idOf(each, index)}]`, index, each] as const)
    : Object.entries(value).map(([key, each]) => [path === '' ? key : `${path}.${key}`, key, each] as const);
  // An empty list is another thing than none: an output for no release is silent.
  if (rows.length === 0 && path !== '') return [[path, JSON.stringify(value)]];
  return rows.flatMap(([to, step, each]) => flat(document, each, to, [...at, step]));
}

const plain = (value: unknown) => (value ?? {}) as Readonly<Record<string, unknown>>;
