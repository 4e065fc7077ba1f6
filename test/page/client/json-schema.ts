/** Checks a value against the JSON Schemas of a description. A keyword that it does not know is an error: what is described is checked. */

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly [other: string]: unknown;
}
export type Schemas = Readonly<Record<string, Schema>>;

const KNOWN = new Set(
  '$ref type enum const anyOf oneOf allOf not items properties required additionalProperties description format deprecated default minItems maxItems'.split(
    ' ',
  ),
);

export const nameOf = (ref: string): string => decodeURIComponent(ref.replace('#/components/schemas/', ''));

/** What is wrong, each with its path. */
export function faultsOf(value: unknown, schema: Schema, schemas: Schemas, path = ''): readonly string[] {
  for (const keyword of Object.keys(schema)) if (!KNOWN.has(keyword)) return [`${path}: keyword ${keyword}`];
  if (schema.$ref !== undefined) {
    const named = schemas[nameOf(schema.$ref)];
    return named === undefined ? [`${path}: no schema ${schema.$ref}`] : faultsOf(value, named, schemas, path);
  }
  if (schema.allOf !== undefined) return schema.allOf.flatMap((each) => faultsOf(value, each, schemas, path));
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) {
    const all = choices.map((each) => faultsOf(value, each, schemas, path));
    return all.some((faults) => faults.length === 0)
      ? []
      : [`${path}: none of ${choices.length}: ${all.flat().slice(0, 4).join('; ')}`];
  }
  if ('const' in schema)
    return value === schema.const ? [] : [`${path}: ${String(value)} is not ${String(schema.const)}`];
  if (schema.enum !== undefined)
    return schema.enum.includes(value) ? [] : [`${path}: ${String(value)} is not in the list`];
  const types = [schema.type ?? typeOf(value)].flat();
  if (!types.includes(typeOf(value)) && !(types.includes('integer') && Number.isInteger(value)))
    return [`${path}: ${typeOf(value)}, not ${String(schema.type)}`];
  if (Array.isArray(value))
    return value.flatMap((each, at) => faultsOf(each, schema.items ?? {}, schemas, `${path}[${at}]`));
  if (typeof value === 'object' && value !== null) return membersFaults(value, schema, schemas, path);
  return [];
}

function membersFaults(value: object, schema: Schema, schemas: Schemas, path: string): readonly string[] {
  const { properties = {}, required = [], additionalProperties = true } = schema;
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}: ${name} is missing`);
  const members = Object.entries(value).flatMap(([name, member]) => {
    const own = properties[name];
    if (own !== undefined) return faultsOf(member, own, schemas, `${path}.${name}`);
    if (additionalProperties === false) return [`${path}: ${name} is not declared`];
    return additionalProperties === true ? [] : faultsOf(member, additionalProperties, schemas, `${path}.${name}`);
  });
  return [...missing, ...members];
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
