/** Which lanes a user sees: one of a booth only those it is bound to, everybody else all. What leaves the page passes here. Pure. */
import { Problem } from '../../http/problem.ts';
import type { Overview } from '../api/api.ts';
import type { TodayBrief } from '../api/api-account.ts';
import type { DutyView } from '../api/api-duty.ts';
import type { LiveEvent } from '../api/api-live.ts';

/** undefined: every lane. */
export type OwnLanes = readonly string[] | undefined;

/** Throws Problem `otherLane`. */
export function requireOwn(own: OwnLanes, lanes: readonly string[]): void {
  if (own !== undefined && !lanes.every((lane) => own.includes(lane))) throw new Problem('otherLane');
}

export function ownOverview(overview: Overview, own: OwnLanes): Overview {
  if (own === undefined) return overview;
  const { lanes, today } = overview;
  return {
    ...overview,
    lanes: lanes.filter(({ id }) => own.includes(id)),
    ...(today && { today: ownToday(today, own) }),
  };
}

function ownToday(today: TodayBrief, own: readonly string[]): TodayBrief {
  const byLane = today.byLane.filter(({ lane }) => own.includes(lane));
  const sum = (name: 'passages' | 'byHand' | 'tailgating') => byLane.reduce((total, each) => total + each[name], 0);
  return { passages: sum('passages'), byHand: sum('byHand'), tailgating: sum('tailgating'), byLane };
}

/** undefined: of another lane, or of no lane and none of its business. */
export function ownEvent(event: LiveEvent, own: readonly string[]): LiveEvent | undefined {
  if (event.event === 'overview') return { ...event, data: ownOverview(event.data, own) };
  if (event.event === 'status') {
    const { today, ...rest } = event.data;
    return today ? { ...event, data: { ...rest, today: ownToday(today, own) } } : event;
  }
  if (event.event === 'lane') return own.includes(event.data.id) ? event : undefined;
  if (event.event === 'release') return own.includes(event.data.laneId) ? event : undefined;
  return event.event === 'queue' || event.event === 'device' ? event : undefined;
}

export function ownDuty(view: DutyView, own: OwnLanes): DutyView {
  if (own === undefined) return view;
  return {
    ...view,
    lanes: view.lanes.filter(({ id }) => own.includes(id)),
    booths: view.booths.filter(({ lanes }) => lanes.every((lane) => own.includes(lane))),
    oddities: view.oddities.filter(({ lane }) => own.includes(lane)),
  };
}
