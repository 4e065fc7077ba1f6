/** When each thing from the box came, by this device's clock: so that "offline for 3 minutes" goes on growing while it is shown. */

const arrivals = new WeakMap<object, number>();

/** Notes that `data` came just now. */
export function arrived(data: unknown): void {
  if (typeof data === 'object' && data !== null) arrivals.set(data, Date.now());
}

/** A duration that came with `data` and grows since, at `nowMs` of this device's clock. */
export const grown = (data: object, forMs: number, nowMs: number): number =>
  forMs + Math.max(0, nowMs - (arrivals.get(data) ?? nowMs));

/** A wait that came with `data` and shrinks since. */
export const left = (data: object, forMs: number, nowMs: number): number =>
  Math.max(0, forMs - Math.max(0, nowMs - (arrivals.get(data) ?? nowMs)));
