/** The last messages to be looked at, for the page: without effect (expired on arrival, for another box), not proven to be the platform's, or with an id of before. */
import type { Text } from '../text/text.ts';

/** Rows kept; the oldest is dropped first. */
const KEPT = 50;

export interface IgnoredMessage {
  readonly status: 'expired' | 'ignored' | 'unverified' | 'reusedId';
  readonly sender: string;
  readonly id?: string;
  readonly lane?: string;
  readonly plate?: string;
  readonly reason: Text;
}

export class IgnoredMessages {
  readonly #rows: (IgnoredMessage & { readonly atNowMs: number })[] = [];
  readonly #nowMs: () => number;
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add(row: IgnoredMessage): void {
    this.#count += 1;
    this.#rows.unshift({ ...row, atNowMs: this.#nowMs() });
    this.#rows.length = Math.min(this.#rows.length, KEPT);
  }

  /** Newest first; `atNowMs` is Clock.nowMs. */
  get rows(): readonly (IgnoredMessage & { readonly atNowMs: number })[] {
    return this.#rows;
  }

  /** Since the start. */
  get count(): number {
    return this.#count;
  }
}
