/** docs/LANG/configuration*.md, generated from the JSON Schema, so that they cannot differ from what `check` checks. */
import {
  type ConfigurationPage,
  changingText,
  configurationPages,
  documentationText,
  smallestFile,
  TITLES,
  writingText,
} from '../text/keys/documentation.ts';
import { keyText } from '../text/keys/keys.ts';
import type { Language } from '../text/text.ts';
import type { Kinds } from './devices.ts';
import { children, configJsonSchema, type JsonSchema } from './json-schema.ts';

export const isConfigurationPage = (name: string): name is ConfigurationPage => Object.hasOwn(configurationPages, name);

/** The page `name` in one language. */
export function configurationMarkdown(kinds: Kinds, name: ConfigurationPage, language: Language): string {
  const { properties = {} } = configJsonSchema(kinds, language);
  const parts = configurationPages[name];
  const head =
    name === 'configuration' ? overview(Object.keys(properties), language) : [documentationText.generated[language]];
  const sections = parts.flatMap((part) => section(part, properties[part] ?? {}, language));
  return `${[`# ${TITLES[name][language]}`, '', ...head, ...sections].join('\n')}\n`;
}

function overview(parts: readonly string[], language: Language): readonly string[] {
  const { partsHead } = documentationText;
  const rows = parts.map((part) => {
    const page = pageOf(part);
    const place = `${page === 'configuration' ? '' : `${page}.md`}#${part}`;
    return `| \`${part}\` | ${linked(keyText(part)?.[language] ?? '')} | [${TITLES[page][language]}](${place}) |`;
  });
  const example = ['', '```yaml', ...smallestFile.trimEnd().split('\n'), '```', ''];
  return [changingText[language], ...example, writingText[language], partsHead[language], '|---|---|---|', ...rows];
}

/** The overview has what no other page explains. */
const pageOf = (part: string): ConfigurationPage =>
  Object.keys(configurationPages)
    .filter(isConfigurationPage)
    .find((name) => configurationPages[name].includes(part)) ?? 'configuration';

function section(part: string, schema: JsonSchema, language: Language): readonly string[] {
  const rows = rowsOf(schema, part, language);
  const own = rows.filter(({ kind }) => kind === undefined);
  const byKind = rows.filter(({ kind }) => kind !== undefined);
  const { tableHead, kindsHead } = documentationText;
  return [
    '',
    `## ${part}`,
    '',
    linked(keyText(part)?.[language] ?? ''),
    ...(own.length === 0 ? [] : ['', tableHead[language], '|---|---|---|---|', ...new Set(own.map(written))]),
    ...(byKind.length === 0 ? [] : ['', kindsHead[language], '|---|---|---|---|---|', ...kindRows(byKind, language)]),
  ];
}

interface Row {
  readonly path: string;
  /** Of a device, a camera or a destination: which kind has this key. */
  readonly kind?: string;
  readonly form: string;
  readonly standard: string;
  readonly meaning: string;
}

const KINDS = /^(?:devices|cameras|destinations)\.([^.]+)\.(.+)$/;

/** One row per key below `path`, in schema order. */
function rowsOf(schema: JsonSchema, path: string, language: Language): readonly Row[] {
  const required = (schema.required ?? []) as readonly string[];
  if (isReference(schema)) return [];
  return children(schema, path).flatMap(({ path: inner, schema: member }) => {
    const below = rowsOf(member, inner, language);
    if (inner === path) return below;
    return [row(inner, member, required.includes(inner.split('.').at(-1) ?? ''), language), ...below];
  });
}

function row(path: string, schema: JsonSchema, isRequired: boolean, language: Language): Row {
  const [, kind, key = path] = KINDS.exec(path) ?? [];
  const { required } = documentationText;
  const hasDefault = schema.default !== undefined && schema.default !== '';
  return {
    path: key,
    ...(kind === undefined ? {} : { kind }),
    form: form(schema, language),
    standard: hasDefault ? `\`${String(schema.default)}\`` : isRequired ? required[language] : '',
    meaning: linked(keyText(path)?.[language] ?? ''),
  };
}

/** What several kinds have alike is one row that names them. */
function kindRows(rows: readonly Row[], language: Language): readonly string[] {
  const kinds = [...new Set(rows.map(({ kind }) => kind ?? ''))];
  const alike = new Map<string, Row & { readonly kinds: string[] }>();
  for (const each of rows) {
    const { path, form: ofKind, kind = '' } = each;
    const one = path === 'kind' ? { ...each, form: kinds.map((name) => `\`${name}\``).join(' ') } : each;
    const key = [path, path === 'kind' ? '' : ofKind, one.standard, one.meaning].join('|');
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { ...one, kinds: [kind] });
    else if (!known.kinds.includes(kind)) known.kinds.push(kind);
  }
  return [...alike.values()].map((each) => {
    const isAll = each.kinds.length === kinds.length;
    const names = isAll ? documentationText.allKinds[language] : each.kinds.map((name) => `\`${name}\``).join(' ');
    return cells(`\`${each.path}\``, names, each.form, each.standard, each.meaning);
  });
}

const written = ({ path, form: how, standard, meaning }: Row): string => cells(`\`${path}\``, how, standard, meaning);

const cells = (...all: readonly string[]): string =>
  `| ${all.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A page that a text names is a link. */
const linked = (text: string): string => text.replaceAll(/\b[a-z-]+\.md\b/g, (page) => `[${page}](${page})`);

const isReference = (schema: JsonSchema): boolean => Object.keys(schema.properties ?? {}).join() === 'secret';

/** The form of a value, short enough for a table. */
function form(schema: JsonSchema, language: Language): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.unit === 'duration') return '`5s`';
  if (schema.unit === 'size') return '`500KB`';
  if (schema.anyOf !== undefined) return schema.anyOf.map((one) => form(one, language)).join(' / ');
  if (isReference(schema)) return '`{ secret: … }`';
  const words = { object: '{…}', array: '[…]', string: documentationText.text[language] };
  return Object.entries(words).find(([type]) => type === schema.type)?.[1] ?? `\`${String(schema.type ?? '')}\``;
}
