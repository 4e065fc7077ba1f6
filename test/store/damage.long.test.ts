/** Damaged blocks in the database, its WAL and the frames: the store starts, goes on, puts the damaged file aside and saves what it can. */
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { ThreadOptions } from '../../src/store/messages.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import { openHealing, pendingRecovery, quarantine } from '../../src/store/repair/quarantine.ts';
import { LIMITS, openStore } from '../../src/store/store.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import type { Store } from '../../src/store/types.ts';
import { frame, open, record, storeThread, temporaryFolder } from './open.ts';

const RECORDS = 150;
const BLOCK = 4_096;
let template = '';

beforeAll(async () => {
  template = join(temporaryFolderForAll(), 'state');
  const store = await openStore({
    path: template,
    clock: systemClock(),
    thread: storeThread(),
    ballastBytes: 0,
    lowWaterBytes: 0,
  });
  for (let number = 1; number <= RECORDS; number += 1) {
    for (let event = 0; event < 10; event += 1) store.journal.append('1001', { kind: 'tick', atMs: number });
    const { id } = await store.outbox.put(record(String(number)));
    await store.outbox.attach(id, frame(2_000, number));
    if (number % 3 === 0) await store.outbox.delivered(id, { seqno: String(number) });
  }
  await store.close();
});

function temporaryFolderForAll(): string {
  // Not cleaned after the first test, as the others are: the whole file uses it.
  return temporaryFolder.keep();
}

/** A copy of the template as a cut would leave it: the mark of a clean stop is gone. */
function afterCut(): string {
  const path = join(temporaryFolder(), 'state');
  cpSync(template, path, { recursive: true });
  writeFileSync(join(path, 'alive'), 'torn');
  return path;
}

function garble(file: string, block: number, with_: 'zeros' | 'noise'): void {
  const handle = openSync(file, 'r+');
  const bytes = Buffer.alloc(BLOCK);
  if (with_ === 'noise') for (let at = 0; at < BLOCK; at += 1) bytes[at] = (at * 7 + block * 13) & 0xff;
  writeSync(handle, bytes, 0, BLOCK, block * BLOCK);
  closeSync(handle);
}

async function settled(store: Store): Promise<StoreNotice[]> {
  const notices: StoreNotice[] = [];
  store.onNotice((notice) => notices.push(notice));
  await store.outbox.counts();
  if (notices.some(({ kind }) => kind === 'quarantined'))
    await expect.poll(() => notices.map(({ kind }) => kind)).toContain('salvaged');
  return notices;
}

async function salvaged(store: Store): Promise<StoreNotice> {
  const notices: StoreNotice[] = [];
  store.onNotice((notice) => notices.push(notice));
  const found = () => notices.find(({ kind }) => kind === 'salvaged');
  await expect.poll(found).toBeDefined();
  return found() as StoreNotice;
}

/** For what the store thread does, done here step by step. */
function threadOptions(path: string): ThreadOptions {
  const moment = { nowMs: systemClock().nowMs(), wallMs: Date.now() };
  return {
    ...{ path, moment, version: 'test', limits: LIMITS, lending: newLendingMemory() },
    ...{ bootId: 'test', wallTrusted: false, tool: false },
  };
}

/** Puts the database of a store that is not open aside; its salvage waits until it is let go. */
async function heldSalvage(path: string): Promise<{ readonly letGo: () => Promise<void> }> {
  const options = threadOptions(path);
  quarantine(options, options.moment, () => undefined, 'a test', undefined).close();
  return held(path);
}

async function held(path: string): Promise<{ readonly letGo: () => Promise<void> }> {
  // A socket cannot be opened as a file: the kernel says ENXIO, as for a device that is gone.
  const wal = join(path, 'damaged', '1', 'lanewarden.db-wal');
  rmSync(wal, { force: true });
  const socket = createServer().listen(wal);
  await expect.poll(() => existsSync(wal)).toBe(true);
  return { letGo: () => new Promise((resolve) => socket.close(() => resolve())) };
}

const serials = (name: string) => ({ first: `1001-${name}`, second: `1001-${name}-2` });

/** What the store is told when its database is damaged; the records are put into the new one. */
function putAsideAndPut(path: string, ids: readonly string[]): readonly StoreNotice[] {
  const options = threadOptions(path);
  const notices: StoreNotice[] = [];
  const ledger = quarantine(options, options.moment, (notice) => notices.push(notice), 'a test', undefined);
  for (const [id, name] of ids.entries())
    ledger.execute({ name: 'put', arguments: [record(name), serials(name)], moment: options.moment, id, journal: [] });
  ledger.close();
  return notices;
}

async function goesOn(store: Store, id: string): Promise<void> {
  const put = await store.outbox.put(record(id));
  await store.outbox.attach(put.id, frame(3_000));
  expect(await store.outbox.picture(put.id)).toBeDefined();
  expect(store.journal.append('1001', { kind: 'tick', atMs: 1 })).toBe(true);
  await store.journal.flush();
}

describe('a damaged database', () => {
  it('is told for seven days, with what was saved, also after a restart', async () => {
    const path = afterCut();
    const store = await open({ path });
    expect((await store.looks.room()).damage).toBeUndefined();
    await store.close();
    garble(join(path, 'lanewarden.db'), 0, 'noise');
    const damaged = await open({ path });
    const { records, unreadable } = (await salvaged(damaged)) as Extract<StoreNotice, { kind: 'salvaged' }>;
    await damaged.close();
    const later = async (days: number) => {
      const clock = systemClock();
      const at = await open({ path, clock: { ...clock, nowMs: () => clock.nowMs() + days * 86_400_000 } });
      const { damage } = await at.looks.room();
      await at.close();
      return damage;
    };
    expect(records).toBeGreaterThan(0);
    expect(await later(6.9)).toEqual({
      agoMs: expect.closeTo(6.9 * 86_400_000, -5),
      saved: { records, unreadable, lostPages: 0 },
    });
    expect(await later(7.1)).toBeUndefined();
  });

  it('any one block of it: the store starts, collects, and loses at most what was in the block', {
    timeout: 120_000,
  }, async () => {
    const blocks = statSync(join(template, 'lanewarden.db')).size / BLOCK;
    let quarantined = 0;
    let everything = 0;
    const tries = Array.from({ length: 20 }, (_, at) => Math.floor((at * blocks) / 20));
    for (const [index, block] of tries.entries()) {
      const path = afterCut();
      garble(join(path, 'lanewarden.db'), block, index % 2 === 0 ? 'zeros' : 'noise');
      const store = await open({ path });
      const notices = await settled(store);
      await goesOn(store, 'after');
      const counts = await store.outbox.counts();
      const saved = counts.waiting + counts.delivered - 1;
      if (notices.some(({ kind }) => kind === 'quarantined')) {
        quarantined += 1;
        expect(readdirSync(join(path, 'damaged', '1'))).toContain('lanewarden.db');
        // What is saved keeps its picture: the sweep comes after.
        const framed = (await store.review.list({ limit: 1_000 })).filter(({ picture }) => picture === 'attached');
        expect(framed.length).toBe(counts.waiting + counts.delivered);
        expect(readdirSync(join(path, 'frames'))).toHaveLength(framed.length);
      }
      if (saved === RECORDS) everything += 1;
      // A leaf holds a handful of records; a damaged root or schema hides many, which are found page by page.
      expect(saved, `block ${block}`).toBeGreaterThanOrEqual(RECORDS - 8);
      await store.close();
    }
    expect(quarantined).toBeGreaterThan(2);
    expect(everything).toBeGreaterThan(2);
  });

  it('that is no database at all', async () => {
    const path = afterCut();
    writeFileSync(join(path, 'lanewarden.db'), 'this was a card reader once');
    const store = await open({ path });
    expect((await settled(store)).map(({ kind }) => kind)).toContain('quarantined');
    await goesOn(store, 'after');
    await store.close();
    const again = await open({ path });
    expect(await again.outbox.counts()).toMatchObject({ waiting: 1 });
  });

  it('that is cut short', async () => {
    const path = afterCut();
    truncateSync(join(path, 'lanewarden.db'), 10 * BLOCK + 100);
    const store = await open({ path });
    expect((await settled(store)).map(({ kind }) => kind)).toContain('quarantined');
    await goesOn(store, 'after');
  });

  it.each([
    ['whose schema is gone', 0],
    ['of which a leaf is gone', 30],
  ])('%s: tries and incidents are saved beside the records, and new ones come after them', async (_, block) => {
    const path = join(temporaryFolder(), 'state');
    cpSync(template, path, { recursive: true });
    const before = await open({ path });
    for (let number = 0; number < 30; number += 1) {
      const { id } = await before.outbox.put(record(`tried${number}`));
      for (const why of ['timeout', 'reset'])
        await before.outbox.retry(id, 1_000, why, { answer: { status: 503, message: `answer ${number}` } });
      await before.review.requeue(id, '张三');
    }
    const tried = async (store: Store) => {
      const records = await store.review.list({ limit: 1_000 });
      const found = await Promise.all(records.map(({ id }) => store.review.get(id)));
      return found.flatMap((one) => one?.attempts ?? []).map(({ why, answer }) => `${why} ${answer?.message}`);
    };
    const expected = await tried(before);
    expect(expected).toHaveLength(60);
    await before.close();
    garble(join(path, 'lanewarden.db'), block, 'noise');
    writeFileSync(join(path, 'alive'), 'torn');
    const store = await open({ path });
    expect((await settled(store)).map(({ kind }) => kind)).toContain('salvaged');
    const saved = await tried(store);
    for (const one of saved) expect(expected).toContain(one);
    // A lost leaf may have held some; a lost schema costs none.
    expect(saved.length).toBeGreaterThanOrEqual(block === 0 ? 60 : 30);
    await store.review.requeue((await store.outbox.put(record('after'))).id, '李四');
    await store.close();
    const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
    const kinds = database.prepare('SELECT kind FROM incident ORDER BY id').pluck().all();
    database.close();
    expect(kinds.filter((kind) => kind === 'requeued').length).toBeGreaterThanOrEqual(block === 0 ? 31 : 16);
    expect(kinds.slice(-3)).toEqual(['quarantined', 'salvaged', 'requeued']);
  });

  it('whose salvage is cut short: the next start goes on with it, and sweeps no picture before it is done', async () => {
    const path = afterCut();
    const options = threadOptions(path);
    const mark = join(path, 'damaged', '1', 'unfinished');
    const ignore = () => undefined;
    const ledger = quarantine(options, options.moment, ignore, 'a test', undefined);
    const recovery = pendingRecovery(path, ignore, options.moment);
    for (let step = 0; step < 2; step += 1) expect(recovery?.step(ledger)).toBe(true);
    recovery?.close();
    ledger.close();
    expect(existsSync(mark)).toBe(true);
    // Also in the next run a new record takes no number of one that is still to come.
    const next = openHealing(options, options.moment, ignore);
    const put = {
      name: 'put',
      arguments: [record('meanwhile'), serials('meanwhile')],
      moment: options.moment,
      id: 1,
      journal: [],
    } as const;
    expect(next.execute(put)).toMatchObject({ id: 1_000_001 });
    next.close();

    const store = await open({ path });
    expect(await salvaged(store)).toMatchObject({ records: RECORDS - 100 });
    expect(existsSync(mark)).toBe(false);
    expect(await store.outbox.counts()).toMatchObject({ delivered: RECORDS / 3, waiting: (RECORDS * 2) / 3 + 1 });
    expect(readdirSync(join(path, 'frames'))).toHaveLength(RECORDS);

    // Done once more, as when the mark came back after a cut: what has been delivered since does not wait again.
    const [first] = await store.outbox.due(1);
    await store.outbox.delivered(first?.id as number, {});
    await store.review.requeue(2, '张三');
    await store.close();
    const incidents = () => {
      const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
      const kinds = database.prepare('SELECT kind FROM incident ORDER BY id').pluck().all();
      database.close();
      return kinds;
    };
    const before = incidents();
    writeFileSync(mark, '');
    const again = await open({ path });
    expect(await salvaged(again)).toMatchObject({ records: 0 });
    expect(await again.outbox.counts()).toMatchObject({ delivered: RECORDS / 3 + 1, waiting: (RECORDS * 2) / 3 });
    await again.close();
    expect(incidents()).toEqual([...before, 'salvaged']);
  });

  it('whose salvage the disk refuses for a while: it goes on when the disk does', async () => {
    const path = afterCut();
    const { letGo } = await heldSalvage(path);
    const store = await open({ path });
    const saved = salvaged(store);
    for (let at = 0; at < 3; at += 1) await store.outbox.put(record(`meanwhile${at}`));
    expect(await store.outbox.counts()).toMatchObject({ waiting: 3, delivered: 0 });
    await letGo();
    expect(await saved).toMatchObject({ records: RECORDS });
    expect(readdirSync(join(path, 'frames'))).toHaveLength(RECORDS);
  });

  it('whose salvage is not done: no record goes for its age, for it would be brought over once more', async () => {
    const path = afterCut();
    const options = threadOptions(path);
    const ledger = quarantine(options, options.moment, () => undefined, 'a test', undefined);
    const recovery = pendingRecovery(path, () => undefined, options.moment);
    for (let step = 0; step < 2; step += 1) expect(recovery?.step(ledger)).toBe(true);
    recovery?.close();
    ledger.close();
    const { letGo } = await held(path);
    const store = await open({ path, keepRecordsMs: 0, ballastBytes: 1_000 });
    const [first] = await store.outbox.due(1);
    await store.outbox.delivered(first?.id as number, {});
    // Written when the house is kept for the first time, just before what is past its time would go.
    await expect.poll(() => existsSync(join(path, 'ballast'))).toBe(true);
    expect(await store.outbox.counts()).toMatchObject({ delivered: 34, waiting: 66 });
    const saved = salvaged(store);
    await letGo();
    expect(await saved).toMatchObject({ records: RECORDS - 100 });
    expect(await store.outbox.counts()).toMatchObject({ delivered: RECORDS / 3 + 1, waiting: (RECORDS * 2) / 3 - 1 });
  });

  it('whose salvage is not done: no picture is swept, not even one of which no record is known', async () => {
    const path = afterCut();
    const pictures = () => readdirSync(join(path, 'frames'));
    writeFileSync(join(path, 'frames', 'orphan.jpg'), '');
    const { letGo } = await heldSalvage(path);
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    await store.outbox.put(record('meanwhile'));
    expect(pictures()).toHaveLength(RECORDS + 1);
    await letGo();
    await expect.poll(() => notices.length).toBe(2);
    expect(notices).toMatchObject([
      { kind: 'salvaged', records: RECORDS },
      { kind: 'keptPictures', files: 1, folder: join(path, 'damaged', '1') },
    ]);
    expect(pictures()).toHaveLength(RECORDS);
    expect(pictures()).not.toContain('orphan.jpg');
    expect(readdirSync(join(path, 'damaged/1/frames'))).toEqual(['orphan.jpg']);
  });

  it('with records that cannot be read: their pictures stay beside it, until the disk has no room for new ones', async () => {
    const path = afterCut();
    const before = readdirSync(join(path, 'frames')).filter((name) => name.endsWith('.jpg'));
    // Nothing of it can be read but its size.
    const file = join(path, 'lanewarden.db');
    writeFileSync(file, Buffer.alloc(statSync(file).size, 'no database'));
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    await expect.poll(() => notices.map(({ kind }) => kind)).toContain('keptPictures');
    const kept = readdirSync(join(path, 'damaged/1/frames'));
    expect(kept.sort()).toEqual(before.sort());
    expect(notices).toContainEqual({ kind: 'keptPictures', files: before.length, folder: join(path, 'damaged/1') });
    // One of a cut that came later is nobody's, and goes as ever.
    await store.close();
    writeFileSync(join(path, 'frames', 'later.jpg'), '');
    const again = await open({ path });
    await again.outbox.counts();
    await expect.poll(() => readdirSync(join(path, 'frames'))).toEqual([]);
    expect(readdirSync(join(path, 'damaged/1/frames'))).toHaveLength(before.length);
    await again.close();

    const full = await open({ path, lowWaterBytes: 1_000_000_000_000_000 });
    const told: StoreNotice[] = [];
    full.onNotice((notice) => told.push(notice));
    const { id } = await full.outbox.put(record('new'));
    await full.outbox.attach(id, frame(2_000, 1));
    await expect.poll(() => told).toContainEqual({ kind: 'evicted', what: 'lostPictures', count: 1 });
    expect(existsSync(join(path, 'damaged/1/frames'))).toBe(false);
  });

  it('whose salvage comes where the new one is damaged too: that is put aside as well, and both are brought over', async () => {
    const path = afterCut();
    const { letGo } = await heldSalvage(path);
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    for (let number = 0; number < 60; number += 1) await store.outbox.put(record(`new${number}`));
    const file = join(path, 'lanewarden.db');
    const database = new Sqlite(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    // What is put from now on goes to the other end of the table.
    const page = Math.floor(readFileSync(file).indexOf('"id":"new0"') / 2_048);
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(2_048, 0x5a), 0, 2_048, page * 2_048);
    closeSync(handle);
    await letGo();
    await expect.poll(() => notices.map(({ kind }) => kind)).toEqual(['quarantined', 'salvaged', 'salvaged']);
    const ids = (await store.review.list({ limit: 1_000 })).map(({ release }) => release.id);
    expect(ids.filter((id) => !id.startsWith('new'))).toHaveLength(RECORDS);
    expect(ids.filter((id) => id.startsWith('new')).length).toBeGreaterThan(60 - 8);
  });

  it('a third time before the first is brought over: it stays until it is, and then the two newest stay', async () => {
    const path = afterCut();
    for (const id of ['second', 'third', 'last']) putAsideAndPut(path, [id]);
    expect(readdirSync(join(path, 'damaged')).sort()).toEqual(['1', '2', '3']);
    const store = await open({ path });
    await expect.poll(() => readdirSync(join(path, 'damaged')).sort()).toEqual(['2', '3']);
    const ids = (await store.review.list({ limit: 1_000 })).map(({ release }) => release.id);
    expect(ids).toHaveLength(RECORDS + 3);
    expect(ids).toEqual(expect.arrayContaining(['second', 'third', 'last']));
    expect(readdirSync(join(path, 'damaged', '2'))).not.toContain('unfinished');
  });

  it('a second time: what came behind the leap of the numbers is brought over too', async () => {
    const path = afterCut();
    putAsideAndPut(path, []);
    const between = await open({ path });
    await salvaged(between);
    between.journal.epoch('1001', { of: 'between' });
    for (let at = 0; at < 10; at += 1) between.journal.append('1001', { kind: 'tick', atMs: 1_000_000 + at });
    const { id } = await between.outbox.put(record('between'));
    await between.outbox.attach(id, frame(1_000));
    expect(await between.outbox.beside(id, 'before', frame(500))).toBe(true);
    await between.close();
    const rows = () => {
      const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
      const counted = ['release', "journal WHERE lane_id <> ''", 'boot', 'beside', 'epoch'].map((table) =>
        database.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
      );
      database.close();
      return counted;
    };
    const before = rows();
    expect(before.slice(0, 2)).toEqual([RECORDS + 1, 10 * RECORDS + 10]);
    putAsideAndPut(path, []);
    const store = await open({ path });
    await salvaged(store);
    expect(await store.outbox.besidePicture(id, 'before')).toBeDefined();
    await store.close();
    const after = rows();
    // And the boots of the two that have been opened since.
    expect(after).toEqual([before[0], before[1], Number(before[2]) + 2, before[3], 1]);
    // The numbers of the journal span billions, but its rows are few.
    const later = await open({ path, journalMaxRows: 5_000, ballastBytes: 1_000 });
    // Written when the house is kept for the first time, just before the journal would be trimmed.
    await expect.poll(() => existsSync(join(path, 'ballast'))).toBe(true);
    await later.close();
    expect(rows()[1]).toBe(before[1]);
  });

  it('more often than any is brought over: at the limit the smallest goes, and it is said', async () => {
    const path = afterCut();
    const notices: StoreNotice[] = [];
    const puts = (number: number) => (number === 5 ? 1 : 20);
    const idsOf = (number: number) => Array.from({ length: puts(number) }, (_, at) => `${number}of${at}`);
    for (let number = 1; number <= 9; number += 1) notices.push(...putAsideAndPut(path, idsOf(number + 1)));
    expect(readdirSync(join(path, 'damaged')).sort()).toEqual(['1', '2', '3', '4', '6', '7', '8', '9']);
    expect(notices.map((notice) => 'givenUp' in notice && notice.givenUp)).toEqual([
      ...Array.from({ length: 8 }, () => false),
      join(path, 'damaged', '5'),
    ]);
    const store = await open({ path });
    await expect.poll(() => readdirSync(join(path, 'damaged')).sort()).toEqual(['8', '9']);
    const ids = (await store.review.list({ limit: 1_000 })).map(({ release }) => release.id);
    expect(ids).toHaveLength(RECORDS + 8 * puts(1));
    expect(ids).not.toContain('5of0');
  });

  it('that was moved without its WAL when the cut came: the WAL goes after it', async () => {
    const path = join(temporaryFolder(), 'state');
    cpSync(template, path, { recursive: true });
    const first = await open({ path });
    await first.outbox.put(record('only in the WAL'));
    const copy = join(temporaryFolder(), 'state');
    cpSync(path, copy, { recursive: true });
    await first.close();
    mkdirSync(join(copy, 'damaged', '1'), { recursive: true });
    writeFileSync(join(copy, 'damaged', '1', 'unfinished'), '');
    renameSync(join(copy, 'lanewarden.db'), join(copy, 'damaged', '1', 'lanewarden.db'));
    const store = await open({ path: copy });
    expect(await salvaged(store)).toMatchObject({ records: RECORDS + 1 });
  });

  it('found by a tool beside the running bridge: an error there, and no file is moved', async () => {
    const path = join(temporaryFolder(), 'state');
    cpSync(template, path, { recursive: true });
    const file = join(path, 'lanewarden.db');
    // The bridge has looked at its records before.
    const bridge = await open({ path });
    const page = Math.floor(readFileSync(file).indexOf('"id":"75"') / 2_048);
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(2_048, 0x5a), 0, 2_048, page * 2_048);
    closeSync(handle);
    const tool = await open({ path, tool: true });
    await expect(tool.review.list({ limit: 1_000 })).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    expect(await tool.review.get(1)).toBeDefined();
    await tool.close();
    expect(readdirSync(path)).not.toContain('damaged');
    await goesOn(bridge, 'after');
    await bridge.close();
    garble(file, 0, 'noise');
    await expect(open({ path, tool: true })).rejects.toMatchObject({ name: 'StoreError', code: 'damaged' });
    expect(readdirSync(path)).not.toContain('damaged');
  });

  it('found in the middle of a run: lane time goes on and no number is given twice', async () => {
    const path = join(temporaryFolder(), 'state');
    cpSync(template, path, { recursive: true });
    const store = await open({ path });
    const notices: StoreNotice[] = [];
    store.onNotice((notice) => notices.push(notice));
    const before = await store.outbox.put(record('before'));
    // Behind the store's back, and more than its cache of two megabytes would hide.
    const blocks = Math.floor(statSync(join(path, 'lanewarden.db')).size / BLOCK);
    const database = new Sqlite(join(path, 'lanewarden.db'));
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    for (let block = 2; block < blocks; block += 1) garble(join(path, 'lanewarden.db'), block, 'noise');
    const after = await store.outbox.put(record('after')).catch((error: unknown) => error);
    await goesOn(store, 'later');
    expect(notices.map(({ kind }) => kind)).toContain('quarantined');
    expect(store.boot.laneOffsetMs).toBe(0);
    const records = await store.review.list({ limit: 1_000 });
    expect(new Set(records.map(({ id }) => id)).size).toBe(records.length);
    expect(records.filter(({ id }) => id > before.id).length).toBeGreaterThan(0);
    expect(after).toMatchObject({ state: 'waiting' });
    await store.close();
    const { boot } = await open({ path });
    expect(boot.newBoot).toBe(false);
  });
});

describe('a damaged WAL', () => {
  /** A copy of a store in use, as a cut would leave it: records that lie in the WAL only. */
  async function withWal(): Promise<{ path: string; wal: string }> {
    const used = join(temporaryFolder(), 'state');
    cpSync(template, used, { recursive: true });
    const store = await open({ path: used });
    for (let number = 0; number < 20; number += 1) await store.outbox.put(record(`wal${number}`));
    const path = join(temporaryFolder(), 'state');
    cpSync(used, path, { recursive: true });
    await store.close();
    return { path, wal: join(path, 'lanewarden.db-wal') };
  }
  const kept = async (store: Store) => {
    const ids = (await store.review.list({ limit: 1_000 })).map(({ release }) => release.id);
    return ids.filter((id) => id.startsWith('wal')).length;
  };

  it.each([
    ['zeros', 0],
    ['noise', 0],
    ['zeros', 5],
    ['noise', 5],
    ['noise', 20],
  ] as const)('of %s in block %i: what was acknowledged behind it is saved', async (with_, block) => {
    const { path, wal } = await withWal();
    expect(statSync(wal).size).toBeGreaterThan(30 * BLOCK);
    garble(wal, block, with_);
    // The first to open it would be the last to close it, and the WAL would be gone.
    await expect(open({ path, tool: true })).rejects.toMatchObject({ code: 'damaged' });
    const store = await open({ path });
    expect((await settled(store)).map(({ kind }) => kind)).toEqual(['quarantined', 'salvaged']);
    await goesOn(store, 'after');
    expect(await kept(store)).toBeGreaterThanOrEqual(19);
    expect(await store.outbox.counts()).toMatchObject({ delivered: RECORDS / 3 });
    expect((await store.looks.room()).damage).toBeDefined();
  });

  it('at its very end, as by a cut in the middle of a commit: that commit was not acknowledged, and nothing is put aside', async () => {
    const { path, wal } = await withWal();
    truncateSync(wal, statSync(wal).size - BLOCK);
    const store = await open({ path });
    expect(await settled(store)).toEqual([]);
    expect(await kept(store)).toBeGreaterThanOrEqual(18);
  });

  it('whole: nothing is put aside', async () => {
    const { path } = await withWal();
    const store = await open({ path });
    expect(await settled(store)).toEqual([]);
    expect(await kept(store)).toBe(20);
  });
});

describe('a damaged WAL beside a damaged database', () => {
  it('with a page number of billions: the salvage goes over the pages there are', async () => {
    const path = join(temporaryFolder(), 'state');
    cpSync(template, path, { recursive: true });
    const first = await open({ path });
    for (let number = 0; number < 20; number += 1) await first.outbox.put(record(`wal${number}`));
    const copy = join(temporaryFolder(), 'state');
    cpSync(path, copy, { recursive: true });
    await first.close();
    putAsideAndPut(copy, []);
    const wal = join(copy, 'damaged', '1', 'lanewarden.db-wal');
    const bytes = readFileSync(wal);
    bytes.writeUInt32BE(0xffff_fffe, 32);
    writeFileSync(wal, bytes);
    const store = await open({ path: copy });
    expect(await salvaged(store)).toMatchObject({ records: RECORDS + 20 });
    await store.close();
  });
});

describe('the sign of life', () => {
  it('damaged costs only the knowledge of when the process last ran', async () => {
    const path = afterCut();
    const store = await open({ path });
    expect(store.boot).toMatchObject({ unclean: true });
    expect(await store.outbox.counts()).toMatchObject({ delivered: RECORDS / 3, waiting: (RECORDS * 2) / 3 });
  });
});
