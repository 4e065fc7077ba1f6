/** Which rows stay: what a kept record rests on as long as the record, whatever the limit of rows. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Rested } from '../../src/store/chain/rested.ts';
import { migrate } from '../../src/store/thread/database.ts';
import { open, record, release, temporaryFolder } from './open.ts';

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
      for (const one of rows)
        expect([one, rested.has(one.lane, one.seq, one.at)]).toEqual([one, (restsOn.get(one) as number) > 0]);
    }),
  );
  database.close();
});

it('they stay however many newer rows there are', async () => {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  for (let at = 0; at < 200; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  const { id } = await store.outbox.put(record('1'));
  await store.outbox.delivered(id, {});
  for (let at = 0; at < 6_000; at += 1) store.journal.append('1002', { kind: 'tick', atMs: 10_000_000 + at });
  for (const lane of ['1001', '1002']) store.journal.snapshot(lane, {});
  await store.close();
  // The limit twenty times over.
  const ballast = join(path, 'ballast');
  const kept = await open({ path, journalMaxRows: 300, ballastBytes: 1_000 });
  await expect.poll(() => existsSync(ballast)).toBe(true);
  await kept.close();
  rmSync(ballast);
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const count = database.prepare('SELECT count(*) FROM journal WHERE lane_id = ?').pluck();
  expect([count.get('1001'), count.get('1002')]).toEqual([200, expect.any(Number)]);
  expect(count.get('1002')).toBeLessThan(310);
  database.close();
});

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
