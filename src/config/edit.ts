/** Changes one value of a YAML text and leaves the rest as it was written, comments and all. Knows no schema. */
import { type Document, isMap, isScalar, parseDocument } from 'yaml';
import { isSecretName } from './values.ts';

/** Where a value stands: keys and numbers of items. */
export type EditPath = readonly (string | number)[];

/**
 * The text with `value` at `path`; undefined removes what is there. Parts of the path that do not exist are made. undefined: the text is no
 * YAML, or what stands on the way is no map or list.
 */
export function editYaml(text: string, path: EditPath, value: unknown): string | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0 || path.length === 0) return undefined;
  try {
    if (value === undefined) document.deleteIn(path);
    else put(document, path, value);
  } catch {
    return undefined;
  }
  // Lines are as long as a person made them.
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** In place where one plain value takes the place of another: what stands beside it stays. */
function put(document: Document, path: EditPath, value: unknown): void {
  const there = document.getIn(path, true);
  const isPlain = value === null || typeof value !== 'object';
  if (!isScalar(there) || !isPlain) {
    document.setIn(path, node(document, value));
    return;
  }
  there.value = value;
  // As it was written before says nothing of the new value, except how a person likes to quote.
  delete there.source;
  if (typeof value !== 'string') delete there.type;
}

/** Ids that look like numbers must stay text: `gate_id: "0123"`. */
function node(document: Document, value: unknown): unknown {
  const made = document.createNode(value);
  if (isMap(made) && Object.keys(value as object).length <= 4) made.flow = true;
  return made;
}

/** The secrets of a text with some set and the rest as it was. `changes`: by name; undefined removes. */
export function editSecrets(text: string, changes: Readonly<Record<string, string | undefined>>): string | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(name);
    else document.set(name, value);
  }
  return document.contents === null ? '' : document.toString({ lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' });
}

/** The value at `path` of a text that may be broken elsewhere, as far as it can be read. */
export function glimpse(text: string, path: EditPath): unknown {
  try {
    return parseDocument(text, { prettyErrors: false }).getIn(path);
  } catch {
    return undefined;
  }
}

/** Every place where a secret is named: `cloud.appSecret` → `cloud.appSecret`, by the secret's name. */
export function secretUses(text: string): ReadonlyMap<string, readonly string[]> {
  const uses = new Map<string, string[]>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const here = Array.isArray(value) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`;
      if (key === 'secret' && typeof inner === 'string' && isSecretName(inner))
        uses.set(inner, [...(uses.get(inner) ?? []), path]);
      else walk(inner, here);
    }
  };
  try {
    walk(parseDocument(text, { prettyErrors: false }).toJS({ maxAliasCount: 100 }), '');
  } catch {
    // A text that cannot be read names nothing.
  }
  return uses;
}

/** What the text says, as plain values; undefined: it is no YAML. */
export function plainValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}
