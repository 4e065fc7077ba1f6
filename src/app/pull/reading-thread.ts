/** Client of the reading thread: starts it when the first system is read, and anew when it hangs or dies. A part of the composition root. */
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock.ts';
import type { SourceAnswer, SourceRequest } from '../../management/pull/source.ts';

/** Connecting and reading, with room for a slow server. */
const ANSWER_MS = 30_000;

export class ReadingThread {
  readonly #clock: Clock;
  readonly #url: URL;
  #worker: Worker | undefined;
  #next = 1;
  readonly #waiting = new Map<number, (answer: SourceAnswer) => void>();

  /** `url`: the compiled worker; tests run from sources and hand it in. */
  constructor(clock: Clock, url: URL = new URL('../../management/pull/pull-worker.js', import.meta.url)) {
    this.#clock = clock;
    this.#url = url;
  }

  async read(request: SourceRequest): Promise<SourceAnswer> {
    const worker = this.#worker ?? this.#start();
    const id = this.#next;
    this.#next += 1;
    const done = new AbortController();
    const answer = new Promise<SourceAnswer>((resolve) => this.#waiting.set(id, resolve));
    worker.postMessage({ id, request });
    const late = this.#clock
      .sleep(ANSWER_MS, done.signal)
      .then((): SourceAnswer => ({ fault: `no answer in ${ANSWER_MS / 1_000} s` }));
    const first = await Promise.race([answer, late]);
    done.abort();
    // What a thread that hangs still holds is given up with it.
    if (this.#waiting.delete(id)) await this.#end(worker, 'the reading thread did not answer');
    return first;
  }

  async close(): Promise<void> {
    if (this.#worker !== undefined) await this.#end(this.#worker, 'closed');
  }

  #start(): Worker {
    const worker = new Worker(this.#url);
    worker.unref();
    worker.on('message', ({ id, answer }: { readonly id: number; readonly answer: SourceAnswer }) => {
      const resolve = this.#waiting.get(id);
      this.#waiting.delete(id);
      resolve?.(answer);
    });
    worker.on('error', (error) => void this.#end(worker, error.message));
    this.#worker = worker;
    return worker;
  }

  async #end(worker: Worker, why: string): Promise<void> {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of waiting) resolve({ fault: why });
    await worker.terminate();
  }
}
