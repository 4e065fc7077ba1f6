/**
 * Levels of the roles: edges, losses, returns, stuck loops, a start after a blind time. It says what can be relied on,
 * and hands each real edge to the part that it concerns.
 */
import { armChanged, limitLost } from './arm.ts';
import { completePassage, leave, newBody } from './bodies.ts';
import { inPlaces } from './crossing.ts';
import { awaitFeeds, listensAgain } from './feed.ts';
import { gapBegins, gapEnds } from './gaps.ts';
import { giveBack } from './grant-holds.ts';
import { forgetHealth, isRewired } from './health.ts';
import { forgetLearned } from './learned.ts';
import { causeBegins, causeEnds, mainsLetGo } from './modes.ts';
import { pressed } from './openings.ts';
import { exitFalls, exitRises, goneFromA, loopEdge } from './passages.ts';
import { relayPulsed, relayReleased } from './pulses.ts';
import { LOOPS, type Loop, withMember } from './state.ts';
import { alarm, fact, isWired, keep, note, removeBody, type StepContext } from './step-context.ts';
import { FIELD_ROLES, type LaneEvent, ROLES, type Role } from './types.ts';

type Edge = Extract<LaneEvent, { kind: 'edge' }>;

const COMMANDS: readonly Role[] = ['auto', 'button', 'remote'];
/** A lane that is looked at less often than this does not see enough to be given the benefit of it. */
const DOUBT_MOST_MS = 60;
const isLoop = (role: Role): role is Loop => (LOOPS as readonly Role[]).includes(role);

/** What an edge of each role does. `isEdge` is false for the first level ever or after a loss. */
const BY_ROLE: Readonly<Record<Role, (work: StepContext, on: boolean, isEdge: boolean) => void>> = {
  down: (work) => armChanged(work),
  up: (work) => armChanged(work),
  approach: (work, on, isEdge) => (isEdge ? loopEdge(work, on ? 'aOn' : 'aOff') : loopBack(work, 'approach', on)),
  barrier: (work, on, isEdge) => (isEdge ? loopEdge(work, on ? 'bOn' : 'bOff') : loopBack(work, 'barrier', on)),
  exit: (work, on, isEdge) => (on ? exitRises(work) : isEdge ? exitFalls(work) : goneFrom(work, true)),
  auto: (work, on, isEdge) => (isEdge ? (on ? relayPulsed(work) : relayReleased(work)) : undefined),
  button: (work, on, isEdge) => (isEdge && on ? pressed(work, 'button') : undefined),
  remote: (work, on, isEdge) => (isEdge && on ? pressed(work, 'remote') : undefined),
  fire: (work, on) => (on ? causeBegins(work, 'fire') : causeEnds(work, 'fire')),
  // The point means: mains present.
  mains: (work, on, isEdge) => (on ? mainsBack(work, isEdge) : mainsGone(work, isEdge)),
};

/** Of a first look the arm's own, a moment later, says whether it opened. */
function mainsGone(work: StepContext, isEdge: boolean): void {
  gapBegins(work, 'mains', work.atMs);
  if (isEdge) mainsLetGo(work);
}

/** The management computer starts again with the mains. */
function mainsBack(work: StepContext, isEdge: boolean): void {
  gapEnds(work, 'mains', null);
  if (isEdge && work.state.kept.feeds.length > 0) awaitFeeds(work);
  causeEnds(work, 'mainsLost');
}

export function edge(work: StepContext, event: Edge): void {
  const { state, settings } = work;
  const { role, on } = event;
  const before = state.levels[role];
  if (!isWired(settings, role) || before === on) return;
  state.changedMs = withMember(state.changedMs, role, work.atMs);
  if (before === null) seenAgain(work, role);
  if (isLoop(role) && state.kept.stuck[role]) {
    unstick(work, role, on);
    return;
  }
  // A fall is judged by the loops as they stand with it: the level changes first.
  state.levels = withMember(state.levels, role, on);
  if (role === 'approach' && !on) state.approachDoubtMs = Math.min(event.uncertaintyMs, DOUBT_MOST_MS);
  if (role === 'approach' || role === 'barrier') state.loopPollMs = event.uncertaintyMs;
  if (role === 'barrier' && !on) state.barrierFellMs = work.atMs;
  if ((role === 'approach' || role === 'exit') && !on) state.lastFellMs = { ...state.lastFellMs, [role]: work.atMs };
  // Free at once proves nothing: a loop retuned under a car reads free.
  if (isLoop(role) && !on && before === true && state.kept.unproven[role])
    keep(work).unproven = withMember(state.kept.unproven, role, false);
  BY_ROLE[role](work, on, before !== null);
  if (before === null) gapMayEnd(work);
}

function seenAgain(work: StepContext, role: Role): void {
  const { state } = work;
  if (state.kept.lost[role]) {
    keep(work).lost = withMember(state.kept.lost, role, false);
    if (FIELD_ROLES.includes(role)) keep(work).badUntilMs = work.atMs;
    if (COMMANDS.includes(role)) keep(work).commandsBadUntilMs = work.atMs;
  }
  alarm(work, 'pointsLost', false, [], role);
}

/** Points that were lost may all be back. */
function gapMayEnd(work: StepContext): void {
  if (work.state.kept.gaps.length === 0 || work.settings.roles.some((role) => work.state.kept.lost[role])) return;
  for (const gap of work.state.kept.gaps) if (gap.roles.length > 0) gapEnds(work, gap.why, null, gap.name);
}

export function lost(work: StepContext, role: Role): void {
  if (!isWired(work.settings, role)) return;
  if (silence(work, role)) {
    gapBegins(work, 'points', work.atMs, role);
    afterSilence(work, role, work.atMs);
  }
  alarm(work, 'pointsLost', true, [fact('pointLost', work.atMs, { role })], role);
  const { down, up } = work.state.levels;
  if ((role === 'down' || role === 'up') && down === null && up === null) alarm(work, 'barrierUnknown', true);
}

/** The role says nothing any more. Returns whether it did until now. */
function silence(work: StepContext, role: Role): boolean {
  const { state } = work;
  const wasKnown = state.levels[role] !== null;
  keep(work).lost = withMember(state.kept.lost, role, true);
  state.levels = withMember(state.levels, role, null);
  if (wasKnown) state.changedMs = withMember(state.changedMs, role, work.atMs);
  return wasKnown;
}

/** What the silence of a role means to the rest. */
function afterSilence(work: StepContext, role: Role, sinceMs: number): void {
  const { state } = work;
  if (isLoop(role)) {
    alarm(work, 'loopStuck', false, [], role);
    keep(work).stuck = withMember(state.kept.stuck, role, false);
    loopOut(work, role, sinceMs);
  } else if (role === 'down' || role === 'up') limitLost(work);
}

/** So short is the stop of an applied configuration: who was heard before has not been restarted meanwhile, and tries a lost message again. */
const OWN_RESTART_MS = 5_000;

/** The process began again. With nothing missed it is as if it had not. */
export function started(work: StepContext, event: Extract<LaneEvent, { kind: 'start' }>): void {
  const { state, settings, atMs } = work;
  if (event.first) listensAgain(work);
  if (isRewired(work)) forgetHealth(work);
  if (event.blindMs <= 0 && !event.powerCut) return;
  // All at once: while some still spoke, what they said would be of before.
  const silent = settings.roles.filter((role) => silence(work, role));
  for (const role of ROLES) if (silent.includes(role)) afterSilence(work, role, atMs - event.blindMs);
  if (event.powerCut) forgetLearned(work);
  if (event.powerCut)
    for (const loop of LOOPS)
      if (isWired(settings, loop)) keep(work).unproven = withMember(state.kept.unproven, loop, true);
  // A state begun anew, as after an update, has heard no point yet: it has missed what all of them said.
  const missed = silent.length > 0 || state.kept.gaps.some(({ roles }) => roles.length > 0) ? silent : settings.roles;
  for (const role of missed) gapBegins(work, event.powerCut ? 'powerCut' : 'notRunning', atMs - event.blindMs, role);
  listensAgain(work, !event.powerCut && event.blindMs <= OWN_RESTART_MS);
  note(work, fact('startedBlind', atMs, { blindMs: event.blindMs, powerCut: event.powerCut }));
}

/** A loop cannot be relied on any more: bodies stay where they are, for the loops that remain. */
function loopOut(work: StepContext, loop: Loop, sinceMs: number): void {
  const { state } = work;
  keep(work).outSinceMs = withMember(state.kept.outSinceMs, loop, sinceMs);
  if (loop === 'exit') return;
  for (const body of state.bodies.filter((one) => one.place.startsWith('back'))) {
    leave(work, body, 'reverseUnclear');
  }
}

/** A loop can be relied on again. Its level says what became of the bodies that were on it. */
function loopBack(work: StepContext, loop: 'approach' | 'barrier', on: boolean): void {
  const { state } = work;
  const outSinceMs = state.kept.outSinceMs[loop];
  keep(work).backMs = withMember(state.kept.backMs, loop, outSinceMs === null ? null : work.atMs);
  keep(work).outSinceMs = withMember(state.kept.outSinceMs, loop, null);
  nothingPresumed(work);
  BACK[loop][on ? 'on' : 'off'](work, outSinceMs ?? work.atMs);
}

/** From here on a loop can see who passes: nobody stands in for them any more. */
function nothingPresumed(work: StepContext): void {
  for (const body of work.state.bodies) {
    if (!body.presumed || body.place === 'out') continue;
    giveBack(work, body, work.atMs);
    removeBody(work, body);
  }
}

/** The first loop of a way can be seen again and is free. In a two-way lane those on C come in. */
function goneFrom(work: StepContext, mirrored: boolean, outSinceMs = work.state.kept.outSinceMs.exit): void {
  for (const body of inPlaces(work, ['onA', 'onBoth']))
    if (body.mirrored === mirrored) goneFromA(work, body, outSinceMs ?? work.atMs);
}

const BACK: Readonly<
  Record<'approach' | 'barrier', Readonly<Record<'on' | 'off', (work: StepContext, outSinceMs: number) => void>>>
> = {
  approach: {
    on: (work) => {
      if (inPlaces(work, ['onA', 'onBoth']).length === 0) newBody(work, 'onA');
    },
    off: (work, outSinceMs) => goneFrom(work, false, outSinceMs),
  },
  barrier: {
    on: (work) => {
      if (inPlaces(work, ['onBoth', 'onB']).length > 0) return;
      if (inPlaces(work, ['onA']).length > 0) return loopEdge(work, 'bOn');
      const body = newBody(work, 'onB');
      body.single = true;
      body.unproven = true;
    },
    off: (work) => {
      if (inPlaces(work, ['onBoth', 'onB']).length > 0) loopEdge(work, 'bOff');
    },
  },
};

/** A loop has been occupied for too long: the lane goes by the others. */
export function loopSticks(work: StepContext, loop: Loop): void {
  const { state } = work;
  keep(work).stuck = withMember(state.kept.stuck, loop, true);
  alarm(work, 'loopStuck', true, [fact('loopOccupied', state.changedMs[loop], { role: loop })], loop);
  loopOut(work, loop, state.changedMs[loop]);
  // Ten minutes of reads and grants may have gathered on what is no vehicle at all.
  if (loop === 'approach') for (const body of inPlaces(work, ['onA'])) leave(work, body, 'stuckOnLoop');
}

function unstick(work: StepContext, loop: Loop, on: boolean): void {
  const { state } = work;
  keep(work).stuck = withMember(state.kept.stuck, loop, false);
  state.levels = withMember(state.levels, loop, on);
  keep(work).unproven = withMember(state.kept.unproven, loop, false);
  keep(work).badUntilMs = work.atMs;
  alarm(work, 'loopStuck', false, [], loop);
  if (loop !== 'exit') loopBack(work, loop, on);
}

/** B has been out of sight for too long for what had crossed to be still on it. */
export function lostOnB(work: StepContext): void {
  for (const body of inPlaces(work, ['onB'])) completePassage(work, body);
}
