/**
 * Protects passwords and the set-up code against guessing: attempts are counted per name and place, and wrong guesses from unknown places share
 * one rate limit: those of others never delay a user at a known place.
 */
import type { Clock } from '../../clock.ts';
import { addressBlock } from '../../http/address.ts';
import { GUESS_LIMITS, GuessThrottle } from '../../http/guess-throttle.ts';
import { LoginThrottle } from '../../http/login-throttle.ts';
import { type KnownPlaces, placeName } from './known-places.ts';

/** Origin of an attempt. */
export interface LoginOrigin {
  /** Of the socket. */
  readonly address: string;
  /** The device cookie. */
  readonly device?: string;
}

export class GuessGuard {
  readonly #attempts: LoginThrottle;
  readonly #pace: GuessThrottle;
  readonly #places: KnownPlaces;

  constructor(clock: Clock, places: KnownPlaces) {
    this.#attempts = new LoginThrottle(clock, 'password');
    this.#pace = new GuessThrottle(clock, GUESS_LIMITS.page);
    this.#places = places;
  }

  /** Whether it is the password. Throws Problem `tooManyRequests`. */
  async login(user: string, { address, device }: LoginOrigin, check: () => Promise<boolean>): Promise<boolean> {
    const block = addressBlock(address);
    const known = this.#places.nameOf(user, device, block);
    if (known !== undefined) return this.#attempt(known, check);
    return this.#attempt(placeName(user, block), () => this.#paced(block, check));
  }

  /** Whether it is the set-up code. Throws Problem `tooManyRequests`. */
  setup({ address }: LoginOrigin, check: () => boolean): Promise<boolean> {
    const block = addressBlock(address);
    return this.#attempt(`${block} set-up`, () => this.#paced(block, check));
  }

  /** Whether it is the password of the user of this session. Throws Problem `tooManyRequests`. */
  ownPassword(session: string, check: () => Promise<boolean>): Promise<boolean> {
    return this.#attempt(`session ${session}`, check);
  }

  async #attempt(name: string, check: () => Promise<boolean>): Promise<boolean> {
    return (await this.#attempts.attempt(name, check)).isRight;
  }

  async #paced(block: string, check: () => boolean | Promise<boolean>): Promise<boolean> {
    return (await this.#pace.guess(block, check)).isRight;
  }
}
