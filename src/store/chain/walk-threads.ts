/**
 * The stretches of the chain walked by several threads, each with its own connection: half a million rows take 0.5 s by the clock on two cores where
 * one thread takes 0.7 s (`npm run bench -- chain --walk`). All of them must look at the same state of the database, which a program may be writing; where that or a thread fails,
 * the caller walks alone.
 */
import { Worker } from 'node:worker_threads';
import { openReadOnly } from '../files/journal-reader.ts';
import type { Database } from '../thread/database.ts';
import { type ChainStretch, type Walked, type WalkRange, walkStretch } from './chain-walk.ts';

/** Shared by all: whoever is free takes the next. */
export interface WalkWork {
  readonly stretches: readonly ChainStretch[];
  readonly range: WalkRange;
  /** How many have been taken. */
  readonly taken: Int32Array;
}

export type Share = readonly (readonly [index: number, walked: Walked])[];

export function walkShare(database: Database, { stretches, range, taken }: WalkWork): Share {
  const share: [number, Walked][] = [];
  for (;;) {
    const index = Atomics.add(taken, 0, 1);
    const stretch = stretches[index];
    if (stretch === undefined) return share;
    share.push([index, walkStretch(database, stretch, range)]);
  }
}

/** Begins to read: from here on this connection sees the database as it is now. */
export function view(database: Database): void {
  database.exec('BEGIN');
  database.prepare('SELECT count(*) FROM sqlite_schema').get();
}

export class WalkThreads {
  readonly #workers: readonly Worker[];
  /** Rejects when one of them ends. */
  readonly #ended: Promise<never>;

  private constructor(folder: string, count: number, url: URL) {
    this.#workers = Array.from({ length: count }, () => new Worker(url, { workerData: folder }));
    this.#ended = new Promise((_, reject) => {
      for (const worker of this.#workers) worker.on('error', reject).on('exit', reject);
    });
    this.#ended.catch(() => undefined);
  }

  /**
   * `database`: begins to read together with them. `url`: the compiled worker. undefined: they could not be started, or the database was written to
   * while they began to read.
   */
  static async begin(database: Database, folder: string, count: number, url: URL): Promise<WalkThreads | undefined> {
    const threads = new WalkThreads(folder, count, url);
    const outside = openReadOnly(folder);
    const version = () => outside.pragma('data_version', { simple: true });
    try {
      await threads.#answered();
      const before = version();
      view(database);
      await threads.#answered('view');
      if (version() === before) return threads;
    } catch {
      // Its fault shows where it is walked alone.
    } finally {
      outside.close();
    }
    await threads.end();
    return undefined;
  }

  async walk(database: Database, stretches: readonly ChainStretch[], range: WalkRange): Promise<readonly Walked[]> {
    const work = { stretches, range, taken: new Int32Array(new SharedArrayBuffer(4)) };
    const others = this.#answered<Share>(work);
    const shares = [walkShare(database, work), ...(await others)];
    return shares
      .flat()
      .toSorted(([a], [b]) => a - b)
      .map(([, walked]) => walked);
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** The next message of each. */
  #answered<Answer>(asked?: unknown): Promise<Answer[]> {
    const answers = this.#workers.map((worker) => {
      const answer = new Promise<Answer>((resolve) => worker.once('message', resolve));
      if (asked !== undefined) worker.postMessage(asked);
      return answer;
    });
    return Promise.race([Promise.all(answers), this.#ended]);
  }
}
