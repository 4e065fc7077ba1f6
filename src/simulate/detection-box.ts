/**
 * The box in virtual time: polls that take their time on a wire, conditioning, the lane engine, as the program strings them together.
 * It must not know what is true.
 */
import { deadlineMs, initialState, type LaneState, step } from '../lane/lane.ts';
import {
  defaultDebounceMs,
  initialSignals,
  type SignalSettings,
  signalsDeadlineMs,
  stepSignals,
} from '../lane/signals.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Release, Role } from '../lane/types.ts';

export interface WireTiming {
  readonly pollMs: number;
  readonly baudRate: number;
  /** Boards that share the wire; each is asked in its turn. */
  readonly boards: number;
}

/** Request and answer of a read of eight inputs, 8N1 (devices.md, section 2). */
const REQUEST_BYTES = 8;
const ANSWER_BYTES = 6;
const BITS_PER_BYTE = 10;
/** What a board takes to think. */
const THINK_MS = 5;
/** The silence of 3.5 characters, and never under 1.75 ms. */
const silenceMs = (baudRate: number): number => Math.max(1.75, (3.5 * BITS_PER_BYTE * 1000) / baudRate);
/** A deadline is acted on this much later, as by the program. */
const TICK_LAG_MS = 100;
/** From the verdict to the first byte of its record: the picture and the connection. */
const SENT_AFTER_MS = 400;

/** From the beginning of a turn on the wire: when the board looks at its inputs, when its answer is in, and when the next may begin. */
export function turnOf({ baudRate, boards }: WireTiming): { lookMs: number; answerMs: number; everyMs: number } {
  const byteMs = (BITS_PER_BYTE * 1000) / baudRate;
  const lookMs = REQUEST_BYTES * byteMs + THINK_MS;
  const answerMs = lookMs + ANSWER_BYTES * byteMs;
  return { lookMs, answerMs, everyMs: (answerMs + silenceMs(baudRate)) * boards };
}

export interface VirtualBox {
  /** Polls until `untilMs`; `levelsAt` is asked at the moments at which the board looks, in order. */
  run(untilMs: number, levelsAt: (atMs: number) => Readonly<Record<Role, boolean>>): void;
  /** A plate or a grant that has come in; not before what has been polled. */
  tell(event: Extract<LaneEvent, { kind: 'plate' | 'grant' }>): void;
  /** When the next poll looks. */
  readonly nextLookMs: number;
  /** Every release that stands, in the order of the verdicts. */
  readonly releases: readonly Release[];
  /** Every event that reached the engine. */
  readonly journal: readonly LaneEvent[];
}

export function createVirtualBox(settings: LaneSettings, wire: WireTiming, startMs: number): VirtualBox {
  const turn = turnOf(wire);
  const everyMs = Math.max(wire.pollMs, turn.everyMs);
  const signalSettings: SignalSettings = Object.fromEntries(
    settings.roles.map((role) => [role, { activeLow: false, debounceMs: defaultDebounceMs(role) }]),
  );
  const journal: LaneEvent[] = [];
  const releases = new Map<string, Release>();
  const leaving: { readonly atMs: number; readonly releaseId: string }[] = [];
  let state: LaneState = initialState(settings);
  let signals = initialSignals(signalSettings);
  let before: Readonly<Partial<Record<Role, boolean>>> = {};
  let askedMs = startMs;
  let lastAskedMs = startMs - everyMs;

  const act = (effect: LaneEffect): void => {
    if (effect.kind === 'release') {
      releases.set(effect.release.id, effect.release);
      if (effect.release.reported) leaving.push({ atMs: effect.atMs + SENT_AFTER_MS, releaseId: effect.release.id });
    }
    if (effect.kind === 'withdraw') releases.delete(effect.releaseId);
  };
  const take = (event: LaneEvent): void => {
    if (event.kind !== 'tick') journal.push(event);
    const [next, effects] = step(state, event, settings);
    state = next;
    for (const effect of effects) act(effect);
  };
  const tickUntil = (atMs: number): void => {
    for (let due = deadlineMs(state, settings); due !== undefined && due <= atMs; due = deadlineMs(state, settings))
      take({ kind: 'tick', atMs: due });
  };
  const feed = (event: LaneEvent): void => {
    tickUntil(event.atMs);
    take(event);
  };
  const signal = (input: Parameters<typeof stepSignals>[1]): void => {
    const [next, events] = stepSignals(signals, input, signalSettings);
    signals = next;
    for (const event of events) feed(event);
  };
  const beat = (atMs: number): void => {
    const due = signalsDeadlineMs(signals, signalSettings);
    if (due !== undefined && due <= atMs) signal({ kind: 'tick', atMs });
    tickUntil(atMs - TICK_LAG_MS);
    while (leaving[0] !== undefined && leaving[0].atMs <= atMs) {
      const { releaseId } = leaving.shift() as (typeof leaving)[number];
      feed({ kind: 'sent', releaseId, atMs });
    }
  };
  const poll = (levels: Readonly<Record<Role, boolean>>): void => {
    const atMs = Math.round(askedMs + turn.answerMs);
    // A level that is as it was changes nothing, unless it ends a doubt about another.
    const waits = signalsDeadlineMs(signals, signalSettings) !== undefined;
    const uncertaintyMs = Math.ceil(atMs - lastAskedMs);
    for (const role of settings.roles) {
      if (waits || levels[role] !== before[role])
        signal({ kind: 'level', role, value: levels[role], atMs, uncertaintyMs });
    }
    before = levels;
    beat(atMs);
    lastAskedMs = askedMs;
    askedMs += everyMs;
  };
  return {
    journal,
    get releases() {
      return [...releases.values()];
    },
    get nextLookMs() {
      return askedMs + turn.lookMs;
    },
    run: (untilMs, levelsAt) => {
      while (askedMs + turn.lookMs <= untilMs) poll(levelsAt(askedMs + turn.lookMs));
    },
    tell: feed,
  };
}
