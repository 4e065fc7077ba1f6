/** What a user sees: one of a booth only the lanes it is bound to, and nothing of what the box sees or does not; everybody else all. What leaves the page passes here. Pure. */
import { Problem } from '../../http/problem.ts';
import { headlineText } from '../../text/page/alerts.ts';
import type { LaneLive, Overview } from '../api/api.ts';
import type { TodayBrief } from '../api/api-account.ts';
import type { DutyView } from '../api/api-duty.ts';
import type { LiveEvent } from '../api/api-live.ts';

/** undefined: every lane. */
export type OwnLanes = readonly string[] | undefined;

export interface Visible {
  readonly own: OwnLanes;
  readonly isBooth: boolean;
}

/** Throws Problem `otherLane`. */
export function requireOwn(own: OwnLanes, lanes: readonly string[]): void {
  if (own !== undefined && !lanes.every((lane) => own.includes(lane))) throw new Problem('otherLane');
}

export function ownOverview(whole: Overview, { own, isBooth }: Visible): Overview {
  const overview = isBooth ? boothOverview(whole) : whole;
  if (own === undefined) return overview;
  const { lanes, today } = overview;
  return {
    ...overview,
    lanes: lanes.filter(({ id }) => own.includes(id)),
    ...(today && { today: ownToday(today, own) }),
  };
}

/** What the box does not see, a booth does not learn while it lasts: no signals, devices, cameras or faults, nor how fresh they are. */
function boothOverview(overview: Overview): Overview {
  const { today: _, destinations: __, ...shown } = overview;
  const { stalled: ___, unkept: ____, damage: _____, ...disk } = overview.disk;
  return { ...shown, ...BOOTH_STATE, devices: [], disk, lanes: overview.lanes.map(boothLane) };
}

const BOOTH_STATE: Pick<Overview, 'headline' | 'complaints'> = {
  headline: { id: 'box', level: 'ok', text: headlineText.booth },
  complaints: [],
};

const NOT_SHOWN = {
  ...{ arm: 'unknown', armForMs: 0, levels: {}, occupiedForMs: {}, degraded: [], alarms: [], hiddenViews: [] },
  ...{ granted: false, bodies: 0, passages: 0, reporting: { missing: [] } },
} as const satisfies Partial<LaneLive>;

const boothLane = ({ id, name, direction, modes, maintenance, lastRelease }: LaneLive): LaneLive => ({
  ...{ id, name, direction, modes, ...NOT_SHOWN },
  ...(maintenance && { maintenance }),
  ...(lastRelease && { lastRelease }),
});

/** Of a change only what it may see of the whole. */
const BOOTH_SEES: ReadonlySet<string> = new Set([
  'id',
  'modes',
  'maintenance',
  'lastRelease',
] satisfies (keyof LaneLive)[]);

function boothEvent(event: LiveEvent): LiveEvent | undefined {
  if (event.event === 'overview') return { ...event, data: boothOverview(event.data) };
  if (event.event === 'device' || event.event === 'told') return undefined;
  if (event.event === 'status') {
    const { headline: _, complaints: __, disk: ___, destinations: ____, today: _____, atWallMs, ...rest } = event.data;
    // That something else has changed is news, too.
    return Object.keys(rest).length === 0 ? undefined : { ...event, data: { ...rest, ...(atWallMs && { atWallMs }) } };
  }
  if (event.event !== 'lane') return event;
  const seen = Object.fromEntries(Object.entries(event.data).filter(([name]) => BOOTH_SEES.has(name)));
  return Object.keys(seen).length === 1 ? undefined : { ...event, data: { ...seen, id: event.data.id } };
}

function ownToday(today: TodayBrief, own: readonly string[]): TodayBrief {
  const byLane = today.byLane.filter(({ lane }) => own.includes(lane));
  const sum = (name: 'passages' | 'byHand' | 'tailgating') => byLane.reduce((total, each) => total + each[name], 0);
  return { passages: sum('passages'), byHand: sum('byHand'), tailgating: sum('tailgating'), byLane };
}

/** undefined: of another lane, or of no lane and none of its business. */
export function ownEvent(whole: LiveEvent, { own, isBooth }: Visible): LiveEvent | undefined {
  const event = isBooth ? boothEvent(whole) : whole;
  if (own === undefined || event === undefined) return event;
  if (event.event === 'overview') return { ...event, data: ownOverview(event.data, { own, isBooth: false }) };
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
