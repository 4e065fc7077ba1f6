/** "No grant" is a claim about what was listened to: from readings and channels in to the facts of a record, on a clock set by hand. */

import { afterEach, describe, expect, it } from 'vitest';
import { Bridge } from '../src/app/bridge.ts';
import { notifyOtherLanes, reportPassage, reportPlateRead } from '../src/app/cross-lane.ts';
import { channelsOf, forgetChannels } from '../src/app/intake-channels.ts';
import type { Config } from '../src/config/types.ts';
import { feedIsDown } from '../src/lane/feed.ts';
import { laneSettings } from '../src/lane/settings.ts';
import type { LaneEvent, ObservationGap, Release, Role } from '../src/lane/types.ts';
import type { NewRecord, OutboxRecord } from '../src/store/record-types.ts';
import type { Boot, Journal, JournalRow, Outbox } from '../src/store/types.ts';
import { handClock } from './sim/hand-clock.ts';

const ROLES: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'button'];
const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

type Kept = { readonly state: unknown; readonly rows: readonly JournalRow[] };

/** A lane with the channels of a token and a broker. `kept`: of a former run, which ended `blindMs` ago. */
async function box(
  kept?: Kept,
  blindMs = 0,
  tokens: readonly string[] = ['pms'],
  beforeStart: (bridge: Bridge) => void = () => {},
) {
  const clock = handClock(50_000);
  const levels: Record<string, boolean> = { down: true, up: false, approach: false, barrier: false, button: false };
  const releases: Release[] = [];
  const events: LaneEvent[] = [];
  const gaps: ObservationGap[] = [];
  let state: unknown = kept?.state;
  const outbox = {
    submit: async (record: NewRecord) => {
      releases.push(record.release);
      return { ...record, id: releases.length, picture: 'attached' } as unknown as OutboxRecord;
    },
    withdraw: async () => true,
  } as unknown as Outbox;
  const journal: Journal = {
    append: (_, event) => events.push(event) > 0,
    flush: async () => {},
    epoch: () => {},
    snapshot: (_, now) => {
      state = structuredClone(now);
    },
    load: async () => ({ state, rows: kept?.rows ?? [] }),
  };
  const settings = laneSettings({ direction: 'exit', roles: ROLES }, { settle: 2_000, manualMaxWait: 5_000 });
  const bridge = new Bridge({
    laneId: '1001',
    settings,
    signals: Object.fromEntries(ROLES.map((role) => [role, { activeLow: false, debounceMs: 20 }])),
    clock,
    boot: {
      laneOffsetMs: kept === undefined ? 0 : 10_000_000,
      startMs: clock.nowMs(),
      blindMs,
      newBoot: blindMs > 0,
    } as Boot,
    journal,
    outbox,
    observe: async (gap) => void gaps.push(gap),
    wallMsAt: (nowMs) => nowMs,
    record: (release, releaseWallMs) => ({ release, releaseWallMs }) as NewRecord,
    on: {
      failed: (error) => {
        throw error;
      },
    },
  });
  const config = {
    intake: { http: { enabled: tokens.length > 0, tokens: tokens.map((name) => ({ name })) }, mqtt: { grants: 'x' } },
    lines: [],
  } as unknown as Config;
  const bridges = new Map([['1001', bridge]]);
  const channels = channelsOf(config, clock, bridges);
  beforeStart(bridge);
  await bridge.start();
  forgetChannels(config, bridges);
  const stop = new AbortController();
  stops.push(() => stop.abort());
  void bridge.run(stop.signal);
  const pass = async (ms: number, changes: Partial<Record<Role, boolean>> = {}): Promise<void> => {
    Object.assign(levels, changes);
    for (const untilMs = clock.nowMs() + ms; clock.nowMs() < untilMs; await clock.advance(25))
      for (const role of ROLES)
        bridge.reading(role, {
          kind: 'level',
          point: role,
          value: levels[role] === true,
          atMs: clock.nowMs(),
          uncertaintyMs: 25,
        });
  };
  const byHand = async (): Promise<Release> => {
    const before = releases.length;
    await pass(200, { button: true });
    await pass(500, { button: false, down: false });
    await pass(600, { up: true });
    for (let count = 0; releases.length === before && count < 60; count += 1) await pass(500);
    return releases.at(-1) as Release;
  };
  const isDown = () => feedIsDown(bridge.state.lane);
  const keep = (): Kept => {
    bridge.keep();
    return { state, rows: [] };
  };
  return { releases, gaps, bridge, channels, clock, pass, byHand, isDown, keep, events, startMs: bridge.nowMs() };
}

/** How long a record says that nobody paid, before the arm went up. */
function listenedMs(release: Release): number {
  const fact = release.facts.find(({ kind }) => kind === 'noGrant');
  return (fact?.atMs ?? 0) - Number(fact?.values?.fromAtMs);
}

describe('a box that has listened for four seconds', () => {
  it('after its first start says that it did for four, not for a minute', async () => {
    const { pass, byHand } = await box();
    await pass(3_800);
    const release = await byHand();
    expect(release.facts.map(({ kind }) => kind)).toContain('noGrant');
    expect(listenedMs(release)).toBeLessThanOrEqual(4_500);
    expect(listenedMs(release)).toBeGreaterThan(2_000);
  });

  it('after an hour says a minute', async () => {
    const { pass, byHand, channels } = await box();
    channels.connected('pms', true);
    channels.connected('mqtt', true);
    await pass(90_000);
    channels.received('pms');
    expect(listenedMs(await byHand())).toBe(60_000);
  });

  it('since its broker came back says four', async () => {
    const { pass, byHand, channels } = await box();
    channels.connected('pms', true);
    channels.connected('mqtt', true);
    channels.received('mqtt');
    await pass(80_000);
    channels.connected('mqtt', false);
    await pass(30_000);
    channels.connected('mqtt', true);
    await pass(3_800);
    expect(listenedMs(await byHand())).toBeLessThanOrEqual(4_500);
  });
});

describe('after a start with a blind time', () => {
  it('the feed counts as down until it is heard', async () => {
    const first = await box();
    first.channels.connected('pms', true);
    first.channels.connected('mqtt', true);
    first.channels.received('pms');
    await first.pass(1_000);
    expect(first.isDown()).toBe(false);
    const { channels, pass, isDown } = await box(first.keep(), 30_000);
    channels.connected('pms', true);
    channels.connected('mqtt', true);
    await pass(60_000);
    expect(isDown()).toBe(true);
    channels.received('pms');
    await pass(1_000);
    expect(isDown()).toBe(false);
  });

  it('and for ten minutes at most', async () => {
    const { channels, pass, isDown, bridge } = await box();
    channels.connected('pms', true);
    channels.connected('mqtt', true);
    await pass(1_000);
    expect(isDown()).toBe(true);
    await pass(600_500);
    bridge.feed({ kind: 'tick', atMs: bridge.nowMs() });
    expect(isDown()).toBe(false);
  });
});

describe('a program that was stopped for 20 s and went on', () => {
  async function stopped() {
    const one = await box();
    for (const id of ['pms', 'mqtt']) one.channels.connected(id, true);
    one.channels.received('pms');
    await one.pass(70_000);
    await one.pass(1_000, { approach: true });
    await one.pass(700, { button: true, down: false });
    await one.pass(1_000, { up: true, barrier: true });
    await one.pass(1_000, { approach: false });
    await one.pass(700, { button: false, barrier: false });
    const fromMs = one.bridge.nowMs();
    one.clock.jump(20_000);
    return { ...one, fromMs, toMs: one.bridge.nowMs() };
  }

  it('says so, and what fell due meanwhile claims nothing of that time', async () => {
    const { gaps, releases, pass, fromMs, toMs } = await stopped();
    await pass(3_000, { up: false, down: true });
    expect(gaps).toMatchObject([{ why: 'notRunning', roles: ROLES }]);
    expect(gaps[0]?.fromMs).toBeLessThanOrEqual(fromMs);
    expect(gaps[0]?.toMs).toBeGreaterThanOrEqual(toMs);
    expect(releases).toMatchObject([{ verdict: 'manual', confidence: 'likely', degraded: true }]);
    expect(releases[0]?.facts.find(({ kind }) => kind === 'noGrant')?.values?.fromAtMs).toBeGreaterThanOrEqual(toMs);
  });

  it('also where a message is the first thing that it takes up', async () => {
    const { bridge, gaps, pass, fromMs } = await stopped();
    bridge.feed({ kind: 'feed', intake: 'pms', state: 'heard', atMs: bridge.nowMs() });
    await pass(1_000);
    expect(gaps.map(({ why }) => why)).toEqual(['notRunning']);
    expect(gaps[0]?.fromMs).toBeLessThanOrEqual(fromMs);
  });
});

describe('the channels', () => {
  it('say what changes: up, heard at most once in ten seconds, down', async () => {
    const { channels, clock, events } = await box();
    channels.connected('pms', true);
    channels.connected('pms', true);
    for (let count = 0; count < 30; count += 1) {
      channels.received('pms');
      clock.jump(1_000);
    }
    channels.connected('pms', false);
    channels.received('nobody');
    const said = events.flatMap((event) => (event.kind === 'feed' ? [`${event.intake} ${event.state}`] : []));
    expect(said).toEqual(['pms up', 'pms heard', 'pms heard', 'pms heard', 'pms down']);
  });

  it('that are not up when everything has begun are down', async () => {
    const { channels, pass, bridge } = await box();
    channels.connected('pms', true);
    channels.received('pms');
    channels.begin();
    await pass(1_000);
    expect(bridge.state.lane.kept.feeds).toMatchObject([
      { intake: 'pms', downMs: null },
      { intake: 'mqtt', downMs: expect.any(Number) },
    ]);
  });

  it('that the configuration no longer has are forgotten: they would be down for ever', async () => {
    const first = await box();
    first.channels.connected('pms', true);
    first.channels.received('pms');
    first.channels.connected('pms', false);
    await first.pass(1_000);
    const { bridge, pass } = await box(first.keep(), 0, ['other']);
    await pass(1_000);
    expect(bridge.state.lane.kept.feeds).toEqual([]);
  });
});

describe('a blind time', () => {
  it('is kept with what could not be seen when a cable was pulled and put back', async () => {
    const { bridge, pass, gaps } = await box();
    await pass(2_000);
    for (const role of ROLES) bridge.lost(role);
    await pass(0);
    await pass(3_000);
    expect(gaps).toMatchObject([{ why: 'points', armBefore: 'closed', passages: 0, openings: 0 }]);
    expect(gaps[0]?.roles).toContain('barrier');
  });

  it('of a channel begins when it is lost and ends when it is back', async () => {
    const { channels, pass, gaps } = await box();
    channels.connected('mqtt', true);
    await pass(1_000);
    channels.connected('mqtt', false);
    await pass(5_000);
    channels.connected('mqtt', true);
    await pass(1_000);
    expect(gaps).toMatchObject([{ why: 'feed', name: 'mqtt' }]);
    expect((gaps[0]?.toMs ?? 0) - (gaps[0]?.fromMs ?? 0)).toBeGreaterThanOrEqual(5_000);
  });
});

describe('what one lane knows and the others should', () => {
  async function twoLanes() {
    const [one, two] = [await box(), await box()];
    const bridges = new Map([
      ['1001', one.bridge],
      ['1002', two.bridge],
    ]);
    await Promise.all([one.pass(1_000), two.pass(1_000)]);
    const heardBy = ({ events }: typeof one) => events.filter(({ kind }) => kind === 'elsewhere');
    return { one, two, bridges, heardBy };
  }

  it('a plate read over loop A, by the others', async () => {
    const { one, two, bridges, heardBy } = await twoLanes();
    const read = { kind: 'plate', plate: { text: '粤B12345', confidence: 0.97 }, atMs: one.bridge.nowMs() } as const;
    reportPlateRead('1001', read, bridges);
    expect(heardBy(two)).toEqual([]);
    await one.pass(500, { approach: true });
    reportPlateRead('1001', read, bridges);
    expect(heardBy(two)).toMatchObject([{ plate: '粤B12345', what: 'onA', lane: '1001' }]);
    expect(heardBy(one)).toEqual([]);
  });

  it('a plate that passed, paid or not', async () => {
    const { two, bridges, heardBy } = await twoLanes();
    const paid = { kind: 'note', fact: { kind: 'paidPassage', values: { plate: '粤B12345' } }, atMs: 0 } as const;
    reportPassage('1001', paid, bridges);
    const release = { passed: true, plate: { text: '粤B54321', confidence: 1 } } as Release;
    reportPassage('1001', { kind: 'release', release, atMs: 0 }, bridges);
    reportPassage('1001', { kind: 'release', release: { ...release, passed: false }, atMs: 0 }, bridges);
    expect(heardBy(two)).toMatchObject([
      { plate: '粤B12345', what: 'passed' },
      { plate: '粤B54321', what: 'passed' },
    ]);
  });

  it('what a lane says as it starts, by one that has yet to start: it keeps what it knew', async () => {
    const first = await box();
    const issuedAtMs = first.bridge.nowMs();
    const times = { issuedAtMs, expiresAtMs: issuedAtMs + 20_000_000 };
    const grant = {
      id: 'P1',
      scope: 'park',
      plate: '粤B12345',
      kind: 'paid',
      count: 1,
      ...times,
      source: 'pms',
    } as const;
    first.bridge.feed({ kind: 'grant', grant, atMs: issuedAtMs });
    await first.pass(1_000);
    const { bridge, pass, gaps } = await box(first.keep(), 30_000, ['pms'], (starting) =>
      reportPassage(
        '1002',
        { kind: 'note', fact: { kind: 'grantUsed' }, grantId: 'P2', atMs: 0 },
        new Map([['1001', starting]]),
      ),
    );
    await pass(1_000);
    expect(bridge.state.lane.kept.grants).toMatchObject([{ grant: { id: 'P1' } }]);
    expect(gaps).toMatchObject([{ why: 'powerCut' }]);
  });

  it('a payment for a lane that is none of them, by all', async () => {
    const { one, two, bridges, heardBy } = await twoLanes();
    notifyOtherLanes({ plate: '粤B12345', what: 'granted', lane: '9', grantId: 'P1' }, bridges);
    for (const lane of [one, two]) expect(heardBy(lane)).toMatchObject([{ what: 'granted', lane: '9', grantId: 'P1' }]);
  });
});
