/**
 * Faults that follow each other, told as one: the first at once, a lasting one once a minute with its count, the end once.
 * It does not know what failed and it waits for nothing.
 */
import type { Clock, LinkError, ProtocolError } from '../driver.ts';

const TOLD_EVERY_MS = 60_000;
const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MOST_MS = 5_000;

/** What the world does to a line: worth telling, worth trying again. Anything else thrown is a mistake of ours. */
export type LineFault = LinkError | ProtocolError;

export interface FaultRow {
  /** Faults since the row began; 0 when all is well. */
  readonly count: number;
  failed(error: LineFault): void;
  /** All is well again. */
  over(): void;
}

/** `fault` and `recovered` are called as described above; `forMs` is the time since the first of the row. */
export function createFaultRow(
  clock: Clock,
  fault: (error: LineFault, count: number) => void,
  recovered: (count: number, forMs: number) => void,
): FaultRow {
  let count = 0;
  let beganMs = 0;
  let toldMs = 0;
  let toldCode: string | undefined;
  return {
    get count() {
      return count;
    },
    failed(error) {
      const nowMs = clock.nowMs();
      if (count === 0) beganMs = nowMs;
      count += 1;
      // Another kind of fault is news: "unplugged" turns into "no such port".
      if (count > 1 && error.code === toldCode && nowMs - toldMs < TOLD_EVERY_MS) return;
      // Two kinds that alternate are not: at most two lines a second survive that, so the interval holds after the first few.
      if (count > 8 && nowMs - toldMs < TOLD_EVERY_MS) return;
      toldMs = nowMs;
      toldCode = error.code;
      fault(error, count);
    },
    over() {
      if (count === 0) return;
      recovered(count, clock.nowMs() - beganMs);
      count = 0;
    },
  };
}

/** How long to wait before attempt `attempt` (1 = the first repetition): 100 ms, doubled each time, at most `mostMs`. */
export function backOffMs(attempt: number, mostMs = BACK_OFF_MOST_MS): number {
  return Math.min(BACK_OFF_FIRST_MS * 2 ** Math.min(attempt - 1, 16), mostMs);
}
