/**
 * Brings what is readable of a damaged database into its successor, a few rows at a time, under the same numbers: first what SQLite still reads, so
 * that records go out at once; then what `.recover` of SQLite's shell finds in a copy, for a damaged root or schema hides rows that are whole. It
 * never writes to the damaged database. Repeated, it changes nothing: rows that are there already stay as they have become since.
 */
import { existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Moment } from '../moment.ts';
import type { StoreNotice } from '../notice.ts';
import { DATABASE_FILE, touch } from '../thread/database.ts';
import type { Ledger } from '../thread/ledger.ts';
import { LOST_TABLE, LostRows } from './lost-rows.ts';
import { PageCopy } from './page-copy.ts';
import { findShell, GROWTH, RecoverShell } from './recover-shell.ts';
import { type RowRange, TABLES, type Table, TableRows } from './table-rows.ts';
import { PAGE } from './wal.ts';

/** A file beside a damaged database as long as not everything is brought over. */
export const UNFINISHED = 'unfinished';
/** Beside it too: the copy, and the database that the shell makes of it. */
const WORK_FOLDER = 'recovery';

const PAGES = 250;
const SHELL_TRIES = 3;

/** Moves on with each commit and not before. */
interface Progress {
  /** What is read: the damaged database by SQLite, its pages into the copy, the copy by the shell, what the shell has made. */
  readonly stage: 'damaged' | 'copy' | 'shell' | 'recovered';
  /** Still to be read; `range` is in the first of them. */
  readonly tables: readonly Table[];
  readonly range?: RowRange;
  readonly page: number;
  readonly records: number;
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
  readonly copy: PageCopy;
  /** Of this stage. undefined: there is none, or SQLite cannot read it. */
  database: TableRows | undefined;
}

export class Recovery {
  readonly #folder: string;
  readonly #work: string;
  readonly #notice: (notice: StoreNotice) => void;
  readonly #moment: Moment;
  readonly #wake: () => void;
  /** Opened at the first step, because a disk may refuse that as it may refuse the others. */
  #source: Source | undefined;
  #shell: RecoverShell | undefined;
  #shellTries = 0;
  #waitsFor: 'shell' | 'room' | undefined;
  #lostRowsOf: LostRows | undefined;
  #progress: Progress = { stage: 'damaged', tables: TABLES, page: 1, records: 0 };
  /** Records brought over: one that has been erased since must not come from the copy again. */
  readonly #brought = new Set<number>();
  readonly #unreadable = new Set<number>();
  /** Places that the disk cannot read: in all, and in this slice. */
  readonly #lost = new Set<string>();
  readonly #lostNow = new Set<string>();
  /** SQLite or the disk could not read something in this slice. */
  #isRefused = false;

  /** `folder`: where the damaged database lies. `wake` is called when a step is worth it again, after one that said `later`. */
  constructor(
    folder: string,
    notice: (notice: StoreNotice) => void,
    moment: Moment,
    wake: () => void = () => undefined,
  ) {
    this.#folder = folder;
    this.#work = join(folder, WORK_FOLDER);
    this.#notice = notice;
    this.#moment = moment;
    this.#wake = wake;
  }

  /**
   * One slice of the work, in a transaction of its own. true: there is more; `later`: the shell works, or something is missing; false: done.
   * Throws what the disk throws; the same slice can be tried again.
   */
  step(ledger: Ledger): boolean | 'later' {
    try {
      this.#lostNow.clear();
      this.#isRefused = false;
      const source = this.#source ?? this.#open();
      this.#source = source;
      if (this.#progress.stage === 'shell') return this.#runShell(source);
      if (this.#progress.stage === 'copy' && this.#progress.page === 1 && !this.#isReady(source)) return 'later';
      const slice = this.#read(source, ledger);
      if (slice === undefined) this.#finish(ledger);
      else this.#bring(ledger, slice);
      return slice !== undefined;
    } catch (error) {
      // Findings about the source may be wrong as well.
      this.close();
      throw error;
    }
  }

  close(): void {
    this.#shell?.stop();
    this.#shell = undefined;
    this.#source?.database?.close();
    this.#source?.copy.close();
    this.#source = undefined;
  }

  /** Closes it for good: no later start goes on with it. */
  end(): void {
    this.close();
    rmSync(this.#work, { recursive: true, force: true });
    // Not synced: done once more after a cut it finds nothing to do.
    rmSync(join(this.#folder, UNFINISHED), { force: true });
  }

  #open(): Source {
    const file = join(this.#folder, DATABASE_FILE);
    // Before SQLite opens it: it may throw away a WAL that belongs to a database it cannot read.
    const copy = new PageCopy(file, (place) => {
      this.#lostNow.add(place);
      this.#isRefused = true;
    });
    const database = this.#progress.stage === 'recovered' ? this.#recovered : file;
    return { copy, database: this.#tablesIn(database) };
  }

  #tablesIn(file: string): TableRows | undefined {
    return existsSync(file) ? TableRows.open(file, () => (this.#isRefused = true)) : undefined;
  }

  get #copied(): string {
    return join(this.#work, 'copy.db');
  }

  get #recovered(): string {
    return join(this.#work, 'recovered.db');
  }

  /** Whether the shell is there, and room for the copy and what the shell makes of it. Reports what is missing once. */
  #isReady({ copy }: Source): boolean {
    const { bavail, bsize } = statfsSync(this.#folder);
    const bytes = copy.pages * PAGE * (1 + GROWTH);
    const missing = findShell() === undefined ? 'shell' : bavail * bsize < bytes ? 'room' : undefined;
    if (missing !== undefined && missing !== this.#waitsFor)
      this.#notice({ kind: 'recoveryWaits', missing, folder: this.#folder, bytes });
    this.#waitsFor = missing;
    return missing === undefined;
  }

  /** The store goes on with other requests meanwhile. */
  #runShell(source: Source): true | 'later' {
    if (this.#shell !== undefined) return 'later';
    const path = findShell();
    // The journal of a run cut short would be rolled back into the new file.
    for (const suffix of ['', '-journal']) rmSync(this.#recovered + suffix, { force: true });
    if (path === undefined) return this.#shellEnded(source, 'the shell is gone');
    const shell = new RecoverShell(path, this.#copied, this.#recovered, source.copy.pages);
    this.#shell = shell;
    void shell.ended.then((fault) => {
      if (this.#shell !== shell) return;
      this.#shellEnded(source, fault);
      this.#wake();
    });
    return 'later';
  }

  #shellEnded(source: Source, fault: string | undefined): true {
    this.#shell = undefined;
    this.#shellTries += 1;
    if (fault !== undefined && this.#shellTries < SHELL_TRIES) return true;
    if (fault !== undefined) this.#notice({ kind: 'recoveryFailed', folder: this.#folder, detail: fault });
    source.database?.close();
    source.database = fault === undefined ? this.#tablesIn(this.#recovered) : undefined;
    this.#progress = { ...this.#progress, stage: 'recovered', tables: source.database?.tables ?? [] };
    return true;
  }

  /** What comes next; undefined when nothing is left. */
  #read({ copy, database }: Source, ledger: Ledger): Slice | undefined {
    const { stage, tables, page } = this.#progress;
    if (stage === 'copy') {
      if (page === 1) {
        // A process that was killed may have left its own there.
        rmSync(this.#work, { recursive: true, force: true });
        mkdirSync(this.#work, { mode: 0o700 });
      }
      copy.copy(page, PAGES, this.#copied);
      const next = page + PAGES;
      return { found: [], next: { stage: next > copy.pages ? 'shell' : 'copy', tables: [], page: next } };
    }
    const [table] = tables;
    if (database !== undefined && table !== undefined) return this.#readTable(database, table, ledger);
    // Of an empty file there is nothing to copy.
    const isCopied = stage === 'recovered' || copy.pages === 0;
    return isCopied ? undefined : { found: [], next: { stage: 'copy', tables: [], page: 1 } };
  }

  #readTable(database: TableRows, table: Table, ledger: Ledger): Slice {
    const { stage, tables, range, page } = this.#progress;
    const { rows, unreadable, rest } = database.read(table, range);
    const [name] = table;
    if (name === 'release') for (const id of unreadable) this.#unreadable.add(id);
    return {
      found: name === LOST_TABLE ? this.#lostRows(rows, ledger) : rows.map((row) => ({ table: name, row })),
      next: rest === undefined ? { stage, tables: tables.slice(1), page } : { stage, tables, range: rest, page },
    };
  }

  #lostRows(rows: readonly Record<string, unknown>[], ledger: Ledger): Found[] {
    this.#lostRowsOf ??= new LostRows(ledger, this.#moment, (page) => this.#source?.copy.isUsed(page));
    return rows.flatMap((row) => this.#lostRowsOf?.find(row) ?? []);
  }

  #bring(ledger: Ledger, { found, next }: Slice): void {
    let { records } = this.#progress;
    const brought: number[] = [];
    together(ledger, () => {
      for (const { table, row } of found) {
        const id = Number(row.id);
        if (table === 'release' && this.#brought.has(id)) continue;
        const isNew = insert(ledger, table, row);
        if (table !== 'release') continue;
        if (isNew) records += 1;
        brought.push(id);
        this.#unreadable.delete(id);
      }
      // A disk that is away for a moment gives nothing either. Only where it accepts a write are the unread pages lost for good.
      if (this.#isRefused) touch(ledger.database);
    });
    this.#progress = { ...next, records };
    for (const id of brought) this.#brought.add(id);
    for (const place of this.#lostNow) this.#lost.add(place);
  }

  #finish(ledger: Ledger): void {
    const { size } = new Set([...this.#lost, ...this.#lostNow]);
    const found = {
      ...{ records: this.#progress.records, unreadable: this.#unreadable.size },
      ...(size > 0 && { lostPages: size }),
    };
    together(ledger, () => {
      // Frames and attempts belong to a record.
      for (const table of ['beside', 'attempt'])
        ledger.database.exec(`DELETE FROM ${table} WHERE release_id NOT IN (SELECT id FROM release)`);
      ledger.incidents.add('salvaged', found, this.#moment);
    });
    ledger.space.measure();
    this.end();
    this.#notice({ kind: 'salvaged', ...found });
  }
}

function together(ledger: Ledger, work: () => void): void {
  ledger.begin('salvage');
  try {
    work();
    ledger.commit();
  } catch (error) {
    ledger.rollback();
    throw error;
  }
}

/** Of hundreds of thousands of lane events each would be prepared anew. */
const PREPARED = new WeakMap<Ledger, Map<string, Sqlite.Statement>>();
const UNFIT = /^SQLITE_(CONSTRAINT|MISMATCH|ERROR$)/;

/** false: it is there already, or is no row of this table. */
function insert(ledger: Ledger, table: string, row: Readonly<Record<string, unknown>>): boolean {
  const columns = Object.keys(row);
  const values = columns.map((name) => `@${name}`);
  const sql = `INSERT OR IGNORE INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`;
  const prepared = PREPARED.get(ledger) ?? new Map<string, Sqlite.Statement>();
  PREPARED.set(ledger, prepared);
  try {
    const statement = prepared.get(sql) ?? ledger.database.prepare(sql);
    prepared.set(sql, statement);
    return statement.run(row).changes > 0;
  } catch (error) {
    // Damage gave it a column or a type that does not exist.
    if (error instanceof Sqlite.SqliteError && UNFIT.test(error.code)) return false;
    throw error;
  }
}
