/**
 * One stretch of the chain, row by row: whatever does not fit in it. Each block keeps the head it ends with, so that a stretch begins with the head
 * before it and knows nothing of the others; together they are the whole.
 */
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import { BLOCK_ROWS, type BoxFact, CHECK_DIGITS, headOf, rootOf, sha256 } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import { digestsIn } from './chain-rows.ts';
import { boxEvent, WalkedRows } from './walked-rows.ts';

const FAULTS_MAX = 100;

/** Where a walk begins: right behind a block, or at the beginning of a chain. `before`: the head of that block, or the id of the chain. */
export interface ChainPlace {
  readonly first: number;
  readonly before: string;
}

/** Of one chain: rows from `first` up to before `next`. */
export interface ChainStretch extends ChainPlace {
  readonly next: number;
}

/** Rows to be compared: a part of a chain says nothing of the rest. */
export interface WalkRange {
  readonly from: number;
  readonly to: number;
}

/** What a stretch says, in the order of its rows. */
export interface Walked {
  /** `open`: of the rows those behind the last head. */
  readonly counted: { rows: number; deleted: number; open: number };
  readonly faults: readonly ChainFault[];
  /** Rows of the box, with their numbers; of those that name rows of other tables one for each run of the program, and what takes records. */
  readonly facts: readonly (readonly [seq: number, fact: BoxFact])[];
  readonly rows: KnownRows;
  readonly holes: Holes;
}

/** By rule the last row that it took. */
export type Holes = Partial<Record<'expired' | 'erased', number>>;

export interface Block {
  readonly first: number;
  readonly last: number;
  readonly head: string;
  readonly root: string | null;
  readonly digests: string | null;
  readonly rule: string | null;
}

/** What the chain says of the rows of other tables, in the end: by name, the number of the fact and the digest in it. */
export interface KnownRows {
  readonly named: Map<string, RowSaid>;
  /** Every row was said anew here: what stands before counts no more. 0: none was. */
  anewAt: number;
}

/** Without a digest: it is gone. `isCompared`: with the table, since it was said. */
export type RowSaid = [seq: number, digest: string | undefined, isCompared?: true];

/** The chains in stretches of some `rows` numbers each, or what lies behind `since` of them. */
export function* stretchesOf(database: Database, rows: number, since?: ChainPlace): Generator<ChainStretch, undefined> {
  const chains = database.prepare('SELECT first, id FROM chain ORDER BY first').all() as {
    readonly first: number;
    readonly id: string;
  }[];
  // Only between two blocks that follow each other: no row lies there.
  const cut = database.prepare(
    `SELECT later.first, former.head AS before FROM chain_block AS later JOIN chain_block AS former ON former.first =
        (SELECT max(first) FROM chain_block WHERE first < later.first)
      WHERE later.first >= ? AND later.first < ? AND former.last = later.first - 1 ORDER BY later.first LIMIT 1`,
  );
  for (const [index, { first, id }] of chains.entries()) {
    const end = chains[index + 1]?.first ?? Number.MAX_SAFE_INTEGER;
    if (since !== undefined && since.first >= end) continue;
    let begin = since !== undefined && since.first > first ? since : { first, before: id };
    for (;;) {
      const found = cut.get(begin.first + rows, end) as ChainPlace | undefined;
      yield { ...begin, next: found?.first ?? end };
      if (found === undefined) break;
      begin = found;
    }
  }
}

/** Behind the last block. */
export const lastHead = (database: Database): ChainPlace | undefined =>
  database.prepare('SELECT last + 1 AS first, head AS before FROM chain_block ORDER BY first DESC LIMIT 1').get() as
    | ChainPlace
    | undefined;

const AHEAD_MS = 86_400_000;

/**
 * Behind the last head that was signed before any of this time: rows are in no order of the clock, which may have been wrong. One of a time that is still
 * to come was signed by a wrong clock, and says nothing of when. undefined: none was signed since, or none before.
 */
export const headBefore = (database: Database, wallMs: number, nowWallMs = Infinity): ChainPlace | undefined =>
  database
    .prepare(
      `SELECT last + 1 AS first, head AS before FROM chain_head JOIN chain_block USING (last, head)
        WHERE last < (SELECT min(last) FROM chain_head WHERE wall_ms BETWEEN ? AND ?) ORDER BY last DESC LIMIT 1`,
    )
    .get(wallMs, nowWallMs + AHEAD_MS) as ChainPlace | undefined;

export function walkStretch(database: Database, stretch: ChainStretch, range: WalkRange): Walked {
  return new Walk(database, stretch, range).walked();
}

class Walk {
  readonly #faults: ChainFault[] = [];
  readonly #facts: (readonly [seq: number, fact: BoxFact])[] = [];
  readonly #rows: KnownRows = { named: new Map(), anewAt: 0 };
  readonly #holes: Holes = {};
  #isNamed = false;
  readonly #counted = { rows: 0, deleted: 0, open: 0 };
  readonly #database: Database;
  readonly #stretch: ChainStretch;
  readonly #range: WalkRange;

  constructor(database: Database, stretch: ChainStretch, range: WalkRange) {
    this.#database = database;
    this.#stretch = stretch;
    this.#range = range;
  }

  walked(): Walked {
    const { first, next, before } = this.#stretch;
    const { from, to } = this.#range;
    if (first > to) return this.#all();
    const blocks = this.#database.prepare('SELECT * FROM chain_block WHERE first >= ? AND first < ? ORDER BY first');
    const rows = new WalkedRows(this.#database, Math.max(first, from - BLOCK_ROWS), next);
    rows.move();
    let [previous, expected] = [before, first];
    for (const block of blocks.all(first, next) as Block[]) {
      if (block.first > to) return this.#all();
      if (block.first !== expected) this.#found({ kind: 'missing', first: expected, last: block.first - 1 });
      const digests: string[] = [];
      const seqs: number[] = [];
      for (; !rows.isDone && rows.seq <= block.last; rows.move()) {
        const digest = this.#row(rows);
        if (digest === undefined || rows.seq < block.first) continue;
        digests.push(digest);
        seqs.push(rows.seq);
      }
      if (block.last >= from && block.first <= to) this.#block(block, previous, digests, seqs);
      previous = block.head;
      expected = block.last + 1;
    }
    for (; !rows.isDone && rows.seq <= to; rows.move()) {
      // Behind the last head a row has only its own check.
      if (this.#row(rows) === undefined) continue;
      if (rows.seq !== expected) this.#found({ kind: 'missing', first: expected, last: rows.seq - 1 });
      this.#counted.open += 1;
      expected = rows.seq + 1;
    }
    // With its last row a block has its head.
    if (this.#counted.open >= BLOCK_ROWS)
      this.#found({ kind: 'head', first: expected - this.#counted.open, last: expected - 1 });
    return this.#all();
  }

  #all(): Walked {
    return { counted: this.#counted, faults: this.#faults, facts: this.#facts, rows: this.#rows, holes: this.#holes };
  }

  #row({ seq, text, check }: WalkedRows): string | undefined {
    if (text === undefined) {
      this.#found({ kind: 'added', seq });
      return undefined;
    }
    const digest = sha256(text);
    this.#counted.rows += 1;
    if (check.length !== CHECK_DIGITS || !digest.startsWith(check)) this.#found({ kind: 'changed', seq });
    const event = boxEvent(text);
    if (event === undefined) return digest;
    const fact = parsed<BoxFact>(event);
    if (fact?.kind === 'rows') this.#named(seq, fact);
    else if (fact !== undefined) this.#facts.push([seq, fact]);
    if (fact?.kind === 'chain' || fact?.kind === 'start') this.#isNamed = false;
    if (fact?.kind === 'tables' && fact.taken !== undefined) {
      this.#rows.named.clear();
      this.#rows.anewAt = seq;
    }
    return digest;
  }

  #named(seq: number, { by, now = [], gone = [] }: Extract<BoxFact, { kind: 'rows' }>): void {
    for (const row of now) this.#rows.named.set(JSON.stringify(row.slice(0, -1)), [seq, String(row.at(-1))]);
    for (const row of gone) this.#rows.named.set(JSON.stringify(row), [seq, undefined]);
    const records = gone.filter(([table]) => table === 'release');
    if (!this.#isNamed || records.length > 0) this.#facts.push([seq, { kind: 'rows', by, gone: records }]);
    this.#isNamed = true;
  }

  #block(
    { first, last, head, root, digests: kept, rule }: Block,
    previous: string,
    found: string[],
    seqs: number[],
  ): void {
    let digests = found;
    if (!isRightlyKept(root, kept, rule, last - first + 1 - seqs.length)) {
      this.#found({ kind: 'head', first, last });
      return;
    }
    if (seqs.length < last - first + 1) {
      let hole = last;
      while (seqs[seqs.length - 1 - (last - hole)] === hole) hole -= 1;
      if (rule !== null) this.#holes[rule as keyof Holes] = hole;
      if (root !== null && seqs.length === 0) {
        if (headOf(previous, first, last, root) !== head) this.#found({ kind: 'head', first, last });
        this.#counted.deleted += last - first + 1;
        return;
      }
      const known = digestsIn(kept);
      this.#counted.deleted += known.size;
      for (const [index, seq] of seqs.entries()) known.set(seq, found[index] ?? '');
      for (let seq = first; seq <= last; seq += 1) {
        if (known.has(seq)) continue;
        this.#found({ kind: 'missing', first: seq, last: seq });
        return;
      }
      digests = Array.from({ length: last - first + 1 }, (_, at) => known.get(first + at) ?? '');
    }
    const isChanged = this.#faults.some((fault) => fault.kind === 'changed' && fault.seq >= first && fault.seq <= last);
    if (!isChanged && headOf(previous, first, last, rootOf(digests)) !== head)
      this.#found({ kind: 'head', first, last });
  }

  #found(fault: ChainFault): void {
    if (this.#faults.length < FAULTS_MAX) this.#faults.push(fault);
  }
}

/** Whether what is kept of a block says so many rows gone, and nothing of others, as the program writes it. */
function isRightlyKept(root: string | null, kept: string | null, rule: string | null, gone: number): boolean {
  if (root === null && kept === null) return rule === null;
  if (rule !== 'expired' && rule !== 'erased') return false;
  const digests = digestsIn(kept);
  const asWritten = [...digests].map(([seq, digest]) => `${seq} ${digest}`).join('\n');
  return asWritten === (kept ?? '') && (root === null ? digests.size <= gone : kept === null);
}
