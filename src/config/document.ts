/**
 * A YAML file as values that know where they stand: line and column of every key and value, and the text a value was written as.
 * It knows YAML and nothing of what the values mean.
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
  visit,
} from 'yaml';
import { configFaultText } from '../text/config.ts';
import type { ConfigFault } from './errors.ts';

export type Path = readonly PropertyKey[];
export interface DocumentPosition {
  readonly line: number;
  readonly column: number;
}

/** More than this was not written by hand. */
const LARGEST_BYTES = 1_000_000;

export class ConfigDocument {
  readonly file: string;
  /** Plain values; undefined members where the YAML is broken. */
  readonly value: unknown;
  /** Syntax only. */
  readonly faults: readonly ConfigFault[];
  readonly #document: Document;
  readonly #counter = new LineCounter();

  constructor(file: string, text: string) {
    this.file = file;
    const tooLarge = Buffer.byteLength(text) > LARGEST_BYTES;
    // prettyErrors would put lines of the file, and so perhaps a secret, into the message.
    this.#document = parseDocument(tooLarge ? '' : text, { lineCounter: this.#counter, prettyErrors: false });
    const errors = [...this.#document.errors, ...this.#document.warnings];
    // After the first error in the structure the parser is lost, and what it says of later lines is the echo of it.
    const lost = errors.findIndex(({ code }) => code !== 'DUPLICATE_KEY');
    const faults = errors
      .slice(0, lost < 0 ? errors.length : lost + 1)
      .map((error) => this.#fault(error.code, this.#counter.linePos(error.pos[0])));
    faults.push(...this.#looseAliases());
    if (tooLarge) faults.push(this.#fault('TOO_LARGE', { line: 1, col: 1 }));
    this.value = faults.length === 0 ? this.#toValue(faults) : undefined;
    this.faults = faults;
  }

  /** Where the value at `path` begins, or as much of the path as exists. */
  valueAt(path: Path): DocumentPosition {
    return this.#place(this.#walk(path).node);
  }

  /** Where the last key of `path` is written, or as much of the path as exists. */
  keyAt(path: Path): DocumentPosition {
    const { key, node } = this.#walk(path);
    return this.#place(key ?? node);
  }

  /** The text a number was written as (`0123`), if the value at `path` is one. */
  numberSource(path: Path): string | undefined {
    const { node, whole } = this.#walk(path);
    return whole && isScalar(node) && typeof node.value === 'number' ? node.source : undefined;
  }

  #looseAliases(): readonly ConfigFault[] {
    const faults: ConfigFault[] = [];
    visit(this.#document, {
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        faults.push(this.#fault('BAD_ALIAS', this.#counter.linePos(alias.range?.[0] ?? 0)));
      },
    });
    return faults;
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

/** The key and value nodes of one step down; undefined when there is nothing by that name. */
function child(node: Node | null, step: PropertyKey): readonly [Node | undefined, Node | null | undefined] {
  if (isMap(node)) {
    const pair = node.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === String(step));
    return pair === undefined ? [undefined, undefined] : [pair.key as Node, pair.value as Node | null];
  }
  if (isSeq(node)) return [undefined, node.items[Number(step)] as Node | undefined];
  return [undefined, undefined];
}
