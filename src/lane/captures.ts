/**
 * Which moments want a picture. Decided when the edge arrives, because a picture taken when the moment is closed would be late;
 * so it may be asked for once too often, and never for what a grant covers for certain.
 */
import { bodyOnFirstLoop, claimsOf } from './claims.ts';
import { comingLevel } from './moments.ts';
import { isWired, type StepContext } from './step-context.ts';
import type { LaneEvent, Role } from './types.ts';

const CAPTURES_KEPT = 16;

type Why = 'opening' | 'passage' | 'state';

/** Asks for a picture if a release may come of this event. */
export function wantsPicture(work: StepContext, event: LaneEvent): void {
  const why = event.kind === 'edge' ? edgeWants(work, event.role, event.on) : modeWants(work, event);
  if (why === undefined) return;
  const { inbox } = work;
  if (inbox.captures.some((capture) => capture.atMs === event.atMs)) return;
  inbox.captureCount += 1;
  const captureId = `c${inbox.captureCount}`;
  inbox.captures = [...inbox.captures, { id: captureId, atMs: event.atMs }].slice(-CAPTURES_KEPT);
  work.effects.push({ kind: 'capture', captureId, why, atMs: event.atMs });
}

function modeWants(work: StepContext, event: LaneEvent): Why | undefined {
  if (event.kind !== 'mode' || !event.on || event.mode === 'maintenance') return undefined;
  return work.state.kept[event.mode] === null ? 'state' : undefined;
}

function edgeWants(work: StepContext, role: Role, on: boolean): Why | undefined {
  const { state, settings } = work;
  if (!isWired(settings, role) || comingLevel(work.inbox, state, role) !== !on) return undefined;
  if ((role === 'fire' && on) || (role === 'mains' && !on && state.arm !== 'closed')) return 'state';
  if (role === 'down') return on || state.openingId !== null ? undefined : 'opening';
  if (role === 'up') return on && !isWired(settings, 'down') && state.openingId === null ? 'opening' : undefined;
  if (role === 'barrier') return on && !isFlicker(work) && !isCovered(work) ? 'passage' : undefined;
  if (role === 'approach') return on && comesBehind(work) ? 'passage' : undefined;
  return undefined;
}

/** A B fall still waits for this rise. */
const isFlicker = (work: StepContext): boolean =>
  work.inbox.pending.some((event) => event.kind === 'edge' && event.role === 'barrier' && !event.on);

/** Nobody is on B but who has a grant, or is about to come onto it with one. */
function isCovered(work: StepContext): boolean {
  const { state, settings } = work;
  if (state.kept.suspension !== null) return true;
  const body = bodyOnFirstLoop(state, settings, work.atMs);
  if (body === undefined) return false;
  return claimsOf(state, settings).some((claim) => claim.bodyId === body.id && claim.way !== 'mismatch');
}

/** A body close behind another may never show an edge on B; in a lane without B there is none. */
function comesBehind(work: StepContext): boolean {
  const { state, settings } = work;
  if (state.openingId === null || state.kept.suspension !== null) return false;
  return state.levels.barrier === true || !isWired(settings, 'barrier');
}
