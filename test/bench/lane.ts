/**
 * How fast the lane engine folds events, and whether its memory stays flat over ten million of them.
 * The stream is that of a busy exit: paid cars, a button opening, a tailgater, every tick included, as the journal has it.
 * Peers of the same run: a reducer that only copies a small state, and a JSON round trip of the same events.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { deadlineMs, initialState, type LaneState, step } from '../../src/lane/lane.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import type { LaneEvent, LaneSettings, Role } from '../../src/lane/types.ts';

const EVENTS = 10_000_000;
/** So few that the collector hardly meets them: moving twenty thousand prepared events was a tenth of the time, and none of the engine's. */
const CHUNK = 2_000;
/** What the peers take at once: long enough to be timed. */
const SAMPLE = 20_000;
/** Events to a figure. */
const FIGURE = 500_000;
/** One story; the next begins this much later. */
const CYCLE_MS = 120_000;

const settings: LaneSettings = {
  ...DEFAULT_SETTINGS,
  roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
};

type Line = readonly [atS: number, role: Role, on: boolean];

const CAR: readonly Line[] = [
  [0, 'approach', true],
  [1.05, 'auto', true],
  [1.2, 'down', false],
  [1.35, 'auto', false],
  [2.7, 'up', true],
  [3, 'barrier', true],
  [4.4, 'approach', false],
  [5.6, 'barrier', false],
  [6.6, 'up', false],
  [8.1, 'down', true],
];
const BUTTON_CAR: readonly Line[] = CAR.map(([at, role, on]) => [at, role === 'auto' ? 'button' : role, on]);
const TAIL: readonly Line[] = [
  ...CAR.slice(0, 7),
  [5.1, 'approach', true],
  [5.6, 'barrier', false],
  [6.1, 'barrier', true],
  [7.5, 'approach', false],
  [8.7, 'barrier', false],
  [9.7, 'up', false],
  [11.2, 'down', true],
];

const edges = (lines: readonly Line[], fromS: number): LaneEvent[] =>
  lines.map(([at, role, on]) => ({
    kind: 'edge',
    role,
    on,
    atMs: Math.round((fromS + at) * 1000),
    uncertaintyMs: 25,
  }));
const plate = (text: string, atS: number): LaneEvent => ({
  kind: 'plate',
  plate: { text, confidence: 0.97 },
  atMs: Math.round(atS * 1000),
});
const grant = (id: string, text: string, atS: number): LaneEvent => {
  const atMs = Math.round(atS * 1000);
  return {
    kind: 'grant',
    grant: { id, scope: 'lane', plate: text, count: 1, kind: 'paid', issuedAtMs: atMs, source: 'bench' },
    atMs,
  };
};

/** Six vehicles in two minutes, without ticks. */
function story(): LaneEvent[] {
  return [
    ...[0, 20, 40].flatMap((fromS) => [
      ...edges(CAR, fromS),
      plate(`粤B1234${fromS / 20}`, fromS + 0.4),
      grant(`g${fromS}`, `粤B1234${fromS / 20}`, fromS + 0.9),
    ]),
    ...edges(BUTTON_CAR, 60),
    plate('粤B54321', 60.4),
    ...edges(TAIL, 80),
    plate('粤B12349', 80.4),
    grant('g80', '粤B12349', 80.9),
    plate('粤A99999', 85.4),
  ].sort((a, b) => a.atMs - b.atMs);
}

/** The story with the ticks that the lane asks for, from a run in the middle of many. */
function template(): readonly LaneEvent[] {
  let state = initialState(settings);
  let recorded: LaneEvent[] = [];
  for (let cycle = 0; cycle < 3; cycle += 1) {
    recorded = [];
    const fromMs = cycle * CYCLE_MS;
    const feed = (event: LaneEvent): void => {
      recorded.push(event);
      [state] = step(state, event, settings);
    };
    for (const event of [...story().map((one) => shifted(one, fromMs, cycle)), end(fromMs)]) {
      for (let due = deadlineMs(state, settings); due !== undefined && due <= event.atMs; ) {
        feed({ kind: 'tick', atMs: due });
        due = deadlineMs(state, settings);
      }
      feed(event);
    }
    recorded = recorded.map((event) => shifted(event, -fromMs, -cycle));
  }
  return recorded;
}
const end = (fromMs: number): LaneEvent => ({ kind: 'tick', atMs: fromMs + CYCLE_MS - 1 });

function shifted(event: LaneEvent, byMs: number, cycle: number): LaneEvent {
  const atMs = event.atMs + byMs;
  if (event.kind !== 'grant') return { ...event, atMs };
  const [id, before] = event.grant.id.split('/');
  const number = Number(before ?? 0) + cycle;
  return {
    ...event,
    atMs,
    grant: { ...event.grant, id: `${id}/${number}`, issuedAtMs: event.grant.issuedAtMs + byMs },
  };
}

/** Events number `from` up to `from + count` of an endless stream. Made before the clock runs: making them is not the engine's work. */
function chunk(of: readonly LaneEvent[], from: number, count: number): readonly LaneEvent[] {
  return Array.from({ length: count }, (_, index) => {
    const cycle = Math.floor((from + index) / of.length);
    return shifted(of[(from + index) % of.length] as LaneEvent, cycle * CYCLE_MS, cycle);
  });
}

/** Seconds of processor time, the collector's included: others on the machine do not count. */
function timed(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number;

function trivialReducer(events: readonly LaneEvent[]): number {
  let state = { count: 0, lastMs: 0, kinds: { edge: 0, tick: 0, plate: 0, grant: 0 } as Record<string, number> };
  return timed(() => {
    for (const event of events) {
      const kinds = { ...state.kinds, [event.kind]: (state.kinds[event.kind] ?? 0) + 1 };
      state = { count: state.count + 1, lastMs: event.atMs, kinds };
    }
  });
}

function jsonRoundTrip(events: readonly LaneEvent[]): number {
  let edges = 0;
  const seconds = timed(() => {
    for (const event of events) {
      if ((JSON.parse(JSON.stringify(event)) as LaneEvent).kind === 'edge') edges += 1;
    }
  });
  return edges > 0 ? seconds : 0;
}

interface Fold {
  /** Of each half million. */
  readonly seconds: readonly number[];
  readonly releases: number;
  readonly heapMB: readonly number[];
  readonly stateBytes: readonly number[];
}

function fold(of: readonly LaneEvent[], count: number): Fold {
  let state: LaneState = initialState(settings);
  let releases = 0;
  const seconds: number[] = [];
  const heapMB: number[] = [];
  const stateBytes: number[] = [];
  const foldAll = (events: readonly LaneEvent[]): void => {
    for (const event of events) {
      const [next, effects] = step(state, event, settings);
      state = next;
      for (const effect of effects) if (effect.kind === 'release') releases += 1;
    }
  };
  for (let from = 0; from < count; from += FIGURE) {
    let sum = 0;
    for (let at = from; at < from + FIGURE; at += CHUNK) {
      const events = chunk(of, at, CHUNK);
      sum += timed(() => foldAll(events));
    }
    seconds.push(sum);
    stateBytes.push(JSON.stringify(state).length);
    heapMB.push(heapNow());
  }
  return { seconds, releases, heapMB, stateBytes };
}

/** Megabytes in use after a collection. */
function heapNow(): number {
  globalThis.gc?.();
  return Math.round(process.memoryUsage().heapUsed / 10_000) / 100;
}

const perSecond = (count: number, seconds: number): number => Math.round(count / seconds);
const ratio = (one: number, other: number): number => Math.round((one / other) * 100) / 100;

export interface BenchResult {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export async function run(): Promise<BenchResult> {
  setFlagsFromString('--expose-gc');
  globalThis.gc ??= runInNewContext('gc') as NodeJS.GCFunction;
  const events = template();
  fold(events, FIGURE); // warm
  const long = fold(events, EVENTS);
  const sample = chunk(events, 0, SAMPLE);
  const runs = [1, 2, 3, 4, 5];
  const seconds = median(long.seconds);
  const times = FIGURE / SAMPLE;
  const trivial = median(runs.map(() => trivialReducer(sample))) * times;
  const json = median(runs.map(() => jsonRoundTrip(sample))) * times;
  const half = Math.floor(long.heapMB.length / 2);
  const row = (what: string, value: number, unit: string, note = '') => ({ what, value, unit, note });
  return {
    title: `lane engine: ${events.length} events a story, ${EVENTS} in all, ticks included`,
    rows: [
      row('step, the median half million', perSecond(FIGURE, seconds), 'events per second of one core', 'goal 500000'),
      row('step, the best half million', perSecond(FIGURE, Math.min(...long.seconds)), 'events per second of one core'),
      row('step against a JSON round trip of the same events', ratio(json, seconds), 'times as fast'),
      row('step against a reducer that copies two small objects', ratio(trivial, seconds), 'times as fast'),
      row('releases', long.releases, '', 'two a story'),
      row('heap, first five million at most', Math.max(...long.heapMB.slice(0, half)), 'MB'),
      row('heap, second five million at most', Math.max(...long.heapMB.slice(half)), 'MB', 'flat: as the first'),
      row('state, at most', Math.max(...long.stateBytes), 'bytes of JSON'),
      row('state, at the end', long.stateBytes.at(-1) ?? 0, 'bytes of JSON'),
    ],
  };
}
