/**
 * What belongs to one record, out of a store that may be in use: its row, the rows of the chain about it, the journal of its lane around it, and the
 * blocks between two heads that bind them. Rows of others are there as digests only. It opens the database itself, read-only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BoxFact,
  type Followed,
  followed,
  ROW_TEXT,
  rootOf,
  type SignedHead,
  sha256,
} from '../store/chain/chain.ts';
import { digestsIn } from '../store/chain/chain-rows.ts';
import type { Block } from '../store/chain/chain-walk.ts';
import { openReadOnly } from '../store/files/journal-reader.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import { jsonField, parsed } from '../store/thread/json.ts';
import { type ReleaseRow, recordFromRow } from '../store/thread/records.ts';

/** Before and after a release. */
const AROUND_MS = 120_000;
const ROWS_MAX = 20_000;

/** A row as it was hashed. */
export type ShownRow = readonly [seq: number, text: string];

export interface ShownBlock {
  readonly first: number;
  readonly last: number;
  readonly head: string;
  /** Of a block that shows no row. */
  readonly root?: string;
  /** Of one that does: of all its rows. */
  readonly digests?: readonly string[];
}

/** A part of one chain: up to a head that the box has signed, or the one that the first row of the next chain names. */
export interface ChainPart {
  readonly chain: string;
  /** The head before the first block; the id of the chain where it is the first. */
  readonly before: string;
  readonly blocks: readonly ShownBlock[];
  readonly heads: readonly SignedHead[];
}

export interface BundleRows {
  readonly record: OutboxRecord;
  /** The text of the record as it is kept. */
  readonly body: string;
  readonly rows: readonly ShownRow[];
  /** Of the chain that the rows are in; then of each later one, from its first row on. */
  readonly parts: readonly ChainPart[];
  /** The settings of then; absent: none were kept. */
  readonly settings?: string;
  readonly frames: readonly { readonly place: string; readonly bytes: Uint8Array }[];
}

export type NoBundle =
  | 'unknown'
  | 'beforeChain'
  | 'notSealed'
  // of a chain whose end the one behind it does not name
  | 'unfollowed';

type Database = ReturnType<typeof openReadOnly>;

/** `wanted`: the number of a record, or its serial. `key`: that signs on this box, in hex. Throws StoreError `unavailable`, `newer`. */
export function bundleRows(folder: string, wanted: string, key: string): BundleRows | NoBundle {
  const database = openReadOnly(folder);
  try {
    database.exec('BEGIN');
    const found = database.prepare('SELECT * FROM release WHERE serial = @wanted OR CAST(id AS TEXT) = @wanted');
    const row = found.get({ wanted }) as ReleaseRow | undefined;
    if (row === undefined) return 'unknown';
    const rows = shownRows(database, row);
    const given = rows.map(([, text]) => factIn(text)).find((fact) => fact?.kind === 'record' && fact.id === row.id);
    const first = rows[0]?.[0];
    if (given === undefined || first === undefined) return 'beforeChain';
    const numbers = rows.map(([seq]) => seq);
    const parts = new Sealing(database, key, numbers).parts(first);
    if (typeof parts === 'string') return parts;
    const settings = database.prepare('SELECT settings FROM epoch WHERE lane_id = ? AND seq = ?').pluck();
    const inForce =
      given.kind === 'record' ? (settings.get(row.lane_id, given.epoch) as string | undefined) : undefined;
    return {
      ...{ record: recordFromRow(row), body: row.body, parts },
      rows: [...rows, ...firstRows(database, parts)].sort(([one], [other]) => one - other),
      ...(inForce !== undefined && { settings: inForce }),
      frames: framesOf(database, folder, row),
    };
  } finally {
    database.close();
  }
}

/** The fact of a row of the box; undefined: it is a lane's. */
export function factIn(text: string): BoxFact | undefined {
  const [, , lane, , , , ...event] = text.split('\n');
  return lane === '' ? (JSON.parse(event.join('\n')) as BoxFact) : undefined;
}

/** Of the later chains, which name the one before. */
function firstRows(database: Database, [, ...later]: readonly ChainPart[]): readonly ShownRow[] {
  const row = database.prepare(`SELECT seq, ${ROW_TEXT} FROM journal WHERE seq = ?`).raw();
  return later.map(({ blocks }) => row.get(blocks[0]?.first) as ShownRow);
}

function shownRows(database: Database, { id, lane_id, at_ms }: ReleaseRow): readonly ShownRow[] {
  const sql = `SELECT seq, ${ROW_TEXT} FROM journal WHERE link IS NOT NULL AND (
      (lane_id = @lane AND at_ms BETWEEN @from AND @to) OR
      (lane_id = '' AND (${jsonField('event', '$.id')} = @id OR ${jsonField('event', '$.detail.id')} = @id)))
    ORDER BY seq LIMIT ${ROWS_MAX}`;
  const asked = { lane: lane_id, from: at_ms - AROUND_MS, to: at_ms + AROUND_MS, id };
  return database.prepare(sql).raw().all(asked) as ShownRow[];
}

interface ChainStart {
  readonly id: string;
  readonly first: number;
}

/** What binds the rows shown, for the box that signs by `key`. */
class Sealing {
  readonly #database: Database;
  readonly #key: string;
  readonly #shown: Set<number>;

  constructor(database: Database, key: string, shown: Iterable<number>) {
    this.#database = database;
    this.#key = key;
    this.#shown = new Set(shown);
  }

  /** From the last head that left the box before the rows to the first one behind them that its key has signed; over later chains, if need be. */
  parts(first: number): readonly ChainPart[] | NoBundle {
    const chains = this.#database
      .prepare(
        'SELECT id, first FROM chain WHERE first >= (SELECT max(first) FROM chain WHERE first <= ?) ORDER BY first',
      )
      .all(first) as ChainStart[];
    const parts: ChainPart[] = [];
    for (const [at, chain] of chains.entries()) {
      const next = chains[at + 1];
      const begin = at === 0 ? first : chain.first;
      const end = Math.max(...[...this.#shown, begin].filter((seq) => seq < (next?.first ?? Number.MAX_SAFE_INTEGER)));
      const heads = this.#heads(chain.id);
      const follows = next && this.#named(chain, next, end);
      const own = this.#lastHere(heads, end, follows !== undefined);
      if (own !== undefined && Math.max(...this.#shown) <= end) return [...parts, this.#own(chain, begin, own, heads)];
      if (next === undefined) return 'notSealed';
      if (follows === undefined) return 'unfollowed';
      parts.push(this.#followed(chain, begin, end, heads, follows));
      this.#shown.add(next.first);
    }
    return 'notSealed';
  }

  /** The head to end with. Where another key signed the first one behind the rows and a later chain follows, that chain vouches for it. */
  #lastHere(heads: readonly SignedHead[], end: number, isFollowed: boolean): SignedHead | undefined {
    const behind = heads.filter(({ last }) => last >= end);
    const own = behind.find(({ key }) => key === this.#key);
    return own !== behind[0] && isFollowed ? undefined : own;
  }

  #own(chain: ChainStart, begin: number, to: SignedHead, heads: readonly SignedHead[]): ChainPart {
    const from = heads.findLast(({ last, ways, key }) => last < begin && ways.length > 0 && key === to.key);
    return this.#part(chain, begin, to.last, [from ?? [], to].flat());
  }

  /** To the end of the chain. Of its heads those of keys that the next one names: one before the rows, and one behind, where there is one. */
  #followed(
    chain: ChainStart,
    begin: number,
    end: number,
    heads: readonly SignedHead[],
    { last: until, signed }: Followed,
  ): ChainPart {
    const named = heads.filter(({ key, last }) => last <= until && signed.some((each) => each.key === key));
    const from = named.findLast(({ last, ways }) => last < begin && ways.length > 0);
    const behind = named.filter(({ last }) => last >= end);
    const to = behind.find(({ ways }) => ways.length > 0) ?? behind[0];
    return this.#part(chain, begin, until, [from ?? [], to ?? []].flat());
  }

  /** What the first row of `next` says of `chain`, where that covers `last`. */
  #named(chain: ChainStart, next: ChainStart, last: number): Followed | undefined {
    const event = this.#database.prepare(`SELECT event FROM journal WHERE seq = ? AND lane_id = ''`).pluck();
    const follows = followed(parsed<BoxFact>((event.get(next.first) as string | undefined) ?? ''));
    if (follows?.chain !== chain.id || follows.last < last) return undefined;
    return this.#headAt(follows.last) === follows.head ? follows : undefined;
  }

  #headAt(last: number): string | undefined {
    return this.#database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck().get(last) as
      | string
      | undefined;
  }

  #heads(chain: string): readonly SignedHead[] {
    const rows = this.#database.prepare('SELECT * FROM chain_head WHERE chain = ? ORDER BY last').all(chain);
    return (rows as (Omit<SignedHead, 'wallMs' | 'ways'> & { wall_ms: number; ways: string })[]).map(
      ({ wall_ms: wallMs, ways, ...rest }) => ({ ...rest, wallMs, ways: ways.split(' ').filter((way) => way !== '') }),
    );
  }

  /** The blocks from the first of `heads`, where it is before row `first`, else from the block of that row, up to row `to`. */
  #part(chain: ChainStart, first: number, to: number, heads: readonly SignedHead[]): ChainPart {
    const from = heads.find((head) => head.last < first);
    const after =
      from?.last ?? this.#database.prepare('SELECT max(last) FROM chain_block WHERE last < ?').pluck().get(first) ?? 0;
    const begin = Math.max(chain.first - 1, after as number);
    const blocks = this.#database
      .prepare('SELECT * FROM chain_block WHERE first > ? AND last <= ? ORDER BY first')
      .all(begin, to) as (Omit<ShownBlock, 'digests'> & { root: string | null; digests: string | null })[];
    return {
      chain: chain.id,
      before: begin === chain.first - 1 ? chain.id : (this.#headAt(begin) ?? chain.id),
      blocks: blocks.map((block) => shownBlock(this.#database, block, this.#shown)),
      heads,
    };
  }
}

function shownBlock(
  database: Database,
  { first, last, head, root, digests: kept }: Omit<Block, 'rule'>,
  shown: ReadonlySet<number>,
): ShownBlock {
  const digests = digestsIn(kept);
  const rows = database.prepare(`SELECT seq, ${ROW_TEXT} FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq`).raw();
  const found = rows.all(first, last) as ShownRow[];
  if (root !== null && root !== undefined && found.length === 0) return { first, last, head, root };
  for (const [seq, text] of found) digests.set(seq, sha256(text));
  const all = Array.from({ length: last - first + 1 }, (_, at) => digests.get(first + at) ?? '');
  return found.some(([seq]) => shown.has(seq))
    ? { first, last, head, digests: all }
    : { first, last, head, root: rootOf(all) };
}

function framesOf(database: Database, folder: string, row: ReleaseRow): BundleRows['frames'] {
  const beside = database.prepare('SELECT place, frame_file FROM beside WHERE release_id = ?').all(row.id) as {
    place: string;
    frame_file: string;
  }[];
  const own = row.frame_file === null ? [] : [{ place: 'picture', frame_file: row.frame_file }];
  return [...own, ...beside].flatMap(({ place, frame_file: file }) => {
    try {
      return [{ place, bytes: new Uint8Array(readFileSync(join(folder, 'frames', file))) }];
    } catch {
      // Its hash is in the chain nevertheless.
      return [];
    }
  });
}
