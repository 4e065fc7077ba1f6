/**
 * Limits the rate of guesses at a secret, in total and per address, without locking anyone out: a wrong guess delays the next ones, and among the
 * waiting the address with the fewest wrong guesses goes first. A right guess costs nothing. It does not know what is guessed.
 */
import type { Clock } from '../clock.ts';
import { TokenBucket, TokenBuckets } from '../limits.ts';
import { tooManyRequests } from './problem.ts';

export interface GuessLimits {
  /** Wrong guesses in total: burst, then per second. */
  readonly atOnce: number;
  readonly perSecond: number;
  /** Per address. */
  readonly addressAtOnce: number;
  readonly addressPerSecond: number;
}

export const GUESS_LIMITS = {
  /** People and their programs at the page: passwords, the set-up code, tokens. 43,200 wrong ones a day. */
  page: { atOnce: 6, perSecond: 0.5, addressAtOnce: 6, addressPerSecond: 0.5 },
  /** Machines at the intake: tokens and signatures, too long to be guessed, which a sender set up wrongly repeats with every car. */
  intake: { atOnce: 100, perSecond: 10, addressAtOnce: 20, addressPerSecond: 1 },
} satisfies Record<string, GuessLimits>;

/** Longest wait for a turn. */
export const TURN_MS_MAX = 10_000;
/** Limits of the waiting guesses: per address, and in total. */
const WAITING_PER_ADDRESS = 4;
const WAITING_MAX = 64;
const ADDRESSES_MAX = 2_000;

/** Wrong guesses of an address are remembered; one is forgotten every quarter of an hour. */
const FORGET_PER_SECOND = 1 / 900;
const WRONG_MAX = 1_000;

interface Waiting {
  readonly block: string;
  readonly bucket: TokenBucket;
  /** Its missing tokens are the number of wrong guesses. */
  readonly wrong: TokenBucket;
  readonly untilMs: number;
  readonly go: () => Promise<void>;
  readonly refuse: () => void;
}

export class GuessThrottle {
  readonly #clock: Clock;
  readonly #all: TokenBucket;
  readonly #addresses: TokenBuckets;
  readonly #wrong: TokenBuckets;
  readonly #waiting: Waiting[] = [];
  #serving = false;

  constructor(clock: Clock, { atOnce, perSecond, addressAtOnce, addressPerSecond }: GuessLimits) {
    this.#clock = clock;
    this.#all = new TokenBucket(clock, perSecond, atOnce);
    this.#wrong = new TokenBuckets(ADDRESSES_MAX, () => new TokenBucket(clock, FORGET_PER_SECOND, WRONG_MAX));
    this.#addresses = new TokenBuckets(ADDRESSES_MAX, () => new TokenBucket(clock, addressPerSecond, addressAtOnce));
  }

  /**
   * Makes the guess in its turn, one at a time. `waited`: wrong guesses of others delayed it. Throws Problem `tooManyRequests` when its turn
   * does not come in time.
   */
  guess(block: string, check: () => boolean | Promise<boolean>): Promise<{ isRight: boolean; waited: boolean }> {
    const bucket = this.#addresses.of(block);
    const wrong = this.#wrong.of(block);
    const waited = this.#readyInMs(bucket) > 0;
    return new Promise((resolve, reject) => {
      const go = async (): Promise<void> => {
        try {
          const isRight = await check();
          if (!isRight) for (const each of [this.#all, bucket, wrong]) each.take(1);
          resolve({ isRight, waited });
        } catch (error) {
          reject(error);
        }
      };
      const refuse = () => {
        reject(tooManyRequests(this.#readyInMs(bucket) / 1_000));
      };
      const newcomer: Waiting = { block, bucket, wrong, untilMs: this.#clock.nowMs() + TURN_MS_MAX, go, refuse };
      if (this.#waiting.filter((each) => each.block === block).length >= WAITING_PER_ADDRESS) return refuse();
      this.#waiting.push(newcomer);
      if (this.#waiting.length > WAITING_MAX) this.#refuseWorst();
      void this.#serve();
    });
  }

  #readyInMs(bucket: TokenBucket): number {
    return Math.max(this.#all.waitMs(), bucket.waitMs());
  }

  /** Refuses the latest among those with the most wrong guesses. */
  #refuseWorst(): void {
    const worst = this.#waiting.reduce((a, b) => (b.wrong.missing >= a.wrong.missing ? b : a));
    this.#remove(worst);
    worst.refuse();
  }

  async #serve(): Promise<void> {
    if (this.#serving) return;
    this.#serving = true;
    while (this.#waiting.length > 0) {
      const nowMs = this.#clock.nowMs();
      for (const late of this.#waiting.filter(({ untilMs }) => untilMs <= nowMs)) {
        this.#remove(late);
        late.refuse();
      }
      const next = this.#next();
      if (next === undefined) {
        await this.#clock.sleep(this.#untilNextMs());
        // An ended clock wakes at once, forever.
        if (this.#clock.nowMs() <= nowMs) break;
      } else {
        this.#remove(next);
        await next.go();
      }
    }
    this.#serving = false;
  }

  /** The first of the ready ones with the fewest wrong guesses. */
  #next(): Waiting | undefined {
    const ready = this.#waiting.filter(({ bucket }) => this.#readyInMs(bucket) === 0);
    const [first, ...others] = ready;
    return first && others.reduce((a, b) => (b.wrong.missing < a.wrong.missing ? b : a), first);
  }

  /** At most 100 ms: a newcomer may be ready before all who wait. */
  #untilNextMs(): number {
    return Math.min(100, ...this.#waiting.map(({ bucket }) => Math.max(1, this.#readyInMs(bucket))));
  }

  #remove(waiting: Waiting): void {
    const at = this.#waiting.indexOf(waiting);
    if (at >= 0) this.#waiting.splice(at, 1);
  }
}
