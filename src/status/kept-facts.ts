/** What a state folder tells of itself, whether a program runs on it or not: the queue, the times not seen, the chain. */
import type { Observation } from '../store/observation.ts';
import type { RecordState } from '../store/record-types.ts';
import type { Store } from '../store/types.ts';

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

export interface LaneBlind {
  readonly lane: string;
  readonly times: number;
  /** Overlapping times count once. */
  readonly forMs: number;
  /** The last one has no end yet. */
  readonly lasts: boolean;
  readonly last: Observation['seen'];
}

/** Decisions of people are among them. */
const OBSERVATIONS_MAX = 500;
const DAY_MS = 86_400_000;
/** A backlog is not sent in the order of its numbers: the last one delivered is looked for among so many. */
const DELIVERED_LOOKED_AT = 50;
/** What keeps a lane from being seen; maintenance and a channel that is down do not. */
const BLIND: ReadonlySet<string> = new Set(['points', 'notRunning', 'powerCut', 'mains']);

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
    blind: blindSince(observations, nowWallMs - DAY_MS, nowWallMs),
    ...(signed && { signed: { last: signed.last, atWallMs: signed.wallMs, ways: signed.ways } }),
  };
}

/** By lane; lanes that were seen all the time are left out. `observations`: newest first. */
export function blindSince(
  observations: readonly Observation[],
  sinceWallMs: number,
  nowWallMs: number,
): readonly LaneBlind[] {
  const byLane = new Map<string, Observation[]>();
  for (const one of observations) {
    const isBlind = 'roles' in one.seen && BLIND.has(one.seen.why);
    if (isBlind && endOf(one, nowWallMs) > sinceWallMs)
      byLane.set(one.laneId, [...(byLane.get(one.laneId) ?? []), one]);
  }
  return [...byLane].map(([lane, all]) => ({
    lane,
    times: all.length,
    forMs: covered(all.map((one) => [Math.max(one.fromWallMs, sinceWallMs), endOf(one, nowWallMs)])),
    lasts: all.some(lasts),
    last: (all[0] as Observation).seen,
  }));
}

const lasts = ({ seen }: Observation): boolean => 'roles' in seen && seen.lasts === true;
const endOf = (one: Observation, nowWallMs: number): number => (lasts(one) ? nowWallMs : one.toWallMs);

function covered(spans: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return Math.round(sum);
}
