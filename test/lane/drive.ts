/** Drives the engine as the live shell does: every deadline met by a tick of exactly its moment, before whatever comes later. */
import { deadlineMs, initialState, type LaneState, step } from '../../src/lane/lane.ts';
import type { LaneEffect, LaneEvent, LaneSettings } from '../../src/lane/types.ts';

/** Longer than anything a lane waits for by default, and then some. */
export const LONG_AFTER_MS = 3_600_000;

export interface Driven {
  readonly state: LaneState;
  readonly effects: readonly LaneEffect[];
  /** Ticks included, in order. */
  readonly journal: readonly LaneEvent[];
}

export class DeadlineStandsStill extends Error {}

export interface DriveOptions {
  readonly from?: LaneState;
  /** Leave out the ticks between events; one at the very end closes everything. */
  readonly noTicks?: boolean;
  /** How long to go on after the last event. */
  readonly afterMs?: number;
  readonly before?: (state: LaneState, event: LaneEvent) => void;
}

export function drive(events: readonly LaneEvent[], settings: LaneSettings, options: DriveOptions = {}): Driven {
  let state = options.from ?? initialState(settings);
  const effects: LaneEffect[] = [];
  const journal: LaneEvent[] = [];
  const feed = (event: LaneEvent): void => {
    options.before?.(state, event);
    journal.push(event);
    const [next, made] = step(state, event, settings);
    state = next;
    effects.push(...made);
  };
  const tickUntil = (atMs: number): void => {
    for (;;) {
      const due = deadlineMs(state, settings);
      if (due === undefined || due > atMs) return;
      feed({ kind: 'tick', atMs: due });
      const next = deadlineMs(state, settings);
      if (next !== undefined && next <= due) throw new DeadlineStandsStill(`at ${due}`);
    }
  };
  for (const event of events) {
    if (options.noTicks !== true) tickUntil(event.atMs);
    feed(event);
  }
  const endMs = Math.max(0, ...events.map((event) => event.atMs)) + (options.afterMs ?? LONG_AFTER_MS);
  if (options.noTicks === true) feed({ kind: 'tick', atMs: endMs });
  else tickUntil(endMs);
  return { state, effects, journal };
}
