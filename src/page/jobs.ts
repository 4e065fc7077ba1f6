/**
 * Jobs: work longer than a second, one of a kind at a time, with progress and cancellation. It knows no kind: `PageParts.jobs` has a `JobMaker`
 * for each, and routes may start their own (`apply`, `restore`).
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import { jobText } from '../text/page/server.ts';
import type { Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';
import type { UserRole } from './api/api.ts';
import type { Job, JobKind, JobResult } from './api/api-setup.ts';

/** The job as its work sees it. */
export interface JobHandle {
  /** Aborts when a person cancels, after JOB_MS_MAX, or when the program ends. The work must then end soon. */
  readonly signal: AbortSignal;
  /** The present step and the progress (0 to 1). Time left is estimated from `part` unless given. */
  progress(now: Text, part?: number, leftMs?: number): void;
  /** The partial result, plain JSON: shown while the work runs, kept if it is cancelled or fails. */
  soFar(result: JobResult): void;
  /** A JPEG, then shown at `/api/v1/jobs/{id}/picture`. */
  picture(bytes: Uint8Array): void;
}

/** Resolves to the job's result, plain JSON. An error is shown by its `text`, else by its message. */
export type JobRun = (job: JobHandle) => Promise<JobResult | undefined>;

/**
 * Checks the input (throws `Problem('invalid', { errors })`) and returns the work. `input` is the JSON of the request without `kind`.
 */
export type JobMaker = (
  input: Readonly<Record<string, unknown>>,
  who: { readonly user: string; readonly role: UserRole },
) => JobRun;

/** By kind; a missing kind is answered `notFound`. */
export type JobMakers = Readonly<Partial<Record<JobKind, JobMaker>>>;

export const JOB_MS_MAX = 60 * 60_000;
/** Jobs in memory; the oldest ended ones go first. */
const KEPT_MAX = 20;
const PICTURE_BYTES_MAX = 5_000_000;
/** No estimate of the time left before this. */
const ESTIMATE_AFTER_MS = 1_000;

interface Entry {
  job: Job;
  picture?: Uint8Array;
  readonly cancel: AbortController;
  readonly ended: Promise<void>;
}

export interface JobsOptions {
  readonly clock: Clock;
  /** After every change. */
  readonly changed: (job: Job) => void;
}

export class Jobs {
  readonly #options: JobsOptions;
  readonly #entries = new Map<string, Entry>();

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /** Throws Problem `busy` while another of this kind runs. */
  start(kind: JobKind, run: JobRun): Job {
    if (this.all().some((job) => job.kind === kind && job.state === 'running')) throw new Problem('busy');
    const id = randomUUID();
    const cancel = new AbortController();
    const job: Job = { id, kind, state: 'running', now: jobText.begins };
    // The work begins in a later turn, after the caller has the job.
    const entry: Entry = { job, cancel, ended: Promise.resolve().then(() => this.#work(entry, run)) };
    this.#entries.set(id, entry);
    this.#forget();
    this.#options.changed(job);
    return job;
  }

  all(): readonly Job[] {
    return [...this.#entries.values()].map(({ job }) => job);
  }

  get(id: string): Job | undefined {
    return this.#entries.get(id)?.job;
  }

  picture(id: string): Uint8Array | undefined {
    return this.#entries.get(id)?.picture;
  }

  /** Aborts the work; the job is `cancelled` once it has ended. */
  cancel(id: string): Job | undefined {
    this.#entries.get(id)?.cancel.abort();
    return this.get(id);
  }

  /** Cancels all that run and waits for them, at most `ms`. */
  async close(ms: number): Promise<void> {
    const limit = new AbortController();
    const running = [...this.#entries.values()].filter(({ job }) => job.state === 'running');
    for (const { cancel } of running) cancel.abort();
    await Promise.race([Promise.all(running.map(({ ended }) => ended)), this.#options.clock.sleep(ms, limit.signal)]);
    limit.abort();
  }

  async #work(entry: Entry, run: JobRun): Promise<void> {
    const { clock } = this.#options;
    const { cancel } = entry;
    const startedMs = clock.nowMs();
    if (cancel.signal.aborted) return this.#change(entry, { state: 'cancelled', now: entry.job.now });
    const limit = new AbortController();
    void clock.sleep(JOB_MS_MAX, limit.signal).then(() => {
      if (!limit.signal.aborted) cancel.abort();
    });
    try {
      const result = await run({
        signal: cancel.signal,
        progress: (now, part, leftMs) => {
          const left = leftMs ?? estimateMs(clock.nowMs() - startedMs, part);
          const { state, result } = entry.job;
          if (state === 'running')
            this.#change(entry, { state, now, ...defined({ part, leftMs: left }), ...resultOf(result) });
        },
        soFar: (soFar) => {
          if (entry.job.state === 'running') this.#change(entry, { ...entry.job, result: soFar });
        },
        picture: (bytes) => {
          if (bytes.length <= PICTURE_BYTES_MAX) entry.picture = bytes;
        },
      });
      const { now, result: soFar } = entry.job;
      this.#change(
        entry,
        cancel.signal.aborted && result === undefined
          ? { state: 'cancelled', now, ...resultOf(soFar) }
          : { state: 'done', now, part: 1, ...resultOf(result) },
      );
    } catch (error) {
      const { now, result: soFar } = entry.job;
      if (cancel.signal.aborted) this.#change(entry, { state: 'cancelled', now, ...resultOf(soFar) });
      else this.#change(entry, { state: 'failed', now, error: textOf(error), ...resultOf(soFar) });
    } finally {
      limit.abort();
    }
  }

  #change(entry: Entry, values: Omit<Job, 'id' | 'kind'>): void {
    const { id, kind } = entry.job;
    entry.job = { id, kind, ...values };
    this.#options.changed(entry.job);
  }

  #forget(): void {
    const over = [...this.#entries.values()].filter(({ job }) => job.state !== 'running');
    for (const { job } of over.slice(0, Math.max(0, this.#entries.size - KEPT_MAX))) this.#entries.delete(job.id);
  }
}

const resultOf = (result: JobResult | undefined): Pick<Job, 'result'> => (result === undefined ? {} : { result });

function estimateMs(tookMs: number, part: number | undefined): number | undefined {
  if (part === undefined || part <= 0.01 || tookMs < ESTIMATE_AFTER_MS) return undefined;
  return Math.round((tookMs * (1 - part)) / part);
}

function defined(values: {
  readonly part: number | undefined;
  readonly leftMs: number | undefined;
}): Pick<Job, 'part' | 'leftMs'> {
  const { part, leftMs } = values;
  return {
    ...(part !== undefined && { part: Math.min(1, Math.max(0, part)) }),
    ...(leftMs !== undefined && { leftMs }),
  };
}

/** Our error classes carry a text in both languages; other messages are shown as they are. */
function textOf(error: unknown): Text {
  const text = (error as { readonly text?: Partial<Text> } | undefined)?.text;
  if (typeof text?.zh === 'string' && typeof text.en === 'string') return { zh: text.zh, en: text.en };
  return jobText.failed(thrownText(error));
}
