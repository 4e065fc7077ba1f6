/** Questions about very many records: the answer of one look through all of them, and in between the store does what else is asked of it. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { RecordFilter } from '../../src/store/types.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, record, release, temporaryFolder } from './open.ts';

const NOON_MS = Date.parse('2026-11-25T12:00:00+08:00');
const HOUR_MS = 3_600_000;
const RECORDS = 5_000;
/** So many bear the same time: more than a slice. */
const AT_ONCE = 1_500;
const IN_TURNS = 4;
const LIMIT = 40;
const MANY_DROPPED = 20_500;

/** Record n is put n seconds after the first, but every seventh bears a time of an hour before, and many the same. */
const wallOf = (id: number): number =>
  NOON_MS + (id > 1_000 && id <= 1_000 + AT_ONCE ? 1_000_000 : id * 1_000) - (id % 7 === 0 ? HOUR_MS : 0);
const plateOf = (id: number): string => `粤B${10_000 + (id % 1_700)}`;
const stateOf = (id: number): string => (id % 500 === 1 ? 'review' : 'delivered');

async function filled() {
  const path = temporaryFolder();
  const options = { path, clock: handClock(5_000, NOON_MS), attachWithinMs: 0 };
  const first = await open(options);
  await first.outbox.put(record('1', { release: release('1', { plate: { text: plateOf(1), confidence: 1 } }) }));
  await first.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const own = ['id', 'release_id', 'serial', 'state', 'wall_ms', 'body'];
  const columns = database.prepare(`SELECT name FROM pragma_table_info('release')`).pluck().all() as string[];
  const rest = columns.filter((name) => !own.includes(name)).join();
  const insert = database.prepare(`INSERT INTO release (id, release_id, serial, state, wall_ms, body, ${rest})
    SELECT @id, 'many' || @id, 'many' || @id, @state, @wallMs, json_set(body, '$.release.plate.text', @plate), ${rest} FROM release WHERE id = 1`);
  database.transaction(() => {
    for (let id = 2; id <= RECORDS; id += 1)
      insert.run({ id, state: stateOf(id), wallMs: wallOf(id), plate: plateOf(id) });
    database.prepare(`UPDATE release SET wall_ms = ?, state = ? WHERE id = 1`).run(wallOf(1), stateOf(1));
    const mark = database.prepare('INSERT INTO mark VALUES (?, 1, ?, ?)');
    for (let id = 100; id <= RECORDS; id += 100)
      mark.run(id, JSON.stringify({ kind: 'owed', who: 'office' }), NOON_MS + 2 * HOUR_MS);
  })();
  database.close();
  return open(options);
}

it('answers slice by slice what one look would, and other calls pass in between', async () => {
  const store = await filled();
  const ids = Array.from({ length: RECORDS }, (_, at) => RECORDS - at);
  const inbox = { who: 'operator', voice: 'both', fromWallMs: NOON_MS + 900_000 } as const;
  const isMarked = (id: number): boolean => id % 100 === 0;
  const questions: readonly (readonly [Omit<RecordFilter, 'limit'>, (id: number) => boolean])[] = [
    [{ toWallMs: NOON_MS + 2_000_000 }, (id) => wallOf(id) < NOON_MS + 2_000_000],
    [
      { fromWallMs: NOON_MS - HOUR_MS, toWallMs: NOON_MS },
      (id) => wallOf(id) < NOON_MS && wallOf(id) >= NOON_MS - HOUR_MS,
    ],
    [{ toWallMs: NOON_MS + 1_000_001, beforeId: 2_400 }, (id) => id < 2_400 && wallOf(id) <= NOON_MS + 1_000_000],
    [{ fromWallMs: NOON_MS + 900_000, states: ['review'] }, (id) => id % 500 === 1 && wallOf(id) >= NOON_MS + 900_000],
    [{ marked: 'owed' }, isMarked],
    [{ marked: 'owed', beforeId: 1_234 }, (id) => isMarked(id) && id < 1_234],
    [{ inbox }, (id) => stateOf(id) === 'review' || (!isMarked(id) && wallOf(id) >= inbox.fromWallMs)],
    [{ inbox, laneId: 'other' }, () => false],
  ];
  for (const [filter, isWanted] of questions) {
    const wanted = ids.filter(isWanted);
    const about = JSON.stringify(filter);
    const found = await store.review.list({ ...filter, limit: LIMIT });
    expect(
      found.map(({ id }) => id),
      about,
    ).toEqual(wanted.slice(0, LIMIT));
    expect(await store.review.count({ ...filter, limit: RECORDS }), about).toBe(wanted.length);
    expect(await store.review.count({ ...filter, limit: 7 }), about).toBe(Math.min(7, wanted.length));
  }
  const span = [NOON_MS - HOUR_MS, NOON_MS + 2 * HOUR_MS] as const;
  const reviewed = { records: RECORDS, closed: 50, inDay: 50, oldestWallMs: wallOf(7) };
  // Three of each, and two of the first.
  const plates = Array.from({ length: 20 }, (_, at) => ({ plate: plateOf(at + 1), count: 3 }));
  const asked: readonly (readonly [string, () => Promise<unknown>, unknown])[] = [
    ['list', () => store.review.list({ inbox, laneId: 'other', limit: 1 }), []],
    ['count', () => store.review.count({ toWallMs: NOON_MS + HOUR_MS * 2, limit: RECORDS }), RECORDS],
    ['reviewed', () => store.accounts.reviewed(...span), reviewed],
    ['plates', () => store.accounts.plates(...span), plates],
    ['dropped', () => store.accounts.dropped(...span), []],
  ];
  for (const [name, ask, right] of asked) {
    let turns = 0;
    let isOver = false;
    const others = (async () => {
      for (; !isOver; turns += 1) await store.outbox.counts();
    })();
    expect(await ask(), name).toEqual(right);
    isOver = true;
    expect(turns, name).toBeGreaterThanOrEqual(IN_TURNS);
    await others;
  }
  await store.close();
});

it('gives of the dropped records of a day the newest 20,000', async () => {
  const path = temporaryFolder();
  const options = { path, clock: handClock(5_000, NOON_MS), attachWithinMs: 0 };
  const first = await open(options);
  await first.outbox.put(record('1'));
  await first.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const own = ['id', 'release_id', 'serial', 'state', 'wall_ms'];
  const columns = database.prepare(`SELECT name FROM pragma_table_info('release')`).pluck().all() as string[];
  const rest = columns.filter((name) => !own.includes(name)).join();
  const many = database.prepare(`INSERT INTO release (${own.join()}, ${rest})
    SELECT json_each.value, 'many' || value, 'many' || value, 'dropped', ${NOON_MS} + value, ${rest.replaceAll(/\w+/g, 'release.$&')} FROM release, json_each(?) WHERE release.id = 1`);
  many.run(JSON.stringify(Array.from({ length: MANY_DROPPED - 1 }, (_, at) => at + 2)));
  database.close();
  const store = await open(options);
  const found = (await store.accounts.dropped(NOON_MS, NOON_MS + HOUR_MS)).map(({ wallMs }) => wallMs - NOON_MS);
  expect([found.length, new Set(found).size, Math.min(...found)]).toEqual([20_000, 20_000, MANY_DROPPED - 20_000 + 1]);
  await store.close();
});

it('a hole between the numbers of two records, as of a database that was replaced, is stepped over', async () => {
  const path = temporaryFolder();
  const first = await open({ path });
  for (const id of ['1', '2']) await first.outbox.put(record(id));
  await first.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const far = 1_000_000_000_000;
  database.prepare('UPDATE release SET id = ? WHERE id = 2').run(far);
  database.close();
  const { review, close } = await open({ path });
  const inbox = { who: '张三', voice: 'asks' } as const;
  expect((await review.list({ inbox, limit: LIMIT })).map(({ id }) => id)).toEqual([far, 1]);
  expect(await review.count({ inbox, limit: LIMIT })).toBe(2);
  await close();
});
