/**
 * What has happened since the last look: pulses of counters and latches, told apart from a wrap and from a board that lost power,
 * and from those that the levels have shown already. It knows no wire.
 */
import type { PointReading } from './blocks.ts';

/** More pulses a second than any contact of a lane gives; a larger step is a counter that was cleared or set. */
const PULSES_PER_SECOND_MOST = 50;
const PULSES_ALWAYS_PLAUSIBLE = 10;
/** A level may be read a moment before its counter. Whatever the counter has not counted by then, it filtered out. */
const COUNTER_LAG_MS = 1_000;

export interface Counting {
  /**
   * Takes all looks of one round. `pulses` has every point that has no level, and of the others those with pulses that no level showed:
   * an input that was on between two looks. Those come one round late.
   */
  round(
    looks: readonly PointReading[],
    atMs: number,
  ): {
    readonly pulses: ReadonlyMap<string, number>;
    /** A counter began again from 0. */
    readonly cleared: boolean;
  };
  /** The board says that it had no power: every total begins again from 0. */
  powerCycled(): void;
}

interface Remembered {
  readonly total: number;
  readonly atMs: number;
}

export function createCounting(clearedOnPowerUp: boolean): Counting {
  const totals = new Map<string, Remembered>();
  const levels = new Map<string, boolean>();
  /** Edges that a level showed and its counter has not counted yet; negative: counted and not shown. `sinceMs`: when it left 0. */
  const ahead = new Map<string, { edges: number; sinceMs: number }>();

  function counted(look: Exclude<PointReading, { kind: 'level' }>, atMs: number): { count: number; cleared: boolean } {
    const total = look.kind === 'latch' ? Number(look.value) : look.total;
    const before = totals.get(look.point);
    totals.set(look.point, { total, atMs });
    if (before === undefined) return { count: 0, cleared: false };
    if (look.kind === 'latch') return { count: total > before.total ? 1 : 0, cleared: false };
    const plausible = PULSES_ALWAYS_PLAUSIBLE + Math.ceil(((atMs - before.atMs) / 1_000) * PULSES_PER_SECOND_MOST);
    const step = (total - before.total + look.modulo) % look.modulo;
    if (step <= plausible) return { count: step, cleared: false };
    // Cleared: what it counts now it counted since. Anything larger was set by somebody and says nothing.
    return { count: clearedOnPowerUp && total <= plausible ? total : 0, cleared: true };
  }

  /**
   * Pulses of a point that has a level too: only those that no level shows. The two are read one after the other, so either may see
   * an edge first; a pulse is missed when the next look at the level does not show it either.
   */
  function missed(point: string, count: number, rises: number | undefined, atMs: number): number {
    const { edges, sinceMs } = ahead.get(point) ?? { edges: 0, sinceMs: atMs };
    const kept = edges > 0 && atMs - sinceMs > COUNTER_LAG_MS ? 0 : edges;
    const lost = rises === undefined ? 0 : Math.max(0, -kept - rises);
    const next = kept + lost + (rises ?? 0) - count;
    ahead.set(point, { edges: next, sinceMs: next > 0 && kept > 0 ? sinceMs : atMs });
    return lost;
  }

  return {
    round(looks, atMs) {
      const pulses = new Map<string, number>();
      const rises = new Map<string, number>();
      let cleared = false;
      for (const look of looks) {
        if (look.kind !== 'level') continue;
        rises.set(look.point, look.value && levels.get(look.point) === false ? 1 : 0);
        levels.set(look.point, look.value);
      }
      const steps = new Map<string, number>();
      for (const look of looks) {
        if (look.kind === 'level') continue;
        const step = counted(look, atMs);
        cleared ||= step.cleared;
        if (levels.has(look.point)) steps.set(look.point, (steps.get(look.point) ?? 0) + step.count);
        else pulses.set(look.point, (pulses.get(look.point) ?? 0) + step.count);
      }
      for (const point of new Set([...rises.keys(), ...steps.keys()])) {
        // A round may hold only one of the two (another master asks as it likes); without a counter there is nothing to miss.
        if (!totals.has(point)) continue;
        const count = missed(point, steps.get(point) ?? 0, rises.get(point), atMs);
        if (count > 0) pulses.set(point, count);
      }
      return { pulses, cleared };
    },
    powerCycled() {
      if (!clearedOnPowerUp) return;
      for (const [point, { atMs }] of totals) totals.set(point, { total: 0, atMs });
    },
  };
}
