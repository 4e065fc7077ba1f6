/** Who may push, and how often: tokens, kept as hashes only, each with its own rate bound. Knows no HTTP. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { HttpIntakeConfig } from '../config/types.ts';
import { addressBlock } from '../http/address.ts';
import { Bucket } from '../http/bucket.ts';
import { type GuessLimits, GuessPace } from '../http/guess-pace.ts';
import { Problem } from '../http/problem.ts';

/** Messages a second of one token, and how many at once: ten times what the busiest site pays. */
const PER_SECOND = 200;
const AT_ONCE = 1_000;
/** Bad tokens: 20 of one address at once and then one a second, 100 of everybody and then ten a second. */
const BAD_TOKENS: GuessLimits = { atOnce: 100, perSecond: 10, addressAtOnce: 20, addressPerSecond: 1 };
/** Addresses that have shown a good token: never slowed down by the bad ones of others. The oldest is forgotten first. */
const KNOWN_MAX = 1_000;

export interface TokenHolder {
  /** As the configuration names the system. */
  readonly name: string;
  readonly bucket: Bucket;
}

interface Token extends TokenHolder {
  readonly hash: Buffer;
  readonly untilWallMs: number;
}

export class Tokens {
  readonly #tokens: readonly Token[];
  readonly #pace: GuessPace;
  readonly #clock: Clock;
  readonly #known = new Set<string>();

  constructor(tokens: HttpIntakeConfig['tokens'], clock: Clock) {
    this.#clock = clock;
    this.#pace = new GuessPace(clock, BAD_TOKENS);
    this.#tokens = tokens.map(({ name, secret, untilWallMs = Number.POSITIVE_INFINITY }) => ({
      ...{ name, untilWallMs },
      hash: hashOf(secret.reveal()),
      bucket: new Bucket(clock, PER_SECOND, AT_ONCE),
    }));
  }

  /** Whose token the header `Authorization` carries. It looks at every token, whichever fits, so that time tells nothing. */
  holder(authorization: string | undefined): TokenHolder | undefined {
    const [, token] = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '') ?? [];
    const hash = hashOf(token ?? '');
    let found: Token | undefined;
    for (const each of this.#tokens) if (timingSafeEqual(each.hash, hash)) found = each;
    if (token === undefined || found === undefined) return undefined;
    return this.#clock.wallMs() < found.untilWallMs ? found : undefined;
  }

  /**
   * The same for a request from `address`, where bad tokens make the next ones wait. Throws Problem: unauthorized, tooManyRequests. An
   * address where a good one came from before waits for nobody.
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
      throw waited
        ? new Problem('tooManyRequests', { headers: { ...STRANGER.headers, 'retry-after': '1' } })
        : new Problem('unauthorized', STRANGER);
    this.#known.add(block);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
    return holder;
  }
}

/** The body of a stranger is not read. */
const STRANGER = { headers: { connection: 'close', 'www-authenticate': 'Bearer' } };

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
