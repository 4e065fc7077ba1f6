/**
 * Messages that the broker acknowledged lately. A broker acknowledges what it has in memory and saves it later: when it is killed or its power goes it
 * has forgotten the last minutes. So these are sent again over the next connection, until they were acknowledged so long ago that they are saved, or the
 * centre says that it has them. Whoever receives them drops the repetition by its number. It knows no connection.
 */
import type { KeptMessage, NumbersThrough } from './published-messages.ts';

/** Brokers must save at least every half of it; docs/en/publishing.md says so. */
export const UNSAVED_MS = 300_000;
/** In memory: the oldest of more is taken for saved. */
const UNSAVED_MAX = 4_096;

export class UnsavedMessages {
  #sent: { readonly message: KeptMessage; readonly atMs: number }[] = [];
  /** To be sent again, oldest first. */
  #again: KeptMessage[] = [];
  /** Over the present connection something new left, or nothing new was waiting. */
  #isBeyond = true;
  #isNewFirst = false;

  /** The next to be sent again. */
  next(): KeptMessage | undefined {
    return this.#again[0];
  }

  /**
   * Whether new messages go before those to be sent again: when the last connection ended before the first new one was acknowledged. Connections that are
   * always too short for all repetitions would else carry nothing but these, for ever.
   */
  get isNewFirst(): boolean {
    return this.#isNewFirst;
  }

  /** Nothing new is waiting. */
  nothingNew(): void {
    this.#isBeyond = true;
  }

  /** The broker has it: so it lives, and has saved what it had this long ago. */
  acknowledged(message: KeptMessage, nowMs: number): void {
    if (this.#again[0] === message) this.#again.shift();
    else {
      this.#isBeyond = true;
      message.sent();
    }
    this.#sent.push({ message, atMs: nowMs });
    const unsaved = this.#sent.findIndex(({ atMs }) => atMs > nowMs - UNSAVED_MS);
    const saved = Math.max(unsaved === -1 ? this.#sent.length : unsaved, this.#sent.length - UNSAVED_MAX);
    for (const { message: each } of this.#sent.splice(0, saved)) each.done();
  }

  /** Whoever receives them has these for good: whatever becomes of the broker they need not be sent again. */
  received({ series, through }: NumbersThrough): void {
    const isReceived = (message: KeptMessage): boolean => message.series === series && message.n <= through;
    // The first may be on its way.
    const [first, ...others] = this.#again;
    const done = [...this.#sent.map(({ message }) => message), ...others].filter(isReceived);
    this.#sent = this.#sent.filter(({ message }) => !isReceived(message));
    this.#again = first === undefined ? [] : [first, ...others.filter((message) => !isReceived(message))];
    for (const message of done) message.done();
  }

  connectionEnded(): void {
    this.#again = [...this.#sent.map(({ message }) => message), ...this.#again];
    this.#sent = [];
    this.#isNewFirst = !this.#isBeyond;
    this.#isBeyond = false;
  }
}
