/** Drives the engine as the live shell does: every deadline met by a tick of exactly its moment, before whatever comes later. */
import type { LaneState } from '../../src/lane/lane.ts';
import { LaneRunner } from '../../src/lane/lane-runner.ts';
import type { LaneEffect, LaneEvent, LaneSettings } from '../../src/lane/types.ts';

/** Longer than anything a lane waits for by default, and then some. */
export const LONG_AFTER_MS = 3_600_000;

export interface Driven {
  readonly state: LaneState;
  readonly effects: readonly LaneEffect[];
  /** Ticks included, in order. */
  readonly journal: readonly LaneEvent[];
}

export interface DriveOptions {
  readonly from?: LaneState;
  /** Leave out the ticks between events; one at the very end closes everything. */
  readonly noTicks?: boolean;
  /** How long to go on after the last event. */
  readonly afterMs?: number;
  readonly before?: (state: LaneState, event: LaneEvent) => void;
}

export function drive(events: readonly LaneEvent[], settings: LaneSettings, options: DriveOptions = {}): Driven {
  const effects: LaneEffect[] = [];
  const journal: LaneEvent[] = [];
  const before = (event: LaneEvent): void => {
    options.before?.(runner.state, event);
    journal.push(event);
  };
  const after = (_: LaneEvent, made: readonly LaneEffect[]): void => void effects.push(...made);
  const runner = new LaneRunner({ settings, before, after, ...(options.from && { state: options.from }) });
  const fold = (event: LaneEvent): void => {
    before(event);
    after(event, runner.fold(event));
  };
  for (const event of events) {
    if (options.noTicks === true) fold(event);
    else runner.feed(event);
  }
  const endMs = Math.max(0, ...events.map((event) => event.atMs)) + (options.afterMs ?? LONG_AFTER_MS);
  if (options.noTicks === true) fold({ kind: 'tick', atMs: endMs });
  else runner.tickUntil(endMs);
  return { state: runner.state, effects, journal };
}
