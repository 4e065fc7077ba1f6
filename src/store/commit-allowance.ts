/** How many commits may be asked for at once: a few after a quiet time, and as many as plain groups in the long run, because each wears a card. */
import type { Clock } from '../clock.ts';

export class CommitAllowance {
  readonly #clock: Clock;
  readonly #most: number;
  readonly #everyMs: number;
  #left: number;
  #countedAtMs: number;

  /** `most`: after a quiet time; one more every `everyMs`. */
  constructor(clock: Clock, most: number, everyMs: number) {
    this.#clock = clock;
    this.#most = most;
    this.#everyMs = everyMs;
    this.#left = most;
    this.#countedAtMs = clock.nowMs();
  }

  get isLeft(): boolean {
    const nowMs = this.#clock.nowMs();
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#countedAtMs) / this.#everyMs);
    this.#countedAtMs = nowMs;
    return this.#left >= 1;
  }

  /** A commit was sent, allowed or not. */
  spend(): void {
    this.#left = this.isLeft ? this.#left - 1 : 0;
  }
}
