/**
 * A database that heals itself: a damaged one is put aside whole, a new one begun at once, and what can be read out of the old one
 * is brought over in the background. Folders `damaged/1`, `damaged/2` …. A mark in the folder says that this is not done yet: it is kept, and
 * whoever opens the store next goes on with it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../error.ts';
import type { ThreadOptions } from '../messages.ts';
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import { type Database, diskFault } from '../thread/database.ts';
import { DAMAGED_FOLDER, LOST_FOLDER } from '../thread/frames.ts';
import { readLife } from '../thread/heartbeat.ts';
import { DATABASE_FILE, Ledger, type Successor } from '../thread/ledger.ts';
import { sync } from '../thread/sync.ts';
import { Recovery, UNFINISHED } from './salvage.ts';
import { hasLostCommits } from './wal.ts';

export type { Recovery } from './salvage.ts';

/** In the folder of one that is brought over: the pictures of rows that were lost with it have been told apart. */
const SWEPT = 'swept';
/** Of those that are brought over; the oldest go. */
const FINISHED_KEPT = 2;
/** On a card that damages one after the other before any is brought over. Then the smallest goes: what came first has most of the records. */
const UNFINISHED_KEPT = 8;
/** Above this size only the table of records is checked at a start after a cut: the rest is found out when it is read. */
const WHOLE_CHECK_BYTES = 32_000_000;
/** Numbers in the n-th successor begin at n times this, when nothing better is known. */
const NUMBER_STRIDE = 1_000_000;
const SEQ_STRIDE = 1_000_000_000;

type Notify = (notice: StoreNotice) => void;

/**
 * Opens the store, healing it when it is damaged. `again`: in the middle of a run, with what was known of it; then damage is looked for also
 * after a clean stop. Throws what the disk throws.
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
    const life = readLife(join(options.path, 'alive'));
    const unclean = life.exists && life.life?.clean !== true;
    // Before SQLite opens it, which would throw away what it does not read. Twice, because somebody may just be writing.
    const wal = join(options.path, `${DATABASE_FILE}-wal`);
    if ((unclean || again !== undefined) && hasLostCommits(wal) && hasLostCommits(wal)) {
      const detail = 'commits lie behind a damaged frame of the WAL';
      if (options.tool) throw new StoreError('damaged', detail);
      return quarantine(options, moment, notice, detail, known);
    }
    // What is put now must not take the number of a record that is still to be brought over.
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

/** Puts the database aside and begins a new one. `successor`: where its numbers begin, when the old one was open. */
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

/** Unless it is told already: a full disk or a cut may have come when the database had been moved. */
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

/** Where the numbers of the database begin that takes the place of the `number`-th damaged one. */
function floors(number: number, successor?: Successor) {
  return {
    bootSeq: Math.max(successor?.bootSeq ?? 0, number * NUMBER_STRIDE),
    journalSeq: Math.max(successor?.journalSeq ?? 0, number * SEQ_STRIDE),
    incidentId: number * NUMBER_STRIDE,
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

/** The newest first. A mark alone: a cut came before the database was moved. */
function unfinished(path: string): number[] {
  return numbersOf(path)
    .filter((number) => [UNFINISHED, DATABASE_FILE].every((name) => existsSync(join(folderOf(path, number), name))))
    .sort((a, b) => b - a);
}

/** A cut came between the moves: without a database here, what lies here belongs to the one that has gone ahead. */
function finishMove(path: string): void {
  const [number] = unfinished(path);
  if (number !== undefined && !existsSync(join(path, DATABASE_FILE))) move(path, folderOf(path, number));
}

/** Also the WAL goes along: without it the database would lose its newest commits. The database first: see `finishMove`. */
function move(path: string, folder: string): void {
  for (const suffix of ['', '-wal', '-shm']) {
    const file = join(path, DATABASE_FILE + suffix);
    if (existsSync(file)) renameSync(file, join(folder, DATABASE_FILE + suffix));
  }
}

function putAside(path: string, detail: string): { number: number; folder: string } {
  const root = join(path, DAMAGED_FOLDER);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const number = Math.max(0, ...numbersOf(path)) + 1;
  const folder = folderOf(path, number);
  mkdirSync(folder, { mode: 0o700 });
  try {
    const mark = join(folder, UNFINISHED);
    writeFileSync(mark, detail, { mode: 0o600 });
    for (const made of [mark, folder, root, path]) sync(made);
  } catch (error) {
    // It is tried again every second: not a folder more each time.
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
  move(path, folder);
  return { number, folder };
}

/** Removes what nobody needs when everything is brought over. */
export function sweep(path: string, ledger: Ledger | undefined, notice: Notify): void {
  try {
    removeFinished(path);
    // Whose rows were lost with a database that has just been brought over: evidence all the same, kept with it.
    const number = Math.max(0, ...numbersOf(path));
    const folder = folderOf(path, number);
    const isFirst = number > 0 && !existsSync(join(folder, SWEPT));
    const files = ledger?.sweep(isFirst ? join(folder, LOST_FOLDER) : undefined) ?? 0;
    if (isFirst && ledger !== undefined) writeFileSync(join(folder, SWEPT), '', { mode: 0o600 });
    if (files > 0) notice(isFirst ? { kind: 'keptPictures', files, folder } : { kind: 'swept', files });
  } catch (error) {
    // It keeps no box from starting: the next request meets the fault and deals with it, and the next start sweeps.
    if (diskFault(error) === undefined) throw error;
  }
}

/** Of the databases that are brought over all but the newest. */
function removeFinished(path: string): void {
  const waiting = unfinished(path);
  const finished = numbersOf(path).filter((number) => !waiting.includes(number));
  for (const old of finished.sort((a, b) => b - a).slice(FINISHED_KEPT))
    rmSync(folderOf(path, old), { recursive: true });
}

/** Of those that are not, one when there are too many. Returns its folder. */
function removeSmallest(path: string): string | undefined {
  const folders = unfinished(path).map((number) => folderOf(path, number));
  if (folders.length <= UNFINISHED_KEPT) return undefined;
  const [smallest] = folders.toSorted((a, b) => bytesIn(a) - bytesIn(b));
  return smallest !== undefined && isRemoved(smallest) ? smallest : undefined;
}

/** One that cannot be removed keeps no box from going on: it is tried again with the next. */
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

/** What SQLite finds wrong, in its words; undefined: nothing. */
function damage(database: Database): string | undefined {
  const scope = statSync(database.name).size > WHOLE_CHECK_BYTES ? `('release')` : '(1)';
  try {
    const found = database.pragma(`quick_check${scope}`, { simple: true }) as string;
    return found === 'ok' ? undefined : found;
  } catch (error) {
    // A block that cannot be read any more is damage too, as long as the disk takes a new file.
    if (diskFault(error) === 'corrupt' || diskFault(error) === 'io') return (error as Error).message;
    throw error;
  }
}
