/**
 * From looks at points to the edges of a lane: polarity, debounce, order. Pure; the shell brings the looks and the time.
 * It knows roles and nothing of what they mean.
 *
 * A debounced edge carries the time of the first look at the new level. A confirmed edge waits for another role's unconfirmed
 * one of before it, so that edges come out in the order of time. No more than the longest debounce passes meanwhile.
 */
import type { LaneEvent, Role } from './types.ts';

export interface RoleSignal {
  readonly activeLow: boolean;
  /** A new level must have lasted this long. */
  readonly debounceMs: number;
}
export type SignalSettings = Readonly<Partial<Record<Role, RoleSignal>>>;

export type SignalInput =
  | {
      readonly kind: 'level';
      readonly role: Role;
      readonly value: boolean;
      readonly atMs: number;
      readonly uncertaintyMs: number;
    }
  | {
      readonly kind: 'pulses';
      readonly role: Role;
      readonly count: number;
      readonly atMs: number;
      readonly uncertaintyMs: number;
    }
  | { readonly kind: 'lost'; readonly role: Role; readonly atMs: number }
  | { readonly kind: 'tick'; readonly atMs: number };

interface RoleState {
  /** null: not known yet, or lost. */
  readonly level: boolean | null;
  readonly lost: boolean;
  /** First look at a level that has not lasted long enough yet. */
  readonly candidate: { readonly on: boolean; readonly atMs: number; readonly uncertaintyMs: number } | null;
}

export interface SignalsState {
  readonly roles: Readonly<Partial<Record<Role, RoleState>>>;
  /** Confirmed, and waiting for an earlier candidate. In the order of time. */
  readonly held: readonly LaneEvent[];
}

/** 防砸, 触发 and exit loops bounce less than contacts (lane-logic.md section 2). */
export const LOOP_DEBOUNCE_MS = 20;
export const CONTACT_DEBOUNCE_MS = 30;
export const defaultDebounceMs = (role: Role): number =>
  role === 'approach' || role === 'barrier' || role === 'exit' ? LOOP_DEBOUNCE_MS : CONTACT_DEBOUNCE_MS;

/**
 * Looks so many debounces apart: none comes in time to speak against a new level, so waiting for one only makes the edge late. The half is for a look
 * that is early because the one before it was late.
 */
const SPARSE = 1.5;

/** The same for a point that is looked at every so often; 0: it reports by itself. */
export const lookedAt = ({ activeLow, debounceMs }: RoleSignal, everyMs: number): RoleSignal => ({
  activeLow,
  debounceMs: everyMs >= SPARSE * debounceMs ? 0 : debounceMs,
});

/** More pulses than this in one reading are a fault of the counter, and are this many. */
export const PULSES_MOST = 32;

const UNKNOWN: RoleState = { level: null, lost: false, candidate: null };
const PLAIN: RoleSignal = { activeLow: false, debounceMs: 0 };

export function initialSignals(settings: SignalSettings): SignalsState {
  const roles = Object.keys(settings) as Role[];
  return { roles: Object.fromEntries(roles.map((role) => [role, UNKNOWN])), held: [] };
}

/** Takes one look, or the time, and gives the events that are certain now. The given state is not changed. */
export function stepSignals(
  state: SignalsState,
  input: SignalInput,
  settings: SignalSettings,
): readonly [SignalsState, readonly LaneEvent[]] {
  if (input.kind === 'level' && isNothingNew(state, input, settings)) return [state, []];
  const confirmed = confirm(state, input.atMs, settings);
  return release(input.kind === 'tick' ? confirmed : take(confirmed, input, settings));
}

type Level = Extract<SignalInput, { kind: 'level' }>;
type Pulses = Extract<SignalInput, { kind: 'pulses' }>;

const of = (state: SignalsState, role: Role): RoleState => state.roles[role] ?? UNKNOWN;
const levelOf = (input: Level, settings: SignalSettings): boolean =>
  input.value !== (settings[input.role] ?? PLAIN).activeLow;

/** The common case, tens of times a second for each point: the level is as it was and nothing waits. */
function isNothingNew(state: SignalsState, input: Level, settings: SignalSettings): boolean {
  const role = of(state, input.role);
  if (role.candidate !== null || role.level !== levelOf(input, settings)) return false;
  const dueMs = signalsDeadlineMs(state, settings);
  return dueMs === undefined || dueMs > input.atMs;
}

function change(state: SignalsState, role: Role, next: RoleState, ...events: readonly LaneEvent[]): SignalsState {
  return { roles: { ...state.roles, [role]: next }, held: events.reduce(hold, state.held) };
}

function hold(held: readonly LaneEvent[], event: LaneEvent): readonly LaneEvent[] {
  const index = held.findLastIndex((one) => one.atMs <= event.atMs) + 1;
  return [...held.slice(0, index), event, ...held.slice(index)];
}

const edge = (role: Role, on: boolean, atMs: number, uncertaintyMs: number): LaneEvent => ({
  kind: 'edge',
  role,
  on,
  atMs,
  uncertaintyMs,
});

const dueOf = (role: Role, state: RoleState, settings: SignalSettings): number =>
  (state.candidate?.atMs ?? 0) + (settings[role] ?? PLAIN).debounceMs;

/** Candidates that have lasted long enough are edges; nothing has spoken against them until now. */
function confirm(state: SignalsState, atMs: number, settings: SignalSettings): SignalsState {
  let next = state;
  for (const role of Object.keys(state.roles) as Role[]) {
    const { candidate, lost } = of(next, role);
    if (candidate === null || dueOf(role, of(next, role), settings) > atMs) continue;
    const { on, atMs: sinceMs, uncertaintyMs } = candidate;
    next = change(next, role, { level: on, lost, candidate: null }, edge(role, on, sinceMs, uncertaintyMs));
  }
  return next;
}

function take(
  state: SignalsState,
  input: Exclude<SignalInput, { kind: 'tick' }>,
  settings: SignalSettings,
): SignalsState {
  if (input.kind === 'lost') return takeLost(state, input.role, input.atMs);
  return input.kind === 'level' ? takeLevel(state, input, settings) : takePulses(state, input);
}

function takeLevel(state: SignalsState, input: Level, settings: SignalSettings): SignalsState {
  const { role, atMs, uncertaintyMs } = input;
  const before = of(state, role);
  const on = levelOf(input, settings);
  const known: RoleState = { level: on, lost: false, candidate: null };
  if (before.level === null) return change(state, role, known, edge(role, on, atMs, uncertaintyMs));
  if (before.level === on)
    return before.candidate === null ? state : change(state, role, { ...before, candidate: null });
  if (before.candidate !== null) return state;
  if ((settings[role] ?? PLAIN).debounceMs <= 0) return change(state, role, known, edge(role, on, atMs, uncertaintyMs));
  return change(state, role, { ...before, candidate: { on, atMs, uncertaintyMs } });
}

function takeLost(state: SignalsState, role: Role, atMs: number): SignalsState {
  if (of(state, role).lost) return state;
  return change(state, role, { level: null, lost: true, candidate: null }, { kind: 'lost', role, atMs });
}

/** Pulses counted by the device between two readings: so many on/off pairs, spread over the time in which they were. */
function takePulses(state: SignalsState, input: Pulses): SignalsState {
  const { role, uncertaintyMs } = input;
  const count = Math.min(input.count, PULSES_MOST);
  const before = of(state, role);
  // The pulse that is counted is the one whose level is being looked at.
  if (before.level === true) return state;
  const spacingMs = Math.max(1, Math.floor(uncertaintyMs / (2 * Math.max(1, count))));
  const firstMs = input.atMs - (2 * count - 1) * spacingMs;
  const events: LaneEvent[] = [];
  if (before.level === null) events.push(edge(role, false, firstMs - 1, uncertaintyMs));
  for (let index = 0; index < count; index += 1) {
    const onMs = firstMs + 2 * index * spacingMs;
    events.push(edge(role, true, onMs, uncertaintyMs), edge(role, false, onMs + spacingMs, uncertaintyMs));
  }
  return change(state, role, { level: false, lost: false, candidate: null }, ...events);
}

/** Lets go of what no earlier candidate can overtake any more. */
function release(state: SignalsState): readonly [SignalsState, readonly LaneEvent[]] {
  if (state.held.length === 0) return [state, []];
  let earliestMs = Number.POSITIVE_INFINITY;
  for (const role of Object.values(state.roles)) {
    if (role?.candidate != null) earliestMs = Math.min(earliestMs, role.candidate.atMs);
  }
  const count = state.held.findIndex((event) => event.atMs >= earliestMs);
  if (count === -1) return [{ ...state, held: [] }, state.held];
  if (count === 0) return [state, []];
  return [{ ...state, held: state.held.slice(count) }, state.held.slice(0, count)];
}

/** When a candidate will have lasted long enough: the shell then calls with a `tick`. */
export function signalsDeadlineMs(state: SignalsState, settings: SignalSettings): number | undefined {
  let earliestMs: number | undefined;
  for (const role of Object.keys(state.roles) as Role[]) {
    const now = of(state, role);
    if (now.candidate === null) continue;
    const dueMs = dueOf(role, now, settings);
    if (earliestMs === undefined || dueMs < earliestMs) earliestMs = dueMs;
  }
  return earliestMs;
}
