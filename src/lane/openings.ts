/** The life of an opening: what began it, who stood there, and what its end means to bodies, pulses and modes. No verdicts. */
import { begunBy } from './begun.ts';
import { completePassage, openingForBodies, presumedBody } from './bodies.ts';
import type { Press } from './body.ts';
import { openingDuringModes, suspensionMayEnd } from './modes.ts';
import type { Opening } from './opening.ts';
import { openingIsGranted } from './opening-grant.ts';
import { bestRead } from './plates.ts';
import { armRose, lastPulsedMs, pulsesLapse } from './pulses.ts';
import type { Lane } from './state.ts';
import {
  alarm,
  count,
  isWired,
  keep,
  logicOf,
  loopWorks,
  type StepContext,
  writable,
  writableOpening,
} from './step-context.ts';
import type { LaneSettings, Role } from './types.ts';

/** A command seen this long before an opening began it. */
export const COMMAND_BEFORE_MS = 3_000;
/** A command may be seen this much after the arm has left: it is polled on another device. */
export const COMMAND_AFTER_MS = 500;
const PRESSES_KEPT = 16;

/** Without a `down` limit the opening is seen only when the arm is up, a travel time after the command. */
const commandWindowMs = (settings: LaneSettings): number =>
  COMMAND_BEFORE_MS + (isWired(settings, 'down') ? 0 : settings.closeTimeMs);

const COMMANDS: readonly Role[] = ['button', 'remote', 'auto'];
const PRESS_ROLES = ['button', 'remote'] as const;

/** The command nearest before the opening; a contact that is held counts however long it has been. */
function pressBefore(work: StepContext): Press | null {
  const { state, settings, atMs } = work;
  const fromMs = atMs - commandWindowMs(settings);
  const seen = state.kept.presses.findLast(
    (press) => press.role !== 'hand' && press.atMs >= fromMs && press.atMs <= atMs,
  );
  if (seen !== undefined) return seen;
  const held = PRESS_ROLES.find((role) => state.levels[role] === true);
  return held === undefined ? null : { role: held, atMs: state.changedMs[held] };
}

/** The pulse that no opening followed yet, or that was just repeated for its vehicle; the contact shows others. */
function pulseBefore({ kept, levels, changedMs }: Lane, fromMs: number): number | null {
  const pulse = kept.pulses.at(-1);
  if (pulse !== undefined && (pulse.openingId === null || (pulse.againMs ?? 0) >= fromMs)) return lastPulsedMs(pulse);
  return levels.auto === true ? changedMs.auto : null;
}

function commandsBlind(work: StepContext): boolean {
  const { state, settings, atMs } = work;
  if (COMMANDS.some((role) => isWired(settings, role) && state.levels[role] === null)) return true;
  return state.kept.commandsBadUntilMs !== null && state.kept.commandsBadUntilMs >= atMs - commandWindowMs(settings);
}

export function openingStarted(work: StepContext, seen: boolean): void {
  const { state, atMs } = work;
  const onA = state.bodies.find((body) => body.place === 'onA' || body.place === 'onBoth');
  const press = pressBefore(work);
  const sinceMs = atMs - commandWindowMs(work.settings);
  armRose(work, sinceMs, press !== null);
  keep(work).openingCount += 1;
  const opening: Opening = {
    id: state.kept.openingCount,
    startMs: atMs,
    endMs: null,
    seen,
    granted: false,
    automatic: false,
    maintenance: false,
    press,
    pulseMs: pulseBefore(state, sinceMs),
    commandsBlind: commandsBlind(work),
    startBodyId: onA?.id ?? null,
    startPlate: onA === undefined ? null : bestRead(onA.reads),
    captureId: work.inbox.captures.find((capture) => capture.atMs === atMs)?.id ?? null,
    firstId: null,
    lastId: null,
    lastOutMs: null,
    wrongWay: false,
    releaseId: null,
    sent: false,
    notBeforeMs: 0,
    closed: false,
  };
  opening.granted = openingIsGranted(state, work.settings, begunBy(opening, work.settings));
  state.openings = [...state.openings, opening];
  work.owned.push(opening);
  state.openingId = opening.id;
  keep(work).pulses = state.kept.pulses.map((one) =>
    one.openingId === null ? { ...one, openingId: opening.id } : one,
  );
  openingDuringModes(work, opening);
  openingForBodies(work, opening);
  if (logicOf(state) === 'none') presumedBody(work, opening);
}

export function openingEnded(work: StepContext, ending: Opening): void {
  const { state } = work;
  const opening = writableOpening(work, ending);
  opening.endMs = work.atMs;
  state.openingId = null;
  alarm(work, 'heldOpen', false);
  for (const body of state.bodies) {
    if (body.presumed && body.place === 'onB' && body.openingId === opening.id)
      completePassage(work, writable(work, body));
  }
  pulsesLapse(work, opening);
  suspensionMayEnd(work);
}

/** The button or a remote was pressed. */
export function pressed(work: StepContext, role: 'button' | 'remote'): void {
  const { state, atMs } = work;
  const press: Press = { role, atMs };
  keep(work).presses = [...state.kept.presses, press].slice(-PRESSES_KEPT);
  const opening = state.openings.find((one) => one.id === state.openingId);
  if (opening !== undefined && opening.press === null && atMs - opening.startMs <= COMMAND_AFTER_MS) {
    writableOpening(work, opening).press = press;
  }
}

/** A relay that pulsed so shortly before the arm began to close may still raise it. */
const COMMAND_LASTS_MS = 1_000;

/**
 * The arm had begun to close and went up again: with loop B free all the while and no command seen where the relay is watched, a hand
 * let the next vehicle out.
 */
export function raisedAgain(work: StepContext, closingSinceMs: number): void {
  const { state, settings, atMs } = work;
  const isQuiet = (role: Role): boolean =>
    !isWired(settings, role) ||
    (state.levels[role] === false && state.changedMs[role] < closingSinceMs - COMMAND_LASTS_MS);
  const isFree =
    loopWorks(state, 'barrier') && state.levels.barrier === false && state.changedMs.barrier <= closingSinceMs;
  if (!isFree || !isWired(settings, 'auto') || commandsBlind(work) || !COMMANDS.every(isQuiet)) return;
  if (state.kept.suspension !== null) return;
  const press: Press = { role: 'hand', atMs };
  keep(work).presses = [...state.kept.presses, press].slice(-PRESSES_KEPT);
}

/** Nothing more can come of it: ended, decided, and no body of it left to judge. */
export function forgetOpenings(work: StepContext): void {
  const { state } = work;
  const isNeeded = (opening: Opening): boolean =>
    opening.endMs === null ||
    !(opening.closed || opening.granted || opening.automatic || opening.releaseId !== null) ||
    state.bodies.some((body) => body.openingId === opening.id);
  const over = state.openings.filter((opening) => !isNeeded(opening));
  if (over.length === 0) return;
  for (const opening of over) countOpening(work, opening);
  state.openings = state.openings.filter(isNeeded);
}

function countOpening(work: StepContext, opening: Opening): void {
  const { granted, automatic, maintenance, closed, press, captureId } = opening;
  const begun = begunBy(opening, work.settings);
  count(work, {
    of: 'opening',
    openingId: `o${opening.id}`,
    startAtMs: opening.startMs,
    passed: opening.firstId !== null,
    granted,
    automatic,
    maintenance,
    isNone: closed && begun !== 'relay' && !granted && !automatic && opening.firstId === null,
    begun,
    press: press?.role ?? null,
    captureId,
  });
}
