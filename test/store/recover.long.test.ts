/** What `.recover` of SQLite's shell finds in a damaged database: all that is whole, and nothing that had been settled, withdrawn or erased. */
import {
  chmodSync,
  closeSync,
  cpSync,
  existsSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { StoreNotice } from '../../src/store/notice.ts';
import { findShell } from '../../src/store/repair/recover-shell.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/types.ts';
import { newStoreThread, open, record, storeThread, temporaryFolder } from './open.ts';

const BLOCK = 4_096;
const PAGE = 2_048;
const ERASED = 300;
const EVENTS = 3_000;
/** What was settled before this has had its time when the store is opened after it. */
const LATER_DAYS = 31;

const clockAfter = (days: number) => {
  const clock = systemClock();
  return { ...clock, nowMs: () => clock.nowMs() + days * 86_400_000 };
};
const PATH = process.env.PATH;
afterEach(() => {
  process.env.PATH = PATH;
});

let template = '';
let roots: Record<string, number> = {};

/** Records erased behind their retention, whose pages are free and still full of them; delivered, withdrawn and waiting ones beside them. */
beforeAll(async () => {
  template = join(temporaryFolder.keep(), 'state');
  const options = { path: template, ballastBytes: 0, lowWaterBytes: 0, attachWithinMs: 0 };
  const opened = (clock: Clock) => openStore({ ...options, clock, thread: storeThread() });
  const before = await opened(systemClock());
  for (let at = 0; at < ERASED; at += 1) {
    const { id } = await before.outbox.put(record(`erased${at}`));
    await before.outbox.delivered(id, {});
  }
  await before.close();
  const store = await opened(systemClock());
  for (let at = 0; at < EVENTS; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  await store.outbox.put(record('keeps the newest number'));
  await store.close();
  // As versions before 1.0 erased them: the pages are free, and still full of them.
  const earlier = new Sqlite(join(template, 'lanewarden.db'));
  earlier.pragma('secure_delete = OFF');
  earlier.prepare(`DELETE FROM release WHERE release_id LIKE 'erased%'`).run();
  earlier.close();
  const after = await opened(clockAfter(LATER_DAYS));
  for (let at = 0; at < 60; at += 1) {
    const { id } = await after.outbox.put(record(`${['delivered', 'withdrawn', 'waiting'][at % 3]}${at}`));
    if (at % 3 === 0) await after.outbox.delivered(id, {});
    if (at % 3 === 1) expect(await after.outbox.withdraw('1001', `withdrawn${at}`, 'paid')).toBe(true);
  }
  await after.close();
  const database = new Sqlite(join(template, 'lanewarden.db'), { readonly: true });
  roots = Object.fromEntries(
    database.prepare(`SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'`).raw().all() as [string, number][],
  );
  expect(database.prepare(`SELECT count(*) FROM release WHERE release_id LIKE 'erased%'`).pluck().get()).toBe(0);
  expect(database.pragma('freelist_count', { simple: true })).toBeGreaterThan(20);
  database.close();
  expect(readFileSync(join(template, 'lanewarden.db'), 'latin1').match(/"id":"erased\d+"/g)?.length).toBeGreaterThan(
    60,
  );
});

function copied(): string {
  const path = join(temporaryFolder(), 'state');
  cpSync(template, path, { recursive: true });
  writeFileSync(join(path, 'alive'), 'torn');
  return path;
}

function garble(path: string, page: number, with_: 'zeros' | 'noise'): void {
  const bytes = Buffer.alloc(BLOCK);
  const block = Math.floor(((page - 1) * PAGE) / BLOCK);
  if (with_ === 'noise') for (let at = 0; at < BLOCK; at += 1) bytes[at] = (at * 7 + block * 13) & 0xff;
  const handle = openSync(join(path, 'lanewarden.db'), 'r+');
  writeSync(handle, bytes, 0, BLOCK, block * BLOCK);
  closeSync(handle);
}

function noticesOf(store: Store): StoreNotice[] {
  const notices: StoreNotice[] = [];
  store.onNotice((notice) => notices.push(notice));
  return notices;
}

const kinds = (notices: readonly StoreNotice[]) => notices.map(({ kind }) => kind);

async function salvaged(path: string, thread = storeThread()): Promise<Store> {
  const store = await open({ thread, path, clock: clockAfter(LATER_DAYS), attachWithinMs: 0 });
  const notices = noticesOf(store);
  await expect.poll(() => kinds(notices)).toContain('salvaged');
  return store;
}

function events(path: string): unknown {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const count = database.prepare("SELECT count(*) FROM journal WHERE lane_id <> ''").pluck().get();
  database.close();
  return count;
}

describe('delivered, withdrawn and erased records, then damage', () => {
  it.each([
    ['the first block, with schema, freelist and pointer map', () => [1], 'zeros', 60],
    ['the first block', () => [1], 'noise', 60],
    ['the root of the records', () => [roots.release], 'noise', 60],
    ['the root of the journal', () => [roots.journal], 'noise', 60],
    ['the first block and the root of the records', () => [1, roots.release], 'noise', 60],
    ['a page of records', () => [pageOf('waiting32')], 'zeros', 50],
  ] as const)('of %s: none comes back', async (_, pages, with_, least) => {
    const path = copied();
    for (const page of pages()) garble(path, page as number, with_);
    const store = await salvaged(path);
    const records = await store.review.list({ limit: 1_000 });
    const ids = records.map(({ release }) => release.id);
    expect(ids.filter((id) => id.startsWith('erased'))).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(least);
    const wrong = records.filter(
      ({ state, release }) => state === 'waiting' && /^(delivered|withdrawn)/.test(release.id),
    );
    expect(wrong).toEqual([]);
    // What nothing vouches for is for a person to decide; all else waits as before.
    const sure = records.filter(({ state }) => state !== 'review');
    expect(sure.length > 0 || pages().length > 1).toBe(true);
    for (const { state, release } of sure) expect(release.id.startsWith(state) || state === 'waiting').toBe(true);
    await store.close();
  });

  const pageOf = (id: string) => {
    const bytes = readFileSync(join(template, 'lanewarden.db'));
    return Math.floor(bytes.indexOf(`"id":"${id}"`) / PAGE) + 1;
  };
});

describe('the shell', () => {
  it('brings lane events over too, where SQLite alone finds no table', async () => {
    const path = copied();
    garble(path, 1, 'noise');
    const store = await salvaged(path);
    await store.close();
    expect(events(path)).toBe(EVENTS);
  });

  it('missing: what SQLite reads is brought over and the log says what to install; with it the rest follows by itself', async () => {
    const path = copied();
    garble(path, roots.journal as number, 'noise');
    const shell = findShell() as string;
    const bin = temporaryFolder();
    process.env.PATH = bin;
    const store = await open({ thread: newStoreThread(), path, clock: clockAfter(LATER_DAYS), attachWithinMs: 0 });
    const notices = noticesOf(store);
    await expect.poll(() => notices.at(-1)).toMatchObject({ kind: 'recoveryWaits', missing: 'shell' });
    expect((await store.outbox.counts()).waiting).toBe(21);
    await store.outbox.put(record('meanwhile'));
    expect(existsSync(join(path, 'damaged/1/unfinished'))).toBe(true);
    symlinkSync(shell, join(bin, 'sqlite3'));
    await expect.poll(() => kinds(notices)).toContain('salvaged');
    expect(kinds(notices).filter((kind) => kind === 'recoveryWaits')).toHaveLength(1);
    expect((await store.outbox.counts()).waiting).toBe(22);
    expect(existsSync(join(path, 'damaged/1/unfinished'))).toBe(false);
    expect(existsSync(join(path, 'damaged/1/recovery'))).toBe(false);
    await store.close();
    expect(events(path)).toBe(EVENTS);
  });

  it('that fails on it: the store goes on with what SQLite reads, says so, and does not try for ever', async () => {
    const path = copied();
    garble(path, roots.journal as number, 'noise');
    const bin = temporaryFolder();
    const runs = join(bin, 'runs');
    writeFileSync(join(bin, 'sqlite3'), `#!/bin/sh\necho run >>${runs}\necho 'it broke' >&2\nexit 3\n`);
    chmodSync(join(bin, 'sqlite3'), 0o755);
    process.env.PATH = `${bin}:${PATH}`;
    const store = await salvaged(path, newStoreThread());
    expect((await store.outbox.counts()).waiting).toBe(21);
    await store.outbox.put(record('meanwhile'));
    await store.close();
    // Two processes a try.
    expect(readFileSync(runs, 'utf8').trim().split('\n')).toHaveLength(6);
    const again = await open({ thread: newStoreThread(), path, clock: clockAfter(LATER_DAYS) });
    expect((await again.outbox.counts()).waiting).toBe(22);
    expect(existsSync(join(path, 'damaged/1/lanewarden.db'))).toBe(true);
    await again.close();
  });
});
