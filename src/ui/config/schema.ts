/** The configuration's JSON Schema, as much of it as the form understands, and paths through the configuration. Pure. */

export interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  /** Of its choices, where they have one. */
  readonly names?: Readonly<Record<string, string>>;
  readonly unit?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: boolean | Schema;
}

export type SchemaPath = readonly (string | number)[];
export type YamlMapping = Readonly<Record<string, unknown>>;

export interface Change {
  readonly path: SchemaPath;
  /** Absent: removed. */
  readonly value?: unknown;
}
/** New values by name. */
export type SecretValues = Readonly<Record<string, string>>;

export const isMapping = (value: unknown): value is YamlMapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `lanes[0].points.down`, as faults name it. */
export const pathText = (path: SchemaPath): string =>
  path.reduce<string>(
    (text, step) => text + (typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`),
    '',
  );

/** What a person reads instead of a key: the first clause of what it means; the rest explains it. */
export function named(schema: Schema, key: string | number): { readonly label: string; readonly hint?: string } {
  const text = schema.description;
  if (text === undefined) return { label: String(key) };
  // Brackets belong to the clause that they stand in.
  const [, clause = text, rest = ''] = /^((?:[（(][^（()）]*[）)]|[^（(])+?)(?:[：；，]|[:;,] )(.+)$/s.exec(text) ?? [];
  const [, name = clause, inBrackets] = /^(.+?) ?[（(]([^（()）]*)[）)]$/s.exec(clause) ?? [];
  // What the choices mean, their names say.
  const hint = [inBrackets, schema.names === undefined && rest.trim()]
    .filter(Boolean)
    .join(/[（：；，]/.test(text) ? '；' : '; ');
  // A name of the protocol stays as it is written.
  const label = /^[a-z]+(?=[ ,]|$)/.test(name) ? name.charAt(0).toUpperCase() + name.slice(1) : name;
  return { label, ...(hint !== '' && { hint }) };
}

export interface FoundSetting {
  readonly path: SchemaPath;
  readonly schema: Schema;
  readonly value: unknown;
  /** What it lies in, from the outside in. */
  readonly within: readonly string[];
}

type Setting = Omit<FoundSetting, 'within'>;

/** What lies one level below: the entries of a list that there are, or the keys of a mapping. */
function below({ schema, value, path }: Setting): readonly Setting[] {
  const { items, properties, anyOf } = variantOf(schema.oneOf ?? [schema], value) ?? schema;
  if (items !== undefined)
    return (Array.isArray(value) ? value : []).map((each, at) => ({ schema: items, value: each, path: [...path, at] }));
  const long = anyOf?.find((each) => each.properties !== undefined);
  if (long !== undefined && properties === undefined) return below({ schema: long, value, path });
  if (isSecret(schema)) return [];
  const mapping = isMapping(value) ? value : {};
  return Object.entries(properties ?? {})
    .filter(([, each]) => each.const === undefined)
    .map(([name, each]) => ({ schema: each, value: mapping[name], path: [...path, name] }));
}

/** Settings below one whose key or meaning has every word; what lies in a found one is found with it. */
export const settingsFor = (of: Setting, words: readonly string[], within: readonly string[] = []): FoundSetting[] =>
  below(of).flatMap((each) => {
    const key = each.path[each.path.length - 1] ?? '';
    const path = pathText(each.path);
    const text = `${path} ${path.replace(/\[\d+\]/g, '')} ${each.schema.description ?? ''}`.toLowerCase();
    if (typeof key === 'string' && words.every((word) => text.includes(word))) return [{ ...each, within }];
    // Of a list that has none, the list itself: what is sought lies in an entry that is yet to be added.
    const first = each.schema.items !== undefined && !(Array.isArray(each.value) && each.value.length > 0);
    const next = first ? { schema: each.schema.items ?? {}, value: {}, path: [...each.path, 0] } : each;
    const label = typeof key === 'string' ? named(each.schema, key).label : nameOf(each.value, key);
    const found = settingsFor(next, words, [...within, label]);
    return first && found.length > 0 ? [{ ...each, within }] : found;
  });

/** Of an entry of a list: its id or its name, else its number. */
export function nameOf(value: unknown, at: number): string {
  const item = isMapping(value) ? value : {};
  return String(item.id || item.name || `${at + 1}`);
}

/** Whether a fault at `text` lies at `path` or below it. */
export function liesUnder(text: string, path: SchemaPath): boolean {
  const above = pathText(path);
  return text === above || above === '' || (text.startsWith(above) && /^[.[]/.test(text.slice(above.length)));
}

/** The value with `next` at a path, as the box will write it: undefined removes it, and parents that are missing come to be. */
export function withValue(value: unknown, [step, ...below]: SchemaPath, next: unknown): unknown {
  if (step === undefined) return next;
  const removes = below.length === 0 && next === undefined;
  if (typeof step === 'number') {
    const list = Array.isArray(value) ? value : [];
    const put = removes ? [] : [withValue(list[step], below, next)];
    return [...list.slice(0, step), ...put, ...list.slice(step + 1)];
  }
  const { [step]: now, ...others } = isMapping(value) ? value : {};
  return removes ? others : { ...(isMapping(value) ? value : {}), [step]: withValue(now, below, next) };
}

/** Values of a mapping of any keys (`additionalProperties` with a schema). */
export const anyKeys = (schema: Schema): Schema | undefined =>
  typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;

/** `{ secret: name }` and nothing else: a reference to a secret. */
export const isSecret = (schema: Schema): boolean =>
  schema.properties !== undefined && Object.keys(schema.properties).join() === 'secret';

/** The key that tells variants apart. */
export const choiceOf = ([first]: readonly Schema[]): 'kind' | 'profile' =>
  first?.properties?.profile?.const === undefined ? 'kind' : 'profile';

/** The variant of a value by its kind or profile; the first without one. */
export function variantOf(variants: readonly Schema[], value: unknown): Schema | undefined {
  const key = choiceOf(variants);
  const chosen = isMapping(value) ? value[key] : undefined;
  return variants.find(({ properties }) => properties?.[key]?.const === chosen) ?? variants[0];
}

/** The schema of what is at `path` below; of variants the one that the value is of. */
export function schemaAt(
  schema: Schema | undefined,
  [step, ...below]: SchemaPath,
  value?: unknown,
): Schema | undefined {
  const { items, properties, oneOf } = schema ?? {};
  if (oneOf !== undefined) return schemaAt(variantOf(oneOf, value), step === undefined ? [] : [step, ...below], value);
  if (step === undefined) return schema;
  return schemaAt(typeof step === 'number' ? items : properties?.[step], below, value);
}

/** A new value with its required keys; values only a person knows are left empty. */
export function skeleton(schema: Schema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  const choice = schema.oneOf?.[0] ?? (schema.properties === undefined ? schema.anyOf?.[0] : undefined);
  if (choice !== undefined) return skeleton(choice);
  if (schema.properties !== undefined)
    return Object.fromEntries(
      (schema.required ?? []).map((name) => [name, skeleton(schema.properties?.[name] ?? {})] as const),
    );
  if (anyKeys(schema) !== undefined) return {};
  if (schema.items !== undefined) return (schema.minItems ?? 0) > 0 ? [skeleton(schema.items)] : [];
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'number' || type === 'integer') return schema.minimum ?? 0;
  return type === 'boolean' ? false : '';
}

/** Names of all secrets that a configuration refers to. */
export function secretsIn(value: unknown, found: Set<string> = new Set()): ReadonlySet<string> {
  if (Array.isArray(value)) for (const each of value) secretsIn(each, found);
  else if (isMapping(value))
    for (const [name, each] of Object.entries(value)) {
      if (name === 'secret' && typeof each === 'string' && each !== '') found.add(each);
      else secretsIn(each, found);
    }
  return found;
}
