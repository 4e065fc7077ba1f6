/** Keys of the configuration as the documents write them: blocks of YAML, paths with dots, and a key with its value. */
import { parse } from 'yaml';
import type { JsonSchema } from '../../../src/config/json-schema.ts';
import type { Known } from './known.ts';
import { OUTSIDE_KEYS } from './outside.ts';
import { codeOf, type Fault, type Section } from './pages.ts';

/** All forms that a value at this place may have. */
function formsOf(schemas: readonly JsonSchema[]): readonly JsonSchema[] {
  return schemas.flatMap((schema) => [
    schema,
    ...formsOf([
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...((schema.allOf as JsonSchema[] | undefined) ?? []),
    ]),
  ]);
}

const itemsOf = (schemas: readonly JsonSchema[]): readonly JsonSchema[] =>
  formsOf(schemas).flatMap(({ items }) => (items === undefined ? [] : [items]));

/** What a key leads to; undefined: it is none of this place. */
function memberOf(schemas: readonly JsonSchema[], key: string): readonly JsonSchema[] | undefined {
  const forms = [...formsOf(schemas), ...formsOf(itemsOf(schemas))];
  const named = forms.flatMap(({ properties }) => (properties?.[key] === undefined ? [] : [properties[key]]));
  if (named.length > 0) return named;
  const open = forms.flatMap(({ additionalProperties: any }) =>
    typeof any === 'object' ? [any as JsonSchema] : any === true ? [{}] : [],
  );
  // Without properties anything may stand there.
  return open.length > 0 || forms.every(({ properties, type }) => properties === undefined && type === undefined)
    ? open
    : undefined;
}

/** The words that a value may be, where it may be nothing else. */
function choicesOf(schemas: readonly JsonSchema[]): readonly unknown[] | undefined {
  const leaves = formsOf(schemas).filter(
    (form) => form.anyOf === undefined && form.oneOf === undefined && form.allOf === undefined,
  );
  const choices = leaves.flatMap((leaf) =>
    leaf.const !== undefined
      ? [leaf.const]
      : Array.isArray(leaf.enum)
        ? (leaf.enum as unknown[])
        : leaf.type === 'boolean'
          ? [true, false]
          : [undefined],
  );
  return choices.length === 0 || choices.includes(undefined) ? undefined : choices;
}

/** What stands for any key or value: `NAME`, `…`, Chinese. */
const isPlaceholder = (value: unknown): boolean =>
  typeof value === 'string' && /…|^[A-Z]{2,}|^\.\.\.$|\p{Script=Han}/u.test(value);

export function* faultsIn(value: unknown, schemas: readonly JsonSchema[], path: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* faultsIn(item, itemsOf(schemas), path);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    const choices = choicesOf(schemas);
    if (value !== null && choices !== undefined && !choices.includes(value) && !isPlaceholder(value))
      yield `${path} is ${JSON.stringify(value)}, and may be ${choices.join(', ')}`;
    return;
  }
  const kind = (value as { kind?: unknown }).kind;
  const forms = formsOf(schemas);
  const ofKind = forms.filter(({ properties }) => kind !== undefined && properties?.kind?.const === kind);
  for (const [key, member] of Object.entries(value)) {
    const next = memberOf(ofKind.length > 0 ? ofKind : forms, key);
    if (next === undefined && !isPlaceholder(key))
      yield `the configuration has no key ${path === '' ? key : `${path}.${key}`}`;
    else if (next !== undefined && next.length > 0) yield* faultsIn(member, next, path === '' ? key : `${path}.${key}`);
  }
}

function blockFaults({ blocks }: Section, { config }: Known): readonly (readonly [number, string])[] {
  return blocks
    .filter(({ form }) => form === 'yaml')
    .flatMap((block): (readonly [number, string])[] => {
      const text = block.lines.map((line) => line.text).join('\n');
      let value: unknown;
      try {
        value = parse(text);
      } catch (error) {
        return [[block.number, `this is no YAML: ${(error as Error).message.split('\n')[0]}`]];
      }
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
      const keys = Object.keys(value);
      // Profiles, transcripts and files of other programs have schemas of their own.
      const isConfig = keys.filter((key) => config.properties?.[key] !== undefined).length * 2 >= keys.length;
      return isConfig ? [...faultsIn(value, [config], '')].map((what) => [block.number, what] as const) : [];
    });
}

/** `cloud.serial` and `cloud.serial: entry-record`. */
function pathFaults(code: string, { config }: Known): readonly string[] {
  const [, path = '', , written] = /^([a-z][A-Za-z]+(\.[a-z][A-Za-z0-9]*)+)(?:: (.+))?$/.exec(code) ?? [];
  const [first = '', ...rest] = path.split('.');
  if (
    config.properties?.[first] === undefined ||
    OUTSIDE_KEYS.includes(path) ||
    code.includes('..') ||
    code.includes('…') ||
    /\.(md|ts|tsx|yaml|mjs|json|service|pem|zip|db)$/.test(path)
  )
    return [];
  let schemas: readonly JsonSchema[] = [config.properties[first]];
  for (const key of rest) {
    const next = memberOf(schemas, key);
    if (next === undefined) return [`the configuration has no key ${path}`];
    schemas = next;
  }
  return written === undefined || schemas.length === 0 ? [] : valueFaults(path, written, schemas);
}

function valueFaults(path: string, written: string, schemas: readonly JsonSchema[]): readonly string[] {
  try {
    return [...faultsIn(parse(written), schemas, path)];
  } catch {
    return [];
  }
}

/** Every place in the configuration where a key of this name stands. */
function* placesOf(schema: JsonSchema, name: string): Generator<JsonSchema> {
  for (const form of formsOf([schema])) {
    for (const [key, member] of Object.entries(form.properties ?? {})) {
      if (key === name) yield member;
      yield* placesOf(member, name);
    }
    if (form.items !== undefined) yield* placesOf(form.items, name);
  }
}

/** `maskPlates: false`: where the configuration has such a key, one of its places takes the value. */
function pairFaults(code: string, { config }: Known): readonly string[] {
  const [, name = '', written = ''] = /^([a-z][A-Za-z]+): (\S.*)$/.exec(code) ?? [];
  const places = name === '' ? [] : [...placesOf(config, name)];
  if (
    places.length === 0 ||
    written.startsWith('{') ||
    places.some((place) => valueFaults(name, written, [place]).length === 0)
  )
    return [];
  return [`no ${name} of the configuration may be ${written}`];
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  days: 86_400_000,
  KB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
};

/** `5min`, `500 KB`; a number alone is in milliseconds, as keys that end so are. */
function amountOf(text: string): number {
  const [, number = '', unit = 'ms'] = /^([\d.]+) ?([A-Za-z]+)?$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}

/** `` `fakeExitWait` (5 min) ``: the default of one of its places. In English; the twin has the same figures. */
function defaultFaults(text: string, { config }: Known): readonly string[] {
  return [...text.matchAll(/`(?:\w+\.)*(\w+)` \(([\d.]+ (?:ms|s|min|h|days|KB|MB|GB))\b/g)].flatMap(
    ([, name = '', written = '']) => {
      const defaults = [...placesOf(config, name)].flatMap(({ default: usual }) =>
        usual === undefined ? [] : [usual],
      );
      return defaults.length === 0 || defaults.some((usual) => amountOf(String(usual)) === amountOf(written))
        ? []
        : [`${name} is ${defaults.join(' or ')} by default, not ${written}`];
    },
  );
}

export function settingFaultsOf(page: string, sections: readonly Section[], all: Known): readonly Fault[] {
  // Generated, with a kind of device within its paths.
  if (/\/configuration[\w-]*\.md$/.test(page)) return [];
  return sections.flatMap((section) => {
    const spans = [...section.prose, ...section.rows].flatMap(({ number, text }) =>
      codeOf(text).map((code) => [number, code] as const),
    );
    const inline = spans.flatMap(([line, code]) =>
      [...pathFaults(code, all), ...pairFaults(code, all)].map((what) => [line, what] as const),
    );
    const defaults = [...section.prose, ...section.rows].flatMap(({ number, text }) =>
      defaultFaults(text, all).map((what) => [number, what] as const),
    );
    return [...inline, ...defaults, ...blockFaults(section, all)].map(([line, what]) => ({ page, line, what }));
  });
}
