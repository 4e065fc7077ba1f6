/** The arm of a lane, and what each of its openings was begun by. It must not know who drives there. */
import type { Role } from '../lane/types.ts';
import { createMachineArm, type MachineArm } from './machine-arm.ts';
import type { Site } from './worlds/site.ts';
import type { OpeningTruth, TrueCause } from './worlds/truth.ts';

export interface OpeningHands {
  readonly ids: () => number;
  readonly now: () => number;
  readonly onOpening: (truth: OpeningTruth) => void;
}

export interface Openings {
  readonly arm: MachineArm;
  readonly current: OpeningTruth | undefined;
  /** A command has been given, and the arm has not started yet. */
  readonly starting: boolean;
  command(cause: TrueCause, forVehicle: number | undefined): void;
  /** Somebody holds it up, or lets go. */
  hold(on: boolean): void;
  start(nowMs: number): void;
}

export function createOpenings(
  lane: string,
  site: Pick<Site, 'arm' | 'armDelayMs'>,
  hands: OpeningHands,
  say: (role: Role, on: boolean, atMs: number) => void,
): Openings {
  let current: OpeningTruth | undefined;
  let why: { readonly cause: TrueCause; readonly forVehicle?: number } = { cause: 'key' };
  let next = why;
  let openAtMs = Number.POSITIVE_INFINITY;
  const arm = createMachineArm(site.arm, (limit, on, atMs) => {
    say(limit, on, atMs);
    if (limit !== 'down') return;
    if (on) {
      if (current) current.endMs = atMs;
      current = undefined;
    } else {
      current = { id: hands.ids(), lane, startMs: atMs, vehicles: [], ...why };
      hands.onOpening(current);
    }
  });
  return {
    arm,
    get current() {
      return current;
    },
    get starting() {
      return openAtMs !== Number.POSITIVE_INFINITY;
    },
    command: (cause, forVehicle) => {
      // The first command that the machine acts on is what begins an opening, also one given in the last moments of the one before.
      if (openAtMs === Number.POSITIVE_INFINITY) next = { cause, ...(forVehicle !== undefined && { forVehicle }) };
      openAtMs = Math.min(openAtMs, hands.now() + site.armDelayMs);
    },
    hold: (on) => {
      if (on) why = { cause: 'hold' };
      arm.hold(on, hands.now());
    },
    start: (nowMs) => {
      if (nowMs < openAtMs) return;
      why = next;
      arm.open(nowMs);
      openAtMs = Number.POSITIVE_INFINITY;
    },
  };
}
