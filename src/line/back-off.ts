/** Exponential back-off of devices and ports. The jitter is the caller's. */
const FIRST_MS = 100;
const MOST_MS = 5_000;

/** The wait before attempt `attempt` (1 = the first repetition): 100 ms, doubled each time, at most `mostMs`. */
export function backOffMs(attempt: number, mostMs = MOST_MS): number {
  return Math.min(FIRST_MS * 2 ** Math.min(attempt - 1, 16), mostMs);
}
