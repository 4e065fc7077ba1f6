/**
 * A database that heals itself: a damaged one is put aside whole, a new one begun at once, and what can be read out of the old one
 * is brought over in the background. Folders `damaged/1`, `damaged/2` …; the two newest are kept.
 */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, diskFault, openDatabase } from './database.ts';
import { readLife } from './heartbeat.ts';
import { DATABASE_FILE, Ledger, type Successor } from './ledger.ts';
import type { Moment, ThreadOptions } from './messages.ts';
import type { StoreNotice } from './notice.ts';
import { Recovery } from './salvage.ts';

export { Recovery } from './salvage.ts';

const DAMAGED_FOLDER = 'damaged';
const FOLDERS_KEPT = 2;
/** Above this size only the table of records is checked at a start after a cut: the rest is found out when it is read. */
const WHOLE_CHECK_BYTES = 32_000_000;
/** Numbers in the n-th successor begin at n times this, when nothing better is known. */
const NUMBER_STRIDE = 1_000_000;
const SEQ_STRIDE = 1_000_000_000;

interface Opened {
  readonly ledger: Ledger;
  readonly recovery: Recovery | undefined;
}

type Notify = (notice: StoreNotice) => void;

/** Opens the store, healing it when it is damaged. `check`: look for damage also after a clean stop. Throws what the disk throws. */
export function openHealing(options: ThreadOptions, moment: Moment, notice: Notify, check?: 'check'): Opened {
  try {
    const life = readLife(join(options.path, 'alive'));
    const unclean = life.exists && life.life?.clean !== true;
    const ledger = Ledger.open(options, moment, notice);
    if (!options.tool && (unclean || check !== undefined)) {
      const fault = damage(ledger.database);
      if (fault !== undefined) {
        const successor = ledger.succession(moment);
        ledger.close();
        return quarantine(options, moment, notice, fault, check === undefined ? undefined : successor);
      }
    }
    return { ledger, recovery: undefined };
  } catch (error) {
    if (diskFault(error) !== 'corrupt' || options.tool) throw error;
    return quarantine(options, moment, notice, (error as Error).message, undefined);
  }
}

/** Puts the database aside and begins a new one. `successor`: where its numbers begin, when the old one was open. */
export function quarantine(
  options: ThreadOptions,
  moment: Moment,
  notice: Notify,
  detail: string,
  successor: Successor | undefined,
): Opened {
  const { number, folder } = putAside(options.path);
  notice({ kind: 'quarantined', folder, detail });
  const ledger = Ledger.open(options, moment, notice, {
    ...successor,
    bootSeq: Math.max(successor?.bootSeq ?? 0, number * NUMBER_STRIDE),
    journalSeq: Math.max(successor?.journalSeq ?? 0, number * SEQ_STRIDE),
    incidentId: number * NUMBER_STRIDE,
    recordId: Math.max(successor?.recordId ?? 0, number * NUMBER_STRIDE),
  });
  ledger.incidents.add('quarantined', { folder, detail }, moment);
  return { ledger, recovery: new Recovery(join(folder, DATABASE_FILE), notice, moment) };
}

/** Also the WAL goes along: without it the database would lose its newest commits. */
function putAside(path: string): { number: number; folder: string } {
  const root = join(path, DAMAGED_FOLDER);
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const numbers = readdirSync(root)
    .map(Number)
    .filter((number) => number > 0);
  const number = Math.max(0, ...numbers) + 1;
  const folder = join(root, String(number));
  mkdirSync(folder, { mode: 0o700 });
  for (const suffix of ['-wal', '-shm', '']) {
    const file = join(path, DATABASE_FILE + suffix);
    if (existsSync(file)) renameSync(file, join(folder, DATABASE_FILE + suffix));
  }
  for (const old of numbers) if (old <= number - FOLDERS_KEPT) rmSync(join(root, String(old)), { recursive: true });
  return { number, folder };
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

/** For tests and tools: opens what was put aside. */
export function openDamaged(file: string): Database {
  return openDatabase(file);
}
