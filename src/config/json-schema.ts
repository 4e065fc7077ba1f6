/** The configuration's schema as JSON Schema, for editors, the page's form and the documentation. Knows kinds only as passed in. */
import { z } from 'zod';
import { choiceText, keyText } from '../text/keys/keys.ts';
import type { Language } from '../text/text.ts';
import type { Kinds } from './devices.ts';
import { profileNames } from './profiles.ts';
import { ROOT } from './schema/schema.ts';

/** The subset of JSON Schema in use. */
export interface JsonSchema {
  [key: string]: unknown;
  properties?: Record<string, JsonSchema>;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  description?: string;
}

const SECRET: JsonSchema = {
  type: 'object',
  properties: { secret: { type: 'string' } },
  required: ['secret'],
  additionalProperties: false,
};

/** The JSON Schema of a configuration file, with each key's meaning in one language. */
export function configJsonSchema(kinds: Kinds, language: Language): JsonSchema {
  const root = toJsonSchema(ROOT);
  const onWire = kinds.driverKinds.filter(({ wire }) => wire !== false);
  const own = kinds.driverKinds.filter(({ wire }) => wire === false);
  const devices = root.properties?.lines?.items?.properties?.devices;
  if (devices !== undefined) {
    devices.items = choice(
      onWire.map(({ kind, schema, profiles }) =>
        ofKind(kind, toJsonSchema(schema), profiles === undefined ? undefined : profileNames(profiles)),
      ),
    );
  }
  const gpio = root.properties?.gpio;
  if (gpio !== undefined && own.length > 0)
    gpio.items = choice(own.map(({ kind, schema }) => ofKind(kind, toJsonSchema(schema))));
  const cameras = root.properties?.cameras;
  if (cameras !== undefined)
    cameras.items = choice(kinds.cameraKinds.map(({ kind, schema }) => ofKind(kind, toJsonSchema(schema))));
  describe(root, '', language);
  return root;
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  const json = z.toJSONSchema(schema, {
    io: 'input',
    // The only values JSON cannot express are secrets.
    unrepresentable: () => ({ ...SECRET }),
    override: ({ jsonSchema }) => {
      if (typeof jsonSchema.default === 'object') delete jsonSchema.default;
      // The default of an optional key; zod drops `default` beside a transform.
      const { usual, ...rest } = jsonSchema as { usual?: unknown };
      if (usual === undefined) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, rest, { default: usual });
    },
  });
  return json as JsonSchema;
}

function ofKind(kind: string, { $schema: _, ...schema }: JsonSchema, profiles?: readonly string[]): JsonSchema {
  const required = [
    'id',
    'kind',
    ...(profiles === undefined ? [] : ['profile']),
    ...((schema.required ?? []) as string[]),
  ];
  return {
    ...schema,
    properties: {
      id: { type: 'string' },
      kind: { const: kind },
      ...(profiles === undefined ? {} : { profile: { enum: profiles } }),
      ...schema.properties,
    },
    required,
  };
}

function choice(kinds: JsonSchema[]): JsonSchema {
  return kinds.length === 1 && kinds[0] !== undefined ? kinds[0] : { oneOf: kinds };
}

/** Adds the texts of `src/text/keys/keys.txt` to the keys. */
function describe(schema: JsonSchema, path: string, language: Language): void {
  const text = keyText(path);
  if (text !== undefined) schema.description = text[language];
  const names = Object.entries(choiceText(path) ?? {}).map(([choice, name]) => [choice, name[language]]);
  if (names.length > 0) schema.names = Object.fromEntries(names);
  for (const { path: inner, schema: member } of children(schema, path)) describe(member, inner, language);
}

/**
 * Members of a schema, each with the path of its text: `lanes.points.down`, `devices.modbus.pollMs`. A list and its members share a
 * path; the keys of a kind include the kind.
 */
export function children(
  schema: JsonSchema,
  path: string,
): readonly { readonly path: string; readonly schema: JsonSchema }[] {
  const kind = schema.properties?.kind?.const;
  const base = typeof kind === 'string' && path !== 'gpio' ? `${path.replace(/^lines\./, '')}.${kind}` : path;
  const named = Object.entries(schema.properties ?? {}).map(([key, inner]) => ({
    // A point's text holds for every role.
    path: `${base}.${key}`.replace(/^\./, '').replace(/^(lanes\.points)\.\w+\./, '$1.*.'),
    schema: inner,
  }));
  const same = [
    ...(schema.items === undefined ? [] : [schema.items]),
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
  ];
  return [...named, ...same.map((inner) => ({ path, schema: inner }))];
}
