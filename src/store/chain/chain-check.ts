/**
 * Walks the chain of a store that may be in use, and the rows it speaks of, without changing anything. It opens the database itself, read-only, and is
 * meant for a command of its own process. It says what does not fit; `src/text/evidence.ts` has the words.
 */
import { availableParallelism } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import { openReadOnly } from '../files/journal-reader.ts';
import { BLOCK_ROWS, type BoxFact, headText, isSigned, type KeptHead, type SignedHead } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import { stretchesOf, type Walked, type WalkRange, walkStretch } from './chain-walk.ts';
import { FactCheck } from './fact-check.ts';
import { checkRows, type RowFindings } from './row-check.ts';
import { view, WalkThreads } from './walk-threads.ts';

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
  /** Each erasure: its row, and what that says. */
  readonly erasedAt: readonly ErasureRow[];
  /** Behind the last head. */
  readonly open: number;
  readonly records: number;
  readonly frames: number;
  /** Pictures that did not come along with a backup: the box before had settled their records. */
  readonly elsewhere: number;
  /** Rows of other tables that were compared. Absent: a version before 1.0.0-rc.2 wrote the database, or nothing of them was asked. */
  readonly tables?: Omit<RowFindings, 'faults'>;
  readonly signed: number;
  /** The last head known to be outside. */
  readonly outside?: SignedHead;
  /** Of the heads that were given: how many agree, and the row of the newest of these with the time it was signed, where that is known. */
  readonly agreed?: AgreedHeads;
  /** The first first. */
  readonly faults: readonly ChainFault[];
}

export type ErasureRow = Omit<Extract<BoxFact, { kind: 'erased' }>, 'kind'> & {
  readonly seq: number;
  readonly wallMs: number;
};

export interface AgreedHeads {
  readonly count: number;
  readonly last: number;
  readonly wallMs?: number;
}

export interface ChainCheck {
  readonly fromWallMs?: number;
  readonly toWallMs?: number;
  /** Hash the pictures too. */
  readonly frames?: boolean;
  /** Of sheets only that of this day or month. */
  readonly sheet?: string;
  /** Heads that somebody outside has kept. */
  readonly heads?: readonly KeptHead[];
  readonly threads?: WalkingThreads;
}

export interface WalkingThreads {
  readonly count: number;
  /** Rows that one of them walks at a time. */
  readonly stretchRows: number;
  /** The compiled worker. */
  readonly url: URL;
}

type Database = ReturnType<typeof openReadOnly>;

const FAULTS_MAX = 100;
/** In the program of a box the lanes come first; a command has the machine to itself, as far as they leave it. */
const THREADS: WalkingThreads = {
  count: isMainThread ? Math.min(4, availableParallelism()) : 1,
  stretchRows: 32_768,
  url: new URL('./walk-worker.js', import.meta.url),
};

/** `folder`: the state folder. Throws StoreError `unavailable` or `newer`. */
export async function checkChain(folder: string, asked: ChainCheck = {}): Promise<ChainReport> {
  const database = openReadOnly(folder);
  try {
    // One view of it all, while the program writes.
    const { walked, isToEnd } = await walkedAll(database, folder, asked);
    const facts = walked.flatMap((each) => each.facts);
    const isWhole = asked.fromWallMs === undefined && asked.toWallMs === undefined;
    const { signed, outside, agreed, faults: ofHeads } = checkHeads(database, asked.heads ?? []);
    const { faults: ofRows, ...tables } = (isToEnd && checkRows(database, walked, isWhole)) || NOTHING_SAID;
    const check = new FactCheck(database, { folder, facts, isWhole, hasFrames: asked.frames === true, named: ofRows });
    check.records();
    check.settings();
    check.sheets(asked.sheet);
    check.follows();
    const found = [
      ...unchained(database, isWhole),
      ...walked.flatMap(({ faults }) => faults),
      ...ofHeads,
      ...ofRows,
    ].slice(0, FAULTS_MAX);
    const sum = (count: keyof Walked['counted']) => walked.reduce((all, { counted }) => all + counted[count], 0);
    return {
      ...{ rows: sum('rows'), deleted: sum('deleted'), erased: sum('erased'), erasures: sum('erasures') },
      ...{ open: sum('open'), before: isWhole ? rowsBefore(database) : 0, signed },
      chains: facts.flatMap(([, fact]) => (fact.kind === 'chain' ? [fact] : [])),
      erasedAt: erasuresAmong(database, facts),
      records: check.checked,
      frames: check.hashed,
      elsewhere: check.elsewhere,
      ...(tables.compared !== undefined && { tables }),
      ...(outside && { outside }),
      ...(agreed && { agreed }),
      faults: [...found, ...check.faults].sort((a, b) => seqOf(a) - seqOf(b)),
    };
  } finally {
    database.close();
  }
}

function erasuresAmong(database: Database, facts: Walked['facts']): readonly ErasureRow[] {
  const time = database.prepare('SELECT wall_ms FROM journal WHERE seq = ?').pluck();
  return facts.flatMap(([seq, fact]) => {
    if (fact.kind !== 'erased') return [];
    const { kind: _, ...told } = fact;
    return [{ ...told, seq, wallMs: time.get(seq) as number }];
  });
}
const NOTHING_SAID: Pick<RowFindings, 'faults'> & { readonly compared?: never } = { faults: [] };

/** Before the first row of any chain. */
const NO_ROWS: WalkRange = { from: 0, to: 0 };

function seqOf(fault: ChainFault): number {
  return 'seq' in fault && fault.seq !== undefined
    ? fault.seq
    : 'first' in fault
      ? fault.first
      : Number.MAX_SAFE_INTEGER;
}

/** Where a range of times lies among the rows. One in which no row lies is empty, not the whole. */
function rangeOf(database: Database, { fromWallMs, toWallMs }: ChainCheck): WalkRange {
  const at = (sql: string, wallMs: number | undefined) =>
    wallMs === undefined ? undefined : (database.prepare(sql).pluck().get(wallMs) as number | null);
  const whole = database.prepare('SELECT max(seq) FROM journal').pluck().get() as number | null;
  const from = at('SELECT min(seq) FROM journal WHERE wall_ms >= ?', fromWallMs);
  const to = at('SELECT max(seq) FROM journal WHERE wall_ms < ?', toWallMs);
  if (from === null || to === null) return NO_ROWS;
  const range = { from: from ?? 0, to: to ?? whole ?? 0 };
  return range.from > range.to ? NO_ROWS : range;
}

interface WalkedAll {
  readonly walked: readonly Walked[];
  readonly isToEnd: boolean;
}

async function walkedAll(database: Database, folder: string, asked: ChainCheck): Promise<WalkedAll> {
  const { count, stretchRows, url } = asked.threads ?? THREADS;
  const blocks = database.prepare('SELECT count(*) FROM chain_block').pluck().get() as number;
  const isLong = blocks * BLOCK_ROWS > 2 * stretchRows;
  const threads = count > 1 && isLong ? await WalkThreads.begin(database, folder, count - 1, url) : undefined;
  try {
    if (!database.inTransaction) view(database);
    const stretches = stretchesOf(database, stretchRows);
    const range = rangeOf(database, asked);
    const walked = await threads?.walk(database, stretches, range).catch(() => undefined);
    const last = database.prepare('SELECT max(seq) FROM journal').pluck().get() as number | null;
    return {
      walked: walked ?? stretches.map((stretch) => walkStretch(database, stretch, range)),
      isToEnd: last === range.to,
    };
  } finally {
    await threads?.end();
  }
}

/** Rows that were taken up by a chain whose beginning is gone. */
function unchained(database: Database, isWhole: boolean): readonly ChainFault[] {
  if (!isWhole) return [];
  const sql = `SELECT min(seq) FROM journal WHERE link IS NOT NULL
    AND seq < coalesce((SELECT min(first) FROM chain), (SELECT max(seq) + 1 FROM journal))`;
  const seq = database.prepare(sql).pluck().get() as number | null;
  return seq === null ? [] : [{ kind: 'row', table: 'chain', at: `${seq}`, what: 'missing', seq }];
}

/** Rows from before the first chain. */
function rowsBefore(database: Database): number {
  const first = database.prepare('SELECT min(first) FROM chain').pluck().get() as number | null;
  if (first === null) return 0;
  return database.prepare('SELECT count(*) FROM journal WHERE seq < ? AND link IS NULL').pluck().get(first) as number;
}

interface Heads {
  readonly signed: number;
  readonly outside?: SignedHead;
  readonly agreed?: AgreedHeads;
  readonly faults: readonly ChainFault[];
}

/** The last row of each chain that another one follows. */
function endsOfChains(database: Database): ReadonlyMap<string, number> {
  const rows = database
    .prepare(
      `SELECT chain.id, max(chain_block.last) FROM chain
        JOIN chain AS next ON next.first = (SELECT min(first) FROM chain AS later WHERE later.first > chain.first)
        JOIN chain_block ON chain_block.last = (SELECT max(last) FROM chain_block WHERE last < next.first)
        GROUP BY chain.id`,
    )
    .raw();
  return new Map(rows.all() as [string, number][]);
}

/** Heads of the box by their first digits; of those that begin none, no row is known. */
function typedHeads(database: Database, given: readonly KeptHead[]) {
  const typed = given.filter((each) => 'digits' in each);
  const blocks = typed.length === 0 ? [] : database.prepare('SELECT last, head FROM chain_block').all();
  const heads = new Map((blocks as { last: number; head: string }[]).map((block) => [digitsOf(block), block]));
  const found = typed.flatMap(({ digits }) => heads.get(digits) ?? []).map((block) => ({ ...block, chain: '' }));
  const unknown = typed
    .filter(({ digits }) => !heads.has(digits))
    .map(({ day, digits }): ChainFault => ({ kind: 'typed', day, digits }));
  return { found, unknown };
}

/** As many as people read and type. */
const digitsOf = ({ head }: { readonly head: string }): string => head.slice(0, 12);

/** Those signed by the box, and those that somebody kept. */
function checkHeads(database: Database, given: readonly KeptHead[]): Heads {
  const ending = database.prepare('SELECT head FROM chain_block WHERE last = ?').pluck();
  const faults: ChainFault[] = [];
  let outside: SignedHead | undefined;
  const signed = database.prepare('SELECT * FROM chain_head ORDER BY last').all() as (Omit<
    SignedHead,
    'wallMs' | 'ways'
  > & { wall_ms: number; ways: string })[];
  for (const { wall_ms: wallMs, ways, ...row } of signed) {
    const isRight = ending.get(row.last) === row.head && isSigned(headText(row, wallMs), row.key, row.signature);
    if (!isRight) faults.push({ kind: 'signature', last: row.last });
    else if (ways !== '') outside = { ...row, wallMs, ways: ways.split(' ') };
  }
  const ends = endsOfChains(database);
  const { found, unknown } = typedHeads(database, given);
  const kept = [...given.filter((each) => 'head' in each), ...found];
  faults.push(...unknown);
  let since = 0;
  let count = 0;
  for (const { chain, last, head } of kept.toSorted((a, b) => a.last - b.last)) {
    const end = ends.get(chain) ?? last;
    if (last > end) faults.push({ kind: 'lost', last, end });
    else if (ending.get(last) === head) {
      since = last;
      count += 1;
    } else faults.push({ kind: 'outside', last, since });
  }
  const wallMs = signed.find(({ last }) => last === since)?.wall_ms;
  const agreed = { count, last: since, ...(wallMs !== undefined && { wallMs }) };
  return { signed: signed.length, ...(outside && { outside }), ...(count > 0 && { agreed }), faults };
}
