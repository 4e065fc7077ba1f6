/**
 * Walks the chain of a store that may be in use, and the rows it speaks of, without changing anything. It opens the database itself, read-only, and is
 * meant for a command of its own process. It says what does not fit; `src/text/evidence.ts` has the words.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from '../files/journal-reader.ts';
import { parsed } from '../thread/json.ts';
import {
  BLOCK_ROWS,
  type BoxFact,
  CHECK_DIGITS,
  type ChainHead,
  headOf,
  headText,
  isSigned,
  rootOf,
  type SignedHead,
  sha256,
} from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import { digestsIn } from './chain-rows.ts';
import { boxEvent, type WalkedRow, walkedRows } from './walked-rows.ts';

export interface ChainReport {
  readonly chains: readonly Extract<BoxFact, { kind: 'chain' }>[];
  /** Rows compared, and rows from before the first chain. */
  readonly rows: number;
  readonly before: number;
  /** Deleted by a rule; their digests or the root over them fit. */
  readonly deleted: number;
  /** At the request of a person, and how often. */
  readonly erased: number;
  readonly erasures: number;
  /** Behind the last head. */
  readonly open: number;
  readonly records: number;
  readonly frames: number;
  readonly signed: number;
  /** The last head known to be outside. */
  readonly outside?: SignedHead;
  /** The first first. */
  readonly faults: readonly ChainFault[];
}

export interface ChainCheck {
  readonly fromWallMs?: number;
  readonly toWallMs?: number;
  /** Hash the pictures too. */
  readonly frames?: boolean;
  /** Heads that somebody outside has kept. */
  readonly heads?: readonly ChainHead[];
}

type Database = ReturnType<typeof openReadOnly>;

interface Block {
  readonly first: number;
  readonly last: number;
  readonly head: string;
  readonly root: string | null;
  readonly digests: string | null;
}

const FAULTS_MAX = 100;

/** `folder`: the state folder. Throws StoreError `unavailable` or `newer`. */
export function checkChain(folder: string, asked: ChainCheck = {}): ChainReport {
  const database = openReadOnly(folder);
  try {
    // One view of it all, while the program writes.
    database.exec('BEGIN');
    const walk = new Walk(database, asked);
    walk.rows();
    walk.heads();
    const facts = new FactCheck(database, folder, asked, walk);
    facts.records();
    facts.settings();
    const faults = [...walk.faults, ...facts.faults].sort((a, b) => seqOf(a) - seqOf(b));
    const { counted, outside } = walk;
    return {
      ...counted,
      chains: walk.chains,
      records: facts.checked,
      frames: facts.hashed,
      ...(outside && { outside }),
      faults,
    };
  } finally {
    database.close();
  }
}

function seqOf(fault: ChainFault): number {
  return 'seq' in fault && fault.seq !== undefined
    ? fault.seq
    : 'first' in fault
      ? fault.first
      : Number.MAX_SAFE_INTEGER;
}

class Walk {
  readonly faults: ChainFault[] = [];
  readonly chains: Extract<BoxFact, { kind: 'chain' }>[] = [];
  /** Of the box, with their numbers. */
  readonly facts: (readonly [seq: number, fact: BoxFact])[] = [];
  readonly counted = { rows: 0, before: 0, deleted: 0, erased: 0, erasures: 0, open: 0, signed: 0 };
  outside: SignedHead | undefined;
  readonly isWhole: boolean;
  readonly #database: Database;
  readonly #asked: ChainCheck;
  readonly #from: number;
  readonly #to: number;

  constructor(database: Database, asked: ChainCheck) {
    this.#database = database;
    this.#asked = asked;
    const at = (sql: string, wallMs: number | undefined) =>
      wallMs === undefined ? undefined : (database.prepare(sql).pluck().get(wallMs) as number | null);
    const whole = database.prepare('SELECT max(seq) FROM journal').pluck().get() as number | null;
    this.#from = at('SELECT min(seq) FROM journal WHERE wall_ms >= ?', asked.fromWallMs) ?? 0;
    this.#to = at('SELECT max(seq) FROM journal WHERE wall_ms < ?', asked.toWallMs) ?? whole ?? 0;
    this.isWhole = asked.fromWallMs === undefined && asked.toWallMs === undefined;
  }

  rows(): void {
    const chains = this.#database.prepare('SELECT first, id FROM chain ORDER BY first').all() as {
      first: number;
      id: string;
    }[];
    const [begin] = chains;
    if (begin === undefined) return;
    const before = this.#database.prepare('SELECT count(*) FROM journal WHERE seq < ? AND link IS NULL').pluck();
    if (this.isWhole) this.counted.before = before.get(begin.first) as number;
    for (const [index, { first, id }] of chains.entries()) this.#chain(first, id, chains[index + 1]?.first);
  }

  #chain(first: number, id: string, next = Number.MAX_SAFE_INTEGER): void {
    const blocks = this.#database.prepare('SELECT * FROM chain_block WHERE first >= ? AND first < ? ORDER BY first');
    const rows = walkedRows(this.#database, Math.max(first, this.#from - BLOCK_ROWS), next);
    let row = rows.next();
    let [previous, expected] = [id, first];
    const all = blocks.all(first, next) as Block[];
    for (const block of all) {
      if (block.first > this.#to) return;
      if (block.first !== expected) this.#found({ kind: 'missing', first: expected, last: block.first - 1 });
      const digests: string[] = [];
      const seqs: number[] = [];
      for (; row.done !== true && row.value.seq <= block.last; row = rows.next()) {
        const { seq } = row.value;
        const digest = this.#row(row.value);
        if (digest !== undefined && seq >= block.first) {
          digests.push(digest);
          seqs.push(seq);
        }
      }
      if (block.last >= this.#from && block.first <= this.#to) this.#block(block, previous, digests, seqs);
      previous = block.head;
      expected = block.last + 1;
    }
    for (; row.done !== true && row.value.seq <= this.#to; row = rows.next()) {
      const { seq } = row.value;
      // Behind the last head a row has only its own check.
      if (this.#row(row.value) === undefined) continue;
      if (seq !== expected) this.#found({ kind: 'missing', first: expected, last: seq - 1 });
      this.counted.open += 1;
      expected = seq + 1;
    }
  }

  #row({ seq, text, check }: WalkedRow): string | undefined {
    if (text === undefined) {
      this.#found({ kind: 'added', seq });
      return undefined;
    }
    const digest = sha256(text);
    this.counted.rows += 1;
    if (digest.slice(0, CHECK_DIGITS) !== check) this.#found({ kind: 'changed', seq });
    const event = boxEvent(text);
    if (event === undefined) return digest;
    const fact = parsed<BoxFact>(event);
    if (fact !== undefined) this.facts.push([seq, fact]);
    if (fact?.kind === 'chain') this.chains.push(fact);
    if (fact?.kind === 'erased') {
      this.counted.erased += fact.rows;
      this.counted.erasures += 1;
    }
    return digest;
  }

  #block({ first, last, head, root, digests: kept }: Block, previous: string, found: string[], seqs: number[]): void {
    let digests = found;
    if (seqs.length < last - first + 1) {
      if (root !== null && seqs.length === 0) {
        if (headOf(previous, first, last, root) !== head) this.#found({ kind: 'head', first, last });
        this.counted.deleted += last - first + 1;
        return;
      }
      const known = digestsIn(kept);
      this.counted.deleted += known.size;
      for (const [index, seq] of seqs.entries()) known.set(seq, found[index] ?? '');
      for (let seq = first; seq <= last; seq += 1) {
        if (known.has(seq)) continue;
        this.#found({ kind: 'missing', first: seq, last: seq });
        return;
      }
      digests = Array.from({ length: last - first + 1 }, (_, at) => known.get(first + at) ?? '');
    }
    const isChanged = this.faults.some((fault) => fault.kind === 'changed' && fault.seq >= first && fault.seq <= last);
    if (!isChanged && headOf(previous, first, last, rootOf(digests)) !== head)
      this.#found({ kind: 'head', first, last });
  }

  /** Those signed by the box, and those that somebody kept. */
  heads(): void {
    const ending = this.#database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck();
    const signed = this.#database.prepare('SELECT * FROM chain_head ORDER BY last').all() as (Omit<
      SignedHead,
      'wallMs' | 'ways'
    > & { wall_ms: number; ways: string })[];
    for (const { wall_ms: wallMs, ways, ...row } of signed) {
      this.counted.signed += 1;
      const isRight = ending.get(row.last) === row.head && isSigned(headText(row, wallMs), row.key, row.signature);
      if (!isRight) this.#found({ kind: 'signature', last: row.last });
      else if (ways !== '') this.outside = { ...row, wallMs, ways: ways.split(' ') };
    }
    let since = 0;
    for (const { last, head } of (this.#asked.heads ?? []).toSorted((a, b) => a.last - b.last)) {
      if (ending.get(last) === head) since = last;
      else this.#found({ kind: 'outside', last, since });
    }
  }

  #found(fault: ChainFault): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push(fault);
  }
}

interface Given {
  readonly seq: number;
  record: string;
  readonly outcomes: Set<string>;
}

/** What other tables say, against the rows of the chain. */
class FactCheck {
  readonly faults: ChainFault[] = [];
  checked = 0;
  hashed = 0;
  readonly #database: Database;
  readonly #folder: string;
  readonly #asked: ChainCheck;
  readonly #walk: Walk;
  readonly #given = new Map<number, Given>();

  constructor(database: Database, folder: string, asked: ChainCheck, walk: Walk) {
    this.#database = database;
    this.#folder = folder;
    this.#asked = asked;
    this.#walk = walk;
    for (const [seq, fact] of walk.facts) this.#take(seq, fact);
  }

  #take(seq: number, fact: BoxFact): void {
    if (fact.kind === 'record') {
      this.#given.set(fact.id, { seq, record: sha256(fact.record), outcomes: new Set([fact.state]) });
      return;
    }
    if (fact.kind === 'delivered' || fact.kind === 'withdrawn') this.#given.get(fact.id)?.outcomes.add(fact.kind);
    if (fact.kind !== 'mark') return;
    const given = this.#given.get((fact.detail as { id?: number }).id ?? 0);
    given?.outcomes.add(fact.what);
    if (given !== undefined && fact.record !== undefined) given.record = fact.record;
  }

  records(): void {
    const ends = ['delivered', 'withdrawn', 'dropped'];
    const rows = this.#database
      .prepare('SELECT id, state, body, frame_file, lane_id FROM release ORDER BY id')
      .all() as {
      id: number;
      state: string;
      body: string;
      frame_file: string | null;
    }[];
    const firstGiven = Math.min(...this.#given.keys());
    for (const { id, state, body, frame_file } of rows) {
      const given = this.#given.get(id);
      // Given before the chain began, or outside the range asked for.
      if (given === undefined && (id < firstGiven || !this.#walk.isWhole)) continue;
      this.checked += 1;
      const isRight = given?.record === sha256(body) && (!ends.includes(state) || given.outcomes.has(state));
      if (!isRight) this.faults.push({ kind: 'record', id, ...(given && { seq: given.seq }) });
      if (frame_file !== null && this.#asked.frames === true) this.#frame(id, 'picture', frame_file);
    }
    if (this.#asked.frames !== true) return;
    for (const { release_id, place, frame_file } of this.#database.prepare('SELECT * FROM beside').all() as {
      release_id: number;
      place: string;
      frame_file: string;
    }[])
      this.#frame(release_id, place, frame_file);
  }

  #frame(id: number, place: string, file: string): void {
    const told = this.#walk.facts.findLast(
      ([, fact]) => fact.kind === 'frame' && fact.id === id && fact.place === place,
    );
    if (told === undefined) return;
    this.hashed += 1;
    const [seq, fact] = told;
    if (hashOf(join(this.#folder, 'frames', file)) !== (fact as Extract<BoxFact, { kind: 'frame' }>).sha256)
      this.faults.push({ kind: 'frame', id, place, seq });
  }

  settings(): void {
    const settings = this.#database.prepare('SELECT settings FROM epoch WHERE lane_id = ? AND seq = ?').pluck();
    for (const [seq, fact] of this.#walk.facts) {
      if (fact.kind !== 'epoch') continue;
      const text = settings.get(fact.lane, fact.seq) as string | undefined;
      if (text === undefined || sha256(text) !== fact.settings)
        this.faults.push({ kind: 'settings', lane: fact.lane, seq });
    }
  }
}

/** undefined: it cannot be read. */
function hashOf(file: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return undefined;
  }
}
