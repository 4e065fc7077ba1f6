/**
 * Walks the chain of a store that may be in use, and the rows it speaks of, without changing anything. It opens the database itself, read-only, and is
 * meant for a command of its own process. It says what does not fit; `src/text/evidence.ts` has the words.
 */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import { StoreError } from '../error.ts';
import { openReadOnly } from '../files/journal-reader.ts';
import type { Database } from '../thread/database.ts';
import { LIFE_FILE, type Life, readLife } from '../thread/heartbeat.ts';
import { schemaMisfits } from '../thread/schema-guard.ts';
import { BLOCK_ROWS, type BoxFact, type KeptHead } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import {
  type ChainPlace,
  headBefore,
  lastHead,
  stretchesOf,
  type Walked,
  type WalkRange,
  walkStretch,
} from './chain-walk.ts';
import { FactCheck } from './fact-check.ts';
import type { HeadFindings } from './head-check.ts';
import { checkHeads } from './head-check.ts';
import { indexesThatLie } from './index-check.ts';
import { RowCheck, type RowFindings } from './row-check.ts';
import { hasRowFacts } from './row-tables.ts';
import { ChainSaid } from './said.ts';
import { view, WalkThreads } from './walk-threads.ts';

export interface ChainReport extends HeadFindings {
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
  readonly tables?: RowFindings;
}

export type ErasureRow = Omit<Extract<BoxFact, { kind: 'erased' }>, 'kind'> & {
  readonly seq: number;
  readonly wallMs: number;
};

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
  /** Beside a program at work: to the end, whatever `toWallMs` says. */
  readonly gently?: GentleCheck;
}

export interface GentleCheck {
  readonly clock: Clock;
  /** Of a core. */
  readonly share: number;
  /** In one slice. */
  readonly rows: number;
}

export interface WalkingThreads {
  readonly count: number;
  /** Rows that one of them walks at a time. */
  readonly stretchRows: number;
  /** The compiled worker. */
  readonly url: URL;
}

const FAULTS_MAX = 100;
/** For the program of a box the lanes come first; a command has the machine to itself, as far as they leave it. */
const THREADS: WalkingThreads = {
  count: process.connected ? 1 : Math.min(4, availableParallelism()),
  stretchRows: 32_768,
  url: new URL('./walk-worker.js', import.meta.url),
};
/** A program that runs gives a sign of life each second. */
const BEATS_MS = 3_000;
/** Rows compared in one step where nobody waits for it. */
const STEP_ROWS = 1_000;
/** After one slice: what it waited for a processor, or a machine that slept, counts as its work. */
const REST_MAX_MS = 30_000;
/** Before the first row of any chain. */
const NO_ROWS: WalkRange = { from: 0, to: 0 };

/** Its sign of life goes on: of a card that lies still, or a copy, nothing more is to be said by the box. */
async function isRunning(lifeOf: () => Life | undefined): Promise<boolean> {
  const before = lifeOf()?.laneMs;
  await systemClock().sleep(BEATS_MS);
  return lifeOf()?.laneMs !== before;
}

/** `folder`: the state folder. Throws StoreError `unavailable` or `newer`. */
export async function checkChain(folder: string, asked: ChainCheck = {}): Promise<ChainReport> {
  const database = openReadOnly(folder);
  const lifeOf = () => readLife(join(folder, LIFE_FILE)).life;
  try {
    const began = lifeOf()?.laneMs ?? 0;
    const report = await new Check(database, folder, asked).report();
    if (report.faults.length > 0 && (lifeOf()?.owedMs ?? -1) >= began && (await isRunning(lifeOf)))
      throw new StoreError(
        'unavailable',
        'a full disk keeps back what the chain is to say; verify again once it has room',
      );
    return report;
  } finally {
    database.close();
  }
}

/** The walk along the chain, and then the comparison of all else with what it has said. */
class Check {
  readonly #database: Database;
  readonly #asked: ChainCheck & { readonly isWhole: boolean; readonly folder: string; readonly stepRows: number };
  readonly #said = new ChainSaid();
  readonly #rows: RowCheck | undefined;
  readonly #facts: FactCheck;
  #range = NO_ROWS;
  /** Where the walk goes on; undefined: it begins. */
  #at: ChainPlace | undefined;

  constructor(database: Database, folder: string, asked: ChainCheck) {
    const isWhole = asked.fromWallMs === undefined && asked.toWallMs === undefined;
    this.#database = database;
    this.#asked = { ...asked, folder, isWhole, stepRows: asked.gently?.rows ?? STEP_ROWS };
    this.#rows = hasRowFacts(database) ? new RowCheck(database, this.#said, this.#asked) : undefined;
    this.#facts = new FactCheck(database, this.#said, { ...this.#asked, named: () => this.#rows?.faults ?? [] });
  }

  async report(): Promise<ChainReport> {
    const { gently } = this.#asked;
    if (gently === undefined) for (const walked of await this.#walkedAll()) this.#take(walked);
    else while (await this.#slice(() => this.#walkOn()));
    for (const steps = this.#compared(); ; ) {
      const next = () => {
        while (gently !== undefined && this.#walkOn());
        return steps.next();
      };
      const { done, value } = gently === undefined ? next() : await this.#slice(next);
      if (done) return value;
    }
  }

  /**
   * In a view of its own, so that the log of writes is not held up: it begins with what the chain has said since the one before, and compares with that.
   * What changes behind it is said by a row that a later slice, or the next round, reads.
   */
  async #slice<Found>(work: () => Found): Promise<Found> {
    const { clock, share } = this.#asked.gently as GentleCheck;
    const began = clock.nowMs();
    view(this.#database);
    try {
      return work();
    } finally {
      this.#database.exec('COMMIT');
      await clock.sleep(Math.min((clock.nowMs() - began) * (1 / share - 1), REST_MAX_MS));
    }
  }

  #take(walked: Walked): void {
    for (const [seq, fact] of this.#said.take(walked)) this.#facts.take(seq, fact);
  }

  /** One more stretch; false: the chain has no more. */
  #walkOn(): boolean {
    const { fromWallMs, stepRows, gently } = this.#asked;
    if (this.#range === NO_ROWS) {
      if (fromWallMs !== undefined) this.#at = headBefore(this.#database, fromWallMs, gently?.clock.wallMs());
      this.#range = { from: this.#at?.first ?? 1, to: Number.MAX_SAFE_INTEGER };
    }
    const stretches = stretchesOf(this.#database, stepRows, this.#at);
    const stretch = stretches.next().value;
    if (stretch === undefined) return false;
    this.#take(walkStretch(this.#database, stretch, this.#range));
    const next = stretches.next().value;
    this.#at = next ?? lastHead(this.#database) ?? stretch;
    return next !== undefined;
  }

  /** In one view of it all, while the program writes. */
  async #walkedAll(): Promise<readonly Walked[]> {
    const database = this.#database;
    const { count, stretchRows, url } = this.#asked.threads ?? THREADS;
    const blocks = database.prepare('SELECT count(*) FROM chain_block').pluck().get() as number;
    const isLong = blocks * BLOCK_ROWS > 2 * stretchRows;
    const threads =
      count > 1 && isLong ? await WalkThreads.begin(database, this.#asked.folder, count - 1, url) : undefined;
    try {
      if (!database.inTransaction) view(database);
      const stretches = [...stretchesOf(database, stretchRows)];
      this.#range = rangeOf(database, this.#asked);
      const walked = await threads?.walk(database, stretches, this.#range).catch(() => undefined);
      return walked ?? stretches.map((stretch) => walkStretch(database, stretch, this.#range));
    } finally {
      await threads?.end();
    }
  }

  *#compared(): Generator<undefined, ChainReport> {
    const database = this.#database;
    const { isWhole, heads: given = [] } = this.#asked;
    const { faults: ofHeads, ...heads } = yield* checkHeads(database, given, this.#range.from);
    const last = database.prepare('SELECT max(seq) FROM journal').pluck().get() as number | null;
    if (this.#range.to >= (last ?? 0)) yield* this.#rows?.steps() ?? [];
    yield* this.#facts.steps();
    const lying = isWhole ? yield* indexesThatLie(database) : [];
    const { rows, deleted, open, facts, faults } = this.#said;
    const erasedAt = erasuresAmong(database, facts);
    const { checked: records, hashed: frames, elsewhere } = this.#facts;
    const structure = [...schemaMisfits(database).map((name) => ({ kind: 'schema', name }) as const), ...lying];
    const found = [...structure, ...unchained(database, isWhole), ...faults, ...ofHeads, ...(this.#rows?.faults ?? [])];
    return {
      ...{ rows, deleted, open, records, frames, elsewhere, erasures: erasedAt.length, erasedAt },
      erased: erasedAt.reduce((all, erased) => all + erased.rows, 0),
      before: isWhole ? rowsBefore(database) : 0,
      chains: facts.flatMap(([, fact]) => (fact.kind === 'chain' ? [fact] : [])),
      ...(this.#rows?.findings && { tables: this.#rows.findings }),
      ...heads,
      faults: [...found.slice(0, FAULTS_MAX), ...this.#facts.faults].sort((a, b) => seqOf(a) - seqOf(b)),
    };
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
