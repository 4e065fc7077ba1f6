/**
 * The lane engine: a pure function from a state and an event to the next state and what must be done. No clock, no files, no devices.
 * The same events give the same verdicts, live, in a test, and replayed a year later. Specification: lane-logic.md.
 */

import { plateRead } from './bodies.ts';
import { wantsPicture } from './captures.ts';
import { grantComes, grantRevoked } from './grants.ts';
import { recordSent } from './late.ts';
import { modeChanges } from './modes.ts';
import { frontOf, insert } from './moments.ts';
import { normalPlate } from './plates.ts';
import { edge, lost, started } from './points.ts';
import { copyState, emptyState, type LaneState } from './state.ts';
import { nextDue } from './timers.ts';
import type { LaneEffect, LaneEvent, LaneSettings } from './types.ts';
import type { Work } from './work.ts';

export type { LaneState } from './state.ts';
export { STATE_VERSION } from './state.ts';
export { type LaneView, laneView } from './view.ts';

/** A lane of which nothing is known yet. */
export function initialState(_settings: LaneSettings): LaneState {
  return emptyState();
}

type Handlers = { readonly [K in LaneEvent['kind']]: (work: Work, event: Extract<LaneEvent, { kind: K }>) => void };

/** What each kind of event does when its moment is closed. */
const HANDLERS: Handlers = {
  edge,
  lost: (work, event) => lost(work, event.role),
  plate: (work, event) => plateRead(work, event, normalPlate(event.plate.text)),
  grant: grantComes,
  revoke: grantRevoked,
  mode: modeChanges,
  sent: (work, event) => recordSent(work, event.releaseId),
  start: started,
  tick: () => {},
};

function handle(work: Work, event: LaneEvent): void {
  (HANDLERS[event.kind] as (work: Work, event: LaneEvent) => void)(work, event);
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
  const work: Work = { state: copyState(state), settings, effects, atMs: event.atMs };
  if (event.kind !== 'tick') {
    wantsPicture(work, event);
    work.state.pending = insert(work.state.pending, event);
  }
  work.state.nowMs = Math.max(state.nowMs, event.atMs);
  closeMoments(work);
  return [work.state, effects];
}

/** Acts on everything that is due before now, in the order of time; within one moment events come before what falls due. */
function closeMoments(work: Work): void {
  const { state, settings } = work;
  for (;;) {
    const front = frontOf(state, settings, state.nowMs);
    const due = nextDue(state, settings);
    const dueFirst = due !== undefined && (front.kind === 'none' || due.atMs < front.atMs);
    if (dueFirst) {
      if (due.atMs >= state.nowMs) return;
      work.atMs = Math.max(due.atMs, state.actedMs);
      state.actedMs = work.atMs;
      due.run(work);
      continue;
    }
    if (front.kind === 'none' || front.kind === 'wait') return;
    const [event, ...rest] = state.pending;
    if (front.kind === 'flicker') {
      state.pending = rest.filter((_, index) => index + 1 !== front.riseIndex);
      continue;
    }
    state.pending = rest;
    work.atMs = front.atMs;
    state.actedMs = Math.max(state.actedMs, front.atMs);
    handle(work, event as LaneEvent);
  }
}

/** When the lane wants a `tick`, if nothing comes before; undefined when it waits for nothing. */
export function deadlineMs(state: LaneState, settings: LaneSettings): number | undefined {
  const front = frontOf(state, settings, state.nowMs);
  const due = nextDue(state, settings);
  if (front.kind === 'none') return due === undefined ? undefined : due.atMs + 1;
  const frontMs = front.kind === 'wait' ? front.readyMs : front.atMs + 1;
  // What falls due after an event that waits cannot overtake it.
  return due !== undefined && due.atMs < front.atMs ? due.atMs + 1 : frontMs;
}
