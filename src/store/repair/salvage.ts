/**
 * Brings what is readable of a damaged database into its successor, a little at a time, under the same numbers: first what SQLite can still
 * read, then records, their tries and incidents found by going over the pages, for a damaged root or schema hides rows that are whole. It never writes to the old one.
 * Done again it changes nothing: what is there already, as it has become since, stays.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Moment } from '../messages.ts';
import type { StoreNotice } from '../notice.ts';
import { touch } from '../thread/database.ts';
import { INCIDENT_KINDS } from '../thread/incidents.ts';
import { DATABASE_FILE, type Ledger } from '../thread/ledger.ts';
import { RECORD_STATES } from '../thread/records.ts';
import { RawPages, type RawRow } from './raw-pages.ts';

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
  ['epoch', 'seq'],
  ['journal', 'seq'],
  ['beside', 'release_id'],
];

/** How far it has come. It moves on with each commit and not before. */
interface Progress {
  /** Those that SQLite has not been asked for yet; `range` is in the first of them. */
  readonly tables: typeof TABLES;
  readonly range?: Range;
  readonly page: number;
  readonly records: number;
}

/** Row numbers of a table. `errors`: so many in a row gave none. */
interface Range {
  readonly next: number;
  readonly last: number;
  readonly errors: number;
}

interface Found {
  readonly table: string;
  readonly row: Readonly<Record<string, unknown>>;
}

interface Slice {
  readonly found: readonly Found[];
  readonly next: Omit<Progress, 'records'>;
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
  #progress: Progress = { tables: TABLES, page: 1, records: 0 };
  readonly #unreadable = new Set<number>();
  /** Places that the disk could not give: in all, and in this slice. */
  readonly #lost = new Set<string>();
  readonly #lostNow = new Set<string>();
  /** Something in this slice could not be read, by whoever's word. */
  #isRefused = false;

  /** `folder`: where the damaged database lies. */
  constructor(folder: string, notice: (notice: StoreNotice) => void, moment: Moment) {
    this.#folder = folder;
    this.#notice = notice;
    this.#moment = moment;
  }

  /** One slice of the work, in a transaction of its own. false: done. Throws what the disk throws; the same slice can be tried again. */
  step(ledger: Ledger): boolean {
    try {
      this.#lostNow.clear();
      this.#isRefused = false;
      this.#source ??= this.#open();
      const slice = this.#read(this.#source, ledger);
      if (slice === undefined) this.#finish(ledger);
      else this.#bring(ledger, slice);
      return slice !== undefined;
    } catch (error) {
      // What was found out about the source may not be true either.
      this.close();
      throw error;
    }
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
    const pages = new RawPages(file, (place) => {
      this.#lostNow.add(place);
      this.#isRefused = true;
    });
    return { database: existsSync(file) ? this.#attempt(() => open(file)) : undefined, pages };
  }

  /** What comes next; undefined when nothing is left. */
  #read(source: Source, ledger: Ledger): Slice | undefined {
    const { tables, range, page } = this.#progress;
    const [table] = source.database === undefined ? [] : tables;
    if (table !== undefined) return this.#readTable(table, range ?? this.#rangeOf(table));
    const numbers = source.pages.from(page, PAGES);
    return numbers.length === 0 ? undefined : this.#readPages(source.pages, numbers, ledger);
  }

  #readTable([table, number]: (typeof TABLES)[number], range: Range): Slice {
    const { tables, page } = this.#progress;
    const { rows, errors } = this.#readRows(table, number, range);
    const leap = rows.length === 0 ? this.#after(table, number, range.next + ROWS) : undefined;
    const next = { ...range, next: leap ?? range.next + ROWS, errors: leap === undefined ? errors : 0 };
    const isDone = next.next > next.last || errors >= HOPELESS;
    return {
      found: rows.map((row) => ({ table, row })),
      next: isDone ? { tables: tables.slice(1), page } : { tables, range: next, page },
    };
  }

  #readPages(pages: RawPages, numbers: readonly number[], ledger: Ledger): Slice {
    const columns = (table: string) =>
      ledger.database.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(table) as string[];
    const shapes = SHAPES.map((shape) => ({ ...shape, columns: columns(shape.table) }));
    const found: Found[] = [];
    for (const page of numbers)
      for (const raw of pages.rows(page)) {
        for (const shape of shapes) {
          const row = rowOf(raw, shape);
          if (row !== undefined) found.push({ table: shape.table, row });
        }
      }
    return { found, next: { tables: [], page: (numbers.at(-1) ?? 0) + 1 } };
  }

  #bring(ledger: Ledger, { found, next }: Slice): void {
    let { records } = this.#progress;
    together(ledger, () => {
      for (const { table, row } of found) {
        const isNew = insert(ledger, table, row);
        if (table !== 'release') continue;
        if (isNew) records += 1;
        this.#unreadable.delete(Number(row.id));
      }
      // A disk that is away for a moment gives nothing either. Only where it takes a write is the rest lost for good.
      if (this.#isRefused) touch(ledger.database);
    });
    this.#progress = { ...next, records };
    for (const place of this.#lostNow) this.#lost.add(place);
  }

  #finish(ledger: Ledger): void {
    const { size } = new Set([...this.#lost, ...this.#lostNow]);
    const found = {
      ...{ records: this.#progress.records, unreadable: this.#unreadable.size },
      ...(size > 0 && { lostPages: size }),
    };
    together(ledger, () => {
      // A frame stands beside something, and a try was of something.
      for (const table of ['beside', 'attempt'])
        ledger.database.exec(`DELETE FROM ${table} WHERE release_id NOT IN (SELECT id FROM release)`);
      ledger.incidents.add('salvaged', found, this.#moment);
    });
    ledger.space.measure();
    this.end();
    this.#notice({ kind: 'salvaged', ...found });
  }

  #rangeOf([table, number]: (typeof TABLES)[number]): Range {
    const [end] = (this.#query(`SELECT min(${number}) AS first, max(${number}) AS last FROM ${table}`) ?? []) as {
      first: number | null;
      last: number | null;
    }[];
    // Neither end can be read: feel the way from the front.
    if (end === undefined) return { next: 1, last: Number.MAX_SAFE_INTEGER, errors: 0 };
    return { next: end.first ?? 1, last: end.last ?? 0, errors: 0 };
  }

  #readRows(table: string, number: string, range: Range): { rows: Record<string, unknown>[]; errors: number } {
    const { next, last } = range;
    const sql = `SELECT * FROM ${table} WHERE ${number} BETWEEN ? AND ?`;
    const all = this.#query(sql, next, next + ROWS - 1);
    if (all !== undefined) return { rows: all, errors: all.length === 0 ? range.errors + ROWS : 0 };
    const rows: Record<string, unknown>[] = [];
    let { errors } = range;
    for (let at = next; at < next + ROWS && at <= last; at += 1) {
      const row = this.#query(sql, at, at);
      errors = row === undefined ? errors + 1 : 0;
      if (row !== undefined) rows.push(...row);
      if (table !== 'release') continue;
      if (row !== undefined) this.#unreadable.delete(at);
      else if (last !== Number.MAX_SAFE_INTEGER) this.#unreadable.add(at);
    }
    return { rows, errors };
  }

  /** Numbers leap in a database that took the place of a damaged one. undefined: there is none more, or SQLite cannot find it. */
  #after(table: string, number: string, at: number): number | undefined {
    const sql = `SELECT min(${number}) AS first FROM ${table} WHERE ${number} >= ?`;
    const [found] = (this.#query(sql, at) ?? []) as { first: number | null }[];
    return found !== undefined && found.first !== null && found.first >= at ? found.first : undefined;
  }

  /** undefined: these rows cannot be read. */
  #query(sql: string, ...values: number[]): Record<string, unknown>[] | undefined {
    return this.#attempt(() => this.#source?.database?.prepare(sql).all(...values) as Record<string, unknown>[]);
  }

  /** Whatever SQLite says of the source, it is the source that is damaged: undefined. */
  #attempt<Result>(read: () => Result): Result | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof Sqlite.SqliteError)) throw error;
      this.#isRefused = true;
      return undefined;
    }
  }
}

function together(ledger: Ledger, work: () => void): void {
  ledger.begin();
  try {
    work();
    ledger.commit();
  } catch (error) {
    ledger.rollback();
    throw error;
  }
}

/** false: it is there already. */
function insert(ledger: Ledger, table: string, row: Readonly<Record<string, unknown>>): boolean {
  const columns = Object.keys(row);
  const values = columns.map((name) => `@${name}`);
  const sql = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`;
  return ledger.database.prepare(sql).run(row).changes > 0;
}

/** A file that is no database any more is opened without complaint and fails at the first statement. */
function open(file: string): Sqlite.Database {
  // A connection that may write would bring the WAL into it when it is closed, and delete what it could not read of that.
  const database = new Sqlite(file, { readonly: true });
  try {
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
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
