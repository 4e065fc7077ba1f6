/**
 * Tells of what cannot be observed while it lasts: a gap has its record when it ends, and somebody who pulls a plug for good would never be reported.
 * A part of the composition root.
 */
import type { Clock } from '../../clock.ts';
import { gapUntil } from '../../lane/gaps.ts';
import type { Observations } from '../../store/observation.ts';
import type { Bridge } from '../bridge.ts';

const LOOK_EVERY_MS = 1_000;
/** A shorter one is told by its end. */
const LASTS_MS = 10_000;
/** A person began it, or the mains went: it is told at once. */
const AT_ONCE: readonly string[] = ['maintenance', 'mains'];
/** Begun before this start: it lasts if the points have not answered by then. */
const OF_START: readonly string[] = ['notRunning', 'powerCut'];
const ANSWERED_MS = 2_000;

export interface LastingGapsParts {
  readonly bridges: ReadonlyMap<string, Bridge>;
  readonly looks: Observations;
  readonly clock: Clock;
}

function isLasting(why: string, forMs: number, sinceStartMs: number): boolean {
  if (AT_ONCE.includes(why)) return true;
  return OF_START.includes(why) ? sinceStartMs >= ANSWERED_MS : forMs >= LASTS_MS;
}

/** Ends when `signal` aborts. */
export async function reportLastingGaps(
  { bridges, looks, clock }: LastingGapsParts,
  signal: AbortSignal,
): Promise<void> {
  /** Those that lasted at the last look: the store keeps each once. */
  let known = new Set<string>();
  const begunMs = clock.nowMs();
  while (!signal.aborted) {
    const lasting = new Set<string>();
    for (const [laneId, bridge] of bridges) {
      const { lane } = bridge.state;
      for (const gap of lane.kept.gaps) {
        const atMs = bridge.nowMs();
        if (!isLasting(gap.why, atMs - gap.fromMs, clock.nowMs() - begunMs)) continue;
        const key = JSON.stringify([laneId, gap.why, gap.name, gap.fromMs]);
        lasting.add(key);
        // A store that refuses has reported that itself.
        if (!known.has(key))
          looks.observe(laneId, { ...gapUntil(lane, gap, atMs), lasts: true }).catch(() => lasting.delete(key));
      }
    }
    known = lasting;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
}
