/** Capacity of a wire: the time of one round of all its devices, and whether that meets the configured rate. Pure arithmetic, no port. */
import type { WireTurn, WireUse } from '../driver.ts';
import { characterMs, frameGapMs, type WireSettings } from './port-contract.ts';

export interface WireBudget {
  /** Duration of one round of all devices. */
  readonly roundMs: number;
  /** The shortest configured interval. */
  readonly requestedMs: number;
  /** Share of the wire's time that is requested; above 1 the wire is overloaded. */
  readonly load: number;
  /** Best interval of each device, in the order given: as configured, or what the wire allows when overloaded. */
  readonly everyMs: readonly number[];
}

/** Request, thinking or t3.5 whichever is longer, answer, and the silence before the next request. reliability.md 8.1. */
export function turnMs(settings: WireSettings, turn: WireTurn): number {
  const character = characterMs(settings);
  const gap = frameGapMs(settings);
  return (
    (turn.requestBytes + turn.answerBytes) * character + Math.max(gap, turn.turnaroundMs) + Math.max(gap, turn.gapMs)
  );
}

/** undefined: nothing on this wire is polled. */
export function wireBudget(settings: WireSettings, uses: readonly WireUse[]): WireBudget | undefined {
  if (uses.length === 0) return undefined;
  const rounds = uses.map(({ turns }) => turns.reduce((sum, turn) => sum + turnMs(settings, turn), 0));
  const roundMs = rounds.reduce((sum, each) => sum + each, 0);
  const load = uses.reduce((sum, { everyMs }, index) => sum + (rounds[index] ?? 0) / everyMs, 0);
  // Turns are first come, first served, so an overloaded wire gives each device one round of all.
  const everyMs = uses.map((use) => (load > 1 ? Math.max(use.everyMs, roundMs) : use.everyMs));
  return { roundMs, requestedMs: Math.min(...uses.map(({ everyMs: each }) => each)), load, everyMs };
}
