/**
 * How fast the lane engine folds events, and whether its memory stays flat over ten million of them.
 * The stream is that of a busy exit: paid cars, a button opening, a tailgater, every tick included, as the journal has it.
 * Peers of the same run: a reducer that only copies a small state, and a JSON round trip of the same events.
 */
import { deadlineMs, initialState, type LaneState, step } from '../../src/lane/lane.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import type { LaneEvent, LaneSettings, Role } from '../../src/lane/types.ts';

const EVENTS = 10_000_000;
const CHUNK = 500_000;
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

function* stream(of: readonly LaneEvent[], count: number): Generator<LaneEvent> {
  for (let index = 0, cycle = 0; index < count; cycle += 1) {
    for (const event of of) {
      if (index >= count) return;
      index += 1;
      yield shifted(event, cycle * CYCLE_MS, cycle);
    }
  }
}

/** Seconds of processor time, the collector's included: others on the machine do not count. */
function timed(work: () => void): number {
  const from = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e6;
}

/** The median of five runs, so that one in which the collector came by does not count. */
function median(run: () => number): number {
  return [run(), run(), run(), run(), run()].sort((a, b) => a - b)[2] as number;
}

/** Seconds that `count` events take by themselves: making them is not the engine's work. */
function baseline(of: readonly LaneEvent[], count: number): number {
  let sum = 0;
  const seconds = timed(() => {
    for (const event of stream(of, count)) sum += event.atMs;
  });
  return sum > 0 ? seconds : 0;
}

function trivialReducer(of: readonly LaneEvent[], count: number): number {
  let state = { count: 0, lastMs: 0, kinds: { edge: 0, tick: 0, plate: 0, grant: 0 } as Record<string, number> };
  return timed(() => {
    for (const event of stream(of, count)) {
      const kinds = { ...state.kinds, [event.kind]: (state.kinds[event.kind] ?? 0) + 1 };
      state = { count: state.count + 1, lastMs: event.atMs, kinds };
    }
  });
}

function jsonRoundTrip(of: readonly LaneEvent[], count: number): number {
  let edges = 0;
  const seconds = timed(() => {
    for (const event of stream(of, count)) {
      if ((JSON.parse(JSON.stringify(event)) as LaneEvent).kind === 'edge') edges += 1;
    }
  });
  return edges > 0 ? seconds : 0;
}

interface Fold {
  readonly seconds: number;
  readonly releases: number;
  readonly heapMB: readonly number[];
  readonly stateBytes: readonly number[];
}

function fold(of: readonly LaneEvent[], count: number): Fold {
  let state: LaneState = initialState(settings);
  let releases = 0;
  const heapMB: number[] = [];
  const stateBytes: number[] = [];
  let done = 0;
  const seconds = timed(() => {
    for (const event of stream(of, count)) {
      const [next, effects] = step(state, event, settings);
      state = next;
      for (const effect of effects) if (effect.kind === 'release') releases += 1;
      done += 1;
      if (done % CHUNK === 0) {
        globalThis.gc?.();
        heapMB.push(Math.round(process.memoryUsage().heapUsed / 10_000) / 100);
        stateBytes.push(JSON.stringify(state).length);
      }
    }
  });
  return { seconds, releases, heapMB, stateBytes };
}

const perSecond = (count: number, seconds: number): number => Math.round(count / seconds);
const ratio = (one: number, other: number): number => Math.round((one / other) * 100) / 100;

export interface BenchResult {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, string | number>>[];
}

export async function run(): Promise<BenchResult> {
  const events = template();
  fold(events, CHUNK); // warm
  const making = median(() => baseline(events, CHUNK));
  const trivial = median(() => trivialReducer(events, CHUNK)) - making;
  const json = median(() => jsonRoundTrip(events, CHUNK)) - making;
  const short = median(() => fold(events, CHUNK).seconds) - making;
  const long = fold(events, EVENTS);
  const half = Math.floor(long.heapMB.length / 2);
  const most = (numbers: readonly number[]): number => Math.max(...numbers);
  const row = (what: string, value: number, unit: string, note = '') => ({ what, value, unit, note });
  return {
    title: `lane engine: ${events.length} events a story, ${EVENTS} in all, ticks included`,
    rows: [
      row('step', perSecond(CHUNK, short), 'events per second of one core', 'goal 500000'),
      row(
        'step, the making of the events included',
        perSecond(EVENTS, long.seconds),
        'events per second of one core',
        'ten million',
      ),
      row('step / JSON round trip of the same events', ratio(json, short), 'times as fast'),
      row('step / a reducer that copies two small objects', ratio(trivial, short), 'times as fast'),
      row('releases', long.releases, '', 'two a story'),
      row('heap, first half at most', most(long.heapMB.slice(0, half)), 'MB'),
      row('heap, second half at most', most(long.heapMB.slice(half)), 'MB', 'flat: no more than the first half + 2'),
      row('state, at most', most(long.stateBytes), 'bytes of JSON'),
      row('state, at the end', long.stateBytes.at(-1) ?? 0, 'bytes of JSON'),
    ],
  };
}
