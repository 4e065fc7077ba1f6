/** Unions of strings and the lists that hold their members, of all sources. */
import type { Source } from './sources.ts';
import { childrenOf, isNode, type Node, parse } from './syntax.ts';

interface Strings {
  /** Of the constant, type or property that holds it. */
  readonly name: string;
  readonly path: string;
  readonly members: ReadonlySet<string>;
  /** The type that it is or gives by `as const`, and not only a list of some. */
  readonly isUnion: boolean;
}

const MEMBERS_LEAST = 4;

const literal = (node: unknown): string | undefined =>
  isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

/** The text of a member: of an array, of a type, or a key of an object. undefined: something else. */
function memberOf(node: Node): string | undefined {
  if (node.type === 'TSLiteralType') return literal(node.literal);
  if (node.type !== 'Property') return literal(node);
  const { key } = node;
  return isNode(key) && key.type === 'Identifier' && node.computed !== true ? String(key.name) : literal(key);
}

/** `… as const`, `… satisfies …`. */
const THROUGH = new Set(['TSAsExpression', 'TSSatisfiesExpression']);

const MEMBERS: Readonly<Record<string, string>> = {
  ArrayExpression: 'elements',
  ObjectExpression: 'properties',
  TSUnionType: 'types',
};

function nameOf(node: Node, holder: string): string {
  const named = [node.id, node.key].find((each) => isNode(each) && typeof each.name === 'string');
  return isNode(named) ? String(named.name) : holder;
}

function stringsOf(source: Source): Strings[] {
  const found: Strings[] = [];
  const visit = (node: Node, holder: string, isUnion: boolean): void => {
    const name = nameOf(node, holder);
    const listed = MEMBERS[node.type];
    if (listed !== undefined) {
      const nodes = (node[listed] as readonly (Node | null)[]).filter((each) => each !== null);
      const members = new Set(nodes.map(memberOf).filter((each) => each !== undefined));
      if (members.size >= MEMBERS_LEAST)
        found.push({ name, path: source.path, members, isUnion: isUnion && isType(source, name, node) });
    }
    for (const child of childrenOf(node)) visit(child, name, givesUnion(node, child, isUnion));
  };
  visit(parse(source), '', false);
  return found;
}

function isType({ code }: Source, name: string, { type }: Node): boolean {
  if (type === 'TSUnionType') return true;
  const use = type === 'ObjectExpression' ? `keyof typeof ${name}\\b` : `typeof ${name}\\b|z\\.enum\\(${name}\\)`;
  return new RegExp(use).test(code);
}

/** `type X = …`, or a constant of whose type another is made: to the list itself and no deeper. */
function givesUnion(node: Node, child: Node, isUnion: boolean): boolean {
  if (node.type === 'TSTypeAliasDeclaration') return child === node.typeAnnotation;
  return node.type === 'VariableDeclarator' ? child === node.init : isUnion && THROUGH.has(node.type);
}

/** Less than this is a group of its own, or chance. */
const MOST = 0.6;

const sharedOf = (one: Strings, other: Strings): number =>
  [...one.members].filter((member) => other.members.has(member)).length;

/** Lists that hold most members of a union, but not all; and the second of two unions of the same members. */
export function copiesIn(all: readonly Source[]): readonly string[] {
  const lists = all.flatMap(stringsOf);
  const unions = lists.filter(({ isUnion }) => isUnion);
  return lists.flatMap((list, at) =>
    unions
      .filter((union) => {
        const shared = sharedOf(union, list);
        if (union === list || shared < MEMBERS_LEAST) return false;
        if (shared === union.members.size)
          return list.isUnion && shared === list.members.size && lists.indexOf(union) < at;
        return shared >= MOST * union.members.size && shared >= MOST * list.members.size;
      })
      .map((union) => `${list.path} ${list.name}: ${union.name}`),
  );
}
