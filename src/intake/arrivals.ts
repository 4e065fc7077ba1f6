/** The latest messages that were not counted, for the page: expired on arrival, or not for this box. Knows no channel. */
import type { Text } from '../text/text.ts';

/** The oldest goes first. */
const KEPT = 50;

export interface Uncounted {
  readonly status: 'expired' | 'ignored';
  readonly sender: string;
  readonly id?: string;
  readonly lane?: string;
  readonly plate?: string;
  readonly reason: Text;
}

export class Arrivals {
  readonly #rows: (Uncounted & { readonly atNowMs: number })[] = [];
  readonly #nowMs: () => number;
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  add(row: Uncounted): void {
    this.#count += 1;
    this.#rows.unshift({ ...row, atNowMs: this.#nowMs() });
    this.#rows.length = Math.min(this.#rows.length, KEPT);
  }

  /** Newest first; `atNowMs` is Clock.nowMs. */
  get rows(): readonly (Uncounted & { readonly atNowMs: number })[] {
    return this.#rows;
  }

  /** Since the start. */
  get count(): number {
    return this.#count;
  }
}
