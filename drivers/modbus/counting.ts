/**
 * What has happened since the last look: pulses of counters and latches, told apart from a wrap and from a board that lost power.
 * Pure but for what it remembers; it knows no wire.
 */
import type { Look } from './blocks.ts';

/** More pulses a second than any contact of a lane gives; a larger step is a counter that was cleared or set. */
const PULSES_PER_SECOND_MOST = 50;
const PULSES_ALWAYS_PLAUSIBLE = 10;

export interface Counting {
  /** Pulses since the last look at this point, 0 for the first. `cleared`: the counter began again from 0. */
  pulses(look: Exclude<Look, { kind: 'level' }>, atMs: number): { readonly count: number; readonly cleared: boolean };
  /** The board says that it had no power: every total begins again from 0. */
  powerCycled(): void;
}

interface Remembered {
  readonly total: number;
  readonly atMs: number;
}

export function createCounting(clearedOnPowerUp: boolean): Counting {
  const remembered = new Map<string, Remembered>();
  return {
    pulses(look, atMs) {
      const total = look.kind === 'latch' ? Number(look.value) : look.total;
      const before = remembered.get(look.point);
      remembered.set(look.point, { total, atMs });
      if (before === undefined) return { count: 0, cleared: false };
      if (look.kind === 'latch') return { count: total > before.total ? 1 : 0, cleared: false };
      const plausible = PULSES_ALWAYS_PLAUSIBLE + Math.ceil(((atMs - before.atMs) / 1_000) * PULSES_PER_SECOND_MOST);
      const step = (total - before.total + look.modulo) % look.modulo;
      if (step <= plausible) return { count: step, cleared: false };
      // Cleared: what it counts now it counted since. Anything larger was set by somebody and says nothing.
      return { count: clearedOnPowerUp && total <= plausible ? total : 0, cleared: true };
    },
    powerCycled() {
      if (!clearedOnPowerUp) return;
      for (const [point, { atMs }] of remembered) remembered.set(point, { total: 0, atMs });
    },
  };
}
