/**
 * Exclusive lease of a wire: a scan needs the port for itself. The regular use is stopped and restarts when the lease ends. It knows no
 * port and no device.
 */
import type { Clock } from '../driver.ts';

/** While leased, `leased` is called at this interval: the watchdog must see that nothing is stuck. */
const LEASED_TICK_MS = 1_000;

export interface Lease {
  /** Runs `use` except during a lease, until `signal` aborts. Rejects when `use` does. */
  run(use: (signal: AbortSignal) => Promise<void>, signal: AbortSignal, leased?: () => void): Promise<void>;
  /** Resolves when `use` has ended; the result ends the lease. undefined: leased already. */
  borrow(): Promise<() => void> | undefined;
}

export function createLease(clock: Clock): Lease {
  let borrowed: AbortController | undefined;
  let stop: AbortController | undefined;
  let stopped: Promise<void> = Promise.resolve();
  return {
    async run(use, signal, leased) {
      while (!signal.aborted) {
        while (borrowed !== undefined && !signal.aborted) {
          leased?.();
          await clock.sleep(LEASED_TICK_MS, AbortSignal.any([signal, borrowed.signal]));
        }
        if (signal.aborted) return;
        stop = new AbortController();
        const using = use(AbortSignal.any([signal, stop.signal]));
        stopped = using.catch(() => {});
        await using;
      }
    },
    borrow() {
      if (borrowed !== undefined) return undefined;
      const mine = new AbortController();
      borrowed = mine;
      stop?.abort();
      return stopped.then(() => () => {
        if (borrowed === mine) borrowed = undefined;
        mine.abort();
      });
    },
  };
}
