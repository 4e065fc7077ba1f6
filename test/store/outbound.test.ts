/** What the store keeps for destinations: nothing while there is none, no more than it may, and all of it from an earlier version. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate, openDatabase } from '../../src/store/thread/database.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import { queueOf } from '../delivery/mqtt/queue.ts';
import { open, record, temporaryFolder } from './open.ts';

const counted = (path: string, table: string): number => {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  try {
    return database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
  } finally {
    database.close();
  }
};

it('is empty on a box without destinations, and what all of them have is removed', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  await store.outbox.put(record('r1'));
  expect(counted(path, 'outbound')).toBe(0);
  const [one, other] = [queueOf(store, 'one'), queueOf(store, 'other')];
  await Promise.all([one.next(), other.next()]);
  for (let at = 0; at < 100; at += 1) await store.outbox.put(record(`a${at}`));
  for (let [message] = await one.next(); message !== undefined; [message] = await one.next()) one.arrived([message]);
  await store.journal.flush();
  expect(counted(path, 'outbound')).toBe(100);
  expect(await store.numbers('other').count()).toMatchObject({ waiting: 100, oldestWallMs: expect.any(Number) });
  for (let [message] = await other.next(); message !== undefined; [message] = await other.next())
    other.arrived([message]);
  await store.journal.flush();
  // The newest row stays, so that numbers never repeat.
  expect([counted(path, 'outbound'), counted(path, 'outgoing')]).toEqual([1, 0]);
  expect(await store.numbers('other').count()).toEqual({ waiting: 0 });
});

it('what another run has kept for a destination is kept no second time', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const [former, other] = [queueOf(store), queueOf(store)];
  await Promise.all([former.next(), other.next()]);
  await store.outbox.put(record('r1'));
  await former.next();
  await other.next();
  await store.journal.flush();
  expect(counted(path, 'outgoing')).toBe(1);
});

it('what had to go because too much waited is named as a gap', async () => {
  const path = temporaryFolder();
  const before = await open({ path });
  await queueOf(before).next();
  for (const id of ['r1', 'r2', 'r3']) await before.outbox.put(record(id));
  await before.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec('DELETE FROM outbound WHERE id <= 2');
  database.close();
  const messages = await queueOf(await open({ path })).next(5);
  expect(messages.map(({ n, payload }) => [n, (JSON.parse(payload) as { gap?: object }).gap])).toEqual([
    [1, { why: 'limit', facts: 2 }],
    [2, undefined],
  ]);
});

it.each([
  ['in peace', 5, 'a'],
  ['by a kill, with numbers that may have left', 64, undefined],
])('goes on where a version before ended %s', async (_, reserved, series) => {
  const path = temporaryFolder();
  const before = await open({ path });
  const puts = [];
  for (const id of ['r1', 'r2', 'r3']) puts.push(await before.outbox.put(record(id)));
  await before.close();
  // The same rows as the version before wrote them.
  const old = new Sqlite(join(path, 'lanewarden.db'));
  const chain = old.prepare('SELECT id FROM chain ORDER BY first DESC LIMIT 1').pluck().get() as string;
  old.exec('DROP TABLE outbound; DROP TABLE numbering; DROP TABLE outgoing;');
  old.exec(MIGRATIONS[7] as string);
  old.prepare('INSERT INTO numbering VALUES (?, ?, ?, ?, ?, ?)').run('mqtt', chain, 'a', 5, reserved, puts[0]?.id);
  old
    .prepare('INSERT INTO outgoing (destination, series, n, topic, payload) VALUES (?, ?, ?, ?, ?)')
    .run('mqtt', 'a', 5, 't', '{"id":"waiting"}');
  old.pragma('user_version = 9');
  old.close();
  const database = openDatabase(join(path, 'lanewarden.db'));
  expect(migrate(database)).toMatchObject({ from: 9, to: MIGRATIONS.length });
  database.close();

  const store = await open({ path });
  const queue = queueOf(store);
  const got: [string, number, string][] = [];
  for (let [message] = await queue.next(); message !== undefined; [message] = await queue.next()) {
    got.push([message.series, message.n, (JSON.parse(message.payload) as { id: string }).id]);
    queue.arrived([message]);
  }
  const [waiting, ...rest] = got;
  expect(waiting).toEqual(['a', 5, 'waiting']);
  // Told of r1 by the version before.
  expect(rest.map(([, , id]) => id)).toEqual(puts.slice(1).map(({ serial }) => serial));
  const first = series === undefined ? 1 : 6;
  expect(rest.map(([, n]) => n)).toEqual([first, first + 1]);
  expect(new Set(rest.map(([each]) => each === 'a'))).toEqual(new Set([series === 'a']));
});
