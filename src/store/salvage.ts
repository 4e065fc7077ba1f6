/**
 * Reads a damaged database, a few rows at a time, and brings what is readable into its successor under the same numbers. It never
 * writes to the damaged one. A page that cannot be read costs its own rows and no more.
 */
import Sqlite from 'better-sqlite3';
import { diskFault } from './database.ts';
import type { Ledger } from './ledger.ts';
import type { Moment } from './messages.ts';
import type { StoreNotice } from './notice.ts';

const ROWS = 50;
/** So many numbers in a row that give only errors mean that the rest of the table is out of reach. */
const HOPELESS = 5_000;

/** Tables by importance, with the number their rows are found by. */
const TABLES: readonly (readonly [table: string, number: string])[] = [
  ['release', 'id'],
  ['boot', 'boot_seq'],
  ['snapshot', 'rowid'],
  ['journal', 'seq'],
];

interface Progress {
  readonly table: string;
  readonly number: string;
  next: number;
  readonly last: number;
  errors: number;
}

export class Recovery {
  readonly #notice: (notice: StoreNotice) => void;
  readonly #moment: Moment;
  readonly #old: Sqlite.Database | undefined;
  #tables = [...TABLES];
  #progress: Progress | undefined;
  #records = 0;
  #unreadable = 0;

  constructor(file: string, notice: (notice: StoreNotice) => void, moment: Moment) {
    this.#notice = notice;
    this.#moment = moment;
    this.#old = open(file);
    if (this.#old === undefined) this.#tables = [];
  }

  /** One slice of the work, in a transaction of its own. false: done. */
  step(ledger: Ledger): boolean {
    this.#progress ??= this.#nextTable();
    if (this.#progress === undefined) {
      this.close();
      ledger.space.measure();
      ledger.incidents.add('salvaged', { records: this.#records, unreadable: this.#unreadable }, this.#moment);
      this.#notice({ kind: 'salvaged', records: this.#records, unreadable: this.#unreadable });
      return false;
    }
    const progress = this.#progress;
    const rows = this.#read(progress);
    ledger.begin();
    try {
      for (const row of rows) this.#bring(ledger, progress.table, row);
      ledger.commit();
    } catch (error) {
      ledger.rollback();
      throw error;
    }
    progress.next += ROWS;
    if (progress.next > progress.last || progress.errors >= HOPELESS) this.#progress = undefined;
    return true;
  }

  close(): void {
    this.#old?.close();
  }

  #nextTable(): Progress | undefined {
    const next = this.#tables.shift();
    if (next === undefined) return undefined;
    const [table, number] = next;
    const ends = this.#try(`SELECT min(${number}) AS first, max(${number}) AS last FROM ${table}`);
    const [end] = (ends ?? []) as { first: number | null; last: number | null }[];
    // Both ends of the table are unreadable: feel the way from the front.
    if (end === undefined) return { table, number, next: 1, last: Number.MAX_SAFE_INTEGER, errors: 0 };
    return { table, number, next: end.first ?? 1, last: end.last ?? 0, errors: 0 };
  }

  #read(progress: Progress): Record<string, unknown>[] {
    const { table, number, next } = progress;
    const sql = `SELECT * FROM ${table} WHERE ${number} BETWEEN ? AND ?`;
    const together = this.#try(sql, next, next + ROWS - 1);
    if (together !== undefined) {
      progress.errors = together.length === 0 && progress.last === Number.MAX_SAFE_INTEGER ? progress.errors + ROWS : 0;
      return together;
    }
    const rows: Record<string, unknown>[] = [];
    for (let at = next; at < next + ROWS && at <= progress.last; at += 1) {
      const row = this.#try(sql, at, at);
      if (row === undefined) {
        progress.errors += 1;
        if (table === 'release' && progress.last !== Number.MAX_SAFE_INTEGER) this.#unreadable += 1;
      } else {
        progress.errors = 0;
        rows.push(...row);
      }
    }
    return rows;
  }

  #bring(ledger: Ledger, table: string, row: Record<string, unknown>): void {
    const columns = Object.keys(row);
    const { changes } = ledger.database
      .prepare(
        `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
      )
      .run(row);
    if (table === 'release') this.#records += changes;
  }

  /** undefined: these rows cannot be read. */
  #try(sql: string, ...values: number[]): Record<string, unknown>[] | undefined {
    try {
      return this.#old?.prepare(sql).all(...values) as Record<string, unknown>[] | undefined;
    } catch (error) {
      if (diskFault(error) === undefined && (error as { code?: string }).code !== 'SQLITE_ERROR') throw error;
      return undefined;
    }
  }
}

/** A file that is no database any more is opened without complaint and fails at the first statement. */
function open(file: string): Sqlite.Database | undefined {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(file);
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database?.close();
    if (diskFault(error) === undefined) throw error;
    return undefined;
  }
}
