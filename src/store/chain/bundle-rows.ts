/**
 * What belongs to one record, out of a store that may be in use: its row, the rows of the chain about it, the journal of its lane around it, and the
 * blocks between two heads that bind them. Rows of others are there as digests only. It opens the database itself, read-only.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from '../files/journal-reader.ts';
import type { OutboxRecord } from '../record-types.ts';
import { jsonField } from '../thread/json.ts';
import { type ReleaseRow, recordFromRow } from '../thread/records.ts';
import { type BoxFact, ROW_TEXT, rootOf, type SignedHead, sha256 } from './chain.ts';
import { digestsIn } from './chain-rows.ts';

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

export interface BundleRows {
  readonly record: OutboxRecord;
  /** The text of the record as it is kept. */
  readonly body: string;
  readonly rows: readonly ShownRow[];
  readonly chain: string;
  /** The head before the first block; the id of the chain where it is the first. */
  readonly before: string;
  readonly blocks: readonly ShownBlock[];
  readonly heads: readonly SignedHead[];
  /** The settings of then; absent: none were kept. */
  readonly settings?: string;
  readonly frames: readonly { readonly place: string; readonly bytes: Uint8Array }[];
}

export type NoBundle = 'unknown' | 'beforeChain' | 'notSealed';

type Database = ReturnType<typeof openReadOnly>;

/** `wanted`: the number of a record, or its serial. Throws StoreError `unavailable`, `newer`. */
export function bundleRows(folder: string, wanted: string): BundleRows | NoBundle {
  const database = openReadOnly(folder);
  try {
    database.exec('BEGIN');
    const found = database.prepare('SELECT * FROM release WHERE serial = @wanted OR CAST(id AS TEXT) = @wanted');
    const row = found.get({ wanted }) as ReleaseRow | undefined;
    if (row === undefined) return 'unknown';
    const rows = shownRows(database, row);
    const given = rows.map(([, text]) => factIn(text)).find((fact) => fact?.kind === 'record' && fact.id === row.id);
    const [first, last] = [rows[0]?.[0], rows.at(-1)?.[0]];
    if (given === undefined || first === undefined || last === undefined) return 'beforeChain';
    const sealed = sealedBlocks(database, first, last, new Set(rows.map(([seq]) => seq)));
    if (sealed === undefined) return 'notSealed';
    const settings = database.prepare('SELECT settings FROM epoch WHERE lane_id = ? AND seq = ?').pluck();
    const inForce =
      given.kind === 'record' ? (settings.get(row.lane_id, given.epoch) as string | undefined) : undefined;
    return {
      ...sealed,
      ...{ record: recordFromRow(row), body: row.body, rows },
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

function shownRows(database: Database, { id, lane_id, at_ms }: ReleaseRow): readonly ShownRow[] {
  const sql = `SELECT seq, ${ROW_TEXT} FROM journal WHERE link IS NOT NULL AND (
      (lane_id = @lane AND at_ms BETWEEN @from AND @to) OR
      (lane_id = '' AND (${jsonField('event', '$.id')} = @id OR ${jsonField('event', '$.detail.id')} = @id)))
    ORDER BY seq LIMIT ${ROWS_MAX}`;
  const asked = { lane: lane_id, from: at_ms - AROUND_MS, to: at_ms + AROUND_MS, id };
  return database.prepare(sql).raw().all(asked) as ShownRow[];
}

/** From the last head that left the box before these rows to the first signed one behind them. */
function sealedBlocks(database: Database, first: number, last: number, shown: ReadonlySet<number>) {
  const chain = database
    .prepare('SELECT id, first FROM chain WHERE first <= ? ORDER BY first DESC LIMIT 1')
    .get(first) as {
    id: string;
    first: number;
  };
  const heads = database
    .prepare('SELECT * FROM chain_head WHERE chain = ? ORDER BY last')
    .all(chain.id)
    .map((row) => {
      const {
        wall_ms: wallMs,
        ways,
        ...rest
      } = row as Omit<SignedHead, 'wallMs' | 'ways'> & { wall_ms: number; ways: string };
      return { ...rest, wallMs, ways: ways.split(' ').filter((way) => way !== '') };
    });
  const to = heads.find((head) => head.last >= last);
  if (to === undefined) return undefined;
  const from = heads.findLast((head) => head.last < first && head.ways.length > 0);
  const after =
    from?.last ?? database.prepare('SELECT max(last) FROM chain_block WHERE last < ?').pluck().get(first) ?? 0;
  const begin = Math.max(chain.first - 1, after as number);
  const blocks = database
    .prepare('SELECT * FROM chain_block WHERE first > ? AND last <= ? ORDER BY first')
    .all(begin, to.last) as (Omit<ShownBlock, 'digests'> & { root: string | null; digests: string | null })[];
  const before = database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck().get(begin) as
    | string
    | undefined;
  const isFirst = begin === chain.first - 1;
  return {
    chain: chain.id,
    before: isFirst || before === undefined ? chain.id : before,
    blocks: blocks.map((block) => shownBlock(database, block, shown)),
    heads: from === undefined ? [to] : [from, to],
  };
}

function shownBlock(
  database: Database,
  {
    first,
    last,
    head,
    root,
    digests: kept,
  }: { first: number; last: number; head: string; root?: string | null; digests: string | null },
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
