/** Those who sleep because there is nothing to do, by what they wait for; nobody misses being woken. It knows no record. */
import type { Clock } from '../clock.ts';

export class Sleepers<Kind extends string> {
  readonly #clock: Clock;
  /** There only while somebody sleeps. */
  readonly #wake = new Map<Kind, AbortController>();
  readonly #woken = new Map<Kind, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often they have been woken. */
  woken(kind: Kind): number {
    return this.#woken.get(kind) ?? 0;
  }

  /** `seen`: how often they had been woken when there was nothing to do; if it happened again since, nobody sleeps. */
  async sleep(kind: Kind, ms: number, seen: number): Promise<void> {
    if (this.woken(kind) !== seen) return;
    const wake = this.#wake.get(kind) ?? new AbortController();
    this.#wake.set(kind, wake);
    await this.#clock.sleep(ms, wake.signal);
  }

  wake(...kinds: readonly Kind[]): void {
    for (const kind of kinds) {
      this.#woken.set(kind, this.woken(kind) + 1);
      this.#wake.get(kind)?.abort(null);
      this.#wake.delete(kind);
    }
  }
}
