/**
 * Consecutive faults, reported as one: the first at once, a lasting one once a minute with its count, the end once. It does not know what
 * failed and it waits for nothing.
 */
import type { Clock, LinkError, ProtocolError } from '../driver.ts';

const REPORT_EVERY_MS = 60_000;

/** A fault of the outside world: reported and retried. Any other exception is an internal error. */
export type LineFault = LinkError | ProtocolError;

export interface FaultThrottle {
  /** Faults since the row began; 0 when healthy. */
  readonly count: number;
  failed(error: LineFault): void;
  /** Ends the row. */
  over(): void;
}

/** Calls `fault` and `recovered` as described above; `forMs` is the time since the first fault of the row. */
export function createFaultThrottle(
  clock: Clock,
  fault: (error: LineFault, count: number) => void,
  recovered: (count: number, forMs: number) => void,
): FaultThrottle {
  let count = 0;
  let beganMs = 0;
  let reportedMs = 0;
  let reportedCode: string | undefined;
  return {
    get count() {
      return count;
    },
    failed(error) {
      const nowMs = clock.nowMs();
      if (count === 0) beganMs = nowMs;
      count += 1;
      // Another code is reported at once: "unplugged" turns into "no such port".
      if (count > 1 && error.code === reportedCode && nowMs - reportedMs < REPORT_EVERY_MS) return;
      // Two alternating codes are not: after the first few the interval holds, which leaves at most two lines a second.
      if (count > 8 && nowMs - reportedMs < REPORT_EVERY_MS) return;
      reportedMs = nowMs;
      reportedCode = error.code;
      fault(error, count);
    },
    over() {
      if (count === 0) return;
      recovered(count, clock.nowMs() - beganMs);
      count = 0;
    },
  };
}
