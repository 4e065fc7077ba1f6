/**
 * The lane engine: a pure function from a state and an event to the next state and what must be done. No clock, no files, no devices.
 * The same events give the same verdicts, live, in a test, and replayed a year later. Specification: lane-logic.md.
 */

import { wantsPicture } from './captures.ts';
import { approachDropped } from './crossing.ts';
import { seenElsewhere } from './elsewhere.ts';
import { feedChanges } from './feed.ts';
import { cameraChanges } from './gaps.ts';
import { grantComes, grantRevoked } from './grants.ts';
import { forgetHealth } from './health.ts';
import { recordSent } from './late-payments.ts';
import { giveBackTo } from './lent.ts';
import { modeChanges } from './modes.ts';
import { frontOf, insert } from './moments.ts';
import { normalPlate } from './plates.ts';
import { edge, lost, started } from './points.ts';
import { plateRead } from './reads.ts';
import { emptyState, type LaneState } from './state.ts';
import { keep, type StepContext } from './step-context.ts';
import { type Due, dueAfterChange, nextDue } from './timers.ts';
import type { LaneEffect, LaneEvent, LaneSettings } from './types.ts';

export type { LaneState } from './state.ts';
export { STATE_VERSION } from './state.ts';
export { type LaneView, laneView } from './view.ts';

/** A verdict is still waited for, of a passage or of a vehicle that went back. */
export const isUndecided = ({ lane }: LaneState): boolean =>
  lane.kept.fakeExits.length > 0 || lane.bodies.some((body) => body.place === 'out');

/** A lane of which nothing is known yet. */
export function initialState(_settings: LaneSettings): LaneState {
  return emptyState();
}

type Handlers = {
  readonly [K in LaneEvent['kind']]: (work: StepContext, event: Extract<LaneEvent, { kind: K }>) => void;
};

/** What each kind of event does when its moment is closed. */
const HANDLERS: Handlers = {
  edge,
  lost: (work, event) => lost(work, event.role),
  plate: (work, event) => {
    const plate = normalPlate(event.plate.text);
    plateRead(work, event, plate);
    giveBackTo(work, plate);
  },
  grant: grantComes,
  revoke: grantRevoked,
  mode: modeChanges,
  feed: feedChanges,
  camera: cameraChanges,
  elsewhere: seenElsewhere,
  sent: (work, event) => recordSent(work, event.releaseId, true),
  unsent: (work, event) => recordSent(work, event.releaseId, false),
  start: started,
  // The others have no place in the order of events.
  tick: forgetHealth,
};

function handle(work: StepContext, event: LaneEvent): void {
  (HANDLERS[event.kind] as (work: StepContext, event: LaneEvent) => void)(work, event);
}

/**
 * Takes one event. What it means is decided when its moment is closed, that is when a later time is seen: by another event or by a
 * tick at `deadlineMs`. `state` is not changed. Times are lane time in whole milliseconds.
 */
export function step(
  state: LaneState,
  event: LaneEvent,
  settings: LaneSettings,
): readonly [LaneState, readonly LaneEffect[]] {
  const effects: LaneEffect[] = [];
  const inbox = { ...state.inbox };
  const work: StepContext = {
    inbox,
    state: state.lane,
    settings,
    effects,
    owned: [],
    ownsKept: false,
    atMs: event.atMs,
  };
  if (event.kind !== 'tick' || event.accepted) {
    wantsPicture(work, event);
    inbox.pending = insert(inbox.pending, event);
  }
  if (event.atMs > inbox.nowMs) inbox.nowMs = event.atMs;
  closeMoments(work);
  return [{ inbox, lane: work.state }, effects];
}

/** Acts on everything that is due before now, in the order of time; within one moment events come before what falls due. */
function closeMoments(work: StepContext): void {
  const { inbox, settings, state: before } = work;
  let due = nextDue(before, settings);
  for (;;) {
    const front = frontOf(inbox, work.state, settings);
    const dueFirst = due.atMs < (front.kind === 'none' ? Number.POSITIVE_INFINITY : front.atMs);
    if (dueFirst ? due.atMs >= inbox.nowMs : front.kind === 'none' || front.kind === 'wait') return;
    if (work.state === before) work.state = { ...before };
    if (front.kind === 'flicker' && !dueFirst) {
      inbox.pending = inbox.pending.filter((_, index) => index !== 0 && index !== front.riseIndex);
      if (front.role === 'approach') approachDropped(work, front.atMs, front.riseMs);
      due = dueAfterChange(work.state, settings);
      continue;
    }
    if (dueFirst) fallDue(work, due);
    else takeFirst(work);
    due = dueAfterChange(work.state, settings);
  }
}

const NONE: readonly LaneEvent[] = [];

function fallDue(work: StepContext, due: Due): void {
  work.atMs = Math.max(due.atMs, work.state.actedMs);
  work.state.actedMs = work.atMs;
  due.run(work);
}

function takeFirst(work: StepContext): void {
  const { pending } = work.inbox;
  const event = pending[0];
  if (event === undefined) return;
  work.inbox.pending = pending.length === 1 ? NONE : pending.slice(1);
  work.atMs = event.atMs;
  work.state.actedMs = Math.max(work.state.actedMs, event.atMs);
  if (work.state.kept.listeningSinceMs === null && event.kind !== 'start') keep(work).listeningSinceMs = event.atMs;
  handle(work, event);
}

/** When the lane wants a `tick`, if nothing comes before; undefined when it waits for nothing. */
export function deadlineMs({ inbox, lane }: LaneState, settings: LaneSettings): number | undefined {
  const front = frontOf(inbox, lane, settings);
  const due = nextDue(lane, settings);
  const dueMs = due.atMs === Number.POSITIVE_INFINITY ? undefined : due.atMs + 1;
  if (front.kind === 'none') return dueMs;
  const frontMs = front.kind === 'wait' ? front.readyMs : front.atMs + 1;
  // What falls due after an event that waits cannot overtake it.
  return due.atMs < front.atMs ? dueMs : frontMs;
}
