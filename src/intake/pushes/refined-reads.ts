/**
 * Vehicles that a program follows under one id, reading their plate again and again: the best read so far of each. A later one that is
 * better counts for the moment of the first, because by then another vehicle may stand there. Knows no channel.
 */
import type { PlateRead } from '../../lane/types.ts';
import { ownText } from '../own-text.ts';

/** Vehicles in view whose read may still be refined; the oldest is forgotten first. */
const REFINED_MAX = 64;
/** Later than this a read means nothing for the lane's present vehicle. */
const REFINED_WITHIN_MS = 60_000;

export type TimedRead = PlateRead & { readonly atMs: number };

/** `first`: nothing of this id yet. `better`: with the moment of the first. */
export type Refinement =
  | { readonly kind: 'first' | 'same' | 'late' }
  | { readonly kind: 'better'; readonly atMs: number };

export class RefinedReads {
  readonly #reads = new Map<string, TimedRead>();

  /** Compares with the best read of this id, and keeps it when it is the first or better. */
  take(id: string, read: TimedRead): Refinement {
    const key = ownText(id);
    const best = this.#reads.get(key);
    if (best === undefined) {
      this.#keep(key, read);
      return { kind: 'first' };
    }
    if (read.text === best.text && read.confidence <= best.confidence) return { kind: 'same' };
    if (read.atMs - best.atMs > REFINED_WITHIN_MS) return { kind: 'late' };
    this.#keep(key, { ...read, atMs: best.atMs });
    return { kind: 'better', atMs: best.atMs };
  }

  #keep(key: string, read: TimedRead): void {
    this.#reads.delete(key);
    this.#reads.set(key, read);
    const [oldest] = this.#reads.keys();
    if (this.#reads.size > REFINED_MAX && oldest !== undefined) this.#reads.delete(oldest);
  }
}
