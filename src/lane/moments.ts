/**
 * The order in which events are acted on: by time, and within one moment by a fixed order, so that it does not matter in which
 * order the edges of one sample came in. A moment is closed when a later one is seen. Short drops of loops are taken out here.
 * It knows nothing of bodies, grants and verdicts.
 */
import type { Inbox, Lane } from './state.ts';
import { type LaneEvent, type LaneSettings, ROLES, type Role } from './types.ts';

/** No more than this many events wait; at the limit the oldest is acted on at once. */
export const PENDING_MOST = 256;

/** Loops before commands, commands before the arm that they move; the arm is down only when the loops have been looked at. */
const RISE_RANK: Readonly<Record<Role, number>> = {
  approach: 10,
  barrier: 11,
  exit: 12,
  fire: 20,
  mains: 21,
  auto: 22,
  button: 23,
  remote: 24,
  up: 31,
  down: 51,
};
const FALL_RANK: Readonly<Record<Role, number>> = {
  mains: 21,
  down: 30,
  approach: 40,
  barrier: 41,
  exit: 42,
  up: 50,
  fire: 60,
  auto: 61,
  button: 62,
  remote: 63,
};

const KIND_RANK: Readonly<Record<Exclude<LaneEvent['kind'], 'edge'>, number>> = {
  start: 0,
  lost: 1,
  feed: 2,
  camera: 2.5,
  mode: 3,
  elsewhere: 69,
  plate: 70,
  revoke: 71,
  grant: 72,
  sent: 73,
  unsent: 74,
  tick: 99,
};

function rankOf(event: LaneEvent): number {
  if (event.kind === 'lost') return KIND_RANK.lost + ROLES.indexOf(event.role) / ROLES.length;
  if (event.kind !== 'edge') return KIND_RANK[event.kind];
  return (event.on ? RISE_RANK : FALL_RANK)[event.role];
}

/** Puts an event where it belongs among those that wait. */
export function insert(pending: readonly LaneEvent[], event: LaneEvent): readonly LaneEvent[] {
  const last = pending.at(-1);
  if (last === undefined) return [event];
  const rank = rankOf(event);
  let index = pending.length;
  while (index > 0) {
    const before = pending[index - 1] as LaneEvent;
    if (before.atMs < event.atMs || (before.atMs === event.atMs && rankOf(before) <= rank)) break;
    index -= 1;
  }
  return [...pending.slice(0, index), event, ...pending.slice(index)];
}

type Edge = Extract<LaneEvent, { kind: 'edge' }>;

/** A point that is looked at less often than this does not lengthen its flicker any more. */
const POLL_MOST_MS = 250;

/** How long a loop must be free for its fall to be one; undefined for other roles. */
export function flickerMs(state: Lane, fall: Edge, settings: LaneSettings): number | undefined {
  if (fall.role === 'approach' || fall.role === 'exit')
    return settings.flickerMs + Math.min(fall.uncertaintyMs, POLL_MOST_MS);
  if (fall.role !== 'barrier') return undefined;
  const travelling = state.arm === 'opening' || state.arm === 'closing';
  return travelling ? Math.max(settings.mergeGapMs, settings.mergeGapTravelMs) : settings.mergeGapMs;
}

/** A restart that missed nothing interrupts nothing. */
const isBlindStart = (event: LaneEvent): boolean => event.kind === 'start' && (event.blindMs > 0 || event.powerCut);

/** Before it, what falls due is met. A start comes before what fell due while the program did not run: nothing was heard then. */
export const dueBeforeMs = (event: LaneEvent): number =>
  event.kind === 'start' ? event.atMs - Math.max(0, event.blindMs) : event.atMs;

export type Front =
  | { readonly kind: 'none' }
  /** Not before `readyMs`. */
  | { readonly kind: 'wait'; readonly atMs: number; readonly readyMs: number }
  | {
      readonly kind: 'flicker';
      readonly role: Role;
      readonly atMs: number;
      readonly riseIndex: number;
      readonly riseMs: number;
    }
  | { readonly kind: 'ready'; readonly atMs: number };

/** What to do with the first event that waits. */
export function frontOf({ pending, nowMs }: Inbox, state: Lane, settings: LaneSettings): Front {
  const front = pending[0];
  if (front === undefined) return { kind: 'none' };
  const atMs = dueBeforeMs(front);
  const full = pending.length > PENDING_MOST;
  const isFall = front.kind === 'edge' && !front.on && state.levels[front.role] === true;
  const limitMs = isFall ? flickerMs(state, front, settings) : undefined;
  if (!isFall || limitMs === undefined) {
    return full || front.atMs < nowMs ? { kind: 'ready', atMs } : { kind: 'wait', atMs, readyMs: front.atMs + 1 };
  }
  const { role } = front;
  const readyMs = atMs + Math.max(1, limitMs);
  const riseIndex = pending.findIndex(
    (event) =>
      isBlindStart(event) ||
      (event.kind === 'lost' && event.role === role) ||
      (event.kind === 'edge' && event.on && event.role === role),
  );
  const rise = pending[riseIndex];
  if (rise?.kind === 'edge' && rise.atMs > atMs && rise.atMs < readyMs)
    return { kind: 'flicker', role, atMs, riseIndex, riseMs: rise.atMs };
  return full || readyMs <= nowMs ? { kind: 'ready', atMs } : { kind: 'wait', atMs, readyMs };
}

/** The level of a role when all that waits will have been acted on. */
export function comingLevel({ pending }: Inbox, state: Lane, role: Role): boolean | null {
  for (let index = pending.length - 1; index >= 0; index -= 1) {
    const event = pending[index] as LaneEvent;
    if (event.kind === 'edge' && event.role === role) return event.on;
    if (event.kind === 'lost' && event.role === role) return null;
    if (isBlindStart(event)) return null;
  }
  return state.levels[role];
}
