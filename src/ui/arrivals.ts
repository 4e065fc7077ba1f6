/** Arrival times of data from the box, by this device's clock, so that a shown duration keeps growing. */

const arrivals = new WeakMap<object, number>();

/** Records that `data` arrived now. */
export function arrived(data: unknown): void {
  if (typeof data === 'object' && data !== null) arrivals.set(data, Date.now());
}

/** Records that `copy` arrived when `data` did. */
export function arrivedWith(copy: object, data: object): void {
  const atMs = arrivals.get(data);
  if (atMs !== undefined) arrivals.set(copy, atMs);
}

/** A duration of `data`, grown since its arrival, at `nowMs` of this device's clock. */
export const grown = (data: object, forMs: number, nowMs: number): number =>
  forMs + Math.max(0, nowMs - (arrivals.get(data) ?? nowMs));

/** A wait of `data`, shrunk since its arrival. */
export const left = (data: object, forMs: number, nowMs: number): number =>
  Math.max(0, forMs - Math.max(0, nowMs - (arrivals.get(data) ?? nowMs)));
