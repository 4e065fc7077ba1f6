/** Pulses of the management system's relay: for whom they are, which message joins one, and when they lapse. Whether one is a grant is said in `complete-feed.ts`. */

import type { Body } from './body.ts';
import { bodyOnFirstLoop, type Claim, claimsOf, isJoined } from './claims.ts';
import { pulseIsGrant } from './complete-feed.ts';
import { pulseAlone, pulseSeen } from './health.ts';
import { median } from './learned.ts';
import type { Opening, Pulse } from './opening.ts';
import { grantOpening } from './opening-grant.ts';
import { contradicts, isUnread, normalPlate, readsLike } from './plates.ts';
import { LEFT_MS } from './reads.ts';
import { hasBeenOver } from './revision.ts';
import { type Lane, withLast } from './state.ts';
import { bodyOf, currentOpening, fact, keep, note, type StepContext, writableOpening } from './step-context.ts';
import type { Grant } from './types.ts';

const PULSES_MOST = 16;
/** A pulse so short before the arm is down was meant for the next opening. */
const NEXT_OPENING_MS = 3_000;
/** A pulse seen this long after the arm has left still began the opening: it is polled on another device. */
const PULSE_AFTER_MS = 500;

/** Keeps at most `most` pulses of a body. */
export function dropPulses(work: StepContext, bodyId: number, most: number): void {
  const { state } = work;
  const own = state.kept.pulses.filter((pulse) => pulse.presenceId === bodyId).slice(most);
  if (own.length > 0) keep(work).pulses = state.kept.pulses.filter((pulse) => !own.includes(pulse));
}

export const lastPulsedMs = ({ atMs, againMs }: Pulse): number => againMs ?? atMs;

/** The opening it began has ended. */
const isSpent = ({ openingId }: Lane, pulse: Pulse): boolean =>
  pulse.openingId !== null && pulse.openingId !== openingId;

/** The relay of the management system was seen. */
export function relayPulsed(work: StepContext): void {
  const { state, settings, atMs } = work;
  const opening = currentOpening(state);
  const began = opening !== undefined && atMs - opening.startMs <= PULSE_AFTER_MS;
  if (began && opening.pulseMs === null) writableOpening(work, opening).pulseMs = atMs;
  const presenceId = bodyOnFirstLoop(state, settings, atMs)?.id ?? null;
  keep(work).pulseCount += 1;
  const pulse: Pulse = {
    id: state.kept.pulseCount,
    atMs,
    sinceMs: atMs,
    endMs: atMs + settings.laneGrantTtlMs,
    presenceId,
    openingId: opening?.id ?? null,
    isGrant: pulseIsGrant(state, settings),
    joinedBy: null,
  };
  const isSame = (one: Pulse): boolean => presenceId !== null && one.presenceId === presenceId;
  keep(work).pulses = state.kept.pulses.some(isSame)
    ? state.kept.pulses.map((one) => (isSame(one) ? { ...one, againMs: atMs } : one))
    : [...state.kept.pulses, pulse].slice(-PULSES_MOST);
  if (began) grantOpening(work, opening);
}

/** So many lengths say what this lane's relay does; a pulse of less than a quarter of their median is noise on its wire. */
const LENGTHS_KEPT = 20;
const FLASH_SHARE = 0.25;

/** The relay's contact has opened again: what was so short, and has raised no arm, was none of its pulses. */
export function relayReleased(work: StepContext): void {
  const { state, atMs } = work;
  const pulse = state.kept.pulses.find(({ id, againMs }) => id === state.kept.pulseCount && againMs === undefined);
  if (pulse === undefined) return;
  const lengthMs = atMs - pulse.atMs;
  pulseSeen(work, lengthMs);
  const learned = state.kept.pulseLengthsMs ?? [];
  const isShort = learned.length === LENGTHS_KEPT && lengthMs < median(learned) * FLASH_SHARE;
  if (!isShort || currentOpening(state)?.pulseMs === pulse.atMs) {
    keep(work).pulseLengthsMs = withLast(learned, lengthMs, LENGTHS_KEPT);
    return;
  }
  keep(work).pulses = state.kept.pulses.filter((one) => one !== pulse);
  keep(work).flash = { pulse, lengthMs };
  note(work, fact('relayFlashed', pulse.atMs, { forMs: lengthMs }));
}

/** The arm rises. No hand raised it, and the relay has just pulsed, if shorter than ever: so short are its pulses now. */
export function armRose(work: StepContext, sinceMs: number, byHand: boolean): void {
  const { state, settings, atMs } = work;
  const { flash, pulses, pulseLengthsMs } = state.kept;
  if (flash == null) return;
  keep(work).flash = null;
  if (byHand || flash.pulse.atMs < sinceMs) return;
  const presenceId = flash.pulse.presenceId ?? bodyOnFirstLoop(state, settings, atMs)?.id ?? null;
  keep(work).pulses = [...pulses, { ...flash.pulse, presenceId }].slice(-PULSES_MOST);
  keep(work).pulseLengthsMs = withLast(pulseLengthsMs ?? [], flash.lengthMs, LENGTHS_KEPT);
}

/** A body has come: pulses that had nobody are for it. */
export function pulsesForBody(work: StepContext, body: Body): void {
  const { state, settings } = work;
  if (state.kept.pulses.length === 0 || (body.way === 'reverse' && settings.direction !== 'both')) return;
  keep(work).pulses = state.kept.pulses.map((pulse) =>
    pulse.presenceId === null && body.riseMs <= pulse.endMs ? { ...pulse, presenceId: body.id } : pulse,
  );
  dropPulses(work, body.id, 1);
}

/** A pulse lapses when the opening it began ends, unless its body is on its way through. */
export function pulsesLapse(work: StepContext, opening: Opening): void {
  const { state } = work;
  const passes = (pulse: Pulse): boolean =>
    state.bodies.some(
      (body) => body.id === pulse.presenceId && (body.place !== 'onA' || hasBeenOver(work.settings, body)),
    );
  const forNext = (pulse: Pulse): boolean =>
    lastPulsedMs(pulse) > opening.startMs + PULSE_AFTER_MS && lastPulsedMs(pulse) >= work.atMs - NEXT_OPENING_MS;
  const kept: Pulse[] = [];
  for (const pulse of state.kept.pulses) {
    if (passes(pulse)) kept.push(pulse);
    else if (forNext(pulse)) kept.push({ ...pulse, openingId: null, sinceMs: work.atMs });
    else note(work, fact('pulseLapsed', pulse.atMs));
  }
  keep(work).pulses = kept;
}

/** A pulse that was only the opening of a message's grant is spent with it, and one whose opening has ended; another waits while that lasts. */
export function givePulsesBack(work: StepContext, body: Body, sinceMs: number, messages: readonly Claim[]): void {
  const { state, settings } = work;
  keep(work).pulses = state.kept.pulses
    .filter((pulse) => pulse.presenceId !== body.id || !(isSpent(state, pulse) || isJoined(pulse, messages, settings)))
    .map((pulse) => (pulse.presenceId === body.id ? { ...pulse, presenceId: null, sinceMs } : pulse));
}

/** The end of a pulse that no opening followed may have come. */
export function pulsesEnd(work: StepContext): void {
  const { state, atMs } = work;
  const isOver = (pulse: Pulse): boolean => pulse.openingId === null && pulse.endMs <= atMs;
  const over = state.kept.pulses.filter((pulse) => isOver(pulse) && !isHeld(work, pulse));
  for (const pulse of over) {
    note(work, fact('pulseLapsed', pulse.atMs));
    pulseAlone(work);
  }
  keep(work).pulses = state.kept.pulses
    .filter((pulse) => !over.includes(pulse))
    .map((pulse) => (isOver(pulse) ? { ...pulse, endMs: atMs + work.settings.laneGrantTtlMs } : pulse));
}

/** As long as its body is in the lane. */
const isHeld = (work: StepContext, pulse: Pulse): boolean =>
  work.state.bodies.some((body) => body.id === pulse.presenceId);

/**
 * Which pulse a message belongs to, where pulses are no grants: one to one, by the time at which it was issued. Only for a plate that was read
 * for nobody; the others find their vehicle by themselves. Joins it to one that nothing has joined yet, and gives the body that the pulse let out; null when
 * there is none.
 */
export function joinPulse(work: StepContext, grant: Grant, issuedMs: number): number | null {
  const { state, settings, atMs } = work;
  if (grant.plate === undefined || state.kept.pulses.length === 0) return null;
  const plate = normalPlate(grant.plate);
  const isRead =
    state.bodies.some((body) => readsLike(body.reads, plate)) ||
    state.kept.past.some((past) => atMs - past.outMs <= settings.systemOpenWaitMs && readsLike(past.plates, plate));
  if (isRead) return null;
  const waits = state.kept.waiting.find((read) => readsLike([read], plate));
  // Read since its vehicle had left A, the plate is of somebody behind.
  const isOfNext = ({ aFallMs }: Body): boolean =>
    waits !== undefined && aFallMs !== null && waits.atMs > aFallMs + LEFT_MS;
  // One whose vehicle was read with another plate waits for that vehicle's own message.
  const isOfAnother = (body: Body | undefined): boolean =>
    body !== undefined && (contradicts(body, [plate]) || isOfNext(body));
  const isNear = ({ atMs: pulsedMs }: Pulse): boolean => Math.abs(pulsedMs - issuedMs) <= settings.autoJoinMs;
  const waitsUnread = ({ atMs: pulsedMs, presenceId }: Pulse): boolean => {
    const body = bodyOf(state, presenceId);
    return body !== undefined && isUnread(body) && Math.abs(atMs - pulsedMs) <= settings.systemOpenWaitMs;
  };
  const mayJoin = state.kept.pulses.filter(
    (pulse) =>
      !pulse.isGrant &&
      pulse.joinedBy === null &&
      pulse.presenceId !== null &&
      (isNear(pulse) || waitsUnread(pulse)) &&
      !isOfAnother(bodyOf(state, pulse.presenceId)),
  );
  // Whose each grant is costs by how many wait, and they come by hundreds: asked for no pulse that this one cannot join.
  if (mayJoin.length === 0) return null;
  const claims = claimsOf(state, settings);
  const open = mayJoin.filter((pulse) => {
    const own = claims.filter(({ bodyId }) => bodyId === pulse.presenceId);
    return !isJoined(pulse, own, settings);
  });
  const near = open.find(isNear);
  // Of several that wait for their messages the last: most come within seconds, and one of them has paid.
  const last = open.findLast(waitsUnread);
  // Who stood on A when it was issued is nearer to it than one let out so long before.
  const onA = bodyOnFirstLoop(state, settings, issuedMs);
  const isOfOnA = onA !== undefined && onA.id !== last?.presenceId && !isOfAnother(onA);
  const joined = near ?? (isOfOnA ? undefined : last);
  if (joined === undefined) return null;
  keep(work).pulses = state.kept.pulses.map((one) => (one === joined ? { ...one, joinedBy: grant.id } : one));
  return joined.presenceId;
}
