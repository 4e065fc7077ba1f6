/** Who may push, and how often: tokens, kept as hashes only, each with its own rate bound. Knows no HTTP. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';

/** Messages a second of one token, and how many at once: ten times what the busiest site pays. */
const PER_SECOND = 200;
const AT_ONCE = 1_000;
/** Bad tokens from one address before it has to wait, and how fast that number grows again. */
const BAD_AT_ONCE = 20;
const BAD_PER_SECOND = 0.2;
/** Addresses with bad tokens that are remembered; the oldest is forgotten first. */
const ADDRESSES_MAX = 1_000;

/** Fills with `perSecond` up to `atOnce`. */
export class Bucket {
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
  /** Takes `count` if there are as many; else takes nothing and says after how many seconds there will be. */
  take(count: number): { readonly waitSeconds: number } {
    const nowMs = this.#clock.nowMs();
    this.#held = Math.min(this.#atOnce, this.#held + ((nowMs - this.#atMs) / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#held < count) return { waitSeconds: Math.max(1, Math.ceil((count - this.#held) / this.#perSecond)) };
    this.#held -= count;
    return { waitSeconds: 0 };
  }
}

export interface Holder {
  /** As the configuration names the system. */
  readonly name: string;
  readonly bucket: Bucket;
}

interface Known extends Holder {
  readonly hash: Buffer;
  readonly untilWallMs: number;
}

export class Tokens {
  readonly #known: readonly Known[];
  readonly #bad = new Map<string, Bucket>();
  readonly #clock: Clock;
  constructor(tokens: HttpIntakeConfig['tokens'], clock: Clock) {
    this.#clock = clock;
    this.#known = tokens.map(({ name, secret, untilWallMs = Number.POSITIVE_INFINITY }) => ({
      ...{ name, untilWallMs },
      hash: hashOf(secret.reveal()),
      bucket: new Bucket(clock, PER_SECOND, AT_ONCE),
    }));
  }

  /** Whose token the header `Authorization` carries. It looks at every token, whichever fits, so that time tells nothing. */
  holder(authorization: string | undefined): Holder | undefined {
    const [, token] = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '') ?? [];
    const hash = hashOf(token ?? '');
    let found: Known | undefined;
    for (const known of this.#known) if (timingSafeEqual(known.hash, hash)) found = known;
    if (token === undefined || found === undefined) return undefined;
    return this.#clock.wallMs() < found.untilWallMs ? found : undefined;
  }

  /** Counts a bad token from this address; says after how many seconds it may try again. A good token is never kept waiting by this. */
  bad(address: string): { readonly waitSeconds: number } {
    const bucket = this.#bad.get(address) ?? new Bucket(this.#clock, BAD_PER_SECOND, BAD_AT_ONCE);
    this.#bad.set(address, bucket);
    const [oldest] = this.#bad.keys();
    if (this.#bad.size > ADDRESSES_MAX && oldest !== undefined) this.#bad.delete(oldest);
    return bucket.take(1);
  }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
