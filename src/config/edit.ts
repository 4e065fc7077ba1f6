/** Edits one value of a YAML text and preserves the rest, comments included. Knows no schema. */
import { type Document, isMap, isScalar, parseDocument, visit } from 'yaml';
import { isSecretName } from './secret-name.ts';

/** Keys and list indexes of a value. */
export type EditPath = readonly (string | number)[];

/**
 * Sets `value` at `path`; undefined removes it. Creates missing parents. Returns undefined for a text that is no YAML, a path through
 * a scalar, or an alias that has no anchor, or none any more.
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
  return written(document);
}

/** Keeps the person's own line lengths. undefined: an alias in it has no anchor. */
function written(document: Document): string | undefined {
  try {
    return document.toString({ lineWidth: 0, flowCollectionPadding: true });
  } catch {
    return undefined;
  }
}

/** Replaces a scalar in place: its comments stay. */
function put(document: Document, path: EditPath, value: unknown): void {
  const there = document.getIn(path, true);
  const isPlain = value === null || typeof value !== 'object';
  if (!isScalar(there) || !isPlain) {
    document.setIn(path, node(document, value));
    return;
  }
  there.value = value;
  // The old source text does not apply to the new value, except its quoting style.
  delete there.source;
  if (typeof value !== 'string') delete there.type;
}

/** Ids that look like numbers must stay text: `gate_id: "0123"`. */
function node(document: Document, value: unknown): unknown {
  const made = document.createNode(value);
  if (isMap(made) && Object.keys(value as object).length <= 4) made.flow = true;
  return made;
}

/** Updates secrets in a text. `changes`: by name; undefined removes. */
export function editSecrets(text: string, changes: Readonly<Record<string, string | undefined>>): string | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) document.delete(name);
    else document.set(name, value);
  }
  return document.contents === null ? '' : document.toString({ lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE' });
}

/** The value at `path` of a text that may be broken elsewhere, as far as it parses. */
export function peekValue(text: string, path: EditPath): unknown {
  try {
    return parseDocument(text, { prettyErrors: false }).getIn(path);
  } catch {
    return undefined;
  }
}

/** Every use of each secret, by its name: `cloud.appSecret` → `cloud.appSecret`. */
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
    // An unparsable text has no uses.
  }
  return uses;
}

/** The text as plain values; undefined: it is no YAML. */
export function plainValue(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return undefined;
  }
}

/** Round brackets: others would need quotes within `{ … }`. */
const PLACE = /\$\(([A-Za-z][\w-]*)\)/g;

/**
 * Fills the places `$(name)` of a text with values: a value that is nothing but a place becomes whatever the value is, within a longer text it
 * becomes part of that. Filled in as values and not as text, so none can add a key. `missing`: places without a value; undefined: no YAML.
 */
export function fillPlaces(
  text: string,
  values: Readonly<Record<string, unknown>>,
): { readonly text: string; readonly missing: readonly string[]; readonly used: readonly string[] } | undefined {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return undefined;
  const used = new Set<string>();
  const missing = new Set<string>();
  const valueAt = (name: string): unknown => {
    if (Object.hasOwn(values, name)) used.add(name);
    else missing.add(name);
    return values[name];
  };
  visit(document, {
    Scalar: (key, scalar) => {
      if (key === 'key' || typeof scalar.value !== 'string') return undefined;
      const [whole, name] = /^\$\(([A-Za-z][\w-]*)\)$/.exec(scalar.value) ?? [];
      if (whole !== undefined) {
        const made = document.createNode(valueAt(String(name)));
        made.comment = scalar.comment ?? null;
        made.commentBefore = scalar.commentBefore ?? null;
        return made;
      }
      if (!scalar.value.includes('$(')) return undefined;
      scalar.value = scalar.value.replaceAll(PLACE, (_, inner: string) => String(valueAt(inner)));
      delete scalar.source;
      return undefined;
    },
  });
  const filled = written(document);
  return filled === undefined ? undefined : { text: filled, missing: [...missing], used: [...used] };
}
