/** Whose plate a record names, or does not, where messages or points are missing, and where a vehicle of the list was read early. */
import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../src/lane/settings.ts';
import type { Grant, LaneEffect, LaneEvent, LaneSettings, Release } from '../../src/lane/types.ts';
import { edge, START_MS } from './arbitrary.ts';
import { drive } from './drive.ts';

const settings: LaneSettings = {
  ...DEFAULT_SETTINGS,
  roles: ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'],
};
const EVERY_MS = 60_000;
const CARS = 20;
const THEN_MS = START_MS + 1_000 + CARS * EVERY_MS;
/** Seconds after the cars of which the lane learns. */
const at = (s: number): number => THEN_MS + s * 1_000;

const plate = (text: string, atMs: number, isKnown = false): LaneEvent => ({
  kind: 'plate',
  plate: { text, confidence: 0.92, color: 'blue' },
  atMs,
  ...(isKnown && { known: { kind: 'season' as const } }),
});
const paid = (of: string, atMs: number): LaneEvent => {
  const grant: Grant = {
    ...{ id: `g-${of}`, scope: 'lane', plate: of, count: 1, kind: 'paid', issuedAtMs: atMs, source: 'http' },
  };
  return { kind: 'grant', grant, atMs };
};
const pulse = (role: 'auto' | 'button', atMs: number): LaneEvent[] => [
  edge(role, true, atMs),
  edge(role, false, atMs + 300),
];
const lifted = (atMs: number): LaneEvent[] => [edge('down', false, atMs + 150), edge('up', true, atMs + 1_650)];
const crosses = (atMs: number): LaneEvent[] => [
  edge('barrier', true, atMs),
  edge('approach', false, atMs + 1_400),
  edge('barrier', false, atMs + 2_600),
];
const closed = (atMs: number): LaneEvent[] => [edge('up', false, atMs), edge('down', true, atMs + 1_500)];
const inOrder = (events: readonly LaneEvent[]): LaneEvent[] => [...events].sort((a, b) => a.atMs - b.atMs);
const cut = (atMs: number): LaneEvent[] => [
  { kind: 'feed', intake: 'http', state: 'up', atMs: atMs - 1_000 },
  { kind: 'feed', intake: 'http', state: 'down', atMs },
];

/** Cars that pay and are read half a second after they came onto A, and then what follows. */
function driven(then: readonly LaneEvent[], others: Partial<LaneSettings> = {}): readonly LaneEffect[] {
  const events: LaneEvent[] = settings.roles.map((role) => edge(role, role === 'down', START_MS));
  for (let index = 0; index < CARS; index += 1) {
    const atMs = START_MS + 10_000 + index * EVERY_MS;
    const text = `粤A${String(10_000 + index * 37).slice(-5)}`;
    events.push(
      ...[edge('approach', true, atMs), plate(text, atMs + 500), paid(text, atMs + 2_500)],
      ...[...pulse('auto', atMs + 2_600), ...lifted(atMs + 2_600), ...crosses(atMs + 5_000), ...closed(atMs + 8_600)],
    );
  }
  return drive([...inOrder(events), ...inOrder(then)], { ...settings, ...others }).effects;
}

const lane = (then: readonly LaneEvent[], others?: Partial<LaneSettings>): readonly Release[] =>
  driven(then, others).flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));

/** How each of those after the cars counts as having passed. */
const passages = (then: readonly LaneEvent[]): readonly string[] =>
  driven(then)
    .flatMap((effect) => (effect.kind === 'count' && effect.counted.of === 'passage' ? [effect.counted.how] : []))
    .slice(CARS);

describe('a motorcycle let out by hand while messages are missing, and a car behind it that is not read', () => {
  const isLetOut = (leftAMs: number): readonly LaneEvent[] => [
    ...[...cut(at(10)), edge('approach', true, at(20)), plate('晋L56R62', at(20.7))],
    ...[...pulse('button', at(25)), ...lifted(at(25)), edge('approach', false, leftAMs), edge('barrier', true, at(28))],
    ...[edge('approach', true, at(28.9)), edge('barrier', false, at(29.6))],
    ...[...pulse('auto', at(31)), ...crosses(at(33)), ...closed(at(36))],
  ];

  it('does not bear the plate, which may be that of the car', () => {
    const [manual, ...others] = lane(isLetOut(at(27.7)));
    expect(manual).toMatchObject({ verdict: 'manual', reported: true });
    expect([manual, ...others].map((release) => release?.plate)).not.toContainEqual(
      expect.objectContaining({ text: '晋L56R62' }),
    );
  });

  it('does not either where it was on both loops for a moment', () => {
    expect(lane(isLetOut(at(28.3)))[0]).not.toHaveProperty('plate');
  });
});

describe('an arm raised by hand while messages are missing, and nobody goes', () => {
  const waits = (more: readonly LaneEvent[]): readonly LaneEvent[] => [
    ...[...more, edge('approach', true, at(20)), plate('黑S12560', at(20.3))],
    ...[...pulse('button', at(20.5)), ...lifted(at(20.5)), ...closed(at(50))],
  ];

  it('is not said under the plate of one who stands there and may yet pay', () => {
    const [manual] = lane(waits(cut(at(10))));
    expect(manual).toMatchObject({ verdict: 'manual', passed: false });
    expect(manual).not.toHaveProperty('plate');
  });

  it('is where messages come', () => {
    expect(lane(waits([]))).toMatchObject([{ verdict: 'manual', passed: false, plate: { text: '黑S12560' } }]);
  });
});

describe('a vehicle of the list', () => {
  it('is not accused where it could not be seen who raised the arm', () => {
    const back = settings.roles.map((role) => edge(role, role === 'approach', at(24)));
    const events = [
      ...[edge('approach', true, at(20)), plate('粤S2GZM3', at(20.2), true)],
      ...settings.roles.map((role): LaneEvent => ({ kind: 'lost', role, atMs: at(21) })),
      ...[...back, edge('up', true, at(25.5)), ...crosses(at(27)), ...closed(at(31))],
    ];
    expect(lane(events)).toMatchObject([{ verdict: 'unknown', confidence: 'possible', reported: false }]);
  });

  it('is known by what was read of it in the queue, though another came onto A before it under a plate of its own', () => {
    const events = [
      ...[plate('粤K16580', at(19), true), edge('approach', true, at(19.3)), plate('青C83U95', at(19.7))],
      ...[...pulse('auto', at(20.5)), ...lifted(at(20.5)), paid('青C83U95', at(20.6)), edge('barrier', true, at(24))],
      ...[edge('approach', false, at(24.1)), edge('approach', true, at(25)), edge('barrier', false, at(25.6))],
      ...[...pulse('auto', at(25.8)), ...crosses(at(27.5)), ...closed(at(31))],
    ];
    expect(lane(events, { autoCommandIsGrant: false })).toEqual([]);
  });
});

describe('a plate of the list read for one that a hand lets out', () => {
  const letOut = (by: 'auto' | 'button', isListed: boolean): readonly LaneEvent[] => [
    ...[edge('approach', true, at(20)), plate('新P81378', at(21), isListed), ...pulse(by, at(25)), ...lifted(at(25))],
    ...[...crosses(at(27)), edge('approach', true, at(29.2)), ...pulse('auto', at(30))],
    ...[...crosses(at(32)), ...closed(at(36))],
  ];

  it('is of the next, which nobody read and the relay lets out', () => {
    const releases = lane(inOrder(letOut('button', true)), { autoCommandIsGrant: false });
    expect(releases).toMatchObject([{ verdict: 'manual' }]);
    expect(releases[0]).not.toHaveProperty('plate');
  });

  it('is its own where it is of no list', () => {
    const [manual] = lane(inOrder(letOut('button', false)), { autoCommandIsGrant: false });
    expect(manual).toMatchObject({ verdict: 'manual', plate: { text: '新P81378' } });
  });

  it('is its own where the relay lets that one out as well', () => {
    const [next, ...others] = lane(inOrder(letOut('auto', true)), { autoCommandIsGrant: false });
    expect(others).toEqual([]);
    expect(next).toMatchObject({ verdict: 'systemUnpaid', reported: false });
  });
});

describe('one that comes onto A as a small one goes from between the loops', () => {
  it('is no rear of that one, whatever its length: the relay has let it out', () => {
    const events = [
      ...[...pulse('button', at(18)), ...lifted(at(18.3)), edge('barrier', true, at(24.4))],
      ...[edge('approach', true, at(25)), ...pulse('auto', at(25.3)), edge('barrier', false, at(25.9))],
      ...[edge('barrier', true, at(26.5)), edge('approach', false, at(26.6)), edge('barrier', false, at(27.2))],
      ...closed(at(29)),
    ];
    expect(passages(events)).toEqual(['uncovered', 'relay']);
  });
});

describe('one that nobody read, behind another, as a plate of the list waits', () => {
  it('may have been that one, though its verdict waits longer than the plate', () => {
    const events = inOrder([
      ...[edge('approach', true, at(10)), plate('粤L5Q309', at(10.5)), paid('粤L5Q309', at(12))],
      ...[...pulse('auto', at(12.1)), ...lifted(at(12.1)), ...crosses(at(15)), plate('粤L33865', at(16), true)],
      ...[edge('approach', true, at(22)), ...pulse('auto', at(22.5)), ...crosses(at(25))],
      ...[...closed(at(29)), edge('approach', true, at(29.5)), plate('粤W59S75', at(80)), paid('粤W59S75', at(81))],
      ...[...pulse('auto', at(82)), ...lifted(at(82)), ...crosses(at(84)), ...closed(at(88))],
    ]);
    expect(lane(events, { autoCommandIsGrant: false })).toMatchObject([
      { verdict: 'systemUnpaid', confidence: 'possible', reported: false },
    ]);
  });
});

describe('two plates read at the moment at which a car came onto A', () => {
  const comes = (paysAs: string): readonly LaneEvent[] => [
    ...[edge('approach', true, at(20)), plate('沪P43750', at(20.02)), plate('湘C0709X', at(20.03))],
    ...[...pulse('auto', at(21)), ...lifted(at(21)), paid(paysAs, at(21.1)), ...crosses(at(24)), ...closed(at(28))],
  ];

  it('are its own and another: it pays under the second', () => {
    expect(lane(comes('湘C0709X'), { autoCommandIsGrant: false })).toEqual([]);
  });

  it('or under the first', () => {
    expect(lane(comes('沪P43750'), { autoCommandIsGrant: false })).toEqual([]);
  });
});
