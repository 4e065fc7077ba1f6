/**
 * How fast the messages of a camera's stream are taken: a camera that has been replaced sends at the speed of the network, and each of them becomes
 * a row. Nothing is lost: the network holds back what waits. Knows no maker.
 */
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/driver.ts';
import { TokenBucket } from '../../src/limits.ts';

/** As of pushes. */
const PER_SECOND = 10;
/** A camera that was cut off sends what it has stored, each read with its pictures. */
const AT_ONCE = 100;

/** Resolves when the next message may be read, in a turn of its own, or when `signal` aborts. */
export type Pace = (signal: AbortSignal) => Promise<void>;

/** One per camera, for all its connections. */
export function createPace(clock: Clock): Pace {
  const bucket = new TokenBucket(clock, PER_SECOND, AT_ONCE);
  return async (signal) => {
    await setImmediate();
    while (!signal.aborted && bucket.waitMs() > 0) await clock.sleep(bucket.waitMs(), signal);
    bucket.take(1);
  };
}
