/**
 * Runs the engine of one lane: debounce of its points, every deadline before what comes later, restarts. The box, the scenario player, the replay and
 * the detection worlds drive this one. Pure: the shell brings readings and time, and acts on the effects.
 */
import { deadlineMs, initialState, type LaneState, step } from './lane.ts';
import { dueBeforeMs } from './moments.ts';
import { initialSignals, type SignalInput, type SignalSettings, signalsDeadlineMs, stepSignals } from './signals.ts';
import type { LaneEffect, LaneEvent, LaneSettings } from './types.ts';

/** A deadline is met this much later in `beat`, so that earlier edges (polled, debounced) have arrived. */
const TICK_LAG_MS = 100;

export interface LaneRunnerOptions {
  readonly settings: LaneSettings;
  /** Left out: points are not read here, edges come as events. */
  readonly signals?: SignalSettings;
  /** Left out: a lane of which nothing is known yet. */
  readonly state?: LaneState;
  /** Before the engine takes an event: the place to journal it. */
  readonly before?: (event: LaneEvent) => void;
  readonly after?: (event: LaneEvent, effects: readonly LaneEffect[]) => void;
}

/** A tick at the deadline of a lane did not move it: the lane would tick for ever. */
export class DeadlineStandsStill extends Error {
  override readonly name = 'DeadlineStandsStill';
}

export class LaneRunner {
  /** In force from the next event on. */
  settings: LaneSettings;
  readonly #options: LaneRunnerOptions;
  readonly #signalSettings: SignalSettings;
  #state: LaneState;
  #signals;

  constructor(options: LaneRunnerOptions) {
    this.#options = options;
    this.settings = options.settings;
    this.#signalSettings = options.signals ?? {};
    this.#state = options.state ?? initialState(options.settings);
    this.#signals = initialSignals(this.#signalSettings);
  }

  get state(): LaneState {
    return this.#state;
  }

  /** A new process: it knows what its journal or snapshot says, and nothing of its points. */
  restart(state: LaneState): void {
    this.#state = state;
    this.#signals = initialSignals(this.#signalSettings);
  }

  /** An event of a journal, which has its own ticks. `before` and `after` are not called. */
  fold(event: LaneEvent): readonly LaneEffect[] {
    const [state, effects] = step(this.#state, event, this.settings);
    this.#state = state;
    return effects;
  }

  /** Deadlines up to the event, then the event. */
  feed(event: LaneEvent): void {
    this.tickUntil(dueBeforeMs(event));
    this.#take(event);
  }

  /** One reading of a point, or its loss. @returns whether anything changed */
  signal(input: SignalInput): boolean {
    const [signals, events] = stepSignals(this.#signals, input, this.#signalSettings);
    // Nearly every reading: nothing is new, so no deadline is either.
    if (signals === this.#signals && events.length === 0) return false;
    this.#signals = signals;
    for (const event of events) this.feed(event);
    return true;
  }

  /** Time has passed: levels that have lasted become edges, and deadlines are met. */
  beat(nowMs: number): void {
    const signalsDueMs = this.debounceDueMs;
    if (signalsDueMs !== undefined && signalsDueMs <= nowMs) this.signal({ kind: 'tick', atMs: nowMs });
    this.tickUntil(nowMs - TICK_LAG_MS);
  }

  /** When `beat` has something to do. */
  get dueMs(): number {
    const dueMs = deadlineMs(this.#state, this.settings) ?? Number.POSITIVE_INFINITY;
    return Math.min(dueMs + TICK_LAG_MS, this.debounceDueMs ?? Number.POSITIVE_INFINITY);
  }

  /** When a new level will have lasted; undefined when none waits. */
  get debounceDueMs(): number | undefined {
    return signalsDeadlineMs(this.#signals, this.#signalSettings);
  }

  tickUntil(atMs: number): void {
    while (this.tick(atMs));
  }

  /** Meets the next deadline, if it is not after `latestMs`. @returns whether there was one */
  tick(latestMs = Number.POSITIVE_INFINITY): boolean {
    const dueMs = deadlineMs(this.#state, this.settings);
    if (dueMs === undefined || dueMs > latestMs) return false;
    this.#take({ kind: 'tick', atMs: dueMs });
    if (deadlineMs(this.#state, this.settings) === dueMs) throw new DeadlineStandsStill(`at ${dueMs}`);
    return true;
  }

  #take(event: LaneEvent): void {
    this.#options.before?.(event);
    const effects = this.fold(event);
    this.#options.after?.(event, effects);
  }
}

/** State and effects of a whole journal, from nothing. */
export function foldJournal(
  events: Iterable<LaneEvent>,
  settings: LaneSettings,
): { readonly state: LaneState; readonly effects: readonly LaneEffect[] } {
  const runner = new LaneRunner({ settings });
  const effects: LaneEffect[] = [];
  for (const event of events) effects.push(...runner.fold(event));
  return { state: runner.state, effects };
}
