/** docs/configuration.md, generated from the JSON Schema, so that it cannot differ from what `check` checks. */
import { documentationText, keyText } from '../text/keys/keys.ts';
import type { Kinds } from './devices.ts';
import { children, configJsonSchema, type JsonSchema } from './json-schema.ts';

/** The whole document, both languages side by side. */
export function configurationMarkdown(kinds: Kinds): string {
  const schema = configJsonSchema(kinds, 'en');
  const parts = Object.entries(schema.properties ?? {}).map(([key, part]) => section(key, part));
  return `${[...documentationText.head, ...parts.flat()].join('\n')}\n`;
}

function section(key: string, schema: JsonSchema): readonly string[] {
  const text = keyText(key);
  const rows = [...new Set(rowsOf(schema, key))];
  const head = ['', `## ${key}`, '', `${text?.zh ?? ''} · ${text?.en ?? ''}`];
  if (rows.length === 0) return head;
  return [...head, '', ...documentationText.tableHead, ...rows];
}

/** One row per key below `path`, in schema order. */
function rowsOf(schema: JsonSchema, path: string): readonly string[] {
  const required = (schema.required ?? []) as readonly string[];
  const isReference = Object.keys(schema.properties ?? {}).join() === 'secret';
  if (isReference) return [];
  return children(schema, path).flatMap(({ path: inner, schema: member }) => {
    const below = rowsOf(member, inner);
    if (inner === path) return below;
    return [row(inner, member, required.includes(inner.split('.').at(-1) ?? '')), ...below];
  });
}

function row(path: string, schema: JsonSchema, isRequired: boolean): string {
  const text = keyText(path);
  const standard =
    schema.default === undefined || schema.default === ''
      ? isRequired
        ? documentationText.required
        : ''
      : `\`${String(schema.default)}\``;
  const cells = [`\`${path}\``, form(schema), standard, text?.zh ?? '', text?.en ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

/** The form of a value, short enough for a table. */
function form(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `\`${String(value)}\``).join(' ');
  if (schema.unit === 'duration') return '`5s`';
  if (schema.unit === 'size') return '`500KB`';
  if (schema.anyOf !== undefined) return schema.anyOf.map(form).join(' / ');
  if (Object.keys(schema.properties ?? {}).join() === 'secret') return '`{ secret: … }`';
  return { object: '{…}', array: '[…]', string: 'text' }[String(schema.type)] ?? String(schema.type ?? '');
}
