/**
 * Whole copies of the database: made before an update and for a backup, and restored when the program that must read it is older than the one that
 * wrote it. For tools beside the bridge: copying works while it runs, restoring does not. It knows no table.
 */
import { closeSync, copyFileSync, existsSync, fchmodSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StoreError } from '../error.ts';
import { DATABASE_FILE, diskFault } from '../thread/database.ts';
import { give } from '../thread/owner.ts';
import { MIGRATIONS } from '../thread/schema.ts';
import { sync } from '../thread/sync.ts';
import { carryOver } from './carry-over.ts';

/** How long a copy waits for a commit of the bridge. */
const BUSY_MS = 5_000;
/** Replaced databases that are kept, for a person who needs something out of them. */
const REPLACED_MAX = 2;
const SUFFIXES = ['-wal', '-shm', ''] as const;

/** The copy that is made before each update. */
export const copyBeforeUpdate = (folder: string): string => join(folder, 'before-update.db');

/** Writes a whole, compact copy (`VACUUM INTO`) that survives a power cut. False: there is no database yet. Throws StoreError `unavailable`. */
export function copyDatabase(folder: string, file: string): boolean {
  const source = join(folder, DATABASE_FILE);
  if (!existsSync(source)) return false;
  const unfinished = `${file}.new`;
  rmSync(unfinished, { force: true });
  try {
    const database = new Sqlite(source, { timeout: BUSY_MS });
    try {
      database.prepare('VACUUM INTO ?').run(unfinished);
    } finally {
      database.close();
    }
    settle(unfinished, file);
    return true;
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (diskFault(error) === undefined) throw error;
    throw new StoreError('unavailable', (error as Error).message, { cause: error });
  }
}

/** What a copy holds. */
export interface CopyCount {
  readonly records: number;
  /** The number of its newest row of the chain. */
  readonly rows: number;
}

/** `isThorough`: each page of it is read. undefined: it is damaged. */
export function countCopy(file: string, isThorough: boolean): CopyCount | undefined {
  const database = new Sqlite(file, { readonly: true });
  try {
    if (isThorough && database.pragma('integrity_check', { simple: true }) !== 'ok') return undefined;
    const count = (sql: string): number => (database.prepare(sql).pluck().get() as number | null) ?? 0;
    return { records: count('SELECT count(*) FROM release'), rows: count('SELECT max(seq) FROM journal') };
  } catch (error) {
    if (diskFault(error) !== 'corrupt') throw error;
    return undefined;
  } finally {
    database.close();
  }
}

/**
 * Replaces the database by `copy`; the former one is kept as `replaced-N.db`. `ifNewer`: only when this program cannot read the present one;
 * then what that has kept since is carried over, as far as this program knows it. Returns the name under which the former one is kept, or
 * undefined when nothing was done. Throws StoreError `inUse`, `unavailable`.
 */
export function putBackDatabase(folder: string, copy: string, ifNewer: boolean): string | undefined {
  const file = join(folder, DATABASE_FILE);
  if (existsSync(file)) {
    const version = versionAlone(file);
    if (ifNewer && version !== undefined && version <= MIGRATIONS.length) return undefined;
  } else if (ifNewer) return undefined;
  const unfinished = `${file}.new`;
  copyFileSync(copy, unfinished);
  if (ifNewer) {
    const database = new Sqlite(unfinished);
    try {
      carryOver(database, file);
    } finally {
      database.close();
    }
  }
  const kept = putAside(folder);
  settle(unfinished, file);
  return kept;
}

/** The version of a database that no other process has open; undefined: it is damaged. */
function versionAlone(file: string): number | undefined {
  try {
    const database = new Sqlite(file, { timeout: 0 });
    try {
      // In WAL mode an open connection holds a shared lock as long as it lives.
      database.pragma('locking_mode = EXCLUSIVE');
      database.exec('BEGIN EXCLUSIVE; COMMIT');
      return database.pragma('user_version', { simple: true }) as number;
    } finally {
      database.close();
    }
  } catch (error) {
    const fault = diskFault(error);
    if (fault === 'corrupt') return undefined;
    if (fault === undefined) throw error;
    throw new StoreError(fault === 'busy' ? 'inUse' : 'unavailable', (error as Error).message, { cause: error });
  }
}

function putAside(folder: string): string | undefined {
  const numbers = readdirSync(folder).flatMap((name) => {
    const [, number] = /^replaced-(\d+)\.db$/.exec(name) ?? [];
    return number === undefined ? [] : [Number(number)];
  });
  const next = Math.max(0, ...numbers) + 1;
  for (const suffix of SUFFIXES) {
    const from = join(folder, DATABASE_FILE + suffix);
    if (existsSync(from)) renameSync(from, join(folder, `replaced-${next}.db${suffix}`));
  }
  for (const old of numbers)
    if (old <= next - REPLACED_MAX)
      for (const suffix of SUFFIXES) rmSync(join(folder, `replaced-${old}.db${suffix}`), { force: true });
  return `replaced-${next}.db`;
}

/** Flushed, then renamed. It belongs to the owner of its folder, whoever made it. */
function settle(unfinished: string, file: string): void {
  const handle = openSync(unfinished, 'r+');
  try {
    fchmodSync(handle, 0o600);
    give(handle, dirname(file));
  } finally {
    closeSync(handle);
  }
  sync(unfinished);
  renameSync(unfinished, file);
  sync(dirname(file));
}
