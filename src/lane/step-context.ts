/**
 * One step in progress: the copy of the state that is being written, what has come out so far, and the moment being acted on.
 * The rules are functions over it; it holds the few verbs that all of them use and no rule itself.
 */

import type { Body } from './body.ts';
import type { Counted } from './counted.ts';
import type { Opening } from './opening.ts';
import type { Inbox, Kept, Lane, Loop } from './state.ts';
import type { AlarmKind, Fact, LaneEffect, LaneSettings, Role } from './types.ts';

export interface StepContext {
  readonly inbox: Inbox;
  /** Copied before the first thing is acted on. */
  state: Lane;
  readonly settings: LaneSettings;
  readonly effects: LaneEffect[];
  /** Bodies and openings that belong to this step alone. */
  readonly owned: (Body | Opening)[];
  /** `state.kept` belongs to this step alone. */
  ownsKept: boolean;
  /** The moment being acted on. */
  atMs: number;
}

export type FactValues = Readonly<Record<string, string | number | boolean>>;

export function fact(kind: string, atMs?: number | null, values?: FactValues): Fact {
  if (atMs === undefined || atMs === null) return values === undefined ? { kind } : { kind, values };
  return values === undefined ? { kind, atMs } : { kind, atMs, values };
}

export function note(work: StepContext, what: Fact, grantId?: string): void {
  const { atMs } = work;
  work.effects.push(
    grantId === undefined ? { kind: 'note', fact: what, atMs } : { kind: 'note', fact: what, grantId, atMs },
  );
}

/** For the account: each opening, passage and permission once. */
export const count = (work: StepContext, counted: Counted): void =>
  void work.effects.push({ kind: 'count', counted, atMs: work.atMs });

/** Raises or ends an alarm; saying the same twice says it once. */
export function alarm(work: StepContext, kind: AlarmKind, on: boolean, facts: readonly Fact[] = [], role?: Role): void {
  const key = role === undefined ? kind : `${kind}:${role}`;
  const { state } = work;
  if (state.kept.alarms.includes(key) === on) return;
  keep(work).alarms = on ? [...state.kept.alarms, key] : state.kept.alarms.filter((one) => one !== key);
  work.effects.push({ kind: 'alarm', alarm: kind, ...(role && { role }), on, facts, atMs: work.atMs });
}

export const currentOpening = (state: Lane): Opening | undefined =>
  state.openingId === null ? undefined : openingOf(state, state.openingId);

export const openingOf = (state: Lane, id: number | null): Opening | undefined =>
  state.openings.find((opening) => opening.id === id);

export const bodyOf = (state: Lane, id: number | null): Body | undefined => state.bodies.find((body) => body.id === id);

/** What changes seldom, to be written to: copied when the first change of a step comes. */
export function keep(work: StepContext): Kept {
  if (!work.ownsKept) {
    work.state.kept = { ...work.state.kept };
    work.ownsKept = true;
  }
  return work.state.kept;
}

/** A body is shared with earlier states until somebody has to write to it. Asked twice in one step it is the same one. */
export function writable(work: StepContext, body: Body): Body {
  if (work.owned.includes(body)) return body;
  // A reference taken before another write of this step stands for the body as it is now.
  const current = bodyOf(work.state, body.id) ?? body;
  if (work.owned.includes(current)) return current;
  const copy = { ...current };
  work.owned.push(copy);
  work.state.bodies = work.state.bodies.map((one) => (one === current ? copy : one));
  return copy;
}

export function removeBody(work: StepContext, body: Body): void {
  work.state.bodies = work.state.bodies.filter((one) => one.id !== body.id);
}

/** The same for an opening. */
export function writableOpening(work: StepContext, opening: Opening): Opening {
  if (work.owned.includes(opening)) return opening;
  const copy = { ...opening };
  work.owned.push(copy);
  work.state.openings = work.state.openings.map((one) => (one === opening ? copy : one));
  return copy;
}

/** A loop counts when it is wired, its level is known and it is not stuck. */
export const loopWorks = (state: Lane, loop: Loop): boolean => state.levels[loop] !== null && !state.kept.stuck[loop];

/** By which loops the lane is judged now. */
export type Logic = 'both' | 'approachOnly' | 'barrierOnly' | 'none';
export function logicOf(state: Lane): Logic {
  if (loopWorks(state, 'approach')) return loopWorks(state, 'barrier') ? 'both' : 'approachOnly';
  return loopWorks(state, 'barrier') ? 'barrierOnly' : 'none';
}

export const isWired = (settings: LaneSettings, role: Role): boolean => settings.roles.includes(role);
