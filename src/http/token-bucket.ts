/** Token buckets on the monotonic clock: a burst, then a rate per second. */
import type { Clock } from '../clock.ts';

export class TokenBucket {
  readonly #clock: Clock;
  readonly #perSecond: number;
  readonly #atOnce: number;
  #held: number;
  #atMs: number;

  constructor(clock: Clock, perSecond: number, atOnce: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
    this.#atOnce = atOnce;
    this.#held = atOnce;
    this.#atMs = clock.nowMs();
  }

  /** Tokens taken and not refilled yet. */
  get missing(): number {
    this.#fill();
    return this.#atOnce - this.#held;
  }

  /** Milliseconds until there are `count`; 0: now. */
  waitMs(count = 1): number {
    this.#fill();
    return Math.max(0, ((count - this.#held) / this.#perSecond) * 1_000);
  }

  /** Takes `count` tokens and returns 0, or takes none and returns the seconds until they are there. */
  take(count: number): { readonly waitSeconds: number } {
    const waitMs = this.waitMs(count);
    if (waitMs > 0) return { waitSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
    this.#held -= count;
    return { waitSeconds: 0 };
  }

  /** Returns a token. */
  giveBack(): void {
    this.#fill();
    this.#held = Math.min(this.#atOnce, this.#held + 1);
  }

  #fill(): void {
    const nowMs = this.#clock.nowMs();
    this.#held = Math.min(this.#atOnce, this.#held + ((nowMs - this.#atMs) / 1_000) * this.#perSecond);
    this.#atMs = nowMs;
  }
}

/** A bucket per name, limited in number: the least recently used goes first. */
export class TokenBuckets {
  readonly #make: () => TokenBucket;
  readonly #most: number;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(most: number, make: () => TokenBucket) {
    this.#most = most;
    this.#make = make;
  }

  of(name: string): TokenBucket {
    const bucket = this.#buckets.get(name) ?? this.#make();
    this.#buckets.delete(name);
    this.#buckets.set(name, bucket);
    const [oldest] = this.#buckets.keys();
    if (this.#buckets.size > this.#most && oldest !== undefined) this.#buckets.delete(oldest);
    return bucket;
  }
}
