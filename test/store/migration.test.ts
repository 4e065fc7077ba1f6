/** Migrations: each step once, in order, with a copy made before; a half-done one leaves the database as it was. */
import { chownSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { migrate, openDatabase } from '../../src/store/thread/database.ts';
import { temporaryFolder } from './open.ts';

const NOBODY = 65_534;
const STEPS = ['CREATE TABLE a (x)', 'ALTER TABLE a ADD COLUMN y', 'CREATE TABLE b (z)'];

it('goes from any version to the newest and keeps a copy of the one before', () => {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'test.db'));
  expect(migrate(database, STEPS.slice(0, 1))).toEqual({ from: 0, to: 1 });
  database.prepare('INSERT INTO a VALUES (7)').run();
  const migrated = migrate(database, STEPS);
  expect(migrated).toMatchObject({ from: 1, to: 3, copy: join(folder, 'before-version-3.db') });
  expect(migrate(database, STEPS)).toBeUndefined();
  expect(database.prepare('SELECT x, y FROM a').all()).toEqual([{ x: 7, y: null }]);
  database.close();
  const before = new Sqlite(join(folder, 'before-version-3.db'), { readonly: true });
  expect(before.pragma('user_version', { simple: true })).toBe(1);
  expect(before.prepare('SELECT * FROM a').all()).toEqual([{ x: 7 }]);
  before.close();
});

it.runIf(process.getuid?.() === 0)('as root: the copy belongs to the owner of the folder', () => {
  const folder = temporaryFolder();
  chownSync(folder, NOBODY, NOBODY);
  const database = openDatabase(join(folder, 'test.db'));
  migrate(database, STEPS.slice(0, 1));
  const { copy = '' } = migrate(database, STEPS) ?? {};
  database.close();
  for (const file of [copy, join(folder, 'test.db')])
    expect(statSync(file)).toMatchObject({ uid: NOBODY, gid: NOBODY });
});

it('leaves everything as it was when a step fails', () => {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'test.db'));
  migrate(database, STEPS.slice(0, 1));
  expect(() => migrate(database, [...STEPS.slice(0, 1), 'CREATE TABLE c (x); SELECT nonsense FROM nowhere'])).toThrow();
  expect(database.pragma('user_version', { simple: true })).toBe(1);
  expect(database.prepare(`SELECT name FROM sqlite_schema WHERE name = 'c'`).get()).toBeUndefined();
  database.close();
});

it('refuses a newer one and makes no copy of it', () => {
  const folder = temporaryFolder();
  const database = openDatabase(join(folder, 'test.db'));
  migrate(database, STEPS);
  expect(() => migrate(database, STEPS.slice(0, 1))).toThrow(expect.objectContaining({ code: 'newer' }));
  expect(existsSync(join(folder, 'before-version-1.db'))).toBe(false);
  database.close();
});

it('every open survives a power cut: FULL after the first statement, and again at a reopen', () => {
  const file = join(temporaryFolder(), 'test.db');
  for (let time = 0; time < 2; time += 1) {
    const database = openDatabase(file);
    database.exec('CREATE TABLE IF NOT EXISTS a (x)');
    expect(database.pragma('synchronous', { simple: true })).toBe(2);
    expect(database.pragma('page_size', { simple: true })).toBe(2_048);
    expect(database.pragma('auto_vacuum', { simple: true })).toBe(2);
    database.close();
  }
});
