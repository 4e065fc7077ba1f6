/**
 * What stands between a guesser and a secret: attempts are counted by name and place together, and wrong guesses from places where nobody has
 * logged in are paced for everybody at once. Nobody's bad attempts make another wait where he logs in.
 */
import type { Clock } from '../../clock.ts';
import { addressBlock } from '../../http/address.ts';
import { Attempts } from '../../http/attempts.ts';
import { GuessPace } from '../../http/guess-pace.ts';
import { type KnownPlaces, placeName } from './known-places.ts';

/** Wrong guesses from unknown places: six at once, then one in two seconds, 43,200 a day. */
const STRANGERS = { atOnce: 6, perSecond: 0.5, addressAtOnce: 6, addressPerSecond: 0.5 };

/** Where an attempt is made. */
export interface LoginOrigin {
  /** As the socket has it. */
  readonly address: string;
  /** The device cookie. */
  readonly device?: string;
}

export class GuessGuard {
  readonly #attempts: Attempts;
  readonly #pace: GuessPace;
  readonly #places: KnownPlaces;

  constructor(clock: Clock, places: KnownPlaces) {
    this.#attempts = new Attempts(clock);
    this.#pace = new GuessPace(clock, STRANGERS);
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
    const takeBack = this.#attempts.begin(name);
    const isRight = await check().catch((error: unknown) => {
      takeBack();
      throw error;
    });
    if (isRight) this.#attempts.succeeded(name);
    return isRight;
  }

  async #paced(block: string, check: () => boolean | Promise<boolean>): Promise<boolean> {
    return (await this.#pace.guess(block, check)).isRight;
  }
}
