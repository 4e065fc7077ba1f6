/**
 * Login throttle: counts failed attempts by name. Five are free, then half a minute of waiting, doubled with each further one up to a quarter of
 * an hour, on the monotonic clock. A name joins origin and target of an attempt, so that one client cannot delay another.
 */
import type { Clock } from '../clock.ts';
import { tooManyRequests } from './problem.ts';

export const FREE_ATTEMPTS = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** After this a failure is forgotten. */
const FORGET_MS = 60 * 60_000;
/** Names in memory; the one with the oldest failure goes first. */
const KEPT_MAX = 2_000;

interface Entry {
  readonly count: number;
  readonly lastMs: number;
  readonly freeAtMs: number;
}

export class LoginThrottle {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #firstWaitMs: number;
  readonly #longestWaitMs: number;

  constructor(clock: Clock, { firstWaitMs = FIRST_WAIT_MS, longestWaitMs = LONGEST_WAIT_MS } = {}) {
    this.#clock = clock;
    this.#firstWaitMs = firstWaitMs;
    this.#longestWaitMs = longestWaitMs;
  }

  /**
   * Call before the attempt: it counts as failed until `succeeded`, so that parallel attempts are no way around. Throws Problem
   * `tooManyRequests`, uncounted, while the name has to wait. Returns a function that takes the count back when nothing was tried.
   */
  begin(name: string): () => void {
    const nowMs = this.#clock.nowMs();
    const before = this.#entries.get(name);
    const waitMs = (before?.freeAtMs ?? 0) - nowMs;
    if (waitMs > 0) throw tooManyRequests(waitMs / 1_000);
    this.#count(name, nowMs);
    return () => {
      if (before === undefined) this.#entries.delete(name);
      else this.#entries.set(name, before);
    };
  }

  /** Failures in a row, this attempt included. */
  failures(name: string): number {
    return this.#entries.get(name)?.count ?? 0;
  }

  /** The wait begins now: trying took time. */
  waitFromNow(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    const nowMs = this.#clock.nowMs();
    this.#entries.set(name, { ...entry, lastMs: nowMs, freeAtMs: entry.freeAtMs + nowMs - entry.lastMs });
  }

  succeeded(name: string): void {
    this.#entries.delete(name);
  }

  #count(name: string, nowMs: number): void {
    const before = this.#entries.get(name);
    const count = before === undefined || nowMs - before.lastMs > FORGET_MS ? 1 : before.count + 1;
    const over = count - FREE_ATTEMPTS;
    const waitMs = over < 0 ? 0 : Math.min(this.#firstWaitMs * 2 ** Math.min(over, 20), this.#longestWaitMs);
    this.#entries.delete(name);
    this.#entries.set(name, { count, lastMs: nowMs, freeAtMs: nowMs + waitMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > KEPT_MAX && oldest !== undefined) this.#entries.delete(oldest);
  }
}
