/** A client in TypeScript from the description of the interface: its types, and what each GET operation answers. */
import { nameOf, type Schema } from './json-schema.ts';

export interface Operation {
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;
  };
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
  readonly 'x-codeSamples': readonly { readonly source: string }[];
}
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export function clientOf({ paths, components }: Description): string {
  const types = Object.entries(components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeText(schema)};`,
  );
  const answers = Object.entries(paths).flatMap(([path, { get }]) => {
    const schema = get?.responses['2XX']?.content['application/json']?.schema;
    return schema === undefined ? [] : [`  '${path}': ${typeText(schema)};`];
  });
  return `${HEAD}
${types.join('\n\n')}

/** Answers of GET, by path. */
export interface Answers {
${answers.join('\n')}
}
${FOOT}`;
}

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return nameOf(schema.$ref);
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((each) => JSON.stringify(each)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return `(${choices.map(typeText).join(' | ')})`;
  if (schema.allOf !== undefined) return `(${schema.allOf.map(typeText).join(' & ')})`;
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeText({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return `readonly (${typeText(schema.items ?? {})})[]`;
  if (schema.type === 'object') return objectText(schema);
  if (schema.type === undefined) return 'unknown';
  return schema.type === 'integer' ? 'number' : String(schema.type);
}

function objectText({ properties = {}, required = [], additionalProperties = true }: Schema): string {
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `readonly ${/^\w+$/.test(name) ? name : `'${name}'`}${required.includes(name) ? '' : '?'}: ${typeText(schema)}`,
  );
  const others = typeof additionalProperties === 'object' ? typeText(additionalProperties) : 'unknown';
  const open = additionalProperties === false ? [] : [`readonly [name: string]: ${others}`];
  if (members.length === 0 && open.length === 0) return 'Readonly<Record<string, never>>';
  return `{ ${[...members, ...(members.length === 0 ? open : [])].join('; ')} }`;
}

const HEAD = `/** A client of the box, generated from its description: \`npx vitest run test/page/openapi.long.test.ts -u\` writes it anew. */
/* biome-ignore-all format: generated */
/* biome-ignore-all lint: generated */
`;

const FOOT = `
/** Asks the box for this path; resolves to the body of a 2xx. */
export type Ask = (path: string) => Promise<unknown>;

export async function get<P extends keyof Answers>(
  ask: Ask,
  path: P,
  named: Readonly<Record<string, string | number>> = {},
): Promise<Answers[P]> {
  return (await ask(path.replaceAll(/\\{(\\w+)\\}/g, (_, name: string) => encodeURIComponent(named[name] ?? name)))) as Answers[P];
}
`;
