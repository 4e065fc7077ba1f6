/** A lane that has never heard of a payment accuses nobody: from readings and payments in to the state of the record on the disk. */
import { afterEach, describe, expect, it } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import { releaseRecord } from '../../src/app/release-record.ts';
import { LaneReporting } from '../../src/app/reporting.ts';
import type { Config, LaneConfig } from '../../src/config/types.ts';
import { laneSettings } from '../../src/lane/settings.ts';
import type { Role } from '../../src/lane/types.ts';
import type { Store } from '../../src/store/types.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from '../store/open.ts';

const ROLES: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'button', 'auto'];
const RUN_MS = 10_000_000;
let runs = 0;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

interface Wanted {
  /** A former run was there. */
  readonly again?: true;
  readonly path?: string;
  readonly reporting?: LaneConfig['reporting'];
  readonly relayMeansPaid?: boolean;
  readonly known?: string;
  /** The session in which the configuration was saved. */
  readonly savedBy?: string;
}

/** A running lane with a store of its own; `path`: of a former run. */
async function lane({ again, path = temporaryFolder(), reporting, relayMeansPaid, known, savedBy }: Wanted = {}) {
  // The lane's clock is set by hand, the store's watchdog has its own.
  const clock = handClock(50_000);
  const store: Store = await open({ path, wallTrusted: true });
  runs += 1;
  const boot = { ...store.boot, laneOffsetMs: runs * RUN_MS };
  const settings = laneSettings(
    { direction: 'exit', roles: ROLES },
    { settle: 2_000, manualMaxWait: 5_000, ...(relayMeansPaid && { autoCommandIsGrant: true }) },
  );
  const config: LaneConfig = {
    ...{ id: '1001', name: '通道A', direction: 'exit', settings, ...(reporting && { reporting }) },
    points: { auto: { device: 'io1', point: 'di5', activeLow: false, debounceMs: 20 } },
  };
  const park = {
    intake: { http: { enabled: true }, knownVehicles: [] },
    lines: [],
    lanes: [config],
  } as unknown as Config;
  const earned: string[] = [];
  const gate = await LaneReporting.open({
    config: park,
    store: { ...store, boot },
    clock,
    on: ({ earned: { how } }) => earned.push(how),
    savedBy,
  });
  const bridge = new Bridge({
    ...{ laneId: '1001', settings, clock, boot, journal: store.journal, outbox: store.outbox },
    signals: Object.fromEntries(ROLES.map((role) => [role, { activeLow: false, debounceMs: 20 }])),
    wallMsAt: (nowMs) => store.time.wallMsAt(nowMs),
    gate: (effect) => gate.gate('1001', effect),
    known: (plate) => (plate === known ? { kind: 'season' } : undefined),
    record: (release, wallMs) => releaseRecord(config, release, wallMs, 'generated'),
    on: {
      effect: (effect) => gate.count('1001', effect),
      failed: (error) => {
        throw error;
      },
    },
  });
  await bridge.start();
  const over = new AbortController();
  const running = bridge.run(over.signal);
  const stop = async (): Promise<void> => {
    over.abort();
    await clock.advance(1);
    await running;
    bridge.keep();
    await store.close();
  };
  stops.push(() => over.abort());
  const levels: Partial<Record<Role, boolean>> = { down: true };
  const pass = async (ms: number, changes: Partial<Record<Role, boolean>> = {}): Promise<void> => {
    Object.assign(levels, changes);
    for (const untilMs = clock.nowMs() + ms; clock.nowMs() < untilMs; await clock.advance(50))
      for (const role of ROLES)
        bridge.reading(role, {
          ...{ kind: 'level', point: role, value: levels[role] === true },
          ...{ atMs: clock.nowMs(), uncertaintyMs: 50 },
        });
  };
  let cars = 0;
  /** One car through the lane, let out so. */
  const car = async (by: 'payment' | 'relay' | 'button' | 'list'): Promise<void> => {
    cars += 1;
    const nowMs = bridge.nowMs();
    await pass(600, { approach: true });
    if (by === 'payment')
      bridge.feed({
        kind: 'grant',
        grant: { id: `g${runs}-${cars}`, scope: 'lane', kind: 'paid', count: 1, issuedAtMs: nowMs, source: 'pms' },
        atMs: bridge.nowMs(),
      });
    if (by === 'list')
      bridge.feed({ kind: 'plate', plate: { text: known ?? '', confidence: 1 }, atMs: bridge.nowMs() });
    if (by === 'relay' || by === 'list') await pass(300, { auto: true });
    if (by === 'button') await pass(300, { button: true });
    await pass(400, { auto: false, button: false, down: false });
    await pass(600, { up: true });
    await pass(600, { barrier: true });
    await pass(700, { approach: false });
    await pass(400, { barrier: false });
    await pass(400, { up: false });
    await pass(9_000, { down: true });
  };
  await pass(2_000);
  // The first one after a start is judged with doubt.
  if (again) await car('payment');
  const records = () => store.review.list({ limit: 100 });
  const states = async () => (await records()).map(({ state, release }) => `${release.verdict} ${state}`).reverse();
  const chained = async () =>
    (await store.looks.observations(100)).flatMap(({ seen }) => (seen.why === 'reporting' ? [seen] : []));
  return { path, clock, store, bridge, gate, car, pass, states, records, earned, chained, stop };
}

async function times(count: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < count; done += 1) await work();
}

describe('a lane that has never heard of a payment', () => {
  it('keeps back what rests on that, judges it all the same, and sends what does not', async () => {
    const { car, states, records, bridge, pass, gate } = await lane();
    await car('button');
    bridge.feed({ kind: 'mode', mode: 'keepOpen', on: true, operator: '王工', atMs: bridge.nowMs() });
    await pass(1_000);
    expect(await states()).toEqual(['manual kept', 'automatic waiting']);
    expect((await records()).at(-1)?.release).toMatchObject({ desc: 'button', reported: false, group: 'unproven' });
    expect(gate.view('1001').missing).toEqual([
      { way: 'messages', have: 0, need: 20 },
      { way: 'relay', have: 0, need: 20, wordMissing: true },
    ]);
  });

  it('earns reporting by twenty passages joined with their message, in the chain, and keeps it over a restart', async () => {
    const { car, states, path, stop, earned, chained, gate } = await lane();
    await times(19, () => car('payment'));
    await car('button');
    expect(gate.view('1001').missing[0]).toEqual({ way: 'messages', have: 19, need: 20 });
    await car('payment');
    await car('button');
    expect(await states()).toEqual(['manual kept', 'manual waiting']);
    expect([earned, await chained()]).toEqual([
      ['messages'],
      [expect.objectContaining({ detail: { lane: '1001', how: 'messages' } })],
    ]);
    await stop();
    const again = await lane({ again: true, path });
    expect(again.gate.view('1001')).toEqual({ earned: { how: 'messages' }, missing: [] });
    await again.car('button');
    expect((await again.states()).at(-1)).toBe('manual waiting');
    expect(again.earned).toEqual([]);
  });

  it('counts on after a restart', async () => {
    const first = await lane();
    await times(12, () => first.car('payment'));
    await first.stop();
    const { car, gate, states } = await lane({ path: first.path });
    expect(gate.view('1001').missing[0]).toMatchObject({ have: 12 });
    await times(8, () => car('payment'));
    await car('button');
    expect(await states()).toEqual(['manual waiting']);
  });

  it('does not count what happens in maintenance', async () => {
    const { car, gate, bridge } = await lane();
    bridge.feed({ kind: 'mode', mode: 'maintenance', on: true, operator: '李工', atMs: bridge.nowMs() });
    await times(3, () => car('payment'));
    expect(gate.view('1001').missing[0]).toMatchObject({ have: 0 });
  });

  it('sends a kept one when a person says so, and withdraws one that was paid for after all', async () => {
    const { car, states, store, records, bridge } = await lane();
    await car('button');
    await car('button');
    const [second, first] = await records();
    expect(await store.review.requeue(first?.id ?? 0, '张三')).toBe(true);
    expect(await store.outbox.withdraw('1001', second?.release.id ?? '', 'paid')).toBe(true);
    expect(await states()).toEqual(['manual waiting', 'manual withdrawn']);
    await car('button');
    expect(await store.review.dismiss((await records())[0]?.id ?? 0, '张三', '调试', 'asks')).toBe('dropped');
    expect((await store.outbox.counts()).kept).toBe(0);
    expect(bridge.state.lane.kept.passages).toBeGreaterThan(0);
  });
});

describe('a person’s word', () => {
  it('opens a lane where nothing tells of payments, from its first car, by name and in the chain', async () => {
    const signed = { by: '王工', reason: '每次开闸都是人工', payments: 'nothing' } as const;
    const { car, states, chained, stop, path } = await lane({ reporting: signed, savedBy: 'installer' });
    await car('button');
    expect(await states()).toEqual(['manual waiting']);
    const detail = { lane: '1001', how: 'signed', signedBy: '王工' };
    const row = { who: 'installer', reason: '每次开闸都是人工', detail };
    expect(await chained()).toEqual([expect.objectContaining(row)]);
    await stop();
    // It stays without the words in the file, and the same words are not said twice.
    const again = await lane({ again: true, path });
    await again.car('button');
    expect((await again.states()).at(-1)).toBe('manual waiting');
    await again.stop();
    const third = await lane({ again: true, path, reporting: signed });
    expect(await third.chained()).toHaveLength(1);
    await third.stop();
    const other = await lane({ again: true, path, reporting: { ...signed, by: '赵工' } });
    // Nobody's session, as when a former configuration returns.
    const said = (await other.chained()).map((seen) => [
      'who' in seen && seen.who,
      'detail' in seen && seen.detail?.signedBy,
    ]);
    expect(said).toEqual([
      [false, '赵工'],
      ['installer', '王工'],
    ]);
  });

  it('makes twenty pulses of the relay a proof, and without it they are none', async () => {
    const first = await lane();
    await times(20, () => first.car('relay'));
    await first.car('button');
    expect(await first.states()).toEqual(['manual kept']);
    expect(first.gate.view('1001').missing[1]).toEqual({ way: 'relay', have: 20, need: 20, wordMissing: true });
    await first.stop();
    const { car, states, earned } = await lane({ again: true, path: first.path, relayMeansPaid: true });
    await car('button');
    expect([await states(), earned]).toEqual([['manual kept', 'manual waiting'], ['relay']]);
  });

  it('on a list alone wants twenty passages of which it explains some', async () => {
    const word = { by: '王工', reason: '只有白名单', payments: 'list' } as const;
    const { car, states, earned } = await lane({ reporting: word, known: '粤B12345' });
    await times(20, () => car('button'));
    expect(new Set(await states())).toEqual(new Set(['manual kept']));
    await car('list');
    await car('button');
    expect([(await states()).at(-1), earned]).toEqual(['manual waiting', ['list']]);
  });
});
