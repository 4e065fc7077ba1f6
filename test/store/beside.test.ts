/** Frames from before and after a picture: kept with it, given up before any picture, swept, saved out of damage, moved to another box. */
import { closeSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { recordDetail } from '../../src/cli/queue/queue-lines.ts';
import { exportQueue, importQueue } from '../../src/store/files/queue-file.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import { migrate } from '../../src/store/thread/database.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import type { Store } from '../../src/store/types.ts';
import { type HandClock, handClock } from '../sim/hand-clock.ts';
import { frame, jpeg, open, record, release, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);

/** A release at 10 s with its picture, a frame half a second before and one after. */
async function withBeside(store: Store, id: string, size = 3_000): Promise<number> {
  const put = await store.outbox.put(record(id, { release: release(id, { releaseAtMs: 10_000 }) }));
  await store.outbox.attach(put.id, frame(size, 1));
  await store.outbox.beside(put.id, 'before', { ...frame(size, 2), atMs: 9_500 });
  await store.outbox.beside(put.id, 'after', { ...frame(size, 3), atMs: 10_500 });
  return put.id;
}

const files = (path: string): number => readdirSync(join(path, 'frames')).length;
const fileOf = (path: string, seed: number, size = 3_000): string => {
  const names = readdirSync(join(path, 'frames')).map((name) => join(path, 'frames', name));
  return names.find((name) => readFileSync(name).equals(jpeg(size, seed))) ?? 'none';
};
const places = async (store: Store, id: number) =>
  (await store.review.get(id))?.record.beside?.map(({ place }) => place);

describe('frames beside a picture', () => {
  it('count in what pictures take, and in the pace by which the forecast says how long they fit', async () => {
    const clock = handClock(20_000, WALL);
    const path = temporaryFolder();
    const store = await open({ path, clock });
    await withBeside(store, '1');
    clock.jump(60_000);
    await withBeside(store, '2');
    // A minute says nothing of a day.
    expect((await store.looks.room()).bytesPerDay).toBeUndefined();
    clock.jump(3_540_000);
    await withBeside(store, '3');
    const taken = readdirSync(join(path, 'frames')).reduce(
      (sum, name) => sum + statSync(join(path, 'frames', name)).size,
      0,
    );
    const { framesBytes, bytesPerDay } = await store.looks.room();
    expect([framesBytes, Math.round(bytesPerDay ?? 0)]).toEqual([taken, taken * 24]);
  });

  it('are kept, said where records are looked at, and not sent: what is due says nothing of them', async () => {
    const path = temporaryFolder();
    const store = await open({ path, clock: handClock(20_000, WALL) });
    const id = await withBeside(store, '1');
    expect(await store.outbox.besidePicture(id, 'before')).toEqual(jpeg(3_000, 2));
    expect(await store.outbox.besidePicture(id, 'after')).toEqual(jpeg(3_000, 3));
    const [listed] = await store.review.list({ limit: 1 });
    expect(listed?.beside).toEqual([
      { place: 'before', offsetMs: -500, bytes: jpeg(3_000).length },
      { place: 'after', offsetMs: 500, bytes: jpeg(3_000).length },
    ]);
    const found = await store.review.get(id);
    expect(found && recordDetail(found, 'en')).toContain('from 0.5 s before the release');
    expect(found && recordDetail(found, 'zh')).toContain('放行后 0.5 秒');
    expect((await store.outbox.due(1))[0]).not.toHaveProperty('beside');
    // A second one of the same place changes nothing.
    expect(await store.outbox.beside(id, 'after', { ...frame(10, 9), atMs: 11_000 })).toBe(false);
    expect(files(path)).toBe(3);
  });

  it('are there at the next start, and a file without a row is not', async () => {
    const path = temporaryFolder();
    const first = await open({ path });
    const id = await withBeside(first, '1');
    await first.close();
    writeFileSync(join(path, 'frames', 'orphan.jpg'), 'left by a cut');
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    expect(await places(store, id)).toEqual(['before', 'after']);
    expect(notices).toContainEqual({ kind: 'swept', files: 1 });
    expect(files(path)).toBe(3);
  });

  it('damaged is forgotten, alone', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    const id = await withBeside(store, '1');
    writeFileSync(fileOf(path, 2), jpeg(3_000, 7));
    expect(await store.outbox.besidePicture(id, 'before')).toBeUndefined();
    expect(await places(store, id)).toEqual(['after']);
    expect(await store.outbox.picture(id)).toEqual(jpeg(3_000, 1));
  });

  it('of a record that is not there: an error, and no file', async () => {
    const path = temporaryFolder();
    const store = await open({ path });
    await expect(store.outbox.beside(7, 'before', frame(10))).rejects.toMatchObject({ code: 'unknown' });
    expect(files(path)).toBe(0);
  });
});

describe('when room is short', () => {
  it('they go first, oldest first, and none takes the place of a picture', async () => {
    const path = temporaryFolder();
    const size = jpeg(3_000).length;
    // The spare room that is made with every eviction is less than one of them.
    const store = await open({ path, framesMaxBytes: 6 * size + 10 });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    const first = await withBeside(store, '1');
    await store.outbox.delivered(first, {});
    const second = await withBeside(store, '2');
    const third = await store.outbox.put(record('3'));
    await store.outbox.attach(third.id, frame(3_000, 1));
    const pictures = async () =>
      (await store.review.list({ limit: 9 })).map(({ picture, beside = [] }) => `${picture} ${beside.length}`);
    // Room for one and its spare: both frames of the oldest record, although that one is delivered and its picture could have gone.
    expect(await pictures()).toEqual(['attached 0', 'attached 2', 'attached 0']);
    expect(notices).toContainEqual({ kind: 'evicted', what: 'besidePictures', count: 2 });
    for (const id of ['4', '5', '6']) {
      const put = await store.outbox.put(record(id));
      await store.outbox.attach(put.id, frame(3_000, 1));
    }
    expect(await places(store, second)).toBeUndefined();
    expect((await store.review.list({ limit: 9 })).map(({ picture }) => picture)).toEqual(Array(6).fill('attached'));
    expect(await store.outbox.beside(second, 'before', frame(3_000))).toBe(false);
    expect((await store.review.list({ limit: 9 })).map(({ picture }) => picture)).toEqual(Array(6).fill('attached'));
    await store.journal.flush();
    expect(files(path)).toBe(6);
  });

  it('they go with the picture of a delivered record past its time, and all of it with the record', async () => {
    const clock = handClock(20_000, WALL);
    const path = temporaryFolder();
    const store = await open({ path, clock, keepFramesMs: 3_600_000, keepRecordsMs: 7_200_000 });
    const [delivered, waiting] = [await withBeside(store, '1'), await withBeside(store, '2')];
    await store.outbox.delivered(delivered, {});
    await keepHouse(store, clock, 3_600_000);
    await expect.poll(() => places(store, delivered)).toBeUndefined();
    expect(await places(store, waiting)).toEqual(['before', 'after']);
    expect(files(path)).toBe(3);
    // Whatever came late goes with the record itself.
    await store.outbox.beside(delivered, 'after', { ...frame(100), atMs: 11_000 });
    await keepHouse(store, clock, 7_200_000);
    await expect.poll(() => store.review.get(delivered)).toBeUndefined();
    await store.journal.flush();
    expect(files(path)).toBe(3);
  });

  /** The store keeps house once in 600 beats of a second; the first of them does at once. */
  async function keepHouse(store: Store, clock: HandClock, afterMs: number): Promise<void> {
    clock.jump(afterMs);
    for (let beat = 0; beat < 600; beat += 1) {
      clock.jump(1_000);
      await store.journal.flush();
    }
  }
});

describe('a database of before there were any', () => {
  it('is brought up to date and takes them; what it holds stays', async () => {
    const path = temporaryFolder();
    const old = await open({ path });
    const put = await old.outbox.put(record('1'));
    await old.outbox.attach(put.id, frame(3_000, 1));
    await old.close();
    const database = new Sqlite(join(path, 'lanewarden.db'));
    const first = new Sqlite(':memory:');
    migrate(first, MIGRATIONS.slice(0, 1));
    const names = (of: Sqlite.Database, type: string) =>
      of
        .prepare("SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%'")
        .pluck()
        .all(type) as string[];
    for (const type of ['trigger', 'index', 'table']) {
      const known = names(first, type);
      for (const name of names(database, type)) if (!known.includes(name)) database.exec(`DROP ${type} ${name}`);
    }
    database.exec('ALTER TABLE journal DROP COLUMN link');
    database.pragma('user_version = 1');
    database.close();
    const store = await open({ path });
    expect(await store.outbox.beside(put.id, 'before', frame(100))).toBe(true);
    expect(await store.outbox.picture(put.id)).toEqual(jpeg(3_000, 1));
  });
});

describe('a damaged database', () => {
  it('gives them back with their records, and forgets those that stand beside nothing', async () => {
    const path = temporaryFolder();
    const first = await open({ path });
    const [kept, lost] = [await withBeside(first, '1'), await withBeside(first, '2')];
    await first.close();
    // A record is gone, and a page of an index is noise: the check after a cut finds that.
    const database = new Sqlite(join(path, 'lanewarden.db'));
    database.prepare('DELETE FROM release WHERE id = ?').run(lost);
    const root = database
      .prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'release_framed'")
      .pluck()
      .get() as number;
    database.close();
    const handle = openSync(join(path, 'lanewarden.db'), 'r+');
    writeSync(handle, Buffer.alloc(2_048, 7), 0, 2_048, (root - 1) * 2_048);
    closeSync(handle);
    writeFileSync(join(path, 'alive'), 'torn');
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    await expect.poll(() => notices.map(({ kind }) => kind)).toContain('salvaged');
    expect(await places(store, kept)).toEqual(['before', 'after']);
    expect(await store.outbox.besidePicture(kept, 'after')).toEqual(jpeg(3_000, 3));
    await expect.poll(() => files(path)).toBe(3);
  });
});

describe('queue export and import', () => {
  it('take them along, and do without those that are gone', async () => {
    const path = temporaryFolder();
    const store = await open({ path, attachWithinMs: 0, clock: handClock(20_000, WALL) });
    await withBeside(store, '1');
    const bare = await store.outbox.put(record('2'));
    await store.outbox.attach(bare.id, { none: 'timeout' });
    const damaged = await withBeside(store, '3', 4_000);
    writeFileSync(fileOf(path, 2, 4_000), 'torn');
    const file = join(temporaryFolder(), 'queue.zip');
    expect(await exportQueue(store, file)).toMatchObject({ records: 3, pictures: 5 });
    const other = await open({ path: temporaryFolder(), attachWithinMs: 0 });
    expect(await importQueue(other, file)).toEqual({ records: 3, known: 0, pictures: 5, noRoom: 0, damaged: 0 });
    expect(await importQueue(other, file)).toEqual({ records: 0, known: 3, pictures: 0, noRoom: 0, damaged: 0 });
    const taken = (await other.review.list({ limit: 9 })).toSorted((a, b) => (a.release.id < b.release.id ? -1 : 1));
    expect(taken.map(({ picture, beside = [] }) => [picture, beside.map(({ offsetMs }) => offsetMs)])).toEqual([
      ['attached', [-500, 500]],
      ['none', []],
      ['attached', [500]],
    ]);
    expect(await other.outbox.besidePicture(taken[0]?.id ?? 0, 'after')).toEqual(jpeg(3_000, 3));
    expect(await store.outbox.besidePicture(damaged, 'before')).toBeUndefined();
  });
});
