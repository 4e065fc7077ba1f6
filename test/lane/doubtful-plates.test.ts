/** Whose plate a record names, or does not, where messages or points are missing, and where a vehicle of the list was read early. */
import { describe, expect, it } from 'vitest';
import type { LaneEvent, LaneSettings, Release } from '../../src/lane/types.ts';
import { edge } from './arbitrary.ts';
import { AFTER_MS, CARS, closed, crosses, driven, lane, opened, paid, plate, settings } from './learned-lane.ts';

/** Seconds after the cars of which the lane learns. */
const at = (s: number): number => AFTER_MS + s * 1_000;
const READ_AFTER_MS = 500;

/** Of the list of known vehicles. */
const listed = (text: string, atMs: number): LaneEvent => ({
  ...(plate(text, atMs) as LaneEvent & { kind: 'plate' }),
  known: { kind: 'season' },
});
const pulse = (role: 'auto' | 'button', atMs: number): LaneEvent[] => [
  edge(role, true, atMs),
  edge(role, false, atMs + 300),
];
const cut = (atMs: number): LaneEvent[] => [
  { kind: 'feed', intake: 'http', state: 'up', atMs: atMs - 1_000 },
  { kind: 'feed', intake: 'http', state: 'down', atMs },
];
const releases = (then: readonly LaneEvent[], others?: Partial<LaneSettings>): readonly Release[] =>
  lane(READ_AFTER_MS, then, others);

/** How each of those after the cars counts as having passed. */
const passages = (then: readonly LaneEvent[]): readonly string[] =>
  driven(READ_AFTER_MS, then)
    .flatMap((effect) => (effect.kind === 'count' && effect.counted.of === 'passage' ? [effect.counted.how] : []))
    .slice(CARS);

describe('a motorcycle let out by hand while messages are missing, and a car behind it that is not read', () => {
  const isLetOut = (leftAMs: number): readonly LaneEvent[] => [
    ...[...cut(at(10)), edge('approach', true, at(20)), plate('晋L56R62', at(20.7))],
    ...[...opened('button', at(25)), edge('approach', false, leftAMs), edge('barrier', true, at(28))],
    ...[edge('approach', true, at(28.9)), edge('barrier', false, at(29.6))],
    ...[...pulse('auto', at(31)), ...crosses(at(33)), ...closed(at(36))],
  ];

  it('does not bear the plate, which may be that of the car', () => {
    const [manual, ...others] = releases(isLetOut(at(27.7)));
    expect(manual).toMatchObject({ verdict: 'manual', reported: true });
    expect([manual, ...others].map((release) => release?.plate)).not.toContainEqual(
      expect.objectContaining({ text: '晋L56R62' }),
    );
  });

  it('does not either where it was on both loops for a moment', () => {
    expect(releases(isLetOut(at(28.3)))[0]).not.toHaveProperty('plate');
  });
});

describe('an arm raised by hand while messages are missing, and nobody goes', () => {
  const waits = (more: readonly LaneEvent[]): readonly LaneEvent[] => [
    ...[...more, edge('approach', true, at(20)), plate('黑S12560', at(20.3))],
    ...[...opened('button', at(20.5)), ...closed(at(50))],
  ];

  it('is not said under the plate of one who stands there and may yet pay', () => {
    const [manual] = releases(waits(cut(at(10))));
    expect(manual).toMatchObject({ verdict: 'manual', passed: false });
    expect(manual).not.toHaveProperty('plate');
  });

  it('is where messages come', () => {
    expect(releases(waits([]))).toMatchObject([{ verdict: 'manual', passed: false, plate: { text: '黑S12560' } }]);
  });
});

describe('a vehicle of the list', () => {
  it('is not accused where it could not be seen who raised the arm', () => {
    const back = settings.roles.map((role) => edge(role, role === 'approach', at(24)));
    const events = [
      ...[edge('approach', true, at(20)), listed('粤S2GZM3', at(20.2))],
      ...settings.roles.map((role): LaneEvent => ({ kind: 'lost', role, atMs: at(21) })),
      ...[...back, edge('up', true, at(25.5)), ...crosses(at(27)), ...closed(at(31))],
    ];
    expect(releases(events)).toMatchObject([{ verdict: 'unknown', confidence: 'possible', reported: false }]);
  });

  it('is known by what was read of it in the queue, though another came onto A before it under a plate of its own', () => {
    const events = [
      ...[listed('粤K16580', at(19)), edge('approach', true, at(19.3)), plate('青C83U95', at(19.7))],
      ...[...opened('auto', at(20.5)), paid('青C83U95', at(20.6)), edge('barrier', true, at(24))],
      ...[edge('approach', false, at(24.1)), edge('approach', true, at(25)), edge('barrier', false, at(25.6))],
      ...[...pulse('auto', at(25.8)), ...crosses(at(27.5)), ...closed(at(31))],
    ];
    expect(releases(events, { autoCommandIsGrant: false })).toEqual([]);
  });
});

describe('a plate of the list read for one that a hand lets out', () => {
  const letOut = (by: 'auto' | 'button', read: typeof listed): readonly LaneEvent[] => [
    ...[edge('approach', true, at(20)), read('新P81378', at(21)), ...opened(by, at(25))],
    ...[...crosses(at(27)), edge('approach', true, at(29.2)), ...pulse('auto', at(30))],
    ...[...crosses(at(32)), ...closed(at(36))],
  ];

  it('is of the next, which nobody read and the relay lets out', () => {
    const given = releases(letOut('button', listed), { autoCommandIsGrant: false });
    expect(given).toMatchObject([{ verdict: 'manual' }]);
    expect(given[0]).not.toHaveProperty('plate');
  });

  it('is its own where it is of no list', () => {
    const [manual] = releases(letOut('button', plate), { autoCommandIsGrant: false });
    expect(manual).toMatchObject({ verdict: 'manual', plate: { text: '新P81378' } });
  });

  it('is its own where the relay lets that one out as well', () => {
    const [next, ...others] = releases(letOut('auto', listed), { autoCommandIsGrant: false });
    expect(others).toEqual([]);
    expect(next).toMatchObject({ verdict: 'systemUnpaid', reported: false });
  });
});

describe('one that comes onto A as a small one goes from between the loops', () => {
  it('is no rear of that one, whatever its length: the relay has let it out', () => {
    const events = [
      ...[...opened('button', at(18)), edge('barrier', true, at(24.4))],
      ...[edge('approach', true, at(25)), ...pulse('auto', at(25.3)), edge('barrier', false, at(25.9))],
      ...[edge('barrier', true, at(26.5)), edge('approach', false, at(26.6)), edge('barrier', false, at(27.2))],
      ...closed(at(29)),
    ];
    expect(passages(events)).toEqual(['uncovered', 'relay']);
  });
});

describe('one that nobody read, behind another, as a plate of the list waits', () => {
  it('may have been that one, though its verdict waits longer than the plate', () => {
    const events = [
      ...[edge('approach', true, at(10)), plate('粤L5Q309', at(10.5)), paid('粤L5Q309', at(12))],
      ...[...opened('auto', at(12.1)), ...crosses(at(15)), listed('粤L33865', at(16))],
      ...[edge('approach', true, at(22)), ...pulse('auto', at(22.5)), ...crosses(at(25))],
      ...[...closed(at(29)), edge('approach', true, at(29.5)), plate('粤W59S75', at(80)), paid('粤W59S75', at(81))],
      ...[...opened('auto', at(82)), ...crosses(at(84)), ...closed(at(88))],
    ];
    expect(releases(events, { autoCommandIsGrant: false })).toMatchObject([
      { verdict: 'systemUnpaid', confidence: 'possible', reported: false },
    ]);
  });
});

describe('two plates read at the moment at which a car came onto A', () => {
  const comes = (paysAs: string): readonly LaneEvent[] => [
    ...[edge('approach', true, at(20)), plate('沪P43750', at(20.02)), plate('湘C0709X', at(20.03))],
    ...[...opened('auto', at(21)), paid(paysAs, at(21.1)), ...crosses(at(24)), ...closed(at(28))],
  ];

  it('are its own and another: it pays under the second', () => {
    expect(releases(comes('湘C0709X'), { autoCommandIsGrant: false })).toEqual([]);
  });

  it('or under the first', () => {
    expect(releases(comes('沪P43750'), { autoCommandIsGrant: false })).toEqual([]);
  });
});
