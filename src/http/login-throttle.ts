/**
 * Login throttle: counts failed attempts at one secret by name. Five are free, then a wait, doubled with each further one, on the monotonic clock.
 * A name joins origin and target of an attempt, so that one client cannot delay another. What strangers may try together, `GuessThrottle` limits.
 */
import type { Clock } from '../clock.ts';
import { tooManyRequests } from './problem.ts';

export const FREE_ATTEMPTS = 5;
const FIRST_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** A PIN is asked for at the barrier, in a session that has logged in: nobody may be kept from it for long. */
const PIN_FIRST_WAIT_MS = 2_000;
const PIN_LONGEST_WAIT_MS = 60_000;
const LOGIN_WAITS = {
  password: { firstMs: FIRST_WAIT_MS, longestMs: LONGEST_WAIT_MS },
  pin: { firstMs: PIN_FIRST_WAIT_MS, longestMs: PIN_LONGEST_WAIT_MS },
};
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
  readonly #waits: { readonly firstMs: number; readonly longestMs: number };

  constructor(clock: Clock, secret: keyof typeof LOGIN_WAITS) {
    this.#clock = clock;
    this.#waits = LOGIN_WAITS[secret];
  }

  /**
   * Whether it is right, and how many failures in a row there are, this one included. It counts as failed while it is checked, so that parallel
   * attempts are no way around. Throws Problem `tooManyRequests`, uncounted, while the name has to wait; what `check` throws is not counted.
   */
  async attempt(name: string, check: () => Promise<boolean>): Promise<{ isRight: boolean; failures: number }> {
    const before = this.#entries.get(name);
    const nowMs = this.#clock.nowMs();
    const waitMs = (before?.freeAtMs ?? 0) - nowMs;
    if (waitMs > 0) throw tooManyRequests(waitMs / 1_000);
    const failures = before === undefined || nowMs - before.lastMs > FORGET_MS ? 1 : before.count + 1;
    this.#keep(name, failures);
    const isRight = await check().catch((error: unknown) => {
      if (before === undefined) this.#entries.delete(name);
      else this.#entries.set(name, before);
      throw error;
    });
    if (isRight) this.#entries.delete(name);
    // The wait begins now: trying took time.
    else this.#keep(name, this.#entries.get(name)?.count ?? failures);
    return { isRight, failures };
  }

  #keep(name: string, count: number): void {
    const nowMs = this.#clock.nowMs();
    const over = count - FREE_ATTEMPTS;
    const waitMs = over < 0 ? 0 : Math.min(this.#waits.firstMs * 2 ** Math.min(over, 20), this.#waits.longestMs);
    this.#entries.delete(name);
    this.#entries.set(name, { count, lastMs: nowMs, freeAtMs: nowMs + waitMs });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > KEPT_MAX && oldest !== undefined) this.#entries.delete(oldest);
  }
}
