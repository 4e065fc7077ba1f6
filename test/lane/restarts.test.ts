/**
 * Restarts near openings of simulated lives: who has paid is not accused because the box was out for a while. What was read meanwhile is
 * lost, what was paid is told again a few seconds after the start.
 */
import { describe, expect, it } from 'vitest';
import { LaneRunner } from '../../src/lane/lane-runner.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { LaneEffect, LaneEvent, Role } from '../../src/lane/types.ts';
import { createRandom } from '../../src/sim/random.ts';
import { playPark } from '../../src/sim/worlds/park.ts';
import type { Message, Outage, ParkRecording } from '../../src/sim/worlds/truth.ts';
import { WORLDS } from '../../src/sim/worlds/worlds.ts';
import { watchPark } from '../../src/simulate/detection/detection-park.ts';
import { itemsOf, matchVerdicts } from '../../src/simulate/detection/verdict-match.ts';
import { atLength } from '../at-length.ts';
import { edge, START_MS } from './arbitrary.ts';
import { drive } from './drive.ts';
import { passage, settings } from './tills.ts';

const VEHICLES = 150;
/** A park is watched so many times, each time with other restarts: two are never near each other. */
const RUNS = 6;
const APART_MS = 90_000;
const FROM_OPENING_MS = [-12_000, 15_000] as const;
const BLIND_MS = [1_000, 30_000] as const;

const POINTS = ['down', 'up', 'approach', 'barrier', 'auto', 'button', 'remote'] as const;
const WIRE = { pollMs: 25, baudRate: 38_400, boards: 1 };

describe('a restart near an opening', () => {
  it.each([
    ['misread', 'exit', 2026],
    ['twoWay', 'both', 2027],
  ] as const)('accuses nobody who has paid (%s)', (world, direction, seed) => {
    const park = playPark({ ...WORLDS[world], outages: {} }, VEHICLES, seed);
    const watched = accusedIn(direction, park, []);
    const all = restartsOf(park, seed);
    let restarts = 0;
    const added: string[] = [];
    for (let run = 0; run < atLength(RUNS, 2); run += 1) {
      const outages = all.filter((_, index) => index % RUNS === run).filter(isApart);
      restarts += outages.length;
      added.push(...accusedIn(direction, park, outages).filter((one) => !watched.includes(one)));
    }
    expect(restarts).toBeGreaterThan(atLength(90, 30));
    expect(added).toEqual([]);
  });
});

it('a car that waits on loop C of a two-way lane is known again', () => {
  const roles: readonly Role[] = [...POINTS, 'exit'];
  const look = (atMs: number, on: readonly Role[]): LaneEvent[] =>
    roles.map((role) => ({ kind: 'edge', role, on: on.includes(role), atMs, uncertaintyMs: 0 }));
  const start = (atMs: number, blindMs: number): LaneEvent => ({ kind: 'start', blindMs, powerCut: false, atMs });
  const plate = '粤B12345';
  const grant = { id: 'g1', scope: 'lane', plate, count: 1, kind: 'paid', source: 'pms', issuedAtMs: 3_000 } as const;
  const { effects } = drive(
    [
      start(0, 0),
      ...look(100, ['down']),
      ...look(1_000, ['down', 'exit']),
      { kind: 'plate', plate: { text: plate, confidence: 0.97 }, atMs: 1_400 },
      { kind: 'grant', grant, atMs: 3_000 },
      start(7_000, 2_000),
      ...look(7_010, ['up', 'exit']),
      ...look(8_000, ['up', 'exit', 'barrier']),
      ...look(9_000, ['up', 'barrier']),
      ...look(9_600, ['up', 'barrier', 'approach']),
      ...look(10_500, ['up', 'approach']),
      ...look(11_200, ['up']),
      ...look(13_000, ['down']),
    ],
    laneSettings({ direction: 'both', roles, tells: ['paid'] }, {}),
  );
  const paid = effects.flatMap((effect) => (effect.kind === 'note' ? [effect.fact.kind] : []));
  expect(effects.filter(({ kind }) => kind === 'release')).toEqual([]);
  expect(paid).toContain('paidPassage');
});

function restartsOf({ openings, startMs }: ParkRecording, seed: number): readonly Outage[] {
  const random = createRandom(seed);
  return openings
    .map(({ startMs: openedMs }): Outage => {
      const fromMs = Math.round(openedMs + random.between(...FROM_OPENING_MS));
      return { kind: 'restart', fromMs, toMs: fromMs + Math.round(random.between(...BLIND_MS)) };
    })
    .filter(({ fromMs }) => fromMs > startMs + APART_MS)
    .sort((a, b) => a.fromMs - b.fromMs);
}

const isApart = ({ fromMs }: Outage, index: number, all: readonly Outage[]): boolean =>
  fromMs > (all[index - 1]?.toMs ?? 0) + APART_MS;

/** Who is reported though he has paid, and records of nobody. */
function accusedIn(direction: 'exit' | 'both', park: ParkRecording, outages: readonly Outage[]): readonly string[] {
  const roles: readonly Role[] = direction === 'both' ? [...POINTS, 'exit'] : POINTS;
  const settings = laneSettings({ direction, roles, tells: ['paid'] }, { fakeExit: 'report' });
  const told = { ...park, outages, messages: messagesIn(park, outages) };
  const boxes = watchPark(told, { settings, wire: WIRE, cameras: 1, beam: false, feed: true });
  return [...boxes.values()].flatMap(({ given }) => {
    const { matches, phantoms } = matchVerdicts(itemsOf(park.vehicles, park.openings), given);
    return [
      ...matches.flatMap(({ item, given: one }) =>
        item.guilt === 'innocent' && one?.release.reported ? [`vehicle ${item.vehicle?.id}`] : [],
      ),
      ...phantoms.flatMap(({ release }) => (release.reported ? [`nobody at ${release.releaseAtMs}`] : [])),
    ];
  });
}

function messagesIn({ messages }: ParkRecording, outages: readonly Outage[]): readonly Message[] {
  const isOut = ({ atMs }: Message) => outages.find(({ fromMs, toMs }) => atMs >= fromMs && atMs < toMs);
  const again = (message: Message): readonly Message[] => {
    const outage = isOut(message);
    if (outage === undefined) return [message];
    const afterMs = 1_000 + (message.atMs % 4_000);
    return message.kind === 'plate' ? [] : [{ ...message, atMs: outage.toMs + afterMs }];
  };
  return messages.flatMap(again).sort((a, b) => a.atMs - b.atMs);
}

it('what falls due while the box is off claims nothing of that time', () => {
  const effects: LaneEffect[] = [];
  const runner = new LaneRunner({ settings, after: (_, made) => effects.push(...made) });
  const feed = (atMs: number): LaneEvent => ({ kind: 'feed', intake: 'pms', state: 'heard', atMs });
  runner.feed({ kind: 'start', blindMs: 0, powerCut: false, first: true, atMs: START_MS });
  runner.feed(feed(START_MS));
  for (const role of settings.roles) runner.feed(edge(role, role === 'down', START_MS));
  for (const event of passage('粤B12345', START_MS + 10_000)) runner.feed(event);
  const offMs = runner.state.inbox.nowMs + 500;
  const onMs = offMs + 600_000;
  runner.feed({ kind: 'start', blindMs: onMs - offMs, powerCut: true, atMs: onMs });
  runner.tickUntil(onMs + 3_000);
  const [release] = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  expect(release).toMatchObject({ verdict: 'manual', confidence: 'likely', degraded: true });
  const heard = release?.facts.find(({ kind }) => kind === 'noGrant')?.values as { fromAtMs: number; toAtMs: number };
  expect(heard.toAtMs <= offMs || heard.fromAtMs >= onMs, JSON.stringify(heard)).toBe(true);
});

describe('a vehicle close behind one that paid, as messages come again', () => {
  const BACK_MS = START_MS + 26_000;
  function tailgater(heardMs?: number) {
    const feed = (state: 'heard' | 'down' | 'up', atMs: number): LaneEvent => ({
      kind: 'feed',
      intake: 'pms',
      state,
      atMs,
    });
    const plate = (text: string, atMs: number): LaneEvent => ({
      kind: 'plate',
      plate: { text, confidence: 0.97 },
      atMs,
    });
    const grant = { id: 'g1', scope: 'lane', plate: '粤B12345', count: 1, kind: 'paid', source: 'pms' } as const;
    const { effects } = drive(
      [
        { kind: 'start', blindMs: 0, powerCut: false, first: true, atMs: START_MS - 3_600_000 },
        feed('heard', START_MS - 3_600_000),
        ...settings.roles.map((role) => edge(role, role === 'down', START_MS)),
        { kind: 'grant', grant: { ...grant, issuedAtMs: START_MS + 10_000 }, atMs: START_MS + 10_000 },
        feed('down', START_MS + 15_000),
        edge('approach', true, START_MS + 20_000),
        plate('粤B12345', START_MS + 20_400),
        edge('auto', true, START_MS + 22_000),
        edge('down', false, START_MS + 22_200),
        edge('auto', false, START_MS + 22_500),
        edge('up', true, START_MS + 23_700),
        edge('barrier', true, START_MS + 24_000),
        edge('approach', false, START_MS + 25_400),
        feed('up', BACK_MS),
        edge('barrier', false, START_MS + 26_600),
        edge('approach', true, START_MS + 26_900),
        plate('粤C33333', START_MS + 27_000),
        edge('barrier', true, START_MS + 28_500),
        ...(heardMs === undefined ? [] : [feed('heard', heardMs)]),
        edge('approach', false, START_MS + 29_600),
        edge('barrier', false, START_MS + 30_600),
        edge('up', false, START_MS + 32_000),
        edge('down', true, START_MS + 33_500),
      ],
      settings,
    );
    return effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  }

  it('is for review: its own may have been lost, or be on its way', () => {
    expect(tailgater()).toMatchObject([{ verdict: 'tailgating', reported: false, group: 'feedDown' }]);
  });

  it('is reported once a message has come', () => {
    expect(tailgater(START_MS + 29_000)).toMatchObject([{ verdict: 'tailgating', reported: true }]);
  });
});

it('a plate that a camera tells late names nobody who came after its vehicle', () => {
  const runner = new LaneRunner({ settings, after: (_, made) => effects.push(...made) });
  const effects: LaneEffect[] = [];
  const plate = { text: '粤A00001', confidence: 0.97 };
  const grant = { id: 'g1', scope: 'lane', plate: plate.text, count: 1, kind: 'paid', source: 'pms' } as const;
  const paidMs = START_MS + 1_000;
  for (const role of settings.roles) runner.feed(edge(role, role === 'down', START_MS - 10_000));
  const byHand = (atMs: number) => passage('', atMs).filter(({ kind }) => kind === 'edge');
  const first = byHand(START_MS).map((event) =>
    'role' in event && event.role === 'button' ? { ...event, role: 'auto' as const } : event,
  );
  for (const event of [
    ...first,
    { kind: 'grant', grant: { ...grant, issuedAtMs: paidMs }, atMs: paidMs } as const,
  ].sort((a, b) => a.atMs - b.atMs))
    runner.feed(event);
  const [comes, ...goes] = byHand(START_MS + 25_000);
  runner.feed(comes as LaneEvent);
  runner.tickUntil(START_MS + 25_500);
  runner.feed({ kind: 'plate', plate, atMs: START_MS + 400 });
  for (const event of goes) runner.feed(event);
  runner.tickUntil(START_MS + 120_000);
  const records = effects.flatMap((effect) => (effect.kind === 'release' ? [effect.release] : []));
  expect(records).toMatchObject([{ verdict: 'manual', desc: 'button', reported: true }]);
  expect(records[0]?.plate).toBeUndefined();
});
