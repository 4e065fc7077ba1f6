/** What a state folder tells of itself, whether a program runs on it or not: the queue, the times not seen, the chain. */
import { blindBetween, type LaneBlind } from '../account/unseen.ts';
import type { RecordState } from '../store/record-types.ts';
import type { Store } from '../store/types.ts';
import { statusText } from '../text/commands/status.made.ts';

export interface KeptFacts {
  readonly counts: Readonly<Record<RecordState, number>>;
  /** Release time of the oldest record that waits. */
  readonly oldestWallMs?: number;
  readonly lastDeliveredWallMs?: number;
  /** Of the last 24 hours, by lane; lanes without any are left out. */
  readonly blind: readonly LaneBlind[];
  /** Rows under the newest signed head, and when it was signed. */
  readonly signed?: { readonly last: number; readonly atWallMs: number; readonly ways: readonly string[] };
}

/** Decisions of people are among them. */
const OBSERVATIONS_MAX = 500;
const DAY_MS = 86_400_000;
/** A backlog is not sent in the order of its numbers: the last one delivered is looked for among so many. */
const DELIVERED_LOOKED_AT = 50;

export async function keptFacts(store: Store, nowWallMs: number): Promise<KeptFacts> {
  const [counts, causes, delivered, observations, signed] = await Promise.all([
    store.outbox.counts(),
    store.review.causes(),
    store.review.list({ states: ['delivered'], limit: DELIVERED_LOOKED_AT }),
    store.looks.observations(OBSERVATIONS_MAX),
    store.chain.lastSigned(),
  ]);
  const oldest = causes.filter(({ state }) => state === 'waiting').map(({ oldestWallMs }) => oldestWallMs);
  const deliveredAt = delivered.flatMap(({ settledWallMs }) => settledWallMs ?? []);
  return {
    counts,
    ...(oldest.length > 0 && { oldestWallMs: Math.round(Math.min(...oldest)) }),
    ...(deliveredAt.length > 0 && { lastDeliveredWallMs: Math.round(Math.max(...deliveredAt)) }),
    blind: blindBetween(observations, nowWallMs - DAY_MS, nowWallMs),
    ...(signed && { signed: { last: signed.last, atWallMs: signed.wallMs, ways: signed.ways } }),
  };
}

/** What the last walk over the chain found, which says more than its age, or that it is older than three of the program's own rounds. */
export function verifyComplaints(last: { faults: number; frames?: true } | undefined, agoMs: number) {
  const { faults = 0, frames = false } = last ?? {};
  if (faults > 0) return [{ level: 'error' as const, text: statusText.chainFaults(faults, faults === 1, frames) }];
  const days = Math.floor(agoMs / DAY_MS);
  return agoMs > 21 * DAY_MS ? [{ level: 'warn' as const, text: statusText.verifiedLongAgo(days) }] : [];
}
