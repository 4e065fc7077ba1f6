/**
 * The box in virtual time: polls that take their time on a wire, conditioning, the lane engine, as the program strings them together,
 * over what one lane of a simulated park shows. It must not know what is true.
 */
import type { LaneState } from '../../lane/lane.ts';
import { LaneRunner } from '../../lane/lane-runner.ts';
import { defaultDebounceMs, lookedAt } from '../../lane/signals.ts';
import type { LaneEffect, LaneEvent, LaneSettings, Release, Role } from '../../lane/types.ts';
import type { Edge, Outage, ParkRecording } from '../../sim/worlds/truth.ts';

export interface WireTiming {
  readonly pollMs: number;
  readonly baudRate: number;
  /** Boards that share the wire; each is asked in its turn. */
  readonly boards: number;
}

/** A verdict as it stands at the end, and when it was given. */
export interface Given {
  readonly release: Release;
  readonly atMs: number;
  /** When its record left the box. */
  readonly leftAtMs?: number;
}

export interface BoxRun {
  readonly given: readonly Given[];
  /** Everything that reached the engine. */
  readonly journal: readonly LaneEvent[];
  readonly notes: readonly Extract<LaneEffect, { kind: 'note' | 'alarm' }>[];
  /** What the account folds, in order. */
  readonly counted: readonly LaneEffect[];
}

/** Request and answer of a read of eight inputs, 8N1 (devices.md, section 2). */
const REQUEST_BYTES = 8;
const ANSWER_BYTES = 6;
const BITS_PER_BYTE = 10;
/** What a board takes to think. */
const THINK_MS = 5;
/** The silence of 3.5 characters, and never under 1.75 ms. */
const silenceMs = (baudRate: number): number => Math.max(1.75, (3.5 * BITS_PER_BYTE * 1000) / baudRate);
/** From the verdict to the first byte of its record: the picture and the connection. */
const SENT_AFTER_MS = 400;
/** A board that does not answer is given up after so long. */
const LOST_AFTER_MS = 150;

/** From the beginning of a turn on the wire: when the board looks at its inputs, when its answer is in, and when the next may begin. */
export function turnOf({ baudRate, boards }: WireTiming): { lookMs: number; answerMs: number; everyMs: number } {
  const byteMs = (BITS_PER_BYTE * 1000) / baudRate;
  const lookMs = REQUEST_BYTES * byteMs + THINK_MS;
  const answerMs = lookMs + ANSWER_BYTES * byteMs;
  return { lookMs, answerMs, everyMs: (answerMs + silenceMs(baudRate)) * boards };
}

export interface Watched {
  readonly park: ParkRecording;
  readonly lane: string;
  readonly settings: LaneSettings;
  readonly wire: WireTiming;
  readonly beam: boolean;
  /** What the box does, as it does it. */
  readonly onEffect: (effect: LaneEffect) => void;
  /** Its intake of payments, if it has one. */
  readonly intake?: string;
}

/** What a lane is told from outside, beside its contacts. */
export type OutsideEvent = Extract<LaneEvent, { kind: 'plate' | 'grant' | 'feed' | 'mode' | 'elsewhere' | 'revoke' }>;

export interface LaneBox {
  /** Not before what has been told already; it is taken as its time comes. */
  tell(event: OutsideEvent): void;
  advance(untilMs: number): void;
  /** A vehicle stands on loop A, as the box sees it. */
  readonly occupied: boolean;
  run(): BoxRun;
}

export function createLaneBox(watched: Watched): LaneBox {
  const { park, settings, wire, intake } = watched;
  const turn = turnOf(wire);
  const everyMs = Math.max(wire.pollMs, turn.everyMs);
  const box = createEngine(watched);
  const wired = new Set<Role>(settings.roles);
  const edges = edgesOf(watched).filter(({ role }) => wired.has(role));
  const levels = Object.fromEntries(settings.roles.map((role) => [role, role === 'mains'])) as Record<Role, boolean>;
  const { startMs } = park;
  const lookAt = (turns: number): number => startMs + turns * everyMs + turn.lookMs;
  const outside = createOutside(box.feed);
  const outages = [...park.outages];
  let nextEdge = 0;
  let turns = 0;
  let began = false;
  const apply = (untilMs: number): void => {
    for (let edge: Edge | undefined = edges[nextEdge]; edge && edge.atMs <= untilMs; edge = edges[nextEdge]) {
      levels[edge.role] = edge.on;
      nextEdge += 1;
    }
  };
  const poll = (all: boolean): void => {
    apply(lookAt(turns));
    outside.until(lookAt(turns));
    box.polled(
      levels,
      Math.round(lookAt(turns) - turn.lookMs + turn.answerMs),
      Math.ceil(everyMs + turn.answerMs),
      all,
    );
    turns += 1;
  };
  /** Polls that see nothing new are left out, unless the box waits for one. */
  const pollUntil = (untilMs: number): void => {
    while (lookAt(turns) < untilMs) {
      poll(false);
      if (box.waits()) continue;
      const edgeMs = Math.min(edges[nextEdge]?.atMs ?? untilMs, outside.nextMs() ?? untilMs, box.wantsMs(), untilMs);
      const skipped = Math.ceil((edgeMs - startMs - turn.lookMs) / everyMs);
      if (skipped > turns) turns = skipped;
    }
  };
  const outlast = (outage: Outage): void => {
    pollUntil(outage.fromMs);
    box.goesDark(outage);
    apply(outage.toMs);
    if (outage.kind === 'wire') outside.until(outage.toMs);
    turns = Math.max(turns, Math.ceil((outage.toMs - startMs - turn.lookMs) / everyMs));
    box.comesBack(outage);
    poll(true);
  };
  return {
    get occupied() {
      return levels.approach === true;
    },
    tell: outside.tell,
    advance: (untilMs) => {
      if (!began) {
        began = true;
        if (intake !== undefined) box.feed({ kind: 'feed', intake, state: 'up', atMs: startMs });
        poll(true);
      }
      while (outages[0] !== undefined && outages[0].fromMs < untilMs) outlast(outages.shift() as Outage);
      pollUntil(untilMs);
    },
    run: box.run,
  };
}

/** What comes from outside waits for its time, in its order. */
function createOutside(feed: (event: OutsideEvent) => void) {
  const events: OutsideEvent[] = [];
  let next = 0;
  return {
    tell: (event: OutsideEvent): void => {
      const at = events.findLastIndex(({ atMs }) => atMs <= event.atMs) + 1;
      events.splice(Math.max(at, next), 0, event);
    },
    until: (atMs: number): void => {
      for (let event = events[next]; event && event.atMs <= atMs; event = events[next]) {
        next += 1;
        feed(event);
      }
    },
    nextMs: (): number | undefined => events[next]?.atMs,
  };
}

function edgesOf({ park, lane, beam }: Watched): readonly Edge[] {
  const shown = park.lanes.find((one) => one.lane === lane);
  if (shown === undefined || !beam) return shown?.edges ?? [];
  return [...shown.edges.filter(({ role }) => role !== 'barrier'), ...shown.beam].sort((a, b) => a.atMs - b.atMs);
}

function createEngine({ settings, wire, onEffect, intake }: Watched) {
  const signalOf = (role: Role) => lookedAt({ activeLow: false, debounceMs: defaultDebounceMs(role) }, wire.pollMs);
  const journal: LaneEvent[] = [];
  const records = createRecords();
  let before: Partial<Record<Role, boolean>> = {};
  const runner = new LaneRunner({
    ...{ settings, signals: Object.fromEntries(settings.roles.map((role) => [role, signalOf(role)])) },
    before: (event) => {
      if (event.kind !== 'tick') journal.push(event);
    },
    after: (_, effects) => {
      for (const effect of effects) {
        records.act(effect);
        onEffect(effect);
      }
    },
  });
  const feed = (event: LaneEvent): void => runner.feed(event);
  /** Something is undecided that the next poll may decide. */
  const waits = (): boolean => runner.debounceDueMs !== undefined;
  return {
    polled: (levels: Readonly<Record<Role, boolean>>, atMs: number, uncertaintyMs: number, all: boolean): void => {
      // A level that is as it was changes nothing, unless it ends a doubt about another.
      const each = all || waits();
      for (const role of settings.roles) {
        if (each || levels[role] !== before[role])
          runner.signal({ kind: 'level', role, value: levels[role], atMs, uncertaintyMs });
      }
      before = { ...levels };
      runner.beat(atMs);
      records.leave(atMs, feed);
    },
    ...{ feed, waits },
    /** When something falls due without a new edge. */
    wantsMs: (): number => Math.min(runner.dueMs, records.nextMs()),
    goesDark: ({ kind, fromMs }: Outage): void => {
      if (kind !== 'wire') return;
      for (const role of settings.roles) runner.signal({ kind: 'lost', role, atMs: fromMs + LOST_AFTER_MS });
    },
    comesBack: ({ kind, fromMs, toMs }: Outage): void => {
      if (kind === 'wire') return;
      // What a process knew is what its journal knows.
      runner.restart(JSON.parse(JSON.stringify(runner.state)) as LaneState);
      feed({ kind: 'start', blindMs: toMs - fromMs, powerCut: kind === 'powerCut', atMs: toMs });
      if (intake !== undefined) feed({ kind: 'feed', intake, state: 'up', atMs: toMs });
    },
    run: (): BoxRun => ({ ...records.run(), journal }),
  };
}

const COUNTED: ReadonlySet<LaneEffect['kind']> = new Set(['count', 'release', 'withdraw', 'correct']);

/** What the engine gave out, and when it leaves the box. */
function createRecords() {
  const given = new Map<string, { release: Release; atMs: number; leftAtMs?: number }>();
  const notes: Extract<LaneEffect, { kind: 'note' | 'alarm' }>[] = [];
  const counted: LaneEffect[] = [];
  const leaving: { readonly atMs: number; readonly releaseId: string }[] = [];
  return {
    act: (effect: LaneEffect): void => {
      if (COUNTED.has(effect.kind)) counted.push(effect);
      if (effect.kind === 'release') {
        const known = given.get(effect.release.id);
        given.set(effect.release.id, { ...known, release: effect.release, atMs: known?.atMs ?? effect.atMs });
        if (effect.release.reported) leaving.push({ atMs: effect.atMs + SENT_AFTER_MS, releaseId: effect.release.id });
      } else if (effect.kind === 'withdraw') given.delete(effect.releaseId);
      else if (effect.kind === 'note' || effect.kind === 'alarm') notes.push(effect);
    },
    leave: (atMs: number, feed: (event: LaneEvent) => void): void => {
      while (leaving[0] !== undefined && leaving[0].atMs <= atMs) {
        const { releaseId } = leaving.shift() as (typeof leaving)[number];
        const one = given.get(releaseId);
        if (one === undefined) continue;
        one.leftAtMs = atMs;
        feed({ kind: 'sent', releaseId, atMs });
      }
    },
    nextMs: (): number => leaving[0]?.atMs ?? Number.POSITIVE_INFINITY,
    run: () => ({ given: [...given.values()], notes, counted }),
  };
}
