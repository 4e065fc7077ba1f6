/** Reads the tables of a database that may be damaged by row numbers, a few at a time, around rows that SQLite cannot read. */
import Sqlite from 'better-sqlite3';
import { LOST_TABLE } from './lost-rows.ts';

/** Row numbers read at once: of records, which are long and bound for the platform, and of everything else. */
const RECORDS = 50;
const ROWS = 250;
/** Consecutive row numbers that give only errors: behind these the rest of the table is out of SQLite's reach. */
const HOPELESS = 500;

export type Table = readonly [table: string, number: string];

/** Tables by importance, with the number their rows are found by. */
export const TABLES: readonly Table[] = [
  ['release', 'id'],
  ['boot', 'boot_seq'],
  ['attempt', 'release_id'],
  ['incident', 'id'],
  ['snapshot', 'rowid'],
  ['epoch', 'seq'],
  ['journal', 'seq'],
  ['beside', 'release_id'],
  ['observation', 'id'],
  ['account', 'rowid'],
  ['chain', 'first'],
  ['chain_block', 'first'],
  ['chain_head', 'last'],
  ['rest', 'release_id'],
  ['park_fact', 'rowid'],
  ['mark', 'release_id'],
];

/** Row numbers of a table. `errors`: consecutive ones that gave no row. */
export interface RowRange {
  readonly next: number;
  readonly last: number;
  readonly errors: number;
}

interface RowSlice {
  readonly rows: readonly Record<string, unknown>[];
  /** Numbers at which SQLite gives an error. */
  readonly unreadable: readonly number[];
  /** undefined: the table is at its end. */
  readonly rest: RowRange | undefined;
}

export class TableRows {
  readonly #database: Sqlite.Database;
  readonly #refused: () => void;

  /** `refused` is called when SQLite cannot read something. undefined: it cannot read the file at all. */
  static open(file: string, refused: () => void): TableRows | undefined {
    // SQLite opens a file that is no database without an error, and fails at the first statement.
    let database: Sqlite.Database | undefined;
    try {
      // A connection that may write would bring the WAL into the file when it is closed, and delete what it could not read of that.
      database = new Sqlite(file, { readonly: true });
      database.prepare('SELECT count(*) FROM sqlite_schema').get();
      return new TableRows(database, refused);
    } catch (error) {
      database?.close();
      if (!(error instanceof Sqlite.SqliteError)) throw error;
      refused();
      return undefined;
    }
  }

  private constructor(database: Sqlite.Database, refused: () => void) {
    this.#database = database;
    this.#refused = refused;
  }

  close(): void {
    this.#database.close();
  }

  /** Of those there are, and last the rows outside of any. */
  get tables(): readonly Table[] {
    const found = this.#query(`SELECT name FROM sqlite_schema WHERE type = 'table'`) ?? [];
    const names = found.map(({ name }) => name);
    return [...TABLES, [LOST_TABLE, 'rowid'] as const].filter(([table]) => names.includes(table));
  }

  read(table: Table, range = this.#rangeOf(table)): RowSlice {
    const [name, number] = table;
    const { rows, unreadable, errors } = this.#readRows(name, number, range);
    const after = range.next + rowsAtOnce(name);
    const leap = rows.length === 0 ? this.#after(name, number, after) : undefined;
    const next = leap ?? after;
    const isDone = next > range.last || errors >= HOPELESS;
    return { rows, unreadable, rest: isDone ? undefined : { ...range, next, errors: leap === undefined ? errors : 0 } };
  }

  #rangeOf([table, number]: Table): RowRange {
    const [end] = (this.#query(`SELECT min(${number}) AS first, max(${number}) AS last FROM ${table}`) ?? []) as {
      first: number | null;
      last: number | null;
    }[];
    // Neither end can be read: search from the front.
    if (end === undefined) return { next: 1, last: Number.MAX_SAFE_INTEGER, errors: 0 };
    return { next: end.first ?? 1, last: end.last ?? 0, errors: 0 };
  }

  #readRows(table: string, number: string, range: RowRange): Omit<RowSlice, 'rest'> & { readonly errors: number } {
    const { next, last } = range;
    const count = rowsAtOnce(table);
    const sql = `SELECT * FROM ${table} WHERE ${number} BETWEEN ? AND ?`;
    const all = this.#query(sql, next, next + count - 1);
    if (all !== undefined) return { rows: all, unreadable: [], errors: all.length === 0 ? range.errors + count : 0 };
    const rows: Record<string, unknown>[] = [];
    const unreadable: number[] = [];
    let { errors } = range;
    for (let at = next; at < next + count && at <= last; at += 1) {
      const row = this.#query(sql, at, at);
      errors = row === undefined ? errors + 1 : 0;
      if (row !== undefined) rows.push(...row);
      else if (last !== Number.MAX_SAFE_INTEGER) unreadable.push(at);
    }
    return { rows, unreadable, errors };
  }

  /** Numbers leap in the successor of a damaged database. undefined: there is none more, or SQLite cannot find it. */
  #after(table: string, number: string, at: number): number | undefined {
    const sql = `SELECT min(${number}) AS first FROM ${table} WHERE ${number} >= ?`;
    const [found] = (this.#query(sql, at) ?? []) as { first: number | null }[];
    return found !== undefined && found.first !== null && found.first >= at ? found.first : undefined;
  }

  /** Any error of SQLite means damage of the file: undefined, these rows cannot be read. */
  #query(sql: string, ...values: number[]): Record<string, unknown>[] | undefined {
    try {
      return this.#database.prepare(sql).all(...values) as Record<string, unknown>[];
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError)) throw error;
      this.#refused();
      return undefined;
    }
  }
}

const rowsAtOnce = (table: string): number => (table === 'release' ? RECORDS : ROWS);
