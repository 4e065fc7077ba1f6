/** For how long each lane was not seen: a day's account can close and lack what happened meanwhile. Pure. */
import type { Observation } from '../store/observation.ts';

export interface LaneBlind {
  readonly lane: string;
  readonly times: number;
  /** Overlapping times count once. */
  readonly forMs: number;
  /** The last one has no end yet. */
  readonly lasts: boolean;
  readonly last: Observation['seen'];
}

/** What keeps a lane from being seen; maintenance and a channel that is down do not. */
const BLIND: ReadonlySet<string> = new Set(['points', 'notRunning', 'powerCut', 'mains']);

/** By lane; lanes that were seen all the time are left out. `observations`: newest first. */
export function blindBetween(
  observations: readonly Observation[],
  fromWallMs: number,
  toWallMs: number,
): readonly LaneBlind[] {
  const endOf = (one: Observation): number => (lasts(one) ? toWallMs : Math.min(one.toWallMs, toWallMs));
  const byLane = new Map<string, Observation[]>();
  for (const one of observations) {
    const isBlind = 'roles' in one.seen && BLIND.has(one.seen.why);
    if (isBlind && endOf(one) > fromWallMs && one.fromWallMs < toWallMs)
      byLane.set(one.laneId, [...(byLane.get(one.laneId) ?? []), one]);
  }
  return [...byLane].map(([lane, all]) => ({
    lane,
    times: all.length,
    forMs: covered(all.map((one) => [Math.max(one.fromWallMs, fromWallMs), endOf(one)])),
    lasts: all.some(lasts),
    last: (all[0] as Observation).seen,
  }));
}

const lasts = ({ seen }: Observation): boolean => 'roles' in seen && seen.lasts === true;

function covered(spans: readonly (readonly [number, number])[]): number {
  let sum = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const [from, to] of [...spans].sort(([a], [b]) => a - b)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return Math.round(sum);
}
