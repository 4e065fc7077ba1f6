/** The overview after an event that carries what changed of it. Draws nothing. */
import type { LaneLive, Overview } from '../page/api/api.ts';
import type { Changed, LiveEvent } from '../page/api/api-live.ts';
import { arrived, arrivedWith } from './arrivals.ts';

/** undefined: the event is not about the overview. */
export function withEvent(overview: Overview, event: LiveEvent): Overview | undefined {
  switch (event.event) {
    case 'status':
      return withChanges<Overview>(overview, event.data);
    case 'lane':
      return { ...overview, lanes: withMember(overview.lanes, event.data) };
    case 'device':
      return { ...overview, devices: withMember(overview.devices, event.data) };
    case 'queue':
      return { ...overview, queue: withChanges(overview.queue, event.data) };
    case 'release':
      return { ...overview, lanes: overview.lanes.map((lane) => withRelease(lane, event.data)) };
    default:
      return undefined;
  }
}

const withMember = <T extends { readonly id: string }>(members: readonly T[], changed: Changed<T>): readonly T[] =>
  members.map((each) => (each.id === changed.id ? withChanges(each, changed) : each));

function withChanges<T extends object>(before: T, changed: Changed<T>): T {
  const members = Object.entries({ ...before, ...changed }).filter(([, value]) => value !== null);
  const merged = Object.fromEntries(members) as T;
  for (const each of [merged, ...Object.values(changed)]) arrived(each);
  return merged;
}

function withRelease(lane: LaneLive, row: Extract<LiveEvent, { event: 'release' }>['data']): LaneLive {
  const { lastRelease = { id: 0 } } = lane;
  if (row.laneId !== lane.id || row.id < lastRelease.id) return lane;
  const merged = { ...lane, lastRelease: withChanges(row.id === lastRelease.id ? lastRelease : {}, row) } as LaneLive;
  arrivedWith(merged, lane);
  return merged;
}
