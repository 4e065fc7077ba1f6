/**
 * Parses texts from outside in a process of its own, so that none can hold up the lanes: one at a time, each with a limit of time and memory. Not in
 * a thread: V8 ends the whole process when the memory of any of its threads runs out within one step. The process starts with the first text and
 * ends when none came for a while. It knows the operations by name.
 */
import { type ChildProcess, fork } from 'node:child_process';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import type { BoxPlaces } from '../provision/look.ts';
import type { ProvisionCode } from '../provision/provision-code.ts';
import { ProvisionError } from '../provision/provision-error.ts';
import { parseText } from '../text/page/host.ts';
import type { Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';
import { ChoreError } from './chore.ts';
import type { ParseOperations } from './parse-operations.ts';

/** Of one text. The largest good configuration takes a fifth of it on a Pi. */
const LONGEST_MS = 10_000;
/** Code and all; 130 MB of memory in all. With it a busy program stays below what the service may use before it is slowed (MemoryHigh). */
const MEMORY_MB = 112;
const IDLE_MS = 60_000;
/** The one in progress among them. */
const WAITING_MAX = 8;

export type ParseName = keyof ParseOperations;

export interface ParseRequest {
  readonly name: ParseName;
  readonly parameters: readonly unknown[];
}

/** Message of the process: it is loaded, and then what became of each request. */
export type ParseReply =
  | 'loaded'
  | { readonly result: unknown }
  | { readonly refused: { readonly code: ProvisionCode; readonly detail: Text } }
  | { readonly broken: string };

export interface ParseLimits {
  readonly longestMs?: number;
  readonly memoryMb?: number;
}

interface Running {
  readonly child: ChildProcess;
  readonly loaded: Promise<void>;
  readonly ended: Promise<unknown>;
}

export class ParseProcess {
  readonly #clock: Clock;
  readonly #url: URL;
  readonly #limits: Required<ParseLimits>;
  #running: Running | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #uses = 0;
  #isClosed = false;

  /** `url`: what runs in it, compiled; tests that run from source hand it in. */
  constructor(clock: Clock, url = new URL('../cli/parse-worker.js', import.meta.url), limits: ParseLimits = {}) {
    this.#clock = clock;
    this.#url = url;
    this.#limits = { longestMs: LONGEST_MS, memoryMb: MEMORY_MB, ...limits };
  }

  /** Throws Problem: `invalid`, when it takes too long or too much memory; `busy`; `unavailable`. Throws what the operation throws. */
  run<Name extends ParseName>(
    name: Name,
    ...parameters: Parameters<ParseOperations[Name]>
  ): Promise<Awaited<ReturnType<ParseOperations[Name]>>> {
    if (this.#waiting >= WAITING_MAX) return Promise.reject(new Problem('busy', { detail: parseText.busy }));
    this.#waiting += 1;
    const turn = this.#turn.then(() => this.#answer({ name, parameters }));
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn.finally(() => {
      this.#waiting -= 1;
    }) as Promise<Awaited<ReturnType<ParseOperations[Name]>>>;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  async #answer(request: ParseRequest): Promise<unknown> {
    if (this.#isClosed) throw new Problem('unavailable');
    this.#uses += 1;
    const { child, loaded } = this.#process();
    const over = new AbortController();
    const { longestMs } = this.#limits;
    try {
      const answered = new Promise<Exclude<ParseReply, 'loaded'>>((resolve, reject) => {
        const onMessage = (message: ParseReply): void => void (message !== 'loaded' && resolve(message));
        const onError = (error: Error): void => reject(notAnswered(thrownText(error)));
        const onExit = (code: number | null, signal: string | null): void => reject(endedBy(code, signal));
        child.on('message', onMessage).on('error', onError).on('exit', onExit);
        over.signal.addEventListener('abort', () =>
          child.off('message', onMessage).off('error', onError).off('exit', onExit),
        );
      });
      const late = (async () => {
        // Its time begins when its code is loaded: a card may be slow.
        await loaded;
        try {
          child.send(request);
        } catch {
          // It is nested without end.
          throw new Problem('invalid', { detail: parseText.tooMuch });
        }
        await this.#clock.sleep(longestMs, over.signal);
        throw new Problem('invalid', { detail: parseText.tooLong(longestMs / 1000) });
      })();
      late.catch(() => undefined);
      return resultOf(await Promise.race([answered, late]));
    } catch (error) {
      if (error instanceof Problem) await this.#end();
      throw error;
    } finally {
      over.abort();
      this.#endWhenIdle();
    }
  }

  #process(): Running {
    if (this.#running !== undefined) return this.#running;
    const child = this.#forked();
    const loaded = new Promise<void>((resolve) => child.once('message', () => resolve()));
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      // Without a listener the error of a process ends the program. One that could not start says no more.
      child.on('error', () => child.pid === undefined && resolve());
    });
    const running = { child, loaded, ended };
    void ended.then(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  #forked(): ChildProcess {
    try {
      return fork(this.#url, {
        // Its own limits, not those that this program was started with.
        execArgv: [`--max-old-space-size=${this.#limits.memoryMb}`, '--max-semi-space-size=2', '--v8-pool-size=1'],
        // Bytes stay bytes.
        serialization: 'advanced',
        // V8 says at length where its memory ran out: that is no news of this box.
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
    } catch (error) {
      throw notAnswered(thrownText(error));
    }
  }

  #endWhenIdle(): void {
    const use = this.#uses;
    void this.#clock.sleep(IDLE_MS).then(() => (this.#uses === use ? this.#end() : undefined));
  }

  async #end(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    running?.child.kill('SIGKILL');
    await running?.ended;
  }
}

/** Throws ProvisionError, also for what takes too long or too much memory. */
export async function readProvisionBeside(
  parse: ParseProcess,
  text: string,
  places: BoxPlaces,
): ReturnType<ParseOperations['provision']> {
  try {
    return await parse.run('provision', text, places);
  } catch (error) {
    throw error instanceof Problem && error.code === 'invalid' ? new ProvisionError('damaged', error.text) : error;
  }
}

function resultOf(reply: Exclude<ParseReply, 'loaded'>): unknown {
  if ('result' in reply) return reply.result;
  if ('refused' in reply) throw new ProvisionError(reply.refused.code, reply.refused.detail);
  throw new ChoreError(reply.broken);
}

const notAnswered = (why: string): Problem => new Problem('unavailable', { detail: parseText.ended(why) });

/** V8 aborts where memory runs out. */
const endedBy = (code: number | null, signal: string | null): Problem =>
  signal === 'SIGABRT' ? new Problem('invalid', { detail: parseText.tooMuch }) : notAnswered(signal ?? `${code}`);
