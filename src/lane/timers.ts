/** What falls due by itself: one table of what may be due and when, and of what then happens. The lane has no other timers. */
import { armMustBeDown, armTakesTooLong, BOTH_LIMITS_MS, isBetweenLimits, limitsContradict } from './arm.ts';
import { isPassing } from './bodies.ts';
import { grantsEnd, pulsesEnd } from './grants.ts';
import { setMode } from './modes.ts';
import { transitOver } from './passages.ts';
import { loopSticks, lostOnB } from './points.ts';
import { type Body, type Lane, LOOPS, type Opening } from './state.ts';
import type { LaneSettings } from './types.ts';
import { openingRecord, settle } from './verdicts.ts';
import { alarm, currentOpening, fact, loopWorks, type Work } from './work.ts';

export interface Due {
  readonly atMs: number;
  readonly run: (work: Work) => void;
}

/** The earliest of what has been offered; of equals the first offered. */
class Earliest {
  due: Due | undefined;
  offer(atMs: number, run: (work: Work) => void): void {
    if (this.due === undefined || atMs < this.due.atMs) this.due = { atMs, run };
  }
}

/** The next thing that falls due, if nothing else happens. */
export function nextDue(state: Lane, settings: LaneSettings): Due | undefined {
  const earliest = new Earliest();
  armDue(state, settings, earliest);
  loopsDue(state, settings, earliest);
  for (const body of state.bodies) bodyDue(body, settings, earliest);
  for (const opening of state.openings) openingDue(opening, state, settings, earliest);
  if (state.grantsDueMs !== null) earliest.offer(state.grantsDueMs, grantsEnd);
  for (const pulse of state.pulses) if (pulse.openingId === null) earliest.offer(pulse.endMs, pulsesEnd);
  modesDue(state, earliest);
  return earliest.due;
}

function armDue(state: Lane, settings: LaneSettings, earliest: Earliest): void {
  if (state.bothLimitsSinceMs !== null && state.arm !== 'fault') {
    earliest.offer(state.bothLimitsSinceMs + BOTH_LIMITS_MS + 1, limitsContradict);
  }
  if (state.arm === 'closing' && state.levels.down === null) {
    earliest.offer(state.armSinceMs + settings.closeTimeMs, armMustBeDown);
  }
  if (isBetweenLimits(state) && !state.alarms.includes('barrierStuck')) {
    const sinceMs = Math.max(state.changedMs.down, state.changedMs.up);
    earliest.offer(sinceMs + settings.travelTimeoutMs + 1, armTakesTooLong);
  }
}

function loopsDue(state: Lane, settings: LaneSettings, earliest: Earliest): void {
  for (const loop of LOOPS) {
    if (state.levels[loop] !== true || state.stuck[loop]) continue;
    earliest.offer(state.changedMs[loop] + settings.loopStuckAfterMs, (work) => loopSticks(work, loop));
  }
  const outMs = state.outSinceMs.barrier;
  if (
    outMs !== null &&
    !loopWorks(state, 'barrier') &&
    state.bodies.some((body) => body.place === 'onB' && !body.presumed)
  ) {
    earliest.offer(outMs + settings.travelTimeoutMs, lostOnB);
  }
}

function bodyDue(body: Body, settings: LaneSettings, earliest: Earliest): void {
  if (body.place === 'between') {
    earliest.offer((body.aFallMs ?? body.riseMs) + settings.transitMs, (work) => {
      const now = work.state.bodies.find((one) => one.id === body.id);
      if (now !== undefined) transitOver(work, now);
    });
  }
  if (body.place === 'out') {
    earliest.offer((body.outMs ?? body.riseMs) + settings.settleMs, (work) => {
      const now = work.state.bodies.find((one) => one.id === body.id);
      if (now !== undefined) settle(work, now);
    });
  }
}

/** When the record of an opening that nobody granted goes out although nobody has passed. */
function openingDue(opening: Opening, state: Lane, settings: LaneSettings, earliest: Earliest): void {
  if (opening.id === state.openingId && !state.alarms.includes('heldOpen')) {
    earliest.offer((opening.lastOutMs ?? opening.startMs) + settings.heldOpenAfterMs, heldOpen);
  }
  if (
    opening.granted ||
    opening.automatic ||
    opening.closed ||
    opening.releaseId !== null ||
    opening.firstId !== null
  ) {
    return;
  }
  if (state.bodies.some((body) => isPassing(state, body, opening))) return;
  const latestMs = settings.reportNobodyPassed ? opening.startMs + settings.manualMaxWaitMs : Number.POSITIVE_INFINITY;
  const endedMs = opening.endMs === null ? Number.POSITIVE_INFINITY : opening.endMs + settings.settleMs;
  const dueMs = Math.min(latestMs, endedMs);
  if (dueMs === Number.POSITIVE_INFINITY) return;
  earliest.offer(dueMs, (work) => {
    const now = work.state.openings.find((one) => one.id === opening.id);
    if (now !== undefined) openingRecord(work, now, null);
  });
}

function heldOpen(work: Work): void {
  const opening = currentOpening(work.state);
  alarm(work, 'heldOpen', true, [fact('armStaysUp', opening?.lastOutMs ?? opening?.startMs)]);
}

function modesDue(state: Lane, earliest: Earliest): void {
  for (const name of ['maintenance', 'keepOpen', 'freePassage'] as const) {
    const untilMs = state[name]?.untilMs;
    if (untilMs != null) earliest.offer(untilMs, (work) => setMode(work, name, null));
  }
}
