/**
 * When a box has been commissioned, for the network of its own (deploy/box/own-network), which ends then: lanes are in force, and the test that the
 * wizard began is over. A box that was set up in another way runs for a while without a test. The mark stays.
 */
import { existsSync } from 'node:fs';
import type { Clock } from '../clock.ts';
import type { Overview } from '../page/api/api.ts';
import { writeDurably } from '../small-file.ts';

/** Longer than the wizard's test lasts. */
const WITHOUT_TEST_MS = 3 * 3_600_000;
const LOOK_MS = 5_000;

export interface CommissionedParts {
  readonly file: string;
  readonly clock: Clock;
  /** undefined: nothing runs. */
  readonly overview: () => Promise<Pick<Overview, 'lanes'> | undefined>;
}

/** Ends when the mark is there, or `signal` aborts. */
export async function markCommissioned(
  { file, clock, overview }: CommissionedParts,
  signal: AbortSignal,
): Promise<void> {
  let runsSinceMs: number | undefined;
  let sawTest = false;
  while (!signal.aborted && !existsSync(file)) {
    const lanes = (await overview().catch(() => undefined))?.lanes ?? [];
    const isTested = lanes.some(({ maintenance }) => maintenance !== undefined);
    sawTest ||= isTested;
    if (lanes.length === 0) runsSinceMs = undefined;
    else runsSinceMs ??= clock.nowMs();
    const isOld = runsSinceMs !== undefined && clock.nowMs() - runsSinceMs > WITHOUT_TEST_MS;
    if (lanes.length > 0 && !isTested && (sawTest || isOld)) return mark(file);
    await clock.sleep(LOOK_MS, signal);
  }
}

/** A disk that refuses is reported by the store; the next start tries again. */
const mark = (file: string): Promise<void> => writeDurably(file, '').catch(() => undefined);
