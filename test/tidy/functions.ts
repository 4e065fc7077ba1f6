/** The functions of a source, by its syntax tree. */
import type { Source } from './sources.ts';
import { isNode, type Node, parse } from './syntax.ts';

/** What holds types only, and so no function. */
const TYPES = new Set(['typeAnnotation', 'returnType', 'typeParameters', 'typeArguments']);

const nameOf = (node: Node): string | undefined =>
  [node.id, node.key].map((each) => (isNode(each) ? each.name : undefined)).find((name) => typeof name === 'string');

/** Each function with its name (of the constant, method or property that holds it) and its lines. */
export function functionsOf(source: Source): { readonly name: string; readonly lines: number }[] {
  const found: { readonly name: string; readonly lines: number }[] = [];
  const visit = (value: unknown, holder: string): void => {
    if (Array.isArray(value)) for (const each of value) visit(each, holder);
    if (!isNode(value)) return;
    const name = nameOf(value) ?? holder;
    if (/^(Function(Declaration|Expression)|ArrowFunctionExpression)$/.test(value.type))
      found.push({ name, lines: source.text.slice(value.start, value.end).split('\n').length });
    for (const [key, each] of Object.entries(value)) if (!TYPES.has(key)) visit(each, name);
  };
  visit(parse(source).body, '');
  return found;
}
