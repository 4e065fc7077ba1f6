/** What a wire can carry: how long a round of all its devices takes, and whether that is as often as was asked. Pure arithmetic, no port. */
import type { WireTurn, WireUse } from '../driver.ts';
import { characterMs, frameGapMs, type WireSettings } from './port-contract.ts';

export interface WireBudget {
  /** Every device once. */
  readonly roundMs: number;
  /** The shortest interval that was asked for. */
  readonly askedMs: number;
  /** Share of the wire's time that is asked for; above 1 it cannot be kept. */
  readonly load: number;
  /** How often each device can be asked at best, in the order given: as asked, or as often as the wire allows when it is overloaded. */
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

/** undefined: nothing on this wire is asked. */
export function wireBudget(settings: WireSettings, uses: readonly WireUse[]): WireBudget | undefined {
  if (uses.length === 0) return undefined;
  const rounds = uses.map(({ turns }) => turns.reduce((sum, turn) => sum + turnMs(settings, turn), 0));
  const roundMs = rounds.reduce((sum, each) => sum + each, 0);
  const load = uses.reduce((sum, { everyMs }, index) => sum + (rounds[index] ?? 0) / everyMs, 0);
  // Turns are taken one by one in the order asked, so an overloaded wire gives each device one round of all.
  const everyMs = uses.map((use) => (load > 1 ? Math.max(use.everyMs, roundMs) : use.everyMs));
  return { roundMs, askedMs: Math.min(...uses.map(({ everyMs: asked }) => asked)), load, everyMs };
}
