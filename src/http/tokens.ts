/**
 * Tokens of programs, for both servers: whose a token is and what it may (its scopes), and the rate of wrong ones. Kept as hashes only. Knows no
 * route.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { addressBlock } from './address.ts';
import { bearerToken } from './bearer.ts';
import { type GuessLimits, GuessThrottle } from './guess-throttle.ts';
import { CLOSE, Problem, tooManyRequests } from './problem.ts';
import type { TokenScope } from './token-scopes.ts';

export interface TokenHolder {
  readonly name: string;
  readonly scopes: readonly TokenScope[];
}

export interface KnownToken extends TokenHolder {
  readonly hash: Buffer;
  readonly untilWallMs?: number;
}

/** Tokens that were made on the page or by the command, beside those of the configuration. */
export interface MadeTokens {
  /** Takes up what another program changed. */
  refresh(): Promise<void>;
  known(): readonly KnownToken[];
  used(token: KnownToken): void;
}

/** Addresses that have shown a good token: never slowed down by the bad ones of others. The oldest is dropped first. */
const KNOWN_MAX = 1_000;
/** The body of an unauthenticated sender is not read. */
const STRANGER = { headers: { ...CLOSE.headers, 'www-authenticate': 'Bearer' } };

export interface TokensOptions {
  readonly clock: Clock;
  readonly limits: GuessLimits;
  readonly configured: () => readonly KnownToken[];
  readonly made?: MadeTokens | undefined;
}

export class Tokens {
  readonly #clock: Clock;
  readonly #pace: GuessThrottle;
  readonly #configured: () => readonly KnownToken[];
  readonly #made: MadeTokens | undefined;
  readonly #known = new Set<string>();

  constructor({ clock, limits, configured, made }: TokensOptions) {
    this.#clock = clock;
    this.#pace = new GuessThrottle(clock, limits);
    this.#configured = configured;
    this.#made = made;
  }

  /** The holder of the token in the header `Authorization`. It compares every token, matched or not, so that timing reveals nothing. */
  holder(authorization: string | undefined): KnownToken | undefined {
    const token = bearerToken(authorization);
    const hash = tokenHash(token ?? '');
    let found: KnownToken | undefined;
    for (const each of this.#all()) if (timingSafeEqual(each.hash, hash)) found = each;
    if (token === undefined || found === undefined) return undefined;
    return this.#isValid(found) ? found : undefined;
  }

  /** Whether it is still one: for a stream that stays open. */
  has({ hash }: KnownToken): boolean {
    return this.#all().some((each) => timingSafeEqual(each.hash, hash) && this.#isValid(each));
  }

  /**
   * The holder, for a request from `address`, where bad tokens delay the next ones. Throws Problem: unauthorized, tooManyRequests. An
   * address that has shown a good token is never delayed.
   */
  async admit(authorization: string | undefined, address: string | undefined): Promise<KnownToken> {
    await this.#made?.refresh();
    const block = addressBlock(address);
    // Without a token it is no guess.
    if (authorization === undefined || this.#known.has(block)) {
      const holder = this.holder(authorization);
      if (holder === undefined) throw new Problem('unauthorized', STRANGER);
      this.#made?.used(holder);
      return holder;
    }
    let holder: KnownToken | undefined;
    const { isRight, waited } = await this.#pace.guess(block, () => {
      holder = this.holder(authorization);
      return holder !== undefined;
    });
    if (!isRight || holder === undefined)
      throw waited ? tooManyRequests(1, STRANGER.headers) : new Problem('unauthorized', STRANGER);
    this.#known.add(block);
    const [oldest] = this.#known;
    if (this.#known.size > KNOWN_MAX && oldest !== undefined) this.#known.delete(oldest);
    this.#made?.used(holder);
    return holder;
  }

  #all(): readonly KnownToken[] {
    return [...this.#configured(), ...(this.#made?.known() ?? [])];
  }

  #isValid({ untilWallMs = Number.POSITIVE_INFINITY }: KnownToken): boolean {
    return this.#clock.wallMs() < untilWallMs;
  }
}

/** Throws Problem `forbidden`. */
export function requireScope({ scopes }: TokenHolder, scope: TokenScope | undefined): void {
  if (scope === undefined || !scopes.includes(scope)) throw new Problem('forbidden', CLOSE);
}

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}
