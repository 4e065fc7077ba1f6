/**
 * Walks the chain of a store that may be in use, and the rows it speaks of, without changing anything. It opens the database itself, read-only, and is
 * meant for a command of its own process. It says what does not fit; `src/text/evidence.ts` has the words.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { openReadOnly } from '../files/journal-reader.ts';
import {
  BLOCK_ROWS,
  type BoxFact,
  type ChainBeginning,
  type ChainHead,
  headText,
  isSigned,
  type SignedHead,
  sha256,
} from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import { stretchesOf, type Walked, type WalkRange, walkStretch } from './chain-walk.ts';
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
  /** Pictures from before the database came from a backup that are not here: a backup has only those of records that were not delivered. */
  readonly leftBehind: number;
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
  /** Heads that somebody outside has kept. */
  readonly heads?: readonly ChainHead[];
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
const RESTORED: readonly ChainBeginning[] = ['restored', 'rolledBack'];
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
    const walked = await walkedAll(database, folder, asked);
    const facts = walked.flatMap((each) => each.facts);
    const isWhole = asked.fromWallMs === undefined && asked.toWallMs === undefined;
    const { signed, outside, agreed, faults: ofHeads } = checkHeads(database, asked.heads ?? []);
    const check = new FactCheck(database, { folder, facts, isWhole, hasFrames: asked.frames === true });
    check.records();
    check.settings();
    const found = [...walked.flatMap(({ faults }) => faults), ...ofHeads].slice(0, FAULTS_MAX);
    const sum = (count: keyof Walked['counted']) => walked.reduce((all, { counted }) => all + counted[count], 0);
    return {
      ...{ rows: sum('rows'), deleted: sum('deleted'), erased: sum('erased'), erasures: sum('erasures') },
      ...{ open: sum('open'), before: isWhole ? rowsBefore(database) : 0, signed },
      chains: facts.flatMap(([, fact]) => (fact.kind === 'chain' ? [fact] : [])),
      erasedAt: erasuresAmong(database, facts),
      records: check.checked,
      frames: check.hashed,
      leftBehind: check.leftBehind,
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

async function walkedAll(database: Database, folder: string, asked: ChainCheck): Promise<readonly Walked[]> {
  const { count, stretchRows, url } = asked.threads ?? THREADS;
  const blocks = database.prepare('SELECT count(*) FROM chain_block').pluck().get() as number;
  const isLong = blocks * BLOCK_ROWS > 2 * stretchRows;
  const threads = count > 1 && isLong ? await WalkThreads.begin(database, folder, count - 1, url) : undefined;
  try {
    if (!database.inTransaction) view(database);
    const stretches = stretchesOf(database, stretchRows);
    const range = rangeOf(database, asked);
    const walked = await threads?.walk(database, stretches, range).catch(() => undefined);
    return walked ?? stretches.map((stretch) => walkStretch(database, stretch, range));
  } finally {
    await threads?.end();
  }
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

/** Those signed by the box, and those that somebody kept. */
function checkHeads(database: Database, kept: readonly ChainHead[]): Heads {
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
  let since = 0;
  let count = 0;
  for (const { last, head } of kept.toSorted((a, b) => a.last - b.last)) {
    if (ending.get(last) === head) {
      since = last;
      count += 1;
    } else faults.push({ kind: 'outside', last, since });
  }
  const wallMs = signed.find(({ last }) => last === since)?.wall_ms;
  const agreed = { count, last: since, ...(wallMs !== undefined && { wallMs }) };
  return { signed: signed.length, ...(outside && { outside }), ...(count > 0 && { agreed }), faults };
}

interface Given {
  readonly seq: number;
  record: string;
  readonly outcomes: Set<string>;
}

interface Facts {
  /** The state folder. */
  readonly folder: string;
  readonly facts: Walked['facts'];
  /** Of the whole chain. */
  readonly isWhole: boolean;
  readonly hasFrames: boolean;
}

/** What other tables say, against the rows of the chain. */
class FactCheck {
  readonly faults: ChainFault[] = [];
  checked = 0;
  hashed = 0;
  leftBehind = 0;
  /** The row at which the database last came from a backup; 0: never. */
  #restoredSeq = 0;
  readonly #database: Database;
  readonly #about: Facts;
  readonly #given = new Map<number, Given>();
  /** By record and place; the newest. */
  readonly #frames = new Map<string, { readonly seq: number; readonly sha256: string }>();

  constructor(database: Database, about: Facts) {
    this.#database = database;
    this.#about = about;
    for (const [seq, fact] of about.facts) this.#take(seq, fact);
  }

  #take(seq: number, fact: BoxFact): void {
    if (fact.kind === 'chain' && RESTORED.includes(fact.why)) this.#restoredSeq = seq;
    if (fact.kind === 'frame') this.#frames.set(`${fact.id} ${fact.place}`, { seq, sha256: fact.sha256 });
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
      if (given === undefined && (id < firstGiven || !this.#about.isWhole)) continue;
      this.checked += 1;
      const isRight = given?.record === sha256(body) && (!ends.includes(state) || given.outcomes.has(state));
      if (!isRight) this.faults.push({ kind: 'record', id, ...(given && { seq: given.seq }) });
      if (frame_file !== null && this.#about.hasFrames) this.#frame(id, 'picture', frame_file);
    }
    if (!this.#about.hasFrames) return;
    for (const { release_id, place, frame_file } of this.#database.prepare('SELECT * FROM beside').all() as {
      release_id: number;
      place: string;
      frame_file: string;
    }[])
      this.#frame(release_id, place, frame_file);
  }

  #frame(id: number, place: string, file: string): void {
    const told = this.#frames.get(`${id} ${place}`);
    if (told === undefined) return;
    const { seq, sha256: taken } = told;
    const hash = hashOf(join(this.#about.folder, 'frames', file));
    if (hash === undefined && seq < this.#restoredSeq) {
      this.leftBehind += 1;
      return;
    }
    this.hashed += 1;
    if (hash !== taken)
      this.faults.push({ kind: 'frame', id, place, seq, ...(hash === undefined && { isGone: true }) });
  }

  settings(): void {
    const settings = this.#database.prepare('SELECT settings FROM epoch WHERE lane_id = ? AND seq = ?').pluck();
    for (const [seq, fact] of this.#about.facts) {
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
