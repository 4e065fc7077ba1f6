/**
 * A store that heals itself: a damaged database is quarantined whole, a new one begun at once, and what can be read of the old one is brought over
 * in the background. Folders `damaged/1`, `damaged/2` …. A mark in the folder says that this is not finished: the folder is kept, and the next
 * start continues.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import type { ThreadOptions } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import { DATABASE_FILE, type Database, diskFault } from '../thread/database.ts';
import { DAMAGED_FOLDER, LOST_FOLDER } from '../thread/frames.ts';
import { LIFE_FILE, readLife } from '../thread/heartbeat.ts';
import { Ledger, type Successor } from '../thread/ledger.ts';
import { makeFolder } from '../thread/owner.ts';
import { sync } from '../thread/sync.ts';
import { Recovery, UNFINISHED } from './salvage.ts';
import { hasLostCommits } from './wal.ts';

export type { Recovery } from './salvage.ts';

/** In the folder of one that is brought over: the pictures of its lost rows have been moved. */
const SWEPT = 'swept';
/** Quarantined databases kept after they are brought over; the oldest are removed. */
const FINISHED_KEPT = 2;
/** Quarantined databases kept that are not brought over yet. Beyond that the smallest is removed: the first usually has most of the records. */
const UNFINISHED_KEPT = 8;
/** Above this size nothing is checked at a start after a power cut: the records are read through afterwards, other damage is found when it is read. */
const WHOLE_CHECK_BYTES = 32_000_000;
/** Names of pictures and records with some, at a time; and records that are read through. */
const AT_ONCE = 1_000;
const READ_AT_ONCE = 500;
/** Numbers in the n-th successor begin at n times this, without better knowledge. */
const NUMBER_STRIDE = 1_000_000;
const SEQ_STRIDE = 1_000_000_000;

type Notify = (notice: StoreNotice) => void;

/**
 * Opens the store, healing it when it is damaged. `again`: in the middle of a run, with what was known of it; then damage is checked for also after
 * a clean stop. Throws what the disk throws.
 */
export function openHealing(
  options: ThreadOptions,
  moment: Moment,
  notice: Notify,
  again?: { readonly successor: Successor | undefined },
): Ledger {
  const known = again?.successor;
  try {
    if (!options.tool) finishMove(options.path);
    const life = readLife(join(options.path, LIFE_FILE));
    const unclean = life.exists && life.life?.clean !== true;
    // Before SQLite opens it, which would discard what it does not read. Twice, because another process may just be writing.
    const wal = join(options.path, `${DATABASE_FILE}-wal`);
    if ((unclean || again !== undefined) && hasLostCommits(wal) && hasLostCommits(wal)) {
      const detail = 'commits lie behind a damaged frame of the WAL';
      if (options.tool) throw new StoreError('damaged', detail);
      return quarantine(options, moment, notice, detail, known);
    }
    // New records must not take the number of a record that is still to be brought over.
    const [pending] = unfinished(options.path);
    const successor = pending === undefined ? undefined : { ...known, ...floors(pending, known) };
    const ledger = Ledger.open(options, moment, notice, successor);
    if (options.tool) return ledger;
    if (pending !== undefined) tell(ledger, folderOf(options.path, pending), moment);
    if (unclean || again !== undefined) {
      const fault = damage(ledger.database);
      if (fault !== undefined) {
        const next = ledger.succession(moment);
        ledger.close();
        return quarantine(options, moment, notice, fault, again === undefined ? undefined : next);
      }
    }
    return ledger;
  } catch (error) {
    if (diskFault(error) !== 'corrupt' || options.tool) throw error;
    return quarantine(options, moment, notice, (error as Error).message, known);
  }
}

/** Quarantines the database and begins a new one. `successor`: where its numbers begin, when the old one was open. */
export function quarantine(
  options: ThreadOptions,
  moment: Moment,
  notice: Notify,
  detail: string,
  successor: Successor | undefined,
): Ledger {
  const { number, folder } = putAside(options.path, detail);
  removeFinished(options.path);
  const givenUp = removeSmallest(options.path);
  const told = { folder, detail, ...(givenUp !== undefined && { givenUp }) };
  notice({ kind: 'quarantined', ...told });
  const ledger = Ledger.open(options, moment, notice, {
    ...successor,
    ...floors(number, successor),
  });
  tell(ledger, folder, moment, told);
  return ledger;
}

/** Unless it is recorded already: a full disk or a power cut may have come after the move. */
function tell(ledger: Ledger, folder: string, moment: Moment, told?: object): void {
  if (ledger.incidents.tellsOf(folder)) return;
  const detail = { folder, detail: readFileSync(join(folder, UNFINISHED), 'utf8'), ...told };
  ledger.incidents.add('quarantined', detail, moment);
}

/** The newest first of the databases that are not brought over: of a record that is in two of them it knows better. `wake`: see `Recovery`. */
export function pendingRecovery(path: string, notice: Notify, moment: Moment, wake?: () => void): Recovery | undefined {
  const [number] = unfinished(path);
  return number === undefined ? undefined : new Recovery(folderOf(path, number), notice, moment, wake);
}

/** Where the numbers begin in the successor of the `number`-th damaged database. */
function floors(number: number, successor?: Successor) {
  return {
    bootSeq: Math.max(successor?.bootSeq ?? 0, number * NUMBER_STRIDE),
    journalSeq: Math.max(successor?.journalSeq ?? 0, number * SEQ_STRIDE),
    incidentId: number * NUMBER_STRIDE,
    observationId: number * NUMBER_STRIDE,
    recordId: Math.max(successor?.recordId ?? 0, number * NUMBER_STRIDE),
  };
}

const folderOf = (path: string, number: number): string => join(path, DAMAGED_FOLDER, String(number));

function numbersOf(path: string): number[] {
  const root = join(path, DAMAGED_FOLDER);
  if (!existsSync(root)) return [];
  return readdirSync(root)
    .map(Number)
    .filter((number) => number > 0);
}

/** The newest first. A mark alone: a power cut came before the database was moved. */
function unfinished(path: string): number[] {
  return numbersOf(path)
    .filter((number) => [UNFINISHED, DATABASE_FILE].every((name) => existsSync(join(folderOf(path, number), name))))
    .sort((a, b) => b - a);
}

/** A power cut came between the moves: without a database here, the remaining files belong to the one moved already. */
function finishMove(path: string): void {
  const [number] = unfinished(path);
  if (number !== undefined && !existsSync(join(path, DATABASE_FILE))) move(path, folderOf(path, number));
}

/** Also moves the WAL: without it the database would lose its newest commits. The database first: see `finishMove`. */
function move(path: string, folder: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    const file = join(path, DATABASE_FILE + suffix);
    if (existsSync(file)) renameSync(file, join(folder, DATABASE_FILE + suffix));
  }
}

function putAside(path: string, detail: string): { number: number; folder: string } {
  const root = join(path, DAMAGED_FOLDER);
  makeFolder(root);
  const number = Math.max(0, ...numbersOf(path)) + 1;
  const folder = folderOf(path, number);
  makeFolder(folder);
  try {
    const mark = join(folder, UNFINISHED);
    writeFileSync(mark, detail, { mode: 0o600 });
    for (const made of [mark, folder, root, path]) sync(made);
  } catch (error) {
    // The caller retries every second: not a folder more each time.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  move(path, folder);
  return { number, folder };
}

/**
 * Removes what is not needed once everything is brought over, and reads through a large database; in parts, one at each call, because neither may
 * keep the box from starting.
 */
export function* sweeping(path: string, ledger: Ledger, notice: Notify): Generator<undefined> {
  try {
    removeFinished(path);
    // Pictures whose rows were lost with the last database brought over: evidence nevertheless, kept with it.
    const number = Math.max(0, ...numbersOf(path));
    const folder = folderOf(path, number);
    const isFirst = number > 0 && !existsSync(join(folder, SWEPT));
    const orphans = yield* orphansOf(ledger);
    const files = ledger.frames.sweep(orphans, isFirst ? join(folder, LOST_FOLDER) : undefined);
    if (isFirst) writeFileSync(join(folder, SWEPT), '', { mode: 0o600 });
    if (files > 0) notice(isFirst ? { kind: 'keptPictures', files, folder } : { kind: 'swept', files });
  } catch (error) {
    // The next request meets the fault and handles it, and the next start sweeps.
    if (diskFault(error) === undefined) throw error;
  }
  if (statSync(ledger.database.name).size <= WHOLE_CHECK_BYTES) return;
  yield;
  yield* readThrough(ledger);
}

/** Pictures without a row. Those that come while it looks are not among them: the files were listed before. */
function* orphansOf({ database, frames }: Ledger): Generator<undefined, string[]> {
  const left = new Set<string>();
  for (const names of frames.names(AT_ONCE)) {
    for (const name of names) left.add(name);
    if (names.length === AT_ONCE) yield;
  }
  for (const table of [
    `id, frame_file FROM release INDEXED BY release_framed`,
    `release_id AS id, frame_file FROM beside`,
  ]) {
    const key = table.startsWith('id') ? 'id' : 'release_id';
    const rows = database.prepare(
      `SELECT ${table} WHERE frame_file IS NOT NULL AND ${key} > ? ORDER BY ${key} LIMIT ${AT_ONCE}`,
    );
    for (let after = -1, isEnd = left.size === 0; !isEnd; ) {
      const found = rows.all(after) as { readonly id: number; readonly frame_file: string }[];
      for (const { frame_file } of found) left.delete(frame_file);
      isEnd = found.length < AT_ONCE;
      // Of the last record there may be another frame beside.
      after = (found.at(-1)?.id ?? 0) - (key === 'id' ? 0 : 1);
      if (!isEnd) yield;
    }
  }
  return [...left];
}

/** All records: damage of a page shows where it is read. */
function* readThrough({ database }: Ledger): Generator<undefined> {
  const rows = database.prepare(
    `SELECT max(id) AS last, total(length(body)) FROM (SELECT id, body FROM release WHERE id > ? ORDER BY id LIMIT ${READ_AT_ONCE})`,
  );
  for (let after: number | null = 0; after !== null; ) {
    after = (rows.get(after) as { readonly last: number | null }).last;
    yield;
  }
}

/** Keeps the newest of the databases that are brought over. */
function removeFinished(path: string): void {
  const waiting = unfinished(path);
  const finished = numbersOf(path).filter((number) => !waiting.includes(number));
  for (const old of finished.sort((a, b) => b - a).slice(FINISHED_KEPT))
    rmSync(folderOf(path, old), { recursive: true });
}

/** Removes one of those that are not, when there are too many. Returns its folder. */
function removeSmallest(path: string): string | undefined {
  const folders = unfinished(path).map((number) => folderOf(path, number));
  if (folders.length <= UNFINISHED_KEPT) return undefined;
  const [smallest] = folders.toSorted((a, b) => bytesIn(a) - bytesIn(b));
  return smallest !== undefined && isRemoved(smallest) ? smallest : undefined;
}

/** A folder that cannot be removed does not stop the box: the next quarantine retries it. */
function isRemoved(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true });
    return true;
  } catch {
    return false;
  }
}

function bytesIn(folder: string): number {
  return readdirSync(folder).reduce((bytes, name) => bytes + statSync(join(folder, name)).size, 0);
}

/** The fault that SQLite finds; undefined: none. */
function damage(database: Database): string | undefined {
  if (statSync(database.name).size > WHOLE_CHECK_BYTES) return undefined;
  try {
    const found = database.pragma('quick_check(1)', { simple: true }) as string;
    return found === 'ok' ? undefined : found;
  } catch (error) {
    // An unreadable block is damage too, as long as the disk accepts a new file.
    if (diskFault(error) === 'corrupt' || diskFault(error) === 'io') return (error as Error).message;
    throw error;
  }
}
