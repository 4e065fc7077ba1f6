/** A lane that has learned what its senses usually do, and one of them does otherwise from then on: an alarm comes soon, and nobody is accused by it. */
import { describe, expect, it } from 'vitest';
import type { LaneEffect, LaneEvent, LaneSettings, Role } from '../../src/lane/types.ts';
import { laneView } from '../../src/lane/view.ts';
import { edge, START_MS } from './arbitrary.ts';
import { drive } from './drive.ts';
import { inOrder, paid, plate, settings as usual } from './learned-lane.ts';

const settings: LaneSettings = { ...usual, fakeExit: 'report' };
const EVERY_MS = 60_000;
const LEARNED = 70;
const AFTER = 60;
const BREAKS_MS = START_MS + 10_000 + LEARNED * EVERY_MS - 20_000;
const WITHIN = 20;

type Change = (event: LaneEvent) => readonly LaneEvent[];
const as: Change = (event) => [event];
const isEdge = (event: LaneEvent, role: Role, on?: boolean): boolean =>
  event.kind === 'edge' && event.role === role && (on === undefined || event.on === on);
const later =
  (ms: number, is: (event: LaneEvent) => boolean): Change =>
  (event) => [is(event) ? { ...event, atMs: event.atMs + ms } : event];
const without =
  (is: (event: LaneEvent) => boolean): Change =>
  (event) =>
    is(event) ? [] : [event];

/** One that pays on A, at a pace of its own. */
function car(index: number): LaneEvent[] {
  const atMs = START_MS + 10_000 + index * EVERY_MS;
  const text = `粤A${String(10_000 + index * 37).slice(-5)}`;
  const pace = 0.8 + ((index * 7) % 10) / 20;
  const onB = atMs + 5_000;
  return [
    edge('approach', true, atMs),
    plate(text, atMs + 400 + ((index * 13) % 7) * 50),
    paid(text, atMs + 2_500),
    ...[edge('auto', true, atMs + 2_600), edge('down', false, atMs + 2_750)],
    edge('auto', false, atMs + 2_900 + ((index * 3) % 5) * 40),
    edge('up', true, atMs + 4_250),
    edge('barrier', true, onB),
    edge('approach', false, onB + Math.round(1_400 * pace)),
    edge('barrier', false, onB + Math.round((2_600 + ((index * 11) % 5) * 60) * pace)),
    ...[edge('up', false, atMs + 14_000), edge('down', true, atMs + 15_500)],
  ];
}

const cars = (from: number, count: number): LaneEvent[] =>
  Array.from({ length: count }, (_, index) => car(from + index)).flat();

/** `change`: what becomes of each event from some time on; `then`: what comes besides. */
function broken(
  change: Change,
  then: readonly LaneEvent[] = [],
  healedMs = Number.POSITIVE_INFINITY,
  others: Partial<LaneSettings> = {},
) {
  const start = settings.roles.map((role) => edge(role, role === 'down', START_MS));
  const all = [...start, ...inOrder([...cars(0, LEARNED + AFTER), ...then])];
  const events = all.flatMap((event) =>
    event.atMs < BREAKS_MS || event.atMs >= healedMs || then.includes(event) ? [event] : change(event),
  );
  return drive(inOrder(events), { ...settings, ...others });
}

const alarms = (effects: readonly LaneEffect[]) => effects.filter((effect) => effect.kind === 'alarm');
const releases = (effects: readonly LaneEffect[]) =>
  effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
const carsUntil = (atMs: number): number => Math.ceil((atMs - BREAKS_MS) / EVERY_MS);

/** It lets go for a moment before it does. */
function dropsOut(role: 'approach' | 'barrier'): Change {
  return (event) =>
    isEdge(event, role, false)
      ? [edge(role, false, event.atMs - 600), edge(role, true, event.atMs - 350), event]
      : [event];
}

const BROKEN: readonly (readonly [string, string, Change, string | undefined])[] = [
  ['loop A lets go 2 s late', 'approachLate', later(2_000, (event) => isEdge(event, 'approach', false)), 'approach'],
  ['loop A is deaf', 'approachMissed', without((event) => isEdge(event, 'approach')), 'approach'],
  ['loop B lets go 2 s late', 'barrierLate', later(2_000, (event) => isEdge(event, 'barrier', false)), 'barrier'],
  ['loop B is deaf', 'barrierMissed', without((event) => isEdge(event, 'barrier')), 'barrier'],
  ['loop A drops out', 'approachDropped', dropsOut('approach'), 'approach'],
  ['loop B drops out', 'barrierDropped', dropsOut('barrier'), 'barrier'],
  ['the contact of the relay sticks', 'pulseMissed', without((event) => isEdge(event, 'auto', false)), undefined],
  ['the relay pulses longer', 'pulseLength', later(3_000, (event) => isEdge(event, 'auto', false)), undefined],
  ['the camera reads late', 'readLate', later(3_000, (event) => event.kind === 'plate'), undefined],
  ['the camera reads nothing', 'unread', without((event) => event.kind === 'plate'), undefined],
];

/** Let out with no command that a contact shows, read. */
function byHand(atMs: number): LaneEvent[] {
  return [
    ...[edge('approach', true, atMs), plate('湘A6K381', atMs + 500)],
    ...[edge('down', false, atMs + 2_750), edge('up', true, atMs + 4_250)],
    ...[edge('barrier', true, atMs + 5_000), edge('approach', false, atMs + 6_400)],
    ...[edge('barrier', false, atMs + 7_600), edge('up', false, atMs + 14_000), edge('down', true, atMs + 15_500)],
  ];
}

/** Let out by the button, read. */
const byButton = (atMs: number): LaneEvent[] => [
  ...byHand(atMs),
  edge('button', true, atMs + 2_600),
  edge('button', false, atMs + 2_900),
];

/** Between two of the cars, long after the break. */
const LATE_MS = BREAKS_MS + 20_000 + 50 * EVERY_MS + 30_000;
const reportedOf = (effects: readonly LaneEffect[]) => releases(effects).filter(({ reported }) => reported);
const lateA = later(2_000, (event) => isEdge(event, 'approach', false));
const pulled = without((event) => isEdge(event, 'auto'));
const stuck = without((event) => isEdge(event, 'auto', false));

describe('a lane whose sense has changed', () => {
  it.each(BROKEN)('%s: an alarm within twenty vehicles, and nobody is accused', (_, measure, change, role) => {
    const { effects, state } = broken(change);
    const raised = alarms(effects).find(({ facts }) => facts.some(({ kind }) => kind === 'senseChanged'));
    expect(raised).toMatchObject({ on: true, facts: [{ values: { measure } }], ...(role && { role }) });
    expect(carsUntil(raised?.atMs ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(WITHIN);
    expect(releases(effects).filter(({ reported }) => reported)).toEqual([]);
    const [code = ''] = state.lane.kept.alarms;
    expect(laneView(state, settings).changed[code]?.atMs).toBeGreaterThanOrEqual(BREAKS_MS);
  });

  it('says so of what it does not report for that reason', () => {
    const { effects } = broken(lateA);
    const kept = releases(effects);
    expect(kept.length).toBeGreaterThan(30);
    for (const { reported, group, confidence, facts } of kept) {
      expect({ reported, group }).toEqual({ reported: false, group: 'senseSick' });
      expect(confidence).not.toBe('sure');
      expect(facts.map(({ kind }) => kind)).toContain('senseSick');
    }
  });

  it.each(BROKEN)('%s: a press that was seen stays reported', (_, _measure, change) => {
    const { effects } = broken(change, byButton(LATE_MS));
    expect(releases(effects).filter(({ reported }) => reported)).toMatchObject([{ verdict: 'manual', desc: 'button' }]);
  });

  it('is told of its recovery, and accuses again', () => {
    const healedMs = BREAKS_MS + 30 * EVERY_MS;
    const { effects, state } = broken(lateA, [], healedMs);
    expect(alarms(effects).map(({ alarm, on }) => [alarm, on])).toEqual([
      ['loopChanged', true],
      ['loopChanged', false],
    ]);
    expect(alarms(effects)[1]?.atMs).toBeLessThan(healedMs + WITHIN * EVERY_MS);
    expect(state.lane.kept.alarms).toEqual([]);
  });
});

/** What somebody with the key to the cabinet may do so that nobody is reported. */
describe('a sense that somebody has changed', () => {
  it.each([
    ['pulled', pulled],
    ['stuck', stuck],
  ])('excuses no opening by hand, with the wire of the relay %s', (_, change) => {
    const { effects, state } = broken(change, byHand(LATE_MS));
    expect(state.lane.kept.alarms).toEqual(['relayChanged']);
    expect(reportedOf(effects)).toMatchObject([{ verdict: 'manual', desc: 'manual', confidence: 'likely' }]);
    expect(reportedOf(effects)[0]?.facts.map(({ kind }) => kind)).toContain('senseSick');
  });

  it.each([
    ['pulled', pulled],
    ['stuck', stuck],
  ])('excuses a vehicle of the list, which the relay lets out without a message, with the wire %s', (_, change) => {
    const known = byHand(LATE_MS).map((event) =>
      event.kind === 'plate' ? { ...event, known: { kind: 'season' as const } } : event,
    );
    expect(releases(broken(change, known).effects)).toMatchObject([
      { verdict: 'manual', reported: false, group: 'senseSick' },
    ]);
  });

  it.each([
    ['pulled', pulled],
    ['stuck', stuck],
  ])('waits for the message of one whose pulse is not seen, with the wire %s', (_, change) => {
    const payment = [...byHand(LATE_MS), paid('湘A6K381', LATE_MS + 20_000)];
    expect(releases(broken(change, payment).effects)).toEqual([]);
  });

  it('is none where pulses come at night and nobody passes', () => {
    const { state } = broken(as);
    const pulses = Array.from({ length: 12 }, (_, index) => {
      const atMs = state.inbox.nowMs + 1_000 + index * 300_000;
      return [edge('auto', true, atMs), edge('auto', false, atMs + 300)];
    }).flat();
    expect(alarms(drive(pulses, settings, { from: state }).effects)).toEqual([]);
  });

  it.each(['barrier', 'approach'] as const)(
    'is none where loop %s is touched ten times under an arm that is up',
    (role) => {
      const { state } = broken(as);
      const atMs = state.inbox.nowMs + 60_000;
      const touches = Array.from({ length: 12 }, (_, index) => {
        const onMs = atMs + 5_000 + index * 30_000;
        return [edge(role, true, onMs), edge(role, false, onMs + 2_000)];
      }).flat();
      const raised = [
        ...[edge('button', true, atMs), edge('down', false, atMs + 150), edge('button', false, atMs + 300)],
        ...[edge('up', true, atMs + 1_650), edge('up', false, atMs + 600_000), edge('down', true, atMs + 601_500)],
      ];
      const changed = alarms(drive(inOrder([...raised, ...touches]), settings, { from: state }).effects);
      expect(changed.filter(({ alarm }) => alarm === 'loopChanged')).toEqual([]);
    },
  );

  it('is none where loop B is touched a moment after each car', () => {
    const touch: Change = (event) =>
      isEdge(event, 'barrier', false)
        ? [event, edge('barrier', true, event.atMs + 700), edge('barrier', false, event.atMs + 1_000)]
        : [event];
    expect(alarms(broken(touch).effects)).toEqual([]);
  });

  it('leaves a press reported, whatever began the opening', () => {
    const bridged = [edge('auto', true, LATE_MS + 2_700), edge('auto', false, LATE_MS + 3_000)];
    const { effects } = broken(lateA, [...byButton(LATE_MS), ...bridged], undefined, { autoCommandIsGrant: false });
    expect(reportedOf(effects)).toMatchObject([{ verdict: 'systemUnpaid', openingId: expect.any(String) }]);
  });

  it('leaves reported what passes after the first in an opening by a press', () => {
    const behind = [
      ...[edge('approach', true, LATE_MS + 9_000), plate('湘B7M552', LATE_MS + 9_300)],
      ...[edge('barrier', true, LATE_MS + 10_500), edge('approach', false, LATE_MS + 11_500)],
      edge('barrier', false, LATE_MS + 12_500),
    ];
    const { effects } = broken(lateA, [...byButton(LATE_MS), ...behind]);
    expect(reportedOf(effects).map(({ verdict }) => verdict)).toEqual(['manual', 'heldOpen']);
  });
});

describe('what a lane learns of its senses', () => {
  it('raises nothing while all is as usual', () => {
    expect(alarms(broken(as).effects)).toEqual([]);
  });

  it('raises nothing where people stop on loop B as they like', () => {
    let count = 0;
    const stops = [6_000, 500, 3_000, 200, 7_000, 900];
    const stop: Change = (event) =>
      isEdge(event, 'barrier', false)
        ? [{ ...event, atMs: event.atMs + (stops[count++ % stops.length] ?? 0) }]
        : [event];
    expect(alarms(broken(stop).effects)).toEqual([]);
  });

  it('tells of a relay that pulses and opens nothing', () => {
    const { state } = broken(as);
    const pulses = Array.from({ length: 12 }, (_, index) => {
      const atMs = state.inbox.nowMs + 1_000 + index * 600_000;
      return [edge('auto', true, atMs), edge('auto', false, atMs + 300), ...byButton(atMs + 400_000)];
    }).flat();
    expect(alarms(drive(inOrder(pulses), settings, { from: state }).effects)).toMatchObject([
      { alarm: 'relayChanged', on: true, facts: [{ values: { measure: 'pulseAlone' } }] },
    ]);
  });

  it.each([
    ['unread', 'of which a third is unread', without((event) => event.kind === 'plate')],
    ['approachDropped', 'that a third passes with a chassis that loop A loses', dropsOut('approach')],
    ['barrierDropped', 'that a third passes with a chassis that loop B loses', dropsOut('barrier')],
  ] as const)('makes nothing of a lane %s: %s', (share, _, change) => {
    const start = settings.roles.map((role) => edge(role, role === 'down', START_MS));
    const shown = Array.from({ length: 150 }, (_each, index) =>
      index % 3 === 0 || index > 110 ? car(index).flatMap(change) : car(index),
    );
    const { effects, state } = drive([...start, ...inOrder(shown.flat())], settings);
    expect(state.lane.kept.health?.first?.[share]).toBe(20);
    expect(state.lane.kept.health?.usual.fall).not.toBeNull();
    expect(alarms(effects)).toEqual([]);
  });

  it('is not forgotten with the mains', () => {
    const cut: LaneEvent = { kind: 'start', blindMs: 5_000, powerCut: true, atMs: BREAKS_MS - 15_000 };
    const { state } = drive([...cars(0, LEARNED), cut], settings);
    expect(state.lane.kept.health?.usual.fall).not.toBeNull();
  });

  it('is forgotten as the lane is accepted, with its alarms', () => {
    const { state } = broken(lateA);
    expect(state.lane.kept.alarms).toEqual(['loopChanged:approach']);
    const after = drive([{ kind: 'tick', accepted: true, atMs: state.inbox.nowMs + 1_000 }], settings, { from: state });
    expect(after.state.lane.kept).toMatchObject({ health: null, alarms: [] });
  });

  it('is forgotten with other contacts', () => {
    const { state } = broken(lateA);
    const rewired: LaneSettings = { ...settings, roles: [...settings.roles, 'exit'] };
    const start: LaneEvent = { kind: 'start', blindMs: 0, powerCut: false, atMs: state.inbox.nowMs + 1_000 };
    expect(drive([start], rewired, { from: state }).state.lane.kept).toMatchObject({ health: null, alarms: [] });
  });

  it('comes of passages with an own read and an own message alone', () => {
    const { state } = drive(inOrder(cars(0, LEARNED).filter(({ kind }) => kind !== 'grant')), settings);
    expect(state.lane.kept.health?.usual.fall ?? null).toBeNull();
    expect(state.lane.kept.health?.seen.fall ?? []).toEqual([]);
  });

  it('never makes a loop A usual that lets go after B', () => {
    const start = settings.roles.map((role) => edge(role, role === 'down', START_MS));
    const late = cars(0, LEARNED + AFTER).flatMap(later(1_150, (event) => isEdge(event, 'approach', false)));
    const { state } = drive([...start, ...inOrder(late)], settings);
    const [least] = state.lane.kept.health?.usual.fall ?? [];
    expect(least ?? 50).toBeGreaterThanOrEqual(50);
  });

  it('begins in a state of before it was kept', () => {
    const { state } = drive(cars(0, 5), settings);
    const { health: _, ...kept } = state.lane.kept;
    const before = JSON.parse(JSON.stringify({ ...state, lane: { ...state.lane, kept } }));
    const { effects } = drive(cars(6, LEARNED), settings, { from: before });
    expect(alarms(effects)).toEqual([]);
  });
});
