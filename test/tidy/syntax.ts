/** The syntax tree of a source. */
import { parseAst } from 'vite';
import type { Source } from './sources.ts';

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

export const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';

export function childrenOf(node: Node): readonly Node[] {
  const children: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) children.push(...value.filter(isNode));
    else if (isNode(value)) children.push(value);
  }
  return children;
}

const parsed = new WeakMap<Source, Node>();

/** Once for all rules: it takes longer than they do. */
export function parse(source: Source): Node {
  const lang = source.path.endsWith('x') ? 'tsx' : 'ts';
  const tree = parsed.get(source) ?? (parseAst(source.text, { lang }) as unknown as Node);
  parsed.set(source, tree);
  return tree;
}
