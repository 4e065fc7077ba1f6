/** What a status line and the page may see of a lane's state: read-only, and no more than they need. */

import { asPlate } from './body.ts';
import { bodyOnFirstLoop, claimsOf } from './claims.ts';
import { joinedPulses } from './complete-feed.ts';
import { changedSenses } from './health.ts';
import { CAUSES, type Cause } from './opening.ts';
import { type ArmState, type LaneState, LOOPS, type Loop } from './state.ts';
import { currentOpening } from './step-context.ts';
import type { AlarmKind, Fact, LaneSettings, PlateRead, Role } from './types.ts';

export interface LaneView {
  readonly arm: ArmState;
  readonly armSinceMs: number;
  /** true: occupied; null: not known. Only wired loops. */
  readonly loops: Readonly<Partial<Record<Loop, boolean | null>>>;
  /** Levels of every wired role. */
  readonly levels: Readonly<Partial<Record<Role, boolean | null>>>;
  readonly opening?: { readonly sinceMs: number; readonly granted: boolean };
  readonly bodies: number;
  /** The body on A has a grant. */
  readonly granted: boolean;
  readonly lastPlate?: PlateRead & { readonly atMs: number };
  /** Wired roles that are not good now: lost, not seen yet, or stuck. */
  readonly degraded: readonly Role[];
  readonly modes: readonly ('maintenance' | Cause)[];
  readonly alarms: readonly string[];
  /** What the senses whose alarm is on do otherwise, and since when, by the alarm. */
  readonly changed: Readonly<Record<string, Fact>>;
  readonly passages: number;
  /** How far the trial of a complete feed has come. */
  readonly joinedPulses: { readonly pulses: number; readonly joined: number };
}

/** By its code among `alarms`: `pointsLost:down`. */
export function alarmOf(code: string): { readonly alarm: AlarmKind; readonly role?: Role } {
  const [alarm, role] = code.split(':') as [AlarmKind, Role | undefined];
  return { alarm, ...(role && { role }) };
}

export function laneView({ inbox, lane: state }: LaneState, settings: LaneSettings): LaneView {
  const opening = currentOpening(state);
  const body = bodyOnFirstLoop(state, settings, inbox.nowMs);
  const isBad = (role: Role): boolean =>
    state.levels[role] === null || LOOPS.some((loop) => loop === role && state.kept.stuck[loop]);
  return {
    arm: state.arm,
    armSinceMs: state.armSinceMs,
    loops: Object.fromEntries(
      LOOPS.filter((loop) => settings.roles.includes(loop)).map((loop) => [loop, state.levels[loop]]),
    ),
    levels: Object.fromEntries(settings.roles.map((role) => [role, state.levels[role]])),
    ...(opening && { opening: { sinceMs: opening.startMs, granted: opening.granted } }),
    bodies: state.bodies.filter((one) => one.place !== 'out').length,
    granted: body !== undefined && claimsOf(state, settings).some((claim) => claim.bodyId === body.id),
    ...(state.kept.lastPlate === null
      ? {}
      : { lastPlate: { ...asPlate(state.kept.lastPlate), atMs: state.kept.lastPlate.atMs } }),
    degraded: settings.roles.filter(isBad),
    modes: [
      ...(state.kept.maintenance === null ? [] : ['maintenance' as const]),
      ...CAUSES.filter((cause) => state.kept.causes[cause] !== null),
    ],
    alarms: state.kept.alarms,
    changed: changedSenses(state),
    passages: state.kept.passages,
    joinedPulses: joinedPulses(state),
  };
}
