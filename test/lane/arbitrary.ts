/** Lives of a lane for property tests: cars that behave, cars that do not, and noise, in any mixture. Times start at START_MS. */

import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import { type Grant, type LaneEvent, type LaneSettings, ROLES, type Role } from '../../src/lane/types.ts';
import fc from '../property.ts';

export const START_MS = 1_000_000;

type Edge = Extract<LaneEvent, { kind: 'edge' }>;
export const edge = (role: Role, on: boolean, atMs: number): Edge => ({
  kind: 'edge',
  role,
  on,
  atMs,
  uncertaintyMs: 0,
});

const PLATES = ['粤B12345', '粤B123A5', '粤A99999', '湘E24680', '粤B1234S'] as const;
const plateText = fc.constantFrom(...PLATES);
const atMs = (mostS: number): fc.Arbitrary<number> =>
  fc
    .oneof(
      fc.integer({ min: 0, max: mostS * 1000 }),
      fc.integer({ min: 0, max: mostS * 40 }).map((n) => n * 25),
    )
    .map((ms) => START_MS + ms);

const LIFE_S = 50;

const grantOf = (at: number, id: string, rest: Partial<Grant>): LaneEvent => ({
  kind: 'grant',
  grant: { id, scope: 'lane', count: 1, kind: 'paid', issuedAtMs: at, source: 'test', ...rest },
  atMs: at,
});

/** One edge after another of a role, at ever later times. */
function steps(fromMs: number, gaps: readonly number[], moves: readonly (readonly [Role, boolean])[]): LaneEvent[] {
  let at = fromMs;
  return moves.map(([role, on], index) => {
    at += gaps[index] ?? 500;
    return edge(role, on, at);
  });
}

const gaps = fc.array(fc.oneof(fc.integer({ min: 20, max: 3000 }), fc.constantFrom(25, 60, 90, 400, 600, 700, 2000)), {
  minLength: 8,
  maxLength: 8,
});
const MOVES: readonly (readonly (readonly [Role, boolean])[])[] = [
  // through
  [
    ['approach', true],
    ['barrier', true],
    ['approach', false],
    ['barrier', false],
  ],
  // bumper to bumper
  [
    ['approach', true],
    ['barrier', true],
    ['approach', false],
    ['approach', true],
    ['approach', false],
    ['barrier', false],
  ],
  // small
  [
    ['approach', true],
    ['approach', false],
    ['barrier', true],
    ['barrier', false],
  ],
  // backs out
  [
    ['approach', true],
    ['barrier', true],
    ['barrier', false],
    ['approach', false],
  ],
  // wrong way
  [
    ['barrier', true],
    ['approach', true],
    ['barrier', false],
    ['approach', false],
  ],
  // turns away
  [
    ['approach', true],
    ['approach', false],
  ],
  // crosses and reverses
  [
    ['approach', true],
    ['barrier', true],
    ['approach', false],
    ['approach', true],
    ['barrier', false],
    ['approach', false],
  ],
];

const vehicle = fc
  .record({
    at: atMs(LIFE_S),
    gaps,
    moves: fc.constantFrom(...MOVES),
    plate: fc.option(plateText),
    overC: fc.boolean(),
  })
  .map(({ at, gaps: between, moves, plate, overC }): LaneEvent[] => {
    const edges = steps(at, between, moves);
    const last = edges.at(-1)?.atMs ?? at;
    return [
      ...edges,
      ...(plate === null ? [] : [{ kind: 'plate', plate: { text: plate, confidence: 0.9 }, atMs: at + 400 } as const]),
      ...(overC ? [edge('exit', true, last - 100), edge('exit', false, last + 300)] : []),
    ];
  });

const opening = fc
  .record({
    at: atMs(LIFE_S),
    command: fc.constantFrom('auto', 'button', 'remote', null),
    upForMs: fc.integer({ min: 100, max: 50_000 }),
  })
  .map(({ at, command, upForMs }): LaneEvent[] => [
    ...(command === null ? [] : [edge(command, true, at - 200), edge(command, false, at + 100)]),
    edge('down', false, at),
    edge('up', true, at + 1500),
    edge('up', false, at + 1500 + upForMs),
    edge('down', true, at + 3000 + upForMs),
  ]);

const grant = fc
  .record({
    at: atMs(LIFE_S),
    id: fc.integer({ min: 1, max: 8 }),
    plate: fc.option(plateText),
    scope: fc.constantFrom('lane' as const, 'lane' as const, 'park' as const),
    count: fc.constantFrom(1, 1, 1, 2, 3),
    agoMs: fc.constantFrom(0, 0, 500, 4000),
    lifeMs: fc.option(fc.integer({ min: 1000, max: 100_000 })),
  })
  .map(({ at, id, plate, scope, count, agoMs, lifeMs }): LaneEvent[] => [
    grantOf(at, `g${id}`, {
      ...(plate !== null && { plate }),
      scope: plate === null ? 'lane' : scope,
      count,
      issuedAtMs: at - agoMs,
      ...(lifeMs !== null && { expiresAtMs: at + lifeMs }),
    }),
  ]);

const noise: fc.Arbitrary<LaneEvent[]> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ at: atMs(LIFE_S), role: fc.constantFrom(...ROLES), on: fc.boolean() })
      .map(({ at, role, on }) => [edge(role, on, at)]),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ at: atMs(LIFE_S), role: fc.constantFrom(...ROLES) })
      .map(({ at, role }): LaneEvent[] => [{ kind: 'lost', role, atMs: at }]),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        at: atMs(LIFE_S),
        mode: fc.constantFrom('maintenance' as const, 'keepOpen' as const, 'freePassage' as const),
        on: fc.boolean(),
        forMs: fc.option(fc.integer({ min: 0, max: 60_000 })),
      })
      .map(({ at, mode, on, forMs }): LaneEvent[] => [
        { kind: 'mode', mode, on, ...(forMs !== null && { untilMs: at + forMs }), atMs: at },
      ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        at: atMs(LIFE_S),
        id: fc.integer({ min: 1, max: 8 }),
        why: fc.constantFrom('usedElsewhere' as const, 'cancelled' as const),
      })
      .map(({ at, id, why }): LaneEvent[] => [{ kind: 'revoke', grantId: `g${id}`, why, atMs: at }]),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({
        at: atMs(LIFE_S),
        id: fc.integer({ min: 1, max: 6 }),
        kind: fc.constantFrom('sent' as const, 'unsent' as const),
      })
      .map(({ at, id, kind }): LaneEvent[] => [{ kind, releaseId: `r${id}`, atMs: at }]),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ at: atMs(LIFE_S), blindMs: fc.constantFrom(0, 3000, 60_000), powerCut: fc.boolean() })
      .map(({ at, blindMs, powerCut }): LaneEvent[] => [{ kind: 'start', blindMs, powerCut, atMs: at }]),
  },
);

/** Sorted by time; the levels of all wired roles come first. */
export function life(settings: LaneSettings, parts: readonly (readonly LaneEvent[])[]): readonly LaneEvent[] {
  const first: LaneEvent[] = settings.roles.map((role) =>
    edge(role, role === 'down' || role === 'mains', START_MS - 1000),
  );
  return [...first, ...parts.flat().sort((a, b) => a.atMs - b.atMs)];
}

const WIRINGS: readonly (readonly Role[])[] = [
  ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
  ['down', 'up', 'approach', 'barrier', 'exit', 'auto', 'button', 'remote', 'fire', 'mains'],
  ['down', 'approach', 'barrier', 'auto'],
  ['up', 'approach', 'barrier', 'button'],
  ['down', 'up', 'barrier', 'auto', 'button'],
  ['down', 'up', 'approach', 'auto'],
  ['down', 'up', 'auto', 'button'],
];

export const laneSettings = fc.record({
  roles: fc.constantFrom(
    ...WIRINGS,
    WIRINGS[0] as readonly Role[],
    WIRINGS[0] as readonly Role[],
    WIRINGS[1] as readonly Role[],
  ),
  direction: fc.constantFrom('exit' as const, 'exit' as const, 'entry' as const, 'both' as const),
  autoCommandIsGrant: fc.constantFrom(true, true, false),
  reportNobodyPassed: fc.constantFrom(true, true, false),
  plateMismatch: fc.constantFrom('note' as const, 'note' as const, 'review' as const),
  settleMs: fc.constantFrom(5000, 5000, 0, 1000),
  loopStuckAfterMs: fc.constantFrom(600_000, 20_000),
});

export interface Life {
  readonly settings: LaneSettings;
  readonly events: readonly LaneEvent[];
}

/** Mostly cars and openings, some grants, a little noise. */
export const lives: fc.Arbitrary<Life> = fc
  .record({
    settings: laneSettings,
    parts: fc.array(
      fc.oneof(
        { weight: 5, arbitrary: vehicle },
        { weight: 3, arbitrary: opening },
        { weight: 3, arbitrary: grant },
        { weight: 3, arbitrary: noise },
      ),
      { minLength: 1, maxLength: 18 },
    ),
  })
  .map(({ settings, parts }) => {
    const all: LaneSettings = { ...DEFAULT_SETTINGS, ...settings };
    return { settings: all, events: life(all, parts) };
  });
