/**
 * Times in which releases have a known cause: fire, mains lost, kept open by the platform, free passage (automatic, no verdict per car),
 * and maintenance (kept and marked, not reported). It knows openings and bodies only to mark them.
 */

import { gapBegins, gapEnds } from './gaps.ts';
import { CAUSES, type Cause, type Mode, type Opening } from './opening.ts';
import { forwardOf, release } from './release.ts';
import { withMember } from './state.ts';
import { currentOpening, fact, keep, note, type StepContext, writable, writableOpening } from './step-context.ts';
import type { Fact, LaneEvent } from './types.ts';

/** A cause that shows this soon after the arm has left, or before, began the opening. */
const CAUSE_AFTER_MS = 3_000;

/** A cause of automatic release begins: one record, dated at its beginning. */
export function causeBegins(
  work: StepContext,
  cause: Cause,
  facts: readonly Fact[] = [],
  sinceMs: number = work.atMs,
): void {
  const { state, settings, atMs } = work;
  if (state.kept.causes[cause] !== null) return;
  keep(work).causes = withMember(state.kept.causes, cause, sinceMs);
  keep(work).suspension ??= { sinceMs, passages: 0, cause };
  const opening = currentOpening(state);
  if (opening !== undefined && atMs - opening.startMs <= CAUSE_AFTER_MS && opening.lastId === null) {
    writableOpening(work, opening).automatic = opening.press === null && opening.releaseId === null;
  }
  release(work, {
    verdict: 'automatic',
    desc: cause,
    direction: forwardOf(settings),
    releaseAtMs: sinceMs,
    plate: null,
    passed: false,
    confidence: 'sure',
    rests: 'nothing',
    reported: true,
    maintenance: state.kept.maintenance !== null,
    captureId: work.inbox.captures.find((capture) => capture.atMs === atMs)?.id ?? opening?.captureId ?? null,
    openingId: opening?.id ?? null,
    facts: [fact('stateBegan', sinceMs, { cause }), ...facts],
  });
}

/** Mains are off, and the arm is not known to be down: it was let go. As long as it is down nothing has opened. */
export function mainsLetGo(work: StepContext): void {
  const { levels, arm, changedMs, kept } = work.state;
  if (levels.mains !== false || arm === 'closed') return;
  // They flap under the arm that they let go: the same state, which has its record.
  if (kept.suspension?.cause === 'mainsLost') {
    keep(work).causes = withMember(kept.causes, 'mainsLost', kept.suspension.sinceMs);
    return;
  }
  const isOfNow = work.atMs - changedMs.mains <= CAUSE_AFTER_MS;
  causeBegins(work, 'mainsLost', [], isOfNow ? changedMs.mains : work.atMs);
}

export function causeEnds(work: StepContext, cause: Cause): void {
  const { state } = work;
  const sinceMs = state.kept.causes[cause];
  if (sinceMs === null) return;
  keep(work).causes = withMember(state.kept.causes, cause, null);
  note(work, fact('stateEnded', work.atMs, { cause, sinceMs, passages: state.kept.suspension?.passages ?? 0 }));
  suspensionMayEnd(work);
}

/** No verdict per car until the arm is next down after the last cause has gone. */
export function suspensionMayEnd(work: StepContext): void {
  const { state } = work;
  if (state.kept.suspension === null || state.openingId !== null) return;
  if (CAUSES.some((cause) => state.kept.causes[cause] !== null)) return;
  const { sinceMs, passages, cause } = state.kept.suspension;
  keep(work).suspension = null;
  note(work, fact('automaticPassages', work.atMs, { cause, sinceMs, passages }));
}

export function openingDuringModes(work: StepContext, opening: Opening): void {
  opening.automatic = work.state.kept.suspension !== null;
  opening.maintenance = work.state.kept.maintenance !== null;
}

type ModeEvent = Extract<LaneEvent, { kind: 'mode' }>;

export function modeChanges(work: StepContext, event: ModeEvent): void {
  const mode: Mode | null = event.on
    ? {
        sinceMs: work.atMs,
        untilMs: event.untilMs ?? null,
        reason: event.reason ?? null,
        operator: event.operator ?? null,
      }
    : null;
  setMode(work, event.mode, mode);
}

export function setMode(work: StepContext, name: ModeEvent['mode'], mode: Mode | null): void {
  const { state } = work;
  const before = state.kept[name];
  // Told again: it goes on, with the new end.
  keep(work)[name] = mode !== null && before !== null ? { ...mode, sinceMs: before.sinceMs } : mode;
  if (name === 'maintenance') {
    maintenanceChanges(work, before, mode);
    return;
  }
  if (mode !== null) causeBegins(work, name, modeFacts(mode));
  else causeEnds(work, name);
}

const modeFacts = (mode: Mode): readonly Fact[] =>
  mode.reason === null && mode.operator === null
    ? []
    : [fact('modeReason', mode.sinceMs, { reason: mode.reason ?? '', operator: mode.operator ?? '' })];

function maintenanceChanges(work: StepContext, before: Mode | null, mode: Mode | null): void {
  const { state } = work;
  if ((before === null) === (mode === null)) return;
  const values =
    mode === null ? { sinceMs: before?.sinceMs ?? 0 } : { reason: mode.reason ?? '', operator: mode.operator ?? '' };
  note(work, fact(mode === null ? 'maintenanceEnded' : 'maintenanceBegan', work.atMs, values));
  if (mode === null) {
    gapEnds(work, 'maintenance', before?.sinceMs ?? null);
    return;
  }
  const by = { ...(mode.operator && { who: mode.operator }), ...(mode.reason && { reason: mode.reason }) };
  gapBegins(work, 'maintenance', work.atMs, undefined, '', by);
  const opening = currentOpening(state);
  if (opening !== undefined) writableOpening(work, opening).maintenance = true;
  for (const body of state.bodies) if (body.place !== 'out') writable(work, body).maintenance = true;
}
