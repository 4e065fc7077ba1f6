/** Lanes that go by one loop: A alone (a fall while the arm is up), B alone (each occupancy of some length while it is not down). */
import { completePassage, leave, newBody, takeBack } from './bodies.ts';
import type { Body } from './body.ts';
import { cross, enterB, finishSingle, inPlaces, lastOut, leaveB, ON_A } from './crossing.ts';
import { type StepContext, writable } from './step-context.ts';

// Loop A alone: falling while the arm is up.

export function approachRisesAlone(work: StepContext): void {
  if (inPlaces(work, ON_A).length === 0) newBody(work, 'onA');
}

export function approachFallsAlone(work: StepContext): void {
  for (const body of inPlaces(work, ON_A)) {
    if (body.place === 'onBoth') {
      cross(work, body);
      continue;
    }
    body.aFallMs = work.atMs;
    body.approachOnly = true;
    if (work.state.arm === 'closed') leave(work, body, 'turnedAway');
    else completePassage(work, body);
  }
}

// Loop B alone: each occupancy of some length while the arm is not down.

export function barrierRisesAlone(work: StepContext): void {
  const onA = inPlaces(work, ['onA'])[0];
  if (onA !== undefined) {
    onA.single = true;
    enterB(work, onA);
    return;
  }
  if (inPlaces(work, ['onB']).length > 0) return;
  const before = lastOut(work);
  const gapMs = before === undefined ? null : work.atMs - (before.bFallMs ?? before.outMs ?? work.atMs);
  if (before?.single && gapMs !== null && gapMs < work.settings.mergeGapSingleMs) {
    comeBack(work, before);
    return;
  }
  const body = newBody(work, 'onB');
  body.single = true;
  body.follows = before?.id ?? null;
  body.gapMs = gapMs;
}

/** A gap too short for another vehicle: its passage goes on. */
function comeBack(work: StepContext, past: Body): void {
  takeBack(work, past);
  const body = writable(work, past);
  body.place = 'onB';
  body.outMs = null;
  body.bFallMs = null;
  body.automatic = false;
}

export function barrierFallsAlone(work: StepContext): void {
  for (const body of inPlaces(work, ['onBoth', 'onB'])) {
    if (body.single || body.place === 'onBoth') {
      body.single = true;
      finishSingle(work, body);
    } else leaveB(work, body);
  }
}
