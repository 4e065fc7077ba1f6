/** What the box was told, in memory and in the store: a restart changes nothing of it, and a roster that is edited changes nothing of before. */
import { expect, it } from 'vitest';
import { onDutyAt } from '../../src/account/duty/shifts.ts';
import { ParkRegister } from '../../src/app/register/park-register.ts';
import { VehicleSync } from '../../src/app/register/vehicle-sync.ts';
import { systemClock } from '../../src/clock.ts';
import type { Grant } from '../../src/lane/types.ts';
import type { Store } from '../../src/store/types.ts';
import { open, release, temporaryFolder } from './open.ts';

const PLATE = '粤B12345';
const VEHICLES = 10_000;
/** As the thread that reads them makes the slices. */
const SLICE = 500;
const clock = systemClock();
const ALL_DAY = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun', 'holiday'] as const,
  fromMinutes: 0,
  toMinutes: 1440,
};
const configOf = (...operators: string[]) => ({
  tariff: [],
  duty: {
    booths: [],
    roster: { entries: operators.map((operator) => ({ operator, lanes: ['1001'], ...ALL_DAY })), holidays: [] },
  },
  intake: {
    http: { enabled: false, listen: { host: '', port: 0 }, tokens: [] },
    tells: [],
    knownVehicles: [],
    verifySign: 'mark' as const,
  },
});
const DAY_MS = 86_400_000;
const laneNow = (store: Store) => Math.round(clock.nowMs() + store.boot.laneOffsetMs);

async function followed(store: Store, ...operators: string[]): Promise<ParkRegister> {
  const register = await ParkRegister.open(configOf(...operators), store, clock);
  const stop = new AbortController();
  const run = register.run(stop.signal);
  await expect.poll(() => register.onDuty('1001')?.operator).toBe(operators.at(-1));
  stop.abort();
  await run;
  return register;
}

it('a shift of the roster is kept, and an edited roster begins when it is read', async () => {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  const first = await followed(store, '张三');
  const before = laneNow(store);
  await store.close();
  const again = await open({ path, wallTrusted: true });
  const second = await followed(again, '李四');
  expect(second.onDuty('1001')).toMatchObject({ operator: '李四', by: 'roster' });
  expect(onDutyAt(second.shifts, '1001', before)?.operator).toBe('张三');
  expect(second.shifts.filter(({ on }) => on)).toHaveLength(2);
  expect(first.shifts).toHaveLength(1);
});

it('after a power cut a roster names nobody until the clock is known', async () => {
  const boot = async (bootId: string, wallTrusted: boolean) => {
    const fromMs = clock.nowMs() - 1_000;
    const own = { ...clock, nowMs: () => clock.nowMs() - fromMs };
    const store = await open({ path, wallTrusted, bootId, clock: own });
    const register = await ParkRegister.open(configOf('张三'), store, own);
    const stop = new AbortController();
    const run = register.run(stop.signal);
    const end = async () => {
      stop.abort();
      await run;
    };
    const byHand = () => {
      const releaseAtMs = Math.round(own.nowMs() + store.boot.laneOffsetMs);
      return register.recordKnowledge('1001', release('r1', { releaseAtMs }), 0, null);
    };
    return { store, register, end, byHand, own };
  };
  const path = temporaryFolder();
  const before = await boot('before', true);
  await expect.poll(() => before.byHand()).toMatchObject({ operator: '张三', operatorBy: 'roster' });
  await before.end();
  await before.store.close();
  // Without a battery the clock goes on where it stopped, in the shift of hours ago.
  const after = await boot('after', false);
  await after.register.signOn('李四', ['1001']);
  expect(after.byHand()).toMatchObject({ operator: '李四', operatorBy: 'pin' });
  await after.register.signOn('李四', ['1001'], false);
  expect(after.byHand().operator).toBeUndefined();
  expect(after.register.onDuty('1001')).toBeUndefined();
  after.store.time.synced(after.own.nowMs(), clock.wallMs(), 50, 'timesyncd');
  expect(after.byHand()).toMatchObject({ operator: '张三', operatorBy: 'roster' });
  await after.end();
});

it.each([
  ['behind', -3 * DAY_MS],
  ['years ahead', 5_000 * DAY_MS],
])('a season ticket that may be valid counts until the clock, %s, is confirmed', async (_, offMs) => {
  const path = temporaryFolder();
  const before = await open({ path, wallTrusted: true, bootId: 'before' });
  await before.journal.flush();
  await before.close();
  const fromMs = clock.nowMs() - 1_000;
  const own = { ...clock, nowMs: () => clock.nowMs() - fromMs, wallMs: () => clock.wallMs() + offMs };
  const store = await open({ path, wallTrusted: false, bootId: 'after', clock: own });
  const register = await ParkRegister.open(configOf(), store, own);
  const told = { kind: 'season', carType: '2' } as const;
  const [ended, current, coming] = ['粤B00001', '粤B00002', '粤B00003'] as const;
  const validity = {
    [ended]: { untilWallMs: clock.wallMs() - 400 * DAY_MS },
    [current]: { fromWallMs: clock.wallMs() - DAY_MS, untilWallMs: clock.wallMs() + DAY_MS },
    [coming]: { fromWallMs: clock.wallMs() + DAY_MS },
  };
  for (const [plate, days] of Object.entries(validity))
    await register.take({ kind: 'vehicle', vehicle: { plate, ...told, ...days }, source: 'pms' });
  const known = () => [ended, current, coming].filter((plate) => register.known(plate) !== undefined);
  expect(known()).toEqual([current, coming]);
  store.time.synced(own.nowMs(), clock.wallMs(), 50, 'timesyncd');
  expect(known()).toEqual([current]);
});

it('ten thousand vehicles let polls go first while they are taken', async () => {
  const store = await open({ path: temporaryFolder() });
  const register = await ParkRegister.open(configOf(), store, clock);
  const rows = Array.from({ length: VEHICLES }, (_, index) => ({
    ...{ plate: `粤B${String(index).padStart(5, '0')}`, kind: 'free', carType: '0' },
  }));
  const slices = Array.from({ length: VEHICLES / SLICE }, (_, at) =>
    JSON.stringify(rows.slice(at * SLICE, (at + 1) * SLICE)),
  );
  let polls = 0;
  let isDone = false;
  const poll = (): void => {
    polls += 1;
    if (!isDone) setImmediate(poll);
  };
  poll();
  const result = await register.importVehicles({ count: VEHICLES, slices, faults: [] }, false, 'office');
  isDone = true;
  expect(result).toEqual({ taken: VEHICLES, removed: 0 });
  expect(register.vehicles.count).toBe(VEHICLES);
  expect(polls).toBeGreaterThan(VEHICLES / SLICE);
  // Those that a whole list no longer has are no longer known.
  const list = { count: SLICE, slices: slices.slice(0, 1), faults: [] };
  expect(await register.importVehicles(list, true, 'office')).toEqual({ taken: SLICE, removed: VEHICLES - SLICE });
  expect(register.vehicles.count).toBe(SLICE);
});

it('vehicles that a system tells are reported within a quarter of a minute, then once an hour, and when the program stops', async () => {
  const store = await open({ path: temporaryFolder() });
  const register = await ParkRegister.open(configOf(), store, clock);
  const vehicle = { plate: PLATE, kind: 'season', carType: '2' } as const;
  await register.take({ kind: 'vehicle', vehicle, source: 'pms' });
  await register.take({ kind: 'vehicle', vehicle: { ...vehicle, removed: true }, source: 'pms' });
  const ended = new AbortController();
  const running = register.run(ended.signal);
  const reports = async () => (await store.looks.observations(10)).map(({ seen }) => seen);
  await expect
    .poll(reports)
    .toMatchObject([{ why: 'vehicles', who: 'pms', detail: { how: 'intake', taken: 1, removed: 1 } }]);
  await register.take({ kind: 'vehicle', vehicle, source: 'pms' });
  ended.abort();
  await running;
  expect(await reports()).toContainEqual(expect.objectContaining({ detail: { how: 'intake', taken: 1, removed: 0 } }));
  const sync = new VehicleSync(store.looks, clock);
  for (let times = 0; times < 3; times += 1) {
    sync.count('other', false);
    await sync.report();
  }
  expect((await reports()).filter((seen) => 'who' in seen && seen.who === 'other')).toHaveLength(1);
});

it('an entry, a grant and a vehicle are known after a restart, and the older word does not undo the newer', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const register = await ParkRegister.open(configOf(), store, clock);
  const nowMs = laneNow(store);
  const entry = { id: 'E-2', plate: PLATE, serial: 'E-2', source: 'pms', lane: '9', atMs: nowMs - 60_000, wallMs: 5 };
  await register.take({ kind: 'entry', entry });
  await register.take({ kind: 'entry', entry: { ...entry, id: 'E-1', serial: 'E-1', atMs: nowMs - 120_000 } });
  const vehicle = { plate: '粤B·54321', kind: 'season', carType: '2', description: '月卡A' } as const;
  await register.take({ kind: 'vehicle', vehicle, source: 'pms' });
  const grant: Grant = {
    ...{ id: 'g1', scope: 'lane', plate: PLATE, count: 1, kind: 'monthly', carDesc: '月卡B' },
    ...{ issuedAtMs: nowMs - 30_000, source: 'pms' },
  };
  register.granted(grant, nowMs);
  await store.journal.flush();
  await store.close();

  const again = await ParkRegister.open(configOf(), await open({ path }), clock);
  const read = release('r', { plate: { text: PLATE, confidence: 0.9 }, releaseAtMs: nowMs });
  expect(again.recordKnowledge('1001', read, 1_000_000, null)).toMatchObject({
    entrySerial: 'E-2',
    known: { car: { carType: '2', carDesc: '月卡B' }, entry: { serial: 'E-2', lane: '9', unpaid: false } },
  });
  expect(again.known('粤B54321')).toEqual({ kind: 'season', carDesc: '月卡A' });
  expect(again.vehicles.count).toBe(1);
});

it.each([
  ['bought before the first start of the box', -20 * 86_400_000],
  ['told with its date of issue, after a payment of today', -86_400_000],
])('a season ticket counts by its validity: %s', async (_, issuedAtMs) => {
  const path = temporaryFolder();
  const store = await open({ path });
  const register = await ParkRegister.open(configOf(), store, clock);
  const nowMs = laneNow(store);
  const entry = { id: 'E', plate: PLATE, source: 'pms', atMs: nowMs - 1_000, wallMs: 5 };
  const told = { scope: 'park', plate: PLATE, count: 1, source: 'pms' } as const;
  if (issuedAtMs === -86_400_000)
    register.granted({ ...told, id: 'p', kind: 'paid', issuedAtMs: nowMs - 60_000 }, nowMs - 60_000);
  const ticket = { ...told, id: 't', kind: 'monthly', carDesc: '月卡A', issuedAtMs } as const;
  register.granted({ ...ticket, expiresAtMs: nowMs + 86_400_000 }, nowMs - 30_000);
  await register.take({ kind: 'entry', entry });
  await store.journal.flush();
  const read = (atMs: number) => release('r', { plate: { text: PLATE, confidence: 0.9 }, releaseAtMs: atMs });
  const said = { car: { carType: '2', carDesc: '月卡A' }, entry: { unpaid: false } };
  expect(register.recordKnowledge('1001', read(nowMs), 5_000_000, null).known).toMatchObject(said);
  const ended = register.recordKnowledge('1001', read(nowMs + 90_000_000), 5_000_000, null).known;
  expect(ended).toMatchObject({ car: { carDesc: '月卡A', endedWallMs: 1_400_000 }, entry: { unpaid: true } });
  await store.close();
  const again = await ParkRegister.open(configOf(), await open({ path }), clock);
  expect(again.recordKnowledge('1001', read(nowMs), 5_000_000, null).known).toMatchObject(said);
});

it('an entry told to an entry lane of this box pays nothing of the stay that begins with it', async () => {
  const register = await ParkRegister.open(configOf(), await open({ path: temporaryFolder() }), clock);
  const atMs = 1_000_000;
  const entry = { id: 'E-1', plate: PLATE, serial: 'E-1', source: 'pms', atMs, wallMs: 5 };
  await register.take({ kind: 'entry', entry });
  const grant = (direction: 'entry' | 'exit'): Grant => ({
    ...{ id: direction, scope: 'lane', plate: PLATE, count: 1, kind: 'paid', direction },
    ...{ issuedAtMs: atMs + 1_000, source: 'pms' },
  });
  const read = release('r', { plate: { text: PLATE, confidence: 0.9 }, releaseAtMs: atMs + 60_000 });
  const unpaid = () => register.recordKnowledge('1001', read, 1_000_000, null).known?.entry?.unpaid;
  register.granted(grant('entry'), atMs + 1_000);
  expect(unpaid()).toBe(true);
  register.granted(grant('exit'), atMs + 1_000);
  expect(unpaid()).toBe(false);
});
