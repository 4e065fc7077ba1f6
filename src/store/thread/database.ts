/** Opens the database so that a commit survives a power cut, and brings its tables up to date. It knows no table by name. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StoreError } from '../error.ts';
import type { Stall } from '../notice.ts';
import { FRAME_HEADER, PAGE, WAL_HEADER } from '../repair/wal.ts';
import { makeFile } from './owner.ts';
import { MIGRATIONS } from './schema.ts';

export type Database = Sqlite.Database;

/** In the state folder. */
export const DATABASE_FILE = 'lanewarden.db';

const FULL = 2;
/** Of the WAL; then a checkpoint has it begin anew from its first block. */
const WAL_FRAMES = 2_000;
const WIDEN_BYTES = 262_144;
/** How long a write waits for another process (the command `queue` beside a running bridge). */
const BUSY_MS = 5_000;

/** The first database loads SQLite; this does it ahead of time. */
export function loadDatabase(): void {
  new Sqlite(':memory:').close();
}

/**
 * Opens or creates `file`. better-sqlite3 is built with NORMAL for WAL databases: the pragma still reads FULL until the first
 * statement and is NORMAL afterwards, also at every reopen. So it is set after a first statement and asserted after another.
 */
export function openDatabase(file: string): Database {
  makeFile(file);
  const database = new Sqlite(file, { timeout: BUSY_MS });
  try {
    // These two work only on a new database. Every commit writes whole pages to the WAL: half the size is nearly half the wear.
    database.pragma(`page_size = ${PAGE}`);
    // It lets deleted space go back to the disk in small steps.
    database.pragma('auto_vacuum = INCREMENTAL');
    database.pragma('journal_mode = WAL');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.pragma('synchronous = FULL');
    database.pragma(`wal_autocheckpoint = ${WAL_FRAMES}`);
    database.pragma('journal_size_limit = 4194304');
    database.pragma('cache_size = -2000');
    // What is deleted is overwritten: deleted plates would else stay readable in the file.
    database.pragma('secure_delete = ON');
    // No table of ours refers to another.
    database.pragma('foreign_keys = OFF');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    assert.equal(database.pragma('synchronous', { simple: true }), FULL, 'commits would not survive a power cut');
    assert.equal(
      database.pragma('journal_mode', { simple: true }),
      'wal',
      'the file system cannot hold a WAL database',
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Lengthens a WAL that is shorter than it will become, a part at a time: a commit into blocks that the file has is one flush, where one that lengthens
 * it is a commit of the file system as well. SQLite reads nothing behind the last whole frame.
 */
export function widenWal(database: Database): void {
  const file = `${database.name}-wal`;
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  const whole = WAL_HEADER + WAL_FRAMES * (FRAME_HEADER + PAGE);
  if (size !== undefined && size < whole) appendFileSync(file, Buffer.alloc(Math.min(WIDEN_BYTES, whole - size)));
}

/** Makes the open transaction write a page although nothing has changed, so that its commit reaches the disk. */
export function touch(database: Database): void {
  database.pragma(`user_version = ${database.pragma('user_version', { simple: true })}`);
}

export interface Migrated {
  readonly from: number;
  readonly to: number;
  /** The copy made before, unless the database was new. */
  readonly copy?: string;
}

/**
 * Takes the database to the newest version, each step in its own transaction. A copy is made first (`VACUUM INTO`) and kept
 * until the next migration, so that the former version of the program can be put back. Throws StoreError `newer`.
 */
export function migrate(database: Database, migrations: readonly string[] = MIGRATIONS): Migrated | undefined {
  const from = database.pragma('user_version', { simple: true }) as number;
  if (from > migrations.length)
    throw new StoreError('newer', `the database has version ${from}, this program knows ${migrations.length}`);
  if (from === migrations.length) return undefined;
  const copy = from === 0 ? undefined : join(dirname(database.name), `before-version-${migrations.length}.db`);
  if (copy !== undefined) {
    if (existsSync(copy)) rmSync(copy);
    makeFile(copy);
    database.prepare('VACUUM INTO ?').run(copy);
  }
  for (const [index, step] of migrations.entries()) {
    if (index < from) continue;
    database.transaction(() => {
      database.exec(step);
      database.pragma(`user_version = ${index + 1}`);
    })();
  }
  return { from, to: migrations.length, ...(copy === undefined ? {} : { copy }) };
}

export type DiskFault = Stall | 'corrupt';

const FAULTS: readonly (readonly [prefix: string, fault: DiskFault])[] = [
  ['SQLITE_FULL', 'full'],
  ['ENOSPC', 'full'],
  ['EDQUOT', 'full'],
  ['SQLITE_READONLY', 'readonly'],
  ['EROFS', 'readonly'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'corrupt'],
  ['SQLITE_IOERR_CORRUPTFS', 'corrupt'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
  ['EIO', 'io'],
  ['ENXIO', 'io'],
  ['ENODEV', 'io'],
  ['EUCLEAN', 'io'],
  ['EMFILE', 'io'],
  ['ENFILE', 'io'],
  // A folder of ours is gone; opening the store again makes it.
  ['ENOENT', 'io'],
  ['EACCES', 'readonly'],
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
];

/** The kind of disk fault of an error; undefined: none, so it is a bug. */
export function diskFault(error: unknown): DiskFault | undefined {
  const { code, syscall } = (error ?? {}) as { code?: unknown; syscall?: unknown };
  if (typeof code !== 'string') return undefined;
  // Only of the file system: a missing program is a bug.
  if (code === 'ENOENT' && (typeof syscall !== 'string' || syscall.startsWith('spawn'))) return undefined;
  return FAULTS.find(([prefix]) => code.startsWith(prefix))?.[1];
}
