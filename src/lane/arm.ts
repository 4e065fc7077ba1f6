/**
 * The arm, from whatever limits are wired and good: both, `down` alone, or one barrier-open contact (`up` alone);
 * and the openings that follow from it. It knows nothing of vehicles beyond telling them that an opening began or ended.
 */
import { mainsLetGo } from './modes.ts';
import { openingEnded, openingStarted, raisedAgain } from './openings.ts';
import type { ArmState, Lane } from './state.ts';
import { alarm, currentOpening, fact, isWired, type StepContext } from './step-context.ts';
import type { LaneSettings } from './types.ts';

/** Both limits active for longer than this is a fault. */
export const BOTH_LIMITS_MS = 200;

type Limit = boolean | null;

/** `down` wired and known: it says whether the arm is down; `up`, when known, tells open from moving. */
const WITH_DOWN: Readonly<Record<ArmState, ArmState>> = {
  closed: 'opening',
  opening: 'opening',
  open: 'closing',
  closing: 'closing',
  unknown: 'opening',
  fault: 'opening',
};
/** `up` is off and `down` says nothing: still on its way down until `closeTime` has passed, or never left. */
const WITH_UP_OFF: Readonly<Record<ArmState, ArmState>> = {
  closed: 'closed',
  opening: 'closing',
  open: 'closing',
  closing: 'closing',
  unknown: 'closed',
  fault: 'closing',
};

function armByDown(before: ArmState, down: boolean, up: Limit): ArmState {
  if (down) return up === true ? (before === 'fault' ? 'fault' : before) : 'closed';
  if (up === null) return 'open';
  return up ? 'open' : WITH_DOWN[before];
}

function armNow(state: Lane, settings: LaneSettings): ArmState {
  const { down, up } = state.levels;
  if (down !== null) return armByDown(state.arm, down, up);
  if (up === null) return 'unknown';
  if (up) return 'open';
  // With `down` wired but out of sight an idle `up` does not say that the arm is down.
  return isWired(settings, 'down') && state.arm === 'unknown' ? 'unknown' : WITH_UP_OFF[state.arm];
}

/** Looks at the limits again after one of them changed or came back. */
export function armChanged(work: StepContext): void {
  noteBothLimits(work);
  setArm(work, armNow(work.state, work.settings));
}

/** A limit was lost. What remains may say less than before, but the arm has not moved by that. */
export function limitLost(work: StepContext): void {
  noteBothLimits(work);
  const arm = armNow(work.state, work.settings);
  const moved = IS_UP[arm] && currentOpening(work.state) === undefined;
  setArm(work, moved ? 'unknown' : arm);
}

function noteBothLimits(work: StepContext): void {
  const { state } = work;
  const both = state.levels.down === true && state.levels.up === true;
  state.bothLimitsSinceMs = both ? (state.bothLimitsSinceMs ?? work.atMs) : null;
  if (!both) alarm(work, 'barrierFault', false);
}

/** Both limits have been active for too long. */
export function limitsContradict(work: StepContext): void {
  alarm(work, 'barrierFault', true, [fact('bothLimits', work.state.bothLimitsSinceMs)]);
  setArm(work, 'fault');
}

/** `up` has been off for long enough, where it is all there is. */
export function armMustBeDown(work: StepContext): void {
  setArm(work, 'closed');
}

export function armTakesTooLong(work: StepContext): void {
  alarm(work, 'barrierStuck', true, [fact('armTravelling', work.state.armSinceMs)]);
}

const IS_UP: Readonly<Record<ArmState, boolean>> = {
  closed: false,
  opening: true,
  open: true,
  closing: true,
  unknown: false,
  fault: false,
};

function setArm(work: StepContext, arm: ArmState): void {
  const { state } = work;
  const before = state.arm;
  if (arm === before) return;
  if (before === 'closing' && arm === 'open') raisedAgain(work, state.armSinceMs);
  state.arm = arm;
  state.armSinceMs = work.atMs;
  alarm(work, 'barrierUnknown', arm === 'unknown' && before !== 'unknown');
  if (arm !== 'opening' && arm !== 'closing') alarm(work, 'barrierStuck', false);
  const opening = currentOpening(state);
  if (IS_UP[arm] && opening === undefined) openingStarted(work, before !== 'unknown');
  mainsLetGo(work);
  if (arm === 'closed' && opening !== undefined) openingEnded(work, opening);
}

/** Neither limit is active: the arm travels, or hangs. Only both limits together can say so. */
export const isBetweenLimits = (state: Lane): boolean => state.levels.down === false && state.levels.up === false;
