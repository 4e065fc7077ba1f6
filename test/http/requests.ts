/** Every request that the two servers know, made from their own descriptions: a route that is new is in it by itself. */

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minLength?: number;
  readonly minimum?: number;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

export interface KnownRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: { readonly type: string; readonly bytes: Buffer };
}

const PARAMETERS: Readonly<Record<string, string>> = { id: '1', user: 'nobody' };

export function requestsOf(description: Description): readonly KnownRequest[] {
  const known = description.components?.schemas ?? {};
  return Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody }]) => {
      const [content] = Object.entries(requestBody?.content ?? {});
      const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PARAMETERS[name] ?? 'x');
      const body = content && { type: content[0], bytes: bytesOf(content[0], content[1].schema, known) };
      const one = { method: method.toUpperCase(), path: filled, ...(body && { body }) };
      return one.method === 'GET' ? [one, { ...one, method: 'HEAD' }] : [one];
    }),
  );
}

function bytesOf(type: string, schema: Schema, known: Readonly<Record<string, Schema>>): Buffer {
  if (type !== 'application/json') return Buffer.alloc(3_000, 'no such file ');
  return Buffer.from(JSON.stringify(sample(schema, known)));
}

/** The smallest value that the schema takes, about. */
function sample(schema: Schema, known: Readonly<Record<string, Schema>>): unknown {
  const named = schema.$ref === undefined ? schema : known[schema.$ref.split('/').at(-1) ?? ''];
  const one = named?.anyOf?.[0] ?? named?.oneOf?.[0] ?? named ?? {};
  if (one !== named) return sample(one, known);
  if (one.const !== undefined) return one.const;
  if (one.enum !== undefined) return one.enum[0];
  if (one.type === 'string') return 'x'.repeat(Math.max(1, one.minLength ?? 1));
  if (one.type === 'integer' || one.type === 'number') return one.minimum ?? 1;
  if (one.type === 'boolean') return false;
  if (one.type === 'array') return [];
  const { properties = {}, required = [] } = one;
  return Object.fromEntries(required.map((name) => [name, sample(properties[name] ?? {}, known)]));
}
