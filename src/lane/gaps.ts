/** Times in which something could not be observed, as records of their own: from, to, what, and what the rest counted meanwhile. */
import type { OpenGap } from './opening.ts';
import type { Lane } from './state.ts';
import { keep, type StepContext } from './step-context.ts';
import type { LaneEvent, ObservationGap, Role } from './types.ts';

const GAPS_MOST = 16;

/** Something stops being observed. Points of arm, loops and commands share one gap, until all of them are back. */
export function gapBegins(
  work: StepContext,
  why: ObservationGap['why'],
  fromMs: number,
  role?: Role,
  name = '',
  by: Pick<ObservationGap, 'who' | 'reason'> = {},
): void {
  const { state } = work;
  const open = state.kept.gaps.find((gap) => gap.why === why && gap.name === name);
  if (open === undefined) {
    const gap = { ...gapFrom(state, why, name, fromMs), roles: role === undefined ? [] : [role], ...by };
    keep(work).gaps = [...state.kept.gaps, gap].slice(-GAPS_MOST);
  } else if (role !== undefined && !open.roles.includes(role)) {
    keep(work).gaps = state.kept.gaps.map((gap) => (gap === open ? { ...gap, roles: [...gap.roles, role] } : gap));
  }
}

/** It is observed again. `fromMs`: for a gap whose beginning was kept elsewhere. */
export function gapEnds(work: StepContext, why: ObservationGap['why'], fromMs: number | null, name = ''): void {
  const { state, atMs } = work;
  const open = state.kept.gaps.find((gap) => gap.why === why && gap.name === name);
  const beganMs = open?.fromMs ?? fromMs;
  if (beganMs === null) return;
  if (open !== undefined) keep(work).gaps = state.kept.gaps.filter((gap) => gap !== open);
  const began = open ?? gapFrom(state, why, name, beganMs);
  work.effects.push({ kind: 'gap', gap: gapUntil(state, began, atMs), atMs });
}

const gapFrom = ({ arm, kept }: Lane, why: ObservationGap['why'], name: string, fromMs: number): OpenGap => ({
  ...{ why, name, fromMs, roles: [] },
  ...{ armBefore: arm, passages: kept.passages, openings: kept.openingCount },
});

/** What has been counted in it by `toMs`. */
export function gapUntil({ arm, kept }: Lane, open: OpenGap, toMs: number): ObservationGap {
  const { why, name, fromMs, roles, armBefore, passages, openings, ...by } = open;
  return {
    fromMs,
    toMs,
    why,
    roles,
    ...(name === '' ? {} : { name }),
    armBefore,
    armAfter: arm,
    passages: kept.passages - passages,
    openings: kept.openingCount - openings,
    ...by,
  };
}

export function cameraChanges(work: StepContext, event: Extract<LaneEvent, { kind: 'camera' }>): void {
  const why = event.view === undefined ? 'camera' : event.view === 'covered' ? 'cameraCovered' : 'cameraFrozen';
  if (event.on) gapEnds(work, why, null, event.camera);
  else gapBegins(work, why, event.atMs, undefined, event.camera);
}
