/** What falls due by itself: one table of what may be due and when, and of what then happens. The lane has no other timers. */

import { armMustBeDown, armTakesTooLong, BOTH_LIMITS_MS, isBetweenLimits, limitsContradict } from './arm.ts';
import { begunBy } from './begun.ts';
import { isPassing } from './bodies.ts';
import type { Body } from './body.ts';
import { fakeExitDue } from './fake-exit.ts';
import { feedAlarm } from './feed.ts';
import { grantsEnd } from './grants.ts';
import { setMode } from './modes.ts';
import type { Opening } from './opening.ts';
import { recordWithoutPassage } from './opening-record.ts';
import { transitOver } from './passages.ts';
import { loopSticks, lostOnB } from './points.ts';
import { pulsesEnd } from './pulses.ts';
import { type Lane, LOOPS, type Loop } from './state.ts';
import { alarm, bodyOf, currentOpening, fact, loopWorks, openingOf, type StepContext } from './step-context.ts';
import type { LaneSettings } from './types.ts';
import { settle } from './verdicts.ts';

/** `subject`: the id of the body or opening, or the index of the loop or mode, that it is about. */
type Run = (work: StepContext, subject: number) => void;

const MODES = ['maintenance', 'keepOpen', 'freePassage'] as const;

const transitEnds: Run = (work, id) => {
  const body = bodyOf(work.state, id);
  if (body !== undefined) transitOver(work, body);
};
const settles: Run = (work, id) => {
  const body = bodyOf(work.state, id);
  if (body !== undefined) settle(work, body);
};
const recordGoesOut: Run = (work, id) => {
  const opening = openingOf(work.state, id);
  if (opening !== undefined) recordWithoutPassage(work, opening);
};
const sticks: Run = (work, index) => loopSticks(work, LOOPS[index] as Loop);
const modeEnds: Run = (work, index) => setMode(work, MODES[index] as (typeof MODES)[number], null);
const staysUp: Run = (work) => {
  const opening = currentOpening(work.state);
  alarm(work, 'heldOpen', true, [fact('armStaysUp', opening?.lastOutMs ?? opening?.startMs)]);
};

/** The earliest of what has been offered; of equals the first offered. */
export class Due {
  atMs = Number.POSITIVE_INFINITY;
  #run: Run | undefined;
  #subject = 0;

  offer(atMs: number, run: Run, subject = 0): void {
    if (atMs >= this.atMs) return;
    this.atMs = atMs;
    this.#run = run;
    this.#subject = subject;
  }

  run(work: StepContext): void {
    this.#run?.(work, this.#subject);
  }
}

/** The last answer, good as long as the same lane is asked about, which nobody may have written to since. */
let last: { readonly state: Lane; readonly settings: LaneSettings; readonly due: Due } | undefined;

/** The next thing that falls due in a lane that is not being written to: every step begins and ends with asking for it. */
export function nextDue(state: Lane, settings: LaneSettings): Due {
  if (last?.state === state && last.settings === settings) return last.due;
  return dueAfterChange(state, settings);
}

/** The next thing that falls due, if nothing else happens; never: `atMs` is infinite. */
export function dueAfterChange(state: Lane, settings: LaneSettings): Due {
  const due = earliest(state, settings);
  last = { state, settings, due };
  return due;
}

function earliest(state: Lane, settings: LaneSettings): Due {
  const due = new Due();
  armDue(state, settings, due);
  loopsDue(state, settings, due);
  for (const body of state.bodies) bodyDue(body, settings, due);
  for (const opening of state.openings) openingDue(opening, state, settings, due);
  if (state.kept.grantsDueMs !== null) due.offer(state.kept.grantsDueMs, grantsEnd);
  for (const pulse of state.kept.pulses) if (pulse.openingId === null) due.offer(pulse.endMs, pulsesEnd);
  for (const exit of state.kept.fakeExits) due.offer(exit.dueMs, fakeExitDue);
  const { unheardUntilMs, feeds } = state.kept;
  if (unheardUntilMs !== null && feeds.length > 0 && unheardUntilMs > state.actedMs)
    due.offer(unheardUntilMs, feedAlarm);
  modesDue(state, due);
  return due;
}

function armDue(state: Lane, settings: LaneSettings, due: Due): void {
  if (state.bothLimitsSinceMs !== null && state.arm !== 'fault') {
    due.offer(state.bothLimitsSinceMs + BOTH_LIMITS_MS + 1, limitsContradict);
  }
  if (state.arm === 'closing' && state.levels.down === null) {
    due.offer(state.armSinceMs + settings.closeTimeMs, armMustBeDown);
  }
  if (isBetweenLimits(state) && !state.kept.alarms.includes('barrierStuck')) {
    const sinceMs = Math.max(state.changedMs.down, state.changedMs.up);
    due.offer(sinceMs + settings.travelTimeoutMs + 1, armTakesTooLong);
  }
}

function loopsDue(state: Lane, settings: LaneSettings, due: Due): void {
  for (let index = 0; index < LOOPS.length; index += 1) {
    const loop = LOOPS[index] as Loop;
    if (state.levels[loop] !== true || state.kept.stuck[loop]) continue;
    due.offer(state.changedMs[loop] + settings.loopStuckAfterMs, sticks, index);
  }
  const outMs = state.kept.outSinceMs.barrier;
  if (outMs === null || loopWorks(state, 'barrier')) return;
  if (state.bodies.some((body) => body.place === 'onB' && !body.presumed)) {
    due.offer(outMs + settings.travelTimeoutMs, lostOnB);
  }
}

function bodyDue(body: Body, settings: LaneSettings, due: Due): void {
  if (body.place === 'between') due.offer((body.aFallMs ?? body.riseMs) + settings.transitMs, transitEnds, body.id);
  else if (body.place === 'out')
    due.offer(body.waitsUntilMs ?? (body.outMs ?? body.riseMs) + settings.settleMs, settles, body.id);
}

/** When the arm has stayed up for long, and when the record of an opening that nobody granted goes out with nobody passing. */
function openingDue(opening: Opening, state: Lane, settings: LaneSettings, due: Due): void {
  if (opening.id === state.openingId && !state.kept.alarms.includes('heldOpen')) {
    due.offer((opening.lastOutMs ?? opening.startMs) + settings.heldOpenAfterMs, staysUp);
  }
  const isSettled = opening.granted || opening.automatic || opening.closed || opening.releaseId !== null;
  if (isSettled || opening.firstId !== null) return;
  const latestMs = settings.reportNobodyPassed ? opening.startMs + settings.manualMaxWaitMs : Number.POSITIVE_INFINITY;
  const endedMs = opening.endMs === null ? Number.POSITIVE_INFINITY : opening.endMs + settings.settleMs;
  // The booth's own opening by its software with nobody passing is no record: only its end says so.
  const mayWait = begunBy(opening, settings) !== 'relay';
  const atMs = Math.max(opening.notBeforeMs, mayWait ? Math.min(latestMs, endedMs) : endedMs);
  if (atMs >= due.atMs) return;
  if (state.bodies.some((body) => isPassing(state, body, opening))) return;
  due.offer(atMs, recordGoesOut, opening.id);
}

function modesDue({ kept }: Lane, due: Due): void {
  // Hardly ever is there one.
  if (kept.maintenance === null && kept.keepOpen === null && kept.freePassage === null) return;
  for (const [index, name] of MODES.entries()) {
    const untilMs = kept[name]?.untilMs;
    if (untilMs != null) due.offer(untilMs, modeEnds, index);
  }
}
