/** Which rows stay: what a kept record rests on as long as the record, whatever the limit of rows. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { Rested } from '../../src/store/chain/rested.ts';
import { migrate } from '../../src/store/thread/database.ts';
import { handClock } from '../sim/hand-clock.ts';
import { keepHouse, open, openLedger, record, release, temporaryFolder } from './open.ts';

it('a record rests on its lane from the state before it, or from shortly before it, until shortly after it', () => {
  const lane = fc.constantFrom('1001', '1002');
  const moment = fc.integer({ min: 0, max: 100 });
  const rest = fc.record({ lane, until: moment, snapshot: moment, before: fc.integer({ min: 0, max: 20 }) });
  const row = fc.record({ lane: fc.constantFrom('1001', '1002', '1003'), seq: moment, at: moment });
  const database = new Sqlite(':memory:');
  migrate(database);
  const add = database.prepare('INSERT INTO rest VALUES (NULL, @lane, @snapshot, @until - @before, @until)');
  const restsOn = database
    .prepare(
      'SELECT count(*) FROM rest WHERE lane_id = @lane AND until_ms >= @at AND (snapshot_seq < @seq OR from_ms <= @at)',
    )
    .pluck();
  fc.assert(
    fc.property(fc.array(rest, { maxLength: 12 }), fc.array(row, { minLength: 1, maxLength: 40 }), (rests, rows) => {
      database.exec('DELETE FROM rest');
      for (const one of rests) add.run(one);
      const rested = new Rested(database);
      while (rested.read());
      for (const one of rows)
        expect([one, rested.has(one.lane, one.seq, one.at)]).toEqual([one, (restsOn.get(one) as number) > 0]);
    }),
  );
  database.close();
});

const DAY = 86_400_000;
/** Two lanes, of whose rows the first has a record. */
async function twoLanes(rows: { readonly withRecord: number; readonly without: number; readonly kept: number }) {
  const path = temporaryFolder();
  const clock = handClock(1_000, Date.UTC(2026, 10, 24));
  const store = await open({ path, clock, bootId: 'one boot', wallTrusted: true });
  const tick = (lane: string, atMs: number) => store.journal.append(lane, { kind: 'tick', atMs });
  for (let at = 0; at < rows.withRecord; at += 1) tick('1001', at);
  const { id } = await store.outbox.put(record('1'));
  await store.outbox.delivered(id, {});
  for (let at = 0; at < rows.kept; at += 1) tick('1002', 200_000 + at);
  for (const lane of ['1001', '1002']) store.journal.snapshot(lane, {});
  for (let at = 0; at < rows.without - rows.kept; at += 1) tick('1002', 210_000 + at);
  await store.close();
  const left = () => {
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    const count = database.prepare('SELECT count(*) FROM journal WHERE lane_id = ?').pluck();
    const counts = [count.get('1001'), count.get('1002')];
    database.close();
    return counts;
  };
  return { path, left };
}

it('of each lane goes what is older than its time, and a record keeps what it rests on', async () => {
  const { path, left } = await twoLanes({ withRecord: 200, without: 6_000, kept: 6_000 });
  const limits = { keepJournalMs: 10 * DAY, keepRecordsMs: 30 * DAY };
  keepHouse(path, limits, 9 * DAY);
  expect(left()).toEqual([200, 6_000]);
  expect(keepHouse(path, limits, 11 * DAY)).toBeGreaterThan(6);
  // The newest row stays, so that no number is given twice.
  expect(left()).toEqual([200, 0]);
  // A newer record: the newest stays whatever its age.
  const ledger = openLedger(path, limits, 11 * DAY);
  ledger.begin();
  const serials = { first: 's2', second: 't2' };
  const later = release('2', { releaseAtMs: 11 * DAY });
  const put = { id: 1, name: 'put', arguments: [record('2', { release: later }), serials], journal: [] } as const;
  ledger.execute({ ...put, moment: { nowMs: 11 * DAY, wallMs: 0 } });
  ledger.commit();
  ledger.close();
  keepHouse(path, limits, 40 * DAY);
  expect(left()).toEqual([0, 0]);
  expect((await checkChain(path)).faults).toEqual([]);
});

it('the newest record and the newest row stay whatever their age: no number is given twice', async () => {
  const path = temporaryFolder();
  const limits = { keepJournalMs: 10 * DAY };
  const wallMs = Date.UTC(2026, 10, 24);
  const store = await open({ path, clock: handClock(0, wallMs), bootId: 'one boot', wallTrusted: true, ...limits });
  const { id } = await store.outbox.put(record('1'));
  await store.outbox.delivered(id, {});
  // In a commit of its own: the newest row is one of the lane.
  await store.watched();
  store.journal.append('1001', { kind: 'tick', atMs: 300_001 });
  await store.close();
  const newest = () => {
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    const ends = database.prepare('SELECT (SELECT max(id) FROM release), (SELECT max(seq) FROM journal)').raw().get();
    database.close();
    return ends;
  };
  const before = newest();
  // Rows of a lane go at twice its time, long before those of the box.
  keepHouse(path, limits, 21 * DAY);
  expect(newest()).toEqual(before);
  keepHouse(path, limits, 31 * DAY);
  const ledger = openLedger(path, limits, 31 * DAY);
  ledger.begin();
  const put = { id: 1, name: 'put', arguments: [record('2'), { first: 's2', second: 't2' }], journal: [] } as const;
  expect(ledger.execute({ ...put, moment: { nowMs: 31 * DAY, wallMs } })).toMatchObject({ id: id + 1 });
  ledger.commit();
  ledger.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it('what a lane needs to find its state stays twice as long', async () => {
  const { path, left } = await twoLanes({ withRecord: 0, without: 1_000, kept: 600 });
  keepHouse(path, { keepJournalMs: 10 * DAY }, 19 * DAY);
  expect(left()).toEqual([0, 400]);
  keepHouse(path, { keepJournalMs: 10 * DAY }, 21 * DAY);
  expect(left()).toEqual([0, 0]);
});

it('of a lane that takes too much the oldest go, of no other any, and of none what it needs', async () => {
  const { path, left } = await twoLanes({ withRecord: 200, without: 6_000, kept: 5_000 });
  const limits = { keepJournalMs: 10 * DAY, journalMaxBytes: 200_000 };
  expect(keepHouse(path, limits, DAY)).toBeGreaterThan(10);
  const [first, second] = left() as [number, number];
  expect(first).toBe(200);
  expect(second).toBeLessThan(2_000);
  expect(second).toBeGreaterThan(1_500);
  keepHouse(path, { ...limits, journalMaxBytes: 10_000 }, 2 * DAY);
  expect(left()).toEqual([200, 1_000]);
});

it('rows in all have a limit, whatever rests on them', async () => {
  const { path, left } = await twoLanes({ withRecord: 200, without: 300, kept: 0 });
  keepHouse(path, { journalMaxRows: 250 }, DAY);
  expect(left()).toEqual([0, expect.toSatisfy((count) => Number(count) <= 250 && Number(count) > 200)]);
});

it('states of the engine: the newest stays, one a stretch, and those that records rest on', () => {
  const path = temporaryFolder();
  const ledger = openLedger(path);
  ledger.begin();
  const at = (ms: number) => ({ nowMs: ms, wallMs: ms });
  const tick = (ms: number) =>
    ({ kind: 'event', laneId: '1001', atMs: ms, wallMs: ms, event: `{"kind":"tick","atMs":${ms}}` }) as const;
  for (let hour = 0; hour < 20; hour += 1) {
    const ms = hour * 3_600_000;
    const journal = [...Array.from({ length: 1_000 }, (_, more) => tick(ms + more)), kept(hour)];
    ledger.execute({ id: hour, name: 'flush', arguments: [], moment: at(ms), journal });
    if (hour !== 7) continue;
    const about = release('1', { releaseAtMs: ms + 200_000 });
    const put = {
      id: 99,
      name: 'put',
      arguments: [record('1', { release: about }), { first: 's', second: 't' }],
    } as const;
    ledger.execute({ ...put, moment: at(ms + 200_000), journal: [] });
  }
  ledger.commit();
  ledger.close();
  keepHouse(path, { keepJournalMs: 30 * DAY }, 2 * DAY);
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const states = database.prepare('SELECT state FROM snapshot ORDER BY seq').pluck().all();
  database.close();
  expect(states).toEqual([0, 7, 9, 19].map((hour) => JSON.stringify({ hour })));
});

const kept = (hour: number) => ({ kind: 'snapshot', laneId: '1001', state: JSON.stringify({ hour }) }) as const;

it('a record rests on a state of the lane from before what it is about, not on one kept before the verdict', async () => {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  const tick = (atMs: number) => store.journal.append('1001', { kind: 'tick', atMs });
  for (let at = 0; at < 100; at += 1) tick(at);
  store.journal.snapshot('1001', { at: 'before' });
  for (let at = 0; at < 100; at += 1) tick(300_000 + at);
  store.journal.snapshot('1001', { at: 'while nothing was decided' });
  for (let at = 0; at < 100; at += 1) tick(310_000 + at);
  await store.outbox.put(record('1', { release: release('1', { releaseAtMs: 300_050 }) }));
  await store.close();
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const rests = database.prepare('SELECT state FROM rest JOIN snapshot ON snapshot.seq = rest.snapshot_seq').pluck();
  expect(rests.all()).toEqual([JSON.stringify({ at: 'before' })]);
  database.close();
});
