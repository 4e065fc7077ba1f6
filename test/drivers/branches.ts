/**
 * Every branch of a configuration's schema, one key at a time: what each key may be, so that a key added tomorrow is tried too.
 * Values that only a person can make up (addresses, secrets) are given by name.
 */
import { z } from 'zod';

type Node = Readonly<Record<string, unknown>>;
type Config = Readonly<Record<string, unknown>>;

/**
 * `base`: what every configuration has; `examples`: values by key. Throws when some key has no value that the schema accepts: then this
 * file or the examples must learn it, for an untried key is one of which nothing was proven.
 */
export function branchesOf(
  schema: z.ZodType,
  base: Config,
  examples: Readonly<Record<string, readonly unknown[]>>,
): readonly Config[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Node;
  const properties = (root.properties ?? {}) as Readonly<Record<string, Node>>;
  const found: Config[] = [base];
  for (const [key, node] of Object.entries(properties)) {
    const tried = (examples[key] ?? candidates(node)).map((value) => ({ ...base, [key]: value }));
    const accepted = tried.filter((config) => schema.safeParse(config).success);
    if (accepted.length === 0) throw new Error(`no value of "${key}" is accepted: give this test an example of it`);
    found.push(...accepted);
  }
  const last = Object.assign({}, ...found) as Config;
  return schema.safeParse(last).success ? [...found, last] : found;
}

function candidates(node: Node): readonly unknown[] {
  if (node.const !== undefined) return [node.const];
  if (Array.isArray(node.enum)) return node.enum;
  for (const choice of ['anyOf', 'oneOf'] as const)
    if (Array.isArray(node[choice])) return (node[choice] as Node[]).flatMap(candidates);
  switch (node.type) {
    case 'boolean':
      return [true, false];
    case 'integer':
    case 'number':
      return [...new Set([node.minimum, node.maximum, node.default].filter((value) => typeof value === 'number'))];
    case 'array': {
      const each = candidates((node.items ?? {}) as Node);
      return [[], each, ...each.map((value) => [value])];
    }
    case 'object':
      return groups(node);
    default:
      return ['x1'];
  }
}

function groups(node: Node): readonly Config[] {
  const properties = Object.entries((node.properties ?? {}) as Readonly<Record<string, Node>>);
  if (properties.length === 0)
    return typeof node.additionalProperties === 'object'
      ? [{}, ...candidates(node.additionalProperties as Node).map((value) => ({ x1: value }))]
      : [{}];
  const whole = Object.fromEntries(properties.map(([key, inner]) => [key, candidates(inner)[0]]));
  return [
    whole,
    ...properties.flatMap(([key, inner]) => candidates(inner).map((value) => ({ ...whole, [key]: value }))),
  ];
}
