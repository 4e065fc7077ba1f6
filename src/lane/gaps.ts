/** Times in which something could not be observed, as records of their own: from, to, what, and what the rest counted meanwhile. */
import type { OpenGap } from './opening.ts';
import { keep, type StepContext } from './step-context.ts';
import type { LaneEvent, ObservationGap, Role } from './types.ts';

const GAPS_MOST = 16;

/** Something stops being observed. Points of arm, loops and commands share one gap, until all of them are back. */
export function gapBegins(work: StepContext, why: ObservationGap['why'], fromMs: number, role?: Role, name = ''): void {
  const { state } = work;
  const open = state.kept.gaps.find((gap) => gap.why === why && gap.name === name);
  if (open === undefined) {
    const gap: OpenGap = {
      why,
      name,
      fromMs,
      roles: role === undefined ? [] : [role],
      armBefore: state.arm,
      passages: state.kept.passages,
      openings: state.kept.openingCount,
    };
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
  const gap: ObservationGap = {
    fromMs: beganMs,
    toMs: atMs,
    why,
    roles: open?.roles ?? [],
    ...(name === '' ? {} : { name }),
    armBefore: open?.armBefore ?? state.arm,
    armAfter: state.arm,
    passages: state.kept.passages - (open?.passages ?? state.kept.passages),
    openings: state.kept.openingCount - (open?.openings ?? state.kept.openingCount),
  };
  work.effects.push({ kind: 'gap', gap, atMs });
}

export function cameraChanges(work: StepContext, event: Extract<LaneEvent, { kind: 'camera' }>): void {
  if (event.on) gapEnds(work, 'camera', null, event.camera);
  else gapBegins(work, 'camera', event.atMs, undefined, event.camera);
}
