/**
 * Which pulse of the relay a message belongs to, where pulses are no grants: one to one, by the time at which it was issued.
 * Only for a plate that was read for nobody; the others find their vehicle by themselves.
 */

import type { Pulse } from './opening.ts';
import { normalPlate, readsFuzzily } from './plates.ts';
import { bodyOf, keep, type StepContext } from './step-context.ts';
import type { Grant } from './types.ts';

/** Joins a grant to a pulse that nothing has joined yet, and gives the body that the pulse let out; null when there is none. */
export function joinPulse(work: StepContext, grant: Grant, issuedMs: number): number | null {
  const { state, settings, atMs } = work;
  if (grant.plate === undefined || state.kept.pulses.length === 0) return null;
  const plate = normalPlate(grant.plate);
  const isRead =
    state.bodies.some((body) => readsFuzzily(body.reads, plate)) ||
    state.kept.past.some((past) => atMs - past.outMs <= settings.systemOpenWaitMs && readsFuzzily(past.plates, plate));
  if (isRead) return null;
  const open = state.kept.pulses.filter(
    ({ isGrant, joinedBy, presenceId }) => !isGrant && joinedBy === null && presenceId !== null,
  );
  const near = open.find((pulse) => Math.abs(pulse.atMs - issuedMs) <= settings.autoJoinMs);
  const unread = open.filter(
    (pulse) => isUnread(work, pulse) && Math.abs(atMs - pulse.atMs) <= settings.systemOpenWaitMs,
  );
  const joined = near ?? (unread.length === 1 ? unread[0] : undefined);
  if (joined === undefined) return null;
  keep(work).pulses = state.kept.pulses.map((one) => (one === joined ? { ...one, joinedBy: grant.id } : one));
  return joined.presenceId;
}

const isUnread = ({ state }: StepContext, pulse: Pulse): boolean => bodyOf(state, pulse.presenceId)?.reads.length === 0;
