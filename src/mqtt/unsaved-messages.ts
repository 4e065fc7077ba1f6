/**
 * Messages that the broker acknowledged lately. A broker acknowledges what it has in memory and saves it later: when it is killed or its power goes it
 * has forgotten the last minutes. So these are sent again over the next connection, and are done with when they were acknowledged so long ago that they
 * are saved. Whoever receives them drops the repetition by its number. It knows no connection.
 */
import type { KeptMessage } from './published-messages.ts';

/** Brokers must save at least every half of it; docs/en/publishing.md says so. */
export const UNSAVED_MS = 300_000;
/** In memory: the oldest of more is taken for saved. */
const UNSAVED_MAX = 4_096;

export class UnsavedMessages {
  #sent: { readonly message: KeptMessage; readonly atMs: number }[] = [];
  /** To be sent again, oldest first. */
  #again: KeptMessage[] = [];

  /** The next to be sent again. */
  next(): KeptMessage | undefined {
    return this.#again[0];
  }

  /** The broker has it: so it lives, and has saved what it had this long ago. */
  acknowledged(message: KeptMessage, nowMs: number): void {
    if (this.#again[0] === message) this.#again.shift();
    else message.sent();
    this.#sent.push({ message, atMs: nowMs });
    const unsaved = this.#sent.findIndex(({ atMs }) => atMs > nowMs - UNSAVED_MS);
    const saved = Math.max(unsaved === -1 ? this.#sent.length : unsaved, this.#sent.length - UNSAVED_MAX);
    for (const { message: each } of this.#sent.splice(0, saved)) each.done();
  }

  connectionEnded(): void {
    this.#again = [...this.#sent.map(({ message }) => message), ...this.#again];
    this.#sent = [];
  }
}
