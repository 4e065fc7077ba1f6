/**
 * A YAML file as values with their positions: line and column of every key and value, and the source text of a value. It knows YAML, not
 * the meaning of the values.
 */
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { configFaultText } from '../text/config.ts';
import type { ConfigFault } from './errors.ts';

export type Path = readonly PropertyKey[];
export interface DocumentPosition {
  readonly line: number;
  readonly column: number;
}

export type WrittenKeys = Readonly<Record<string, unknown>>;
/** A group as plain values; what is none is empty. */
export const groupIn = (value: unknown): WrittenKeys =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as WrittenKeys) : {};
export const listIn = (value: unknown): readonly WrittenKeys[] => (Array.isArray(value) ? value.map(groupIn) : []);

/** Larger files are not written by hand. */
const LARGEST_BYTES = 1_000_000;
/** Anchors and aliases together, in a new text. */
const ANCHORS_MAX = 200;
const MERGE_KEY = '<<';

/** What another process read of a text without faults: it takes a hundredth of the time to go on with it. */
export interface PlainDocument {
  readonly json: string;
  /** Source texts of its numbers, by path as JSON. */
  readonly numbers: readonly (readonly [path: string, source: string])[];
}

export class ConfigDocument {
  readonly file: string;
  /** Plain values; undefined members where the YAML is broken. */
  readonly value: unknown;
  /** Syntax only. */
  readonly faults: readonly ConfigFault[];
  /** What a file of 1.0.0-rc.1 may contain and a new text may not: merge keys, and anchors and aliases without end. */
  readonly outdated: readonly ConfigFault[];
  readonly #document: Document;
  readonly #counter = new LineCounter();
  readonly #numbers: ReadonlyMap<string, string>;

  /** `isNew`: what is outdated is a fault. A plain document has no positions. */
  constructor(file: string, whole: string | PlainDocument, { isNew = false } = {}) {
    this.file = file;
    const isPlain = typeof whole !== 'string';
    this.#numbers = new Map(isPlain ? whole.numbers : []);
    const text = isPlain ? '' : whole;
    const tooLarge = Buffer.byteLength(text) > LARGEST_BYTES;
    // prettyErrors would quote lines of the file, and perhaps a secret, in the message.
    // The parser compares each key with each: `#seen` finds those written twice in one walk.
    const options = { lineCounter: this.#counter, prettyErrors: false, uniqueKeys: false };
    this.#document = parseDocument(tooLarge ? '' : text, options);
    const errors = [...this.#document.errors, ...this.#document.warnings];
    // After the first error the parser is lost: what it says and finds later is a consequence.
    const faults = errors.slice(0, 1).map((error) => this.#fault(error.code, this.#counter.linePos(error.pos[0])));
    const seen = this.#seen();
    const lostAt = faults[0]?.line ?? Number.POSITIVE_INFINITY;
    faults.push(...seen.faults.filter(({ line }) => line < lostAt));
    this.outdated = seen.outdated;
    if (isNew) faults.push(...seen.outdated);
    if (tooLarge) faults.push(this.#fault('TOO_LARGE', { line: 1, col: 1 }));
    this.value = faults.length > 0 ? undefined : isPlain ? JSON.parse(whole.json) : this.#toValue(faults);
    this.faults = faults;
  }

  /** Position of the value at `path`, or of as much of the path as exists. */
  valueAt(path: Path): DocumentPosition {
    return this.#place(this.#walk(path).node);
  }

  /** Position of the last key of `path`, or of as much of the path as exists. */
  keyAt(path: Path): DocumentPosition {
    const { key, node } = this.#walk(path);
    return this.#place(key ?? node);
  }

  /** The source text of a number (`0123`), if the value at `path` is one. */
  numberSource(path: Path): string | undefined {
    const { node, whole } = this.#walk(path);
    return whole && isScalar(node) && typeof node.value === 'number'
      ? node.source
      : this.#numbers.get(JSON.stringify(path));
  }

  /** Of a document without faults. */
  get plain(): PlainDocument {
    const numbers: (readonly [string, string])[] = [];
    const walk = (value: unknown, path: Path): void => {
      if (typeof value === 'object' && value !== null)
        for (const [key, inner] of Object.entries(value))
          walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
      const source = typeof value === 'number' ? this.numberSource(path) : undefined;
      if (source !== undefined) numbers.push([JSON.stringify(path), source]);
    };
    walk(this.value, []);
    return { json: JSON.stringify(this.value ?? null), numbers };
  }

  /** One walk: its time grows with the text, and not with the square of it. */
  #seen(): { readonly faults: readonly ConfigFault[]; readonly outdated: readonly ConfigFault[] } {
    const faults: ConfigFault[] = [];
    const outdated: ConfigFault[] = [];
    const anchors = new Set<string>();
    let count = 0;
    const at = (node: Node): { line: number; col: number } => this.#counter.linePos(node.range?.[0] ?? 0);
    const counted = (node: Node): void => {
      count += 1;
      if (count === ANCHORS_MAX + 1) outdated.push(this.#fault('ANCHORS', at(node)));
    };
    const anchored = (node: Scalar | YAMLMap | YAMLSeq): void => {
      if (node.anchor === undefined) return;
      anchors.add(node.anchor);
      counted(node);
    };
    visit(this.#document, {
      Value: (_key, node) => {
        anchored(node);
        if (!isMap(node)) return;
        const keys = new Set<unknown>();
        for (const { key } of node.items) {
          if (!isScalar(key)) continue;
          if (isMergeKey(key.value)) outdated.push(this.#fault('MERGE_KEY', at(key)));
          else if (keys.has(key.value)) faults.push(this.#fault('DUPLICATE_KEY', at(key)));
          keys.add(key.value);
        }
      },
      Alias: (_key, alias) => {
        counted(alias);
        if (!anchors.has(alias.source)) faults.push(this.#fault('BAD_ALIAS', at(alias)));
      },
    });
    return { faults, outdated };
  }

  #toValue(faults: ConfigFault[]): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 100 });
    } catch {
      faults.push(this.#fault('ALIASES', { line: 1, col: 1 }));
      return undefined;
    }
  }

  #walk(path: Path): { node: Node | null; key: Node | undefined; whole: boolean } {
    let node: Node | null = this.#document.contents;
    let key: Node | undefined;
    for (const step of path) {
      const [nextKey, next] = child(isAlias(node) ? (node.resolve(this.#document) ?? null) : node, step);
      if (next === undefined) return { node, key, whole: false };
      key = nextKey ?? next ?? key;
      node = next ?? nextKey ?? null;
    }
    return { node, key, whole: true };
  }

  #place(node: Node | null | undefined): DocumentPosition {
    const { line, col } = this.#counter.linePos(node?.range?.[0] ?? 0);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #fault(yamlCode: string, at: { line: number; col: number }): ConfigFault {
    const place = { line: Math.max(1, at.line), column: Math.max(1, at.col) };
    return { code: 'syntax', file: this.file, path: '', ...place, ...configFaultText.syntax(yamlCode) };
  }
}

/** In YAML 1.1 the parser makes it a symbol, and merges. */
const isMergeKey = (key: unknown): boolean =>
  key === MERGE_KEY || (typeof key === 'symbol' && key.description === MERGE_KEY);

/** Key and value nodes of one step down; undefined when absent. */
function child(node: Node | null, step: PropertyKey): readonly [Node | undefined, Node | null | undefined] {
  if (isMap(node)) {
    const pair = node.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === String(step));
    return pair === undefined ? [undefined, undefined] : [pair.key as Node, pair.value as Node | null];
  }
  if (isSeq(node)) return [undefined, node.items[Number(step)] as Node | undefined];
  return [undefined, undefined];
}
