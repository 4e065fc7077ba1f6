/**
 * Brings what is readable of a damaged database into its successor, a little at a time, under the same numbers: first what SQLite can still
 * read, then records, their tries and incidents found by going over the pages, for a damaged root or schema hides rows that are whole. It never writes to the old one.
 * Done again it changes nothing: what is there already, as it has become since, stays.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { diskFault } from './database.ts';
import { INCIDENT_KINDS } from './incidents.ts';
import { DATABASE_FILE, type Ledger } from './ledger.ts';
import type { Moment } from './messages.ts';
import type { StoreNotice } from './notice.ts';
import { RawPages, type RawRow } from './raw-pages.ts';
import { RECORD_STATES } from './records.ts';

/** A file beside a damaged database as long as not everything is brought over. */
export const UNFINISHED = 'unfinished';

const ROWS = 50;
const PAGES = 50;
/** So many row numbers in a row that give only errors mean that the rest of the table is out of SQLite's reach. */
const HOPELESS = 500;

/** Tables by importance, with the number their rows are found by. */
const TABLES: readonly (readonly [table: string, number: string])[] = [
  ['release', 'id'],
  ['boot', 'boot_seq'],
  ['attempt', 'release_id'],
  ['incident', 'id'],
  ['snapshot', 'rowid'],
  ['journal', 'seq'],
  ['beside', 'release_id'],
];

interface Progress {
  readonly table: string;
  readonly number: string;
  next: number;
  readonly last: number;
  errors: number;
}

interface Source {
  /** undefined: SQLite cannot read it. */
  readonly database: Sqlite.Database | undefined;
  readonly pages: RawPages;
}

export class Recovery {
  readonly #folder: string;
  readonly #notice: (notice: StoreNotice) => void;
  readonly #moment: Moment;
  /** Opened at the first step, because a disk may refuse that as it may refuse the others. */
  #source: Source | undefined;
  #tables = [...TABLES];
  #progress: Progress | undefined;
  #page = 1;
  #records = 0;
  readonly #unreadable = new Set<number>();

  /** `folder`: where the damaged database lies. */
  constructor(folder: string, notice: (notice: StoreNotice) => void, moment: Moment) {
    this.#folder = folder;
    this.#notice = notice;
    this.#moment = moment;
  }

  /** One slice of the work, in a transaction of its own. false: done. Throws what the disk throws; the same slice can be tried again. */
  step(ledger: Ledger): boolean {
    this.#source ??= this.#open();
    this.#progress ??= this.#nextTable();
    if (this.#progress !== undefined) this.#stepTable(ledger, this.#progress);
    else if (this.#page <= this.#source.pages.last) this.#stepPages(ledger, this.#source.pages);
    else {
      const found = { records: this.#records, unreadable: this.#unreadable.size };
      this.#together(ledger, () => {
        // A frame stands beside something, and a try was of something.
        for (const table of ['beside', 'attempt'])
          ledger.database.exec(`DELETE FROM ${table} WHERE release_id NOT IN (SELECT id FROM release)`);
        ledger.incidents.add('salvaged', found, this.#moment);
      });
      ledger.space.measure();
      this.end();
      this.#notice({ kind: 'salvaged', ...found });
      return false;
    }
    return true;
  }

  close(): void {
    this.#source?.database?.close();
    this.#source?.pages.close();
    this.#source = undefined;
  }

  /** Nobody goes on with it. */
  end(): void {
    this.close();
    // Not synced: done once more after a cut it finds nothing to do.
    rmSync(join(this.#folder, UNFINISHED), { force: true });
  }

  #open(): Source {
    const file = join(this.#folder, DATABASE_FILE);
    // Before SQLite has a look: it may throw away a WAL that belongs to a database it cannot read.
    const pages = new RawPages(file);
    const database = open(file);
    if (database === undefined) this.#tables = [];
    return { database, pages };
  }

  #stepTable(ledger: Ledger, progress: Progress): void {
    const rows = this.#read(progress);
    this.#together(ledger, () => {
      for (const row of rows) this.#bring(ledger, progress.table, row);
    });
    progress.next += ROWS;
    if (progress.next > progress.last || progress.errors >= HOPELESS) this.#progress = undefined;
  }

  #stepPages(ledger: Ledger, pages: RawPages): void {
    const columns = (table: string) =>
      ledger.database.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table) as string[];
    const shapes = SHAPES.map((shape) => ({ ...shape, columns: columns(shape.table) }));
    const end = Math.min(this.#page + PAGES, pages.last + 1);
    this.#together(ledger, () => {
      for (let page = this.#page; page < end; page += 1)
        for (const raw of pages.rows(page)) {
          for (const shape of shapes) {
            const row = rowOf(raw, shape);
            if (row !== undefined) this.#bring(ledger, shape.table, row);
          }
        }
    });
    this.#page = end;
  }

  #together(ledger: Ledger, work: () => void): void {
    const records = this.#records;
    ledger.begin();
    try {
      work();
      ledger.commit();
    } catch (error) {
      this.#records = records;
      ledger.rollback();
      throw error;
    }
  }

  #nextTable(): Progress | undefined {
    const next = this.#tables.shift();
    if (next === undefined) return undefined;
    const [table, number] = next;
    const [end] = (this.#try(`SELECT min(${number}) AS first, max(${number}) AS last FROM ${table}`) ?? []) as {
      first: number | null;
      last: number | null;
    }[];
    // Neither end can be read: feel the way from the front.
    if (end === undefined) return { table, number, next: 1, last: Number.MAX_SAFE_INTEGER, errors: 0 };
    return { table, number, next: end.first ?? 1, last: end.last ?? 0, errors: 0 };
  }

  #read(progress: Progress): Record<string, unknown>[] {
    const { table, number, next } = progress;
    const sql = `SELECT * FROM ${table} WHERE ${number} BETWEEN ? AND ?`;
    const together = this.#try(sql, next, next + ROWS - 1);
    if (together !== undefined) {
      progress.errors = together.length === 0 ? progress.errors + ROWS : 0;
      return together;
    }
    const rows: Record<string, unknown>[] = [];
    for (let at = next; at < next + ROWS && at <= progress.last; at += 1) {
      const row = this.#try(sql, at, at);
      if (row === undefined) {
        progress.errors += 1;
        if (table === 'release' && progress.last !== Number.MAX_SAFE_INTEGER) this.#unreadable.add(at);
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
    if (table !== 'release') return;
    this.#records += changes;
    this.#unreadable.delete(Number(row.id));
  }

  /** undefined: these rows cannot be read. */
  #try(sql: string, ...values: number[]): Record<string, unknown>[] | undefined {
    try {
      return this.#source?.database?.prepare(sql).all(...values) as Record<string, unknown>[] | undefined;
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

interface Shape {
  readonly table: string;
  readonly columns: readonly string[];
  /** The column that is the row number; none in a table WITHOUT ROWID. */
  readonly number?: string;
  readonly fits: (row: Readonly<Record<string, unknown>>) => boolean;
}

/** What is looked for on pages, and what is in its columns. The rest of a damaged database is not worth guessing at. */
const SHAPES: readonly Omit<Shape, 'columns'>[] = [
  {
    table: 'release',
    number: 'id',
    fits: ({ state, serial, body }) => isOneOf(RECORD_STATES, state) && typeof serial === 'string' && isJson(body),
  },
  {
    table: 'incident',
    number: 'id',
    fits: ({ at_ms, wall_ms, kind, detail }) =>
      areNumbers(at_ms, wall_ms) && isOneOf(INCIDENT_KINDS, kind) && isJson(detail),
  },
  {
    table: 'attempt',
    fits: ({ release_id, number, at_ms, why, answer }) =>
      areNumbers(release_id, number, at_ms) && typeof why === 'string' && (answer === null || isJson(answer)),
  },
];

/** A row found on a page, if it is one of this table: as many columns, and in each what belongs there. */
function rowOf(raw: RawRow, { columns, number, fits }: Shape): Record<string, unknown> | undefined {
  if (raw.values.length !== columns.length || (raw.number === undefined) !== (number === undefined)) return undefined;
  const row: Record<string, unknown> = Object.fromEntries(columns.map((name, index) => [name, raw.values[index]]));
  if (number !== undefined) row[number] = raw.number;
  return fits(row) ? row : undefined;
}

function isOneOf(names: readonly string[], value: unknown): boolean {
  return names.some((name) => name === value);
}

function areNumbers(...values: readonly unknown[]): boolean {
  return values.every((value) => typeof value === 'number');
}

function isJson(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    JSON.parse(value);
    return true;
  } catch {
    return false;
  }
}
