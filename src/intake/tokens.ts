/** Authentication and rate limits of senders: tokens, kept as hashes only, each with its own rate limit. Knows no HTTP. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';
import { addressBlock } from '../http/address.ts';
import { bearerToken } from '../http/bearer.ts';
import { type GuessLimits, GuessThrottle } from '../http/guess-throttle.ts';
import { CLOSE, Problem, tooManyRequests } from '../http/problem.ts';
import { TokenBucket } from '../http/token-bucket.ts';

/** Messages a second of one token, and burst: ten times the payments of the busiest site. */
const PER_SECOND = 200;
const AT_ONCE = 1_000;
/** Bad tokens: a burst of 20 from one address and then one a second, 100 in all and then ten a second. */
const BAD_TOKENS: GuessLimits = { atOnce: 100, perSecond: 10, addressAtOnce: 20, addressPerSecond: 1 };
/** Addresses that have shown a good token: never slowed down by the bad ones of others. The oldest is dropped first. */
const KNOWN_MAX = 1_000;

export interface TokenHolder {
  /** As the configuration names the system. */
  readonly name: string;
  readonly bucket: TokenBucket;
}

interface Token extends TokenHolder {
  readonly hash: Buffer;
  readonly untilWallMs: number;
}

export class Tokens {
  readonly #tokens: readonly Token[];
  readonly #pace: GuessThrottle;
  readonly #clock: Clock;
  readonly #known = new Set<string>();

  constructor(tokens: HttpIntakeConfig['tokens'], clock: Clock) {
    this.#clock = clock;
    this.#pace = new GuessThrottle(clock, BAD_TOKENS);
    this.#tokens = tokens.map(({ name, secret, untilWallMs = Number.POSITIVE_INFINITY }) => ({
      ...{ name, untilWallMs },
      hash: hashOf(secret.reveal()),
      bucket: new TokenBucket(clock, PER_SECOND, AT_ONCE),
    }));
  }

  /** The holder of the token in the header `Authorization`. It compares every token, matched or not, so that timing reveals nothing. */
  holder(authorization: string | undefined): TokenHolder | undefined {
    const token = bearerToken(authorization);
    const hash = hashOf(token ?? '');
    let found: Token | undefined;
    for (const each of this.#tokens) if (timingSafeEqual(each.hash, hash)) found = each;
    if (token === undefined || found === undefined) return undefined;
    return this.#clock.wallMs() < found.untilWallMs ? found : undefined;
  }

  /**
   * The same for a request from `address`, where bad tokens delay the next ones. Throws Problem: unauthorized, tooManyRequests. An
   * address that has shown a good token is never delayed.
   */
  async admit(authorization: string | undefined, address: string | undefined): Promise<TokenHolder> {
    const block = addressBlock(address);
    // Without a token it is no guess.
    if (authorization === undefined || this.#known.has(block)) {
      const holder = this.holder(authorization);
      if (holder === undefined) throw new Problem('unauthorized', STRANGER);
      return holder;
    }
    let holder: TokenHolder | undefined;
    const { isRight, waited } = await this.#pace.guess(block, () => {
      holder = this.holder(authorization);
      return holder !== undefined;
    });
    if (!isRight || holder === undefined)
      throw waited ? tooManyRequests(1, STRANGER.headers) : new Problem('unauthorized', STRANGER);
    this.#known.add(block);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
    return holder;
  }
}

/** The body of an unauthenticated sender is not read. */
const STRANGER = { headers: { ...CLOSE.headers, 'www-authenticate': 'Bearer' } };

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
