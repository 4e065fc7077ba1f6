/**
 * The chain as the store thread writes it: a digest for each row of the journal, a head for each block, inside the transaction of the rows. Between
 * two blocks nothing but the row itself is written; after a start or a rollback the open block is folded again from its rows.
 */
import { randomBytes } from 'node:crypto';
import type { Database } from '../thread/database.ts';
import {
  BLOCK_ROWS,
  CHECK_DIGITS,
  type ChainBeginning,
  type ChainHead,
  type ChainRow,
  type Followed,
  headOf,
  ROW_TEXT,
  rootOf,
  rowText,
  sha256,
} from './chain.ts';
import { newSalt } from './salts.ts';

interface BlockRow {
  readonly first: number;
  readonly last: number;
  readonly head: string;
}

export interface ForgottenRow {
  readonly seq: number;
  readonly digest: string;
}

interface Forgetting {
  readonly first: number;
  readonly last: number;
  readonly digests: Map<number, string>;
}

export class ChainRows {
  readonly #sql;
  #id: string | undefined;
  #head = '';
  /** The last row under a head. */
  #sealed = 0;
  /** Of the open block. */
  #first = 0;
  #last = 0;
  #digests: string[] = [];
  #newest: ChainRow | undefined;

  constructor(database: Database) {
    this.#sql = {
      chain: database.prepare('SELECT id, first FROM chain ORDER BY first DESC LIMIT 1'),
      begin: database.prepare('INSERT INTO chain (first, id) VALUES (?, ?)'),
      block: database.prepare('SELECT first, last, head FROM chain_block ORDER BY first DESC LIMIT 1'),
      // SQLite takes the other columns from the row that has the maximum.
      signed: database.prepare(
        `SELECT max(last) AS last, head, wall_ms AS wallMs, key, signature FROM chain_head WHERE chain = ?
          GROUP BY key ORDER BY last DESC`,
      ),
      blockEnding: database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck(),
      addBlock: database.prepare('INSERT INTO chain_block (first, last, head) VALUES (?, ?, ?)'),
      open: database.prepare(
        `SELECT seq, ${ROW_TEXT} AS text FROM journal WHERE seq > ? AND link IS NOT NULL ORDER BY seq`,
      ),
      blockOf: database.prepare(
        'SELECT first, last, digests FROM chain_block WHERE first <= ? ORDER BY first DESC LIMIT 1',
      ),
      // One that was erased from is not taken for one that time has reached.
      keepDigests: database.prepare(
        `UPDATE chain_block SET digests = ?, rule = iif(rule IS 'erased', rule, ?) WHERE first = ?`,
      ),
      fold: database.prepare('UPDATE chain_block SET digests = NULL, root = ? WHERE first = ?'),
    };
    this.read();
  }

  /** undefined: none has begun in this database. */
  get id(): string | undefined {
    return this.#id;
  }

  /** The last one written. Before the first it is the id itself, over no row. */
  get head(): ChainHead | undefined {
    return this.#id === undefined ? undefined : { chain: this.#id, last: this.#sealed, head: this.#head };
  }

  /** The row taken up last. */
  get newest(): ChainRow | undefined {
    return this.#newest;
  }

  /** Whether this head is one of this database, as far as it is known. */
  has({ chain, last, head }: ChainHead): boolean {
    if (chain !== this.#id) return false;
    return last <= this.#sealed && ((this.#sql.blockEnding.get(last) as string | undefined) ?? head) === head;
  }

  /** Again from the rows. */
  read(): void {
    const chain = this.#sql.chain.get() as { id: string; first: number } | undefined;
    this.#id = chain?.id;
    this.#digests = [];
    if (chain === undefined) return;
    const block = this.#sql.block.get() as BlockRow | undefined;
    const isOf = block !== undefined && block.first >= chain.first;
    this.#sealed = isOf ? block.last : chain.first - 1;
    this.#head = isOf ? block.head : chain.id;
    this.#last = this.#sealed;
    this.#first = this.#sealed + 1;
    for (const { seq, text } of this.#sql.open.iterate(this.#sealed) as IterableIterator<{
      seq: number;
      text: string;
    }>) {
      this.#digests.push(sha256(text));
      this.#last = seq;
    }
  }

  /** The chain before keeps its rows; the first row of the new one is to come, and names both. */
  begin(first: number): { readonly id: string; readonly follows: Followed | undefined } {
    this.seal();
    const follows = this.head && { ...this.head, signed: this.#sql.signed.all(this.#id) as Followed['signed'] };
    const id = randomBytes(16).toString('hex');
    this.#sql.begin.run(first, id);
    this.#id = id;
    this.#head = id;
    this.#sealed = first - 1;
    this.#last = first - 1;
    return { id, follows };
  }

  /** Takes a row up; returns its salt and the beginning of its digest, to be written with it. */
  link(seq: number, bootSeq: number, laneId: string, atMs: number, wallMs: number, event: string): string {
    const salt = newSalt();
    const digest = sha256(rowText(seq, bootSeq, laneId, atMs, wallMs, salt, event));
    this.#newest = { chain: this.#id ?? '', row: seq, digest };
    if (this.#digests.length === 0) this.#first = seq;
    this.#last = seq;
    if (this.#digests.push(digest) >= BLOCK_ROWS) this.seal();
    return salt + digest.slice(0, CHECK_DIGITS);
  }

  /** A head over all rows so far. */
  seal(): void {
    if (this.#digests.length === 0) return;
    this.#head = headOf(this.#head, this.#first, this.#last, rootOf(this.#digests));
    this.#sql.addBlock.run(this.#first, this.#last, this.#head);
    this.#sealed = this.#last;
    this.#digests = [];
  }

  /** Rows about to be deleted by a rule, in order: their digests stay, those of a block that has lost all its rows as their root. */
  forget(rows: readonly ForgottenRow[], rule: string): void {
    let block: Forgetting | undefined;
    for (const { seq, digest } of rows) {
      if (block === undefined || seq > block.last) {
        if (block !== undefined) this.#keepDigests(block, rule);
        block = this.#forgetting(seq);
      }
      block?.digests.set(seq, digest);
    }
    if (block !== undefined) this.#keepDigests(block, rule);
  }

  #forgetting(seq: number): Forgetting | undefined {
    const row = this.#sql.blockOf.get(seq) as { first: number; last: number; digests: string | null } | undefined;
    if (row === undefined || row.last < seq) return undefined;
    return { first: row.first, last: row.last, digests: digestsIn(row.digests) };
  }

  #keepDigests({ first, last, digests }: Forgetting, rule: string): void {
    const sorted = [...digests].sort(([a], [b]) => a - b);
    this.#sql.keepDigests.run(sorted.map(([seq, digest]) => `${seq} ${digest}`).join('\n'), rule, first);
    if (sorted.length === last - first + 1) this.#sql.fold.run(rootOf(sorted.map(([, digest]) => digest)), first);
  }
}

/** The column `digests`: a line for each row that is gone, its number and its digest. */
export function digestsIn(column: string | null): Map<number, string> {
  const lines = column === null || column === '' ? [] : column.split('\n');
  return new Map(
    lines.map((line) => {
      const [seq = '', digest = ''] = line.split(' ');
      return [Number(seq), digest];
    }),
  );
}

/** Why the chain of this database does not go on from what the folder last held; undefined: it does. */
export function breakOf(
  rows: ChainRows,
  known: {
    readonly former: ChainHead | undefined;
    readonly isReplaced: boolean;
    readonly hasRows: boolean;
    readonly isMarked: boolean;
  },
): ChainBeginning | undefined {
  const { former, isReplaced, hasRows, isMarked } = known;
  if (rows.id === undefined)
    return isReplaced ? 'damaged' : hasRows ? 'migrated' : former === undefined ? 'new' : 'lost';
  if (!isMarked) return 'restored';
  if (former === undefined || rows.has(former)) return undefined;
  return former.chain === rows.id && former.last > (rows.head?.last ?? 0) ? 'rolledBack' : 'restored';
}
