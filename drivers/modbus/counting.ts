/**
 * Pulses since the last poll, from counters and latches: wraps, power losses of the board and pulses that the levels have shown already
 * are told apart. It knows no wire.
 */
import type { PointReading } from './blocks.ts';

/** No contact of a lane pulses faster; a larger step is a cleared or overwritten counter. */
const PULSES_PER_SECOND_MOST = 50;
const PULSES_ALWAYS_PLAUSIBLE = 10;
/** A level may be read just before its counter. After this lag, an uncounted edge was filtered out by the board. */
const COUNTER_LAG_MS = 1_000;

export interface Counting {
  /**
   * Takes all readings of one round. `pulses` covers points without a level, and points with one whose pulses no level showed: an
   * input that was on between two polls. Those come one round late.
   */
  round(
    readings: readonly PointReading[],
    atMs: number,
  ): {
    readonly pulses: ReadonlyMap<string, number>;
    /** A counter restarted from 0. */
    readonly cleared: boolean;
  };
  /** The board reports a power loss: every total restarts from 0. */
  powerCycled(): void;
}

interface Remembered {
  readonly total: number;
  readonly atMs: number;
}

export function createCounting(clearedOnPowerUp: boolean): Counting {
  const totals = new Map<string, Remembered>();
  const levels = new Map<string, boolean>();
  /** Edges shown by the level and not yet counted; negative: counted and not shown. `sinceMs`: when it left 0. */
  const ahead = new Map<string, { edges: number; sinceMs: number }>();

  function counted(
    reading: Exclude<PointReading, { kind: 'level' }>,
    atMs: number,
  ): { count: number; cleared: boolean } {
    const total = reading.kind === 'latch' ? Number(reading.value) : reading.total;
    const before = totals.get(reading.point);
    totals.set(reading.point, { total, atMs });
    if (before === undefined) return { count: 0, cleared: false };
    if (reading.kind === 'latch') return { count: total > before.total ? 1 : 0, cleared: false };
    const plausible = PULSES_ALWAYS_PLAUSIBLE + Math.ceil(((atMs - before.atMs) / 1_000) * PULSES_PER_SECOND_MOST);
    const step = (total - before.total + reading.modulo) % reading.modulo;
    if (step <= plausible) return { count: step, cleared: false };
    // After a clear, the count is what came since. A larger value was written from outside and means nothing.
    return { count: clearedOnPowerUp && total <= plausible ? total : 0, cleared: true };
  }

  /**
   * Pulses of a point with a level: only those no level shows. The two are read in sequence, so either may see an edge first; a pulse
   * is missed when the next reading of the level does not show it either.
   */
  function missed(point: string, count: number, rises: number | undefined, atMs: number): number {
    const { edges, sinceMs } = ahead.get(point) ?? { edges: 0, sinceMs: atMs };
    const kept = edges > 0 && atMs - sinceMs > COUNTER_LAG_MS ? 0 : edges;
    const lost = rises === undefined ? 0 : Math.max(0, -kept - rises);
    const next = kept + lost + (rises ?? 0) - count;
    ahead.set(point, { edges: next, sinceMs: next > 0 && kept > 0 ? sinceMs : atMs });
    return lost;
  }

  /** Points whose level was read: 1 where it has risen. */
  function risesOf(readings: readonly PointReading[]): ReadonlyMap<string, number> {
    const rises = new Map<string, number>();
    for (const reading of readings) {
      if (reading.kind !== 'level') continue;
      rises.set(reading.point, reading.value && levels.get(reading.point) === false ? 1 : 0);
      levels.set(reading.point, reading.value);
    }
    return rises;
  }

  /** By how much each counter went on, of points with a level and of those without apart. */
  function stepsOf(readings: readonly PointReading[], atMs: number) {
    const [steps, pulses] = [new Map<string, number>(), new Map<string, number>()];
    let cleared = false;
    for (const reading of readings) {
      if (reading.kind === 'level') continue;
      const step = counted(reading, atMs);
      cleared ||= step.cleared;
      const sums = levels.has(reading.point) ? steps : pulses;
      sums.set(reading.point, (sums.get(reading.point) ?? 0) + step.count);
    }
    return { steps, pulses, cleared };
  }

  return {
    round(readings, atMs) {
      const rises = risesOf(readings);
      const { steps, pulses, cleared } = stepsOf(readings, atMs);
      for (const point of new Set([...rises.keys(), ...steps.keys()])) {
        // A round may contain only one of the two (another master reads as it likes); without a counter there is nothing to
        // compare.
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
