/** Every state and every event by name: where a body is against each loop edge, and the arm against each thing a limit can say. */
import { describe, expect, it } from 'vitest';
import { PLACES, type Place } from '../../src/lane/body.ts';
import { deadlineMs, initialState, type LaneState, step } from '../../src/lane/lane.ts';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import { ARM_STATES, type ArmState } from '../../src/lane/state.ts';
import type { LaneEvent, LaneSettings, Role } from '../../src/lane/types.ts';
import { edge } from './arbitrary.ts';

const settings: LaneSettings = { ...DEFAULT_SETTINGS, roles: ['down', 'up', 'approach', 'barrier'] };
/** Longer than any flicker, shorter than any transit. */
const GAP_MS = 300;

type Said = readonly [Role, boolean | 'lost'];

/** Feeds one thing after another and closes the last moment. */
function lane(
  said: readonly Said[],
  from: LaneState = initialState(settings),
  fromMs = 1000,
): { state: LaneState; atMs: number } {
  let state = from;
  let atMs = fromMs;
  for (const [role, what] of said) {
    const event: LaneEvent = what === 'lost' ? { kind: 'lost', role, atMs } : edge(role, what, atMs);
    [state] = step(state, event, settings);
    atMs += GAP_MS;
    [state] = step(state, { kind: 'tick', atMs }, settings);
  }
  return { state, atMs };
}

const OPEN: readonly Said[] = [
  ['down', true],
  ['up', false],
  ['approach', false],
  ['barrier', false],
  ['down', false],
  ['up', true],
];
const EDGES = {
  aOn: ['approach', true],
  aOff: ['approach', false],
  bOn: ['barrier', true],
  bOff: ['barrier', false],
} as const;
type EdgeName = keyof typeof EDGES;

/** The edges that bring a body there. */
const TO_PLACE: Readonly<Record<Place, readonly EdgeName[]>> = {
  onA: ['aOn'],
  onBoth: ['aOn', 'bOn'],
  onB: ['aOn', 'bOn', 'aOff'],
  between: ['aOn', 'aOff'],
  backOnB: ['bOn'],
  backOnBoth: ['bOn', 'aOn'],
  backOnA: ['bOn', 'aOn', 'bOff'],
  out: ['aOn', 'bOn', 'aOff', 'bOff'],
};

const BODY_TABLE: Readonly<Record<Place, Readonly<Record<EdgeName, Place | 'gone'>>>> = {
  onA: { aOn: 'onA', aOff: 'between', bOn: 'onBoth', bOff: 'onA' },
  onBoth: { aOn: 'onBoth', aOff: 'onB', bOn: 'onBoth', bOff: 'onA' },
  onB: { aOn: 'onB', aOff: 'onB', bOn: 'onB', bOff: 'out' },
  between: { aOn: 'between', aOff: 'between', bOn: 'onB', bOff: 'between' },
  backOnB: { aOn: 'backOnBoth', aOff: 'backOnB', bOn: 'backOnB', bOff: 'gone' },
  backOnBoth: { aOn: 'backOnBoth', aOff: 'backOnB', bOn: 'backOnBoth', bOff: 'backOnA' },
  // The arm had let nobody through yet: it is through, and the one on A and now on B is another.
  backOnA: { aOn: 'backOnA', aOff: 'out', bOn: 'out', bOff: 'backOnA' },
  // B rises again so soon that it is the same vehicle.
  out: { aOn: 'out', aOff: 'out', bOn: 'onB', bOff: 'out' },
};

describe('a body', () => {
  const rows = PLACES.flatMap((place) =>
    (Object.keys(EDGES) as EdgeName[]).map((name) => ({ place, name, becomes: BODY_TABLE[place][name] })),
  );

  it.each(rows)('$place, $name → $becomes', ({ place, name, becomes }) => {
    const { state, atMs } = lane([...OPEN, ...TO_PLACE[place].map((one): Said => EDGES[one])]);
    expect(state.lane.bodies.find(({ id }) => id === 1)?.place).toBe(place);
    const after = lane([EDGES[name]], state, atMs).state;
    expect(after.lane.bodies.find(({ id }) => id === 1)?.place ?? 'gone').toBe(becomes);
  });
});

const TO_ARM: Readonly<Record<ArmState, readonly Said[]>> = {
  unknown: [],
  closed: [
    ['down', true],
    ['up', false],
  ],
  opening: [
    ['down', true],
    ['up', false],
    ['down', false],
  ],
  open: [
    ['down', true],
    ['up', false],
    ['down', false],
    ['up', true],
  ],
  closing: [
    ['down', true],
    ['up', false],
    ['down', false],
    ['up', true],
    ['up', false],
  ],
  fault: [
    ['down', true],
    ['up', true],
  ],
};
const LIMITS = {
  downOn: ['down', true],
  downOff: ['down', false],
  downLost: ['down', 'lost'],
  upOn: ['up', true],
  upOff: ['up', false],
  upLost: ['up', 'lost'],
} as const;
type LimitName = keyof typeof LIMITS;

const ARM_TABLE: Readonly<Record<ArmState, Readonly<Record<LimitName, ArmState>>>> = {
  unknown: {
    downOn: 'closed',
    downOff: 'open',
    downLost: 'unknown',
    upOn: 'open',
    upOff: 'unknown',
    upLost: 'unknown',
  },
  closed: {
    downOn: 'closed',
    downOff: 'opening',
    downLost: 'closed',
    upOn: 'fault',
    upOff: 'closed',
    upLost: 'closed',
  },
  opening: {
    downOn: 'closed',
    downOff: 'opening',
    downLost: 'closing',
    upOn: 'open',
    upOff: 'opening',
    upLost: 'open',
  },
  open: { downOn: 'fault', downOff: 'open', downLost: 'open', upOn: 'open', upOff: 'closing', upLost: 'open' },
  closing: {
    downOn: 'closed',
    downOff: 'closing',
    downLost: 'closing',
    upOn: 'open',
    upOff: 'closing',
    upLost: 'open',
  },
  fault: { downOn: 'fault', downOff: 'open', downLost: 'unknown', upOn: 'fault', upOff: 'closed', upLost: 'closed' },
};

describe('the arm', () => {
  const rows = ARM_STATES.flatMap((arm) =>
    (Object.keys(LIMITS) as LimitName[]).map((name) => ({ arm, name, becomes: ARM_TABLE[arm][name] })),
  );

  it.each(rows)('$arm, $name → $becomes', ({ arm, name, becomes }) => {
    const { state, atMs } = lane(TO_ARM[arm]);
    expect(state.lane.arm).toBe(arm);
    expect(lane([LIMITS[name]], state, atMs).state.lane.arm).toBe(becomes);
  });

  it('with the open contact alone is down closeTime after it has let go', () => {
    const one: LaneSettings = { ...settings, roles: ['up', 'approach', 'barrier'] };
    let state = initialState(one);
    const feed = (event: LaneEvent): ArmState => {
      [state] = step(state, event, one);
      [state] = step(state, { kind: 'tick', atMs: event.atMs + 1 }, one);
      return state.lane.arm;
    };
    expect(feed(edge('up', false, 1000))).toBe('closed');
    expect(feed(edge('up', true, 2000))).toBe('open');
    expect(feed(edge('up', false, 9000))).toBe('closing');
    expect(feed({ kind: 'tick', atMs: 14_998 })).toBe('closing');
    expect(feed({ kind: 'tick', atMs: 15_001 })).toBe('closed');
  });
});

describe('kinds of event', () => {
  const KINDS: Readonly<Record<LaneEvent['kind'], LaneEvent>> = {
    edge: edge('approach', true, 5000),
    lost: { kind: 'lost', role: 'approach', atMs: 5000 },
    plate: { kind: 'plate', plate: { text: '粤B12345', confidence: 0.9 }, atMs: 5000 },
    grant: {
      kind: 'grant',
      grant: { id: 'g', scope: 'lane', count: 1, kind: 'paid', issuedAtMs: 5000, source: 't' },
      atMs: 5000,
    },
    revoke: { kind: 'revoke', grantId: 'g', why: 'cancelled', atMs: 5000 },
    mode: { kind: 'mode', mode: 'keepOpen', on: true, atMs: 5000 },
    feed: { kind: 'feed', intake: 'http', state: 'down', atMs: 5000 },
    camera: { kind: 'camera', camera: 'c1', on: false, atMs: 5000 },
    elsewhere: { kind: 'elsewhere', plate: '粤B12345', what: 'onA', lane: 'L2', atMs: 5000 },
    sent: { kind: 'sent', releaseId: 'r1', atMs: 5000 },
    unsent: { kind: 'unsent', releaseId: 'r1', atMs: 5000 },
    start: { kind: 'start', blindMs: 1000, powerCut: true, atMs: 5000 },
    tick: { kind: 'tick', atMs: 5000 },
  };
  const rows = (Object.keys(KINDS) as LaneEvent['kind'][]).flatMap((kind) => PLACES.map((place) => ({ kind, place })));

  it.each(rows)('$kind while a body is $place', ({ kind, place }) => {
    const { state } = lane([...OPEN, ...TO_PLACE[place].map((one): Said => EDGES[one])]);
    let [next] = step(state, KINDS[kind], settings);
    [next] = step(next, { kind: 'tick', atMs: 65_000 }, settings);
    expect(next.inbox.pending).toEqual([]);
    expect(deadlineMs(next, settings) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(65_000);
    expect(JSON.parse(JSON.stringify(next))).toEqual(next);
  });
});
