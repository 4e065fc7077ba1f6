/** Timeouts of in-flight requests share one timer: a timer per request cost more CPU than signing. */
import type { Clock } from '../../clock.ts';

export class RequestTimeouts {
  readonly #clock: Clock;
  readonly #untilMs = new Map<() => void, number>();
  #sleep: AbortController | undefined;
  #wakesMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `expire` after `limitMs`, unless the returned function is called first. */
  watch(limitMs: number, expire: () => void): () => void {
    const untilMs = this.#clock.nowMs() + limitMs;
    this.#untilMs.set(expire, untilMs);
    if (untilMs < this.#wakesMs) void this.#run();
    return () => this.#untilMs.delete(expire);
  }

  close(): void {
    this.#untilMs.clear();
    this.#sleep?.abort();
  }

  async #run(): Promise<void> {
    this.#sleep?.abort();
    const sleep = new AbortController();
    this.#sleep = sleep;
    // A finished request leaves the sleep as it is: the next one most likely ends later.
    while (this.#untilMs.size > 0) {
      this.#wakesMs = Math.min(...this.#untilMs.values());
      await this.#clock.sleep(this.#wakesMs - this.#clock.nowMs(), sleep.signal);
      if (sleep.signal.aborted) return;
      for (const [expire, untilMs] of [...this.#untilMs]) {
        if (untilMs > this.#clock.nowMs()) continue;
        this.#untilMs.delete(expire);
        expire();
      }
    }
    this.#wakesMs = Number.POSITIVE_INFINITY;
  }
}
