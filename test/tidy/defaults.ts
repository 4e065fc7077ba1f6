/** Numbers that stand for a key that is left out: those of a schema, and those that other code falls back to. */
import { type Source, sources } from './sources.ts';
import { childrenOf, isNode, type Node, parse } from './syntax.ts';

export interface Default {
  readonly key: string;
  readonly path: string;
  readonly value: number;
}

type Constants = ReadonlyMap<string, Node>;

/** Where keys of the configuration and of profiles have their defaults. */
const SCHEMAS = ['src/config/', 'src/lane/settings.ts', 'drivers/'];

const nameOf = (node: unknown): string => {
  if (!isNode(node)) return '';
  if (node.type === 'MemberExpression') return nameOf(node.property);
  return node.type === 'ChainExpression' ? nameOf(node.expression) : String(node.name ?? node.value ?? '');
};

const MS = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** A number, a product, a constant of the same file, a duration as text. */
function numberOf(node: unknown, constants: Constants): number | undefined {
  if (!isNode(node)) return undefined;
  if (node.type === 'Identifier') return numberOf(constants.get(String(node.name)), constants);
  if (node.type === 'Literal' && typeof node.value === 'number') return node.value;
  if (node.type === 'BinaryExpression' && node.operator === '*')
    return Number(numberOf(node.left, constants)) * Number(numberOf(node.right, constants));
  const [, count, unit] = /^(\d+)(ms|s|min|h|d)$/.exec(String(node.value ?? '')) ?? [];
  return unit === undefined ? undefined : Number(count) * MS[unit as keyof typeof MS];
}

/** The argument of `.default(…)` or `.prefault(…)` in a chain of calls. */
function schemaDefault(node: unknown): unknown {
  if (!isNode(node) || node.type !== 'CallExpression' || !isNode(node.callee)) return undefined;
  const [first] = node.arguments as readonly Node[];
  return /^(de|pre)fault$/.test(nameOf(node.callee)) ? first : schemaDefault(node.callee.object);
}

/** What a node gives a default to, and the default; a setting of a lane is `duration(key, default, …)`. */
function given(node: Node): readonly [key: unknown, value: unknown] | undefined {
  if (node.type === 'Property') return [node.key, schemaDefault(node.value)];
  const [key, value] = (node.arguments ?? []) as readonly Node[];
  return nameOf(node.callee) === 'duration' ? [key, value] : undefined;
}

function fallback(node: Node): readonly [key: unknown, value: unknown] | undefined {
  if (node.type === 'AssignmentPattern') return [node.left, node.right];
  return node.type === 'LogicalExpression' && node.operator === '??' ? [node.left, node.right] : undefined;
}

function found(source: Source, pick: typeof given): Default[] {
  const tree = parse(source);
  const constants = new Map<string, Node>();
  const nodes = [tree];
  for (const node of nodes) nodes.push(...childrenOf(node));
  for (const { type, id, init } of nodes)
    if (type === 'VariableDeclarator' && isNode(init)) constants.set(nameOf(id), init);
  return nodes.flatMap((node) => {
    const [key, node_] = pick(node) ?? [];
    const value = numberOf(node_, constants);
    // A duration is `pollMs` in programs and may be `poll` in a file. 0 stands for nothing at all.
    return value === undefined || value === 0
      ? []
      : [{ key: nameOf(key).replace(/Ms$/, ''), path: source.path, value }];
  });
}

const isSchema = ({ path }: Source): boolean => SCHEMAS.some((place) => path.startsWith(place));

export const schemaDefaults = (all = sources): readonly Default[] =>
  all.filter(isSchema).flatMap((source) => found(source, given));

export const fallbacks = (all = sources): readonly Default[] => all.flatMap((source) => found(source, fallback));
