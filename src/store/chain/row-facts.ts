/**
 * Says in the chain what becomes of the rows of the other tables: each commit that changes some has a row of the journal that names them, with a
 * digest of each as it is now. Only the program's own connections do so: who writes past it leaves rows that the chain does not know. Runs in the
 * store thread, inside its transaction.
 */
import type { Moment } from '../moment.ts';
import type { Database } from '../thread/database.ts';
import { parsed } from '../thread/json.ts';
import type { BoxFact, Retention } from './chain.ts';
import {
  columnsText,
  type RowTable,
  rowDigest,
  rowName,
  rowNamed,
  rowTables,
  SALT_HEX,
  TABLES_SAID,
} from './row-tables.ts';
import { newSalt } from './salts.ts';

type RowsFact = Extract<BoxFact, { kind: 'rows' }>;
type TablesFact = Extract<BoxFact, { kind: 'tables' }>;
type Name = readonly [table: string, ...key: (string | number)[]];

/** Rows in one fact: it goes when all of them have changed since. */
const AT_ONCE = 20;
const OWED_AT_ONCE = 200;

/** What has touched rows: the name of a request, or `opening`, `retention`, `diskFull`, `salvage`, `update`. */
export class TouchedRows {
  readonly tables: readonly RowTable[];
  by = 'opening';
  readonly #touched = new Map<string, string>();

  constructor(database: Database) {
    this.tables = rowTables(database);
    // A row that another replaces is deleted too.
    database.pragma('recursive_triggers = ON');
    database.function('row_touched', (name) => void this.#touched.set(String(name), this.by));
    for (const table of this.tables) {
      const { name, columns } = table;
      const all = (row: string) => columns.map((column) => `${row}."${column}"`).join(', ');
      const on = (what: string, ...rows: string[]) =>
        database.exec(`CREATE TEMP TRIGGER row_${what}_${name} AFTER ${what} ON main."${name}"
          ${what === 'UPDATE' ? `WHEN (${all('old')}) IS NOT (${all('new')})` : ''}
          BEGIN ${rows.map((row) => `SELECT row_touched(${rowName(table, `${row}.`)});`).join(' ')} END`);
      on('INSERT', 'new');
      on('UPDATE', 'old', 'new');
      on('DELETE', 'old');
    }
  }

  get isEmpty(): boolean {
    return this.#touched.size === 0;
  }

  /** Names of rows, by what touched them. */
  take(): ReadonlyMap<string, readonly string[]> {
    const taken = new Map<string, string[]>();
    for (const [name, by] of this.#touched) {
      const names = taken.get(by);
      if (names === undefined) taken.set(by, [name]);
      else names.push(name);
    }
    this.#touched.clear();
    return taken;
  }

  /** Names without what is said of them yet. */
  drain(): string[] {
    const names = [...this.#touched.keys()];
    this.#touched.clear();
    return names;
  }

  forget(): void {
    this.#touched.clear();
  }
}

export class RowFacts {
  readonly #database: Database;
  readonly #touched: TouchedRows;
  /** Returns the number of the row of the journal. */
  readonly #say: (fact: BoxFact, moment: Moment) => number;
  /** undefined: a tool, which removes nothing. */
  readonly #keep: Retention | undefined;
  readonly #texts;
  readonly #again: string[] = [];
  readonly #owed = new Set<string>();
  readonly #sql;

  constructor(
    database: Database,
    touched: TouchedRows,
    keep: Retention | undefined,
    say: (fact: BoxFact, moment: Moment) => number,
  ) {
    this.#database = database;
    this.#keep = keep;
    this.#touched = touched;
    this.#say = say;
    this.#texts = new Map(
      touched.tables.map((table) => [
        table.name,
        database.prepare(`SELECT ${columnsText(table.columns)} FROM ${rowNamed(table)}`).pluck(),
      ]),
    );
    this.#sql = {
      known: database.prepare(`SELECT seq, ${SALT_HEX} AS salt FROM row_fact WHERE name = ?`),
      keep: database.prepare('INSERT OR REPLACE INTO row_fact (name, salt, seq) VALUES (?, unhex(?), ?)'),
      forget: database.prepare('DELETE FROM row_fact WHERE name = ?'),
      isFirst: database.prepare('SELECT NOT EXISTS (SELECT 1 FROM row_fact)').pluck(),
      fact: database.prepare('SELECT event FROM journal WHERE seq = ?').pluck(),
      names: database.prepare('SELECT 1 FROM journal WHERE seq = ? AND instr(event, ?) > 0').pluck(),
    };
  }

  /** Whether `introduce` has something to say. */
  get isNew(): boolean {
    const { now, said } = this.#columns();
    return JSON.stringify([said?.columns, said?.keep]) !== JSON.stringify([now.columns, now.keep ?? said?.keep]);
  }

  /**
   * Which columns count and how long rows stay, at the first start with others. A database of a version that did not say this is taken as it is: what was
   * done to it before can no longer be told.
   */
  introduce(moment: Moment): void {
    if (!this.isNew) return;
    const isFirst = this.#sql.isFirst.get() === 1;
    const names = isFirst ? this.#touched.tables.flatMap((table) => this.#all(table)) : [];
    if (isFirst) this.#touched.take();
    const fact: TablesFact = { ...this.#columns().now, ...(isFirst && { taken: names.length }) };
    this.#sql.keep.run(TABLES_SAID, null, this.#say(fact, moment));
    this.#sayOf(names, 'update', moment);
  }

  /** What the open transaction has changed. Saying so may change rows: a chain that begins is a report. */
  say(moment: Moment): void {
    while (!this.#touched.isEmpty) for (const [by, names] of this.#touched.take()) this.#sayOf(names, by, moment);
  }

  /** What the open transaction has changed is said once there is room for it: a full disk takes no row. */
  owe(): void {
    for (const name of this.#touched.drain()) this.#owed.add(name);
  }

  get owes(): boolean {
    return this.#owed.size > 0;
  }

  /** In parts, each for a transaction of its own; what was not committed is said again. */
  *sayOwed(moment: Moment): Generator<undefined> {
    while (this.#owed.size > 0) {
      const names = [...this.#owed].slice(0, OWED_AT_ONCE);
      this.#sayOf(names, 'diskFull', moment);
      yield;
      for (const name of names) this.#owed.delete(name);
    }
  }

  /**
   * Whether a fact that is past its time is still needed: of the rows it names, those that are as it says are to be said again; a row that is not,
   * was changed past the program, and the fact stays to tell it.
   */
  isNeeded(seq: number, event: string, moment: Moment): boolean {
    this.say(moment);
    const { now = [], gone = [] } = parsed<RowsFact>(event) ?? ({} as Partial<RowsFact>);
    const again: string[] = [];
    for (const [table, ...rest] of now) {
      const name = JSON.stringify([table, ...rest.slice(0, -1)]);
      const known = this.#known(name);
      if (known?.seq === seq) {
        if (known.salt === '' || this.#digest(name, known.salt) !== rest.at(-1)) return true;
        again.push(name);
      } else if (!this.#isSaidAgain(name, seq)) return true;
    }
    const ended = gone.map((row) => JSON.stringify(row)).filter((name) => this.#known(name)?.seq === seq);
    this.#again.push(...again);
    for (const name of ended) this.#sql.forget.run(name);
    return false;
  }

  /** In the transaction in which the facts go that were not needed. */
  sayAgain(moment: Moment): void {
    this.#sayOf(this.#again.splice(0), 'retention', moment);
  }

  /** After a rollback. */
  forget(): void {
    this.#touched.forget();
    this.#again.length = 0;
  }

  #isSaidAgain(name: string, seq: number): boolean {
    const known = this.#known(name);
    // Behind it stands a bracket, or the digest.
    return known !== undefined && known.seq > seq && this.#sql.names.get(known.seq, name.slice(0, -1)) === 1;
  }

  #known(name: string): { readonly seq: number; readonly salt: string } | undefined {
    return this.#sql.known.get(name) as { seq: number; salt: string } | undefined;
  }

  #columns(): { readonly now: TablesFact; readonly said: TablesFact | undefined } {
    const seq = this.#known(TABLES_SAID)?.seq;
    const event = seq === undefined ? undefined : (this.#sql.fact.get(seq) as string | undefined);
    const columns = Object.fromEntries(this.#touched.tables.map(({ name, columns: of }) => [name, of]));
    const now: TablesFact = { kind: 'tables', columns, ...(this.#keep && { keep: this.#keep }) };
    return { now, said: parsed<TablesFact>(event ?? '') };
  }

  #all(table: RowTable): string[] {
    return this.#database
      .prepare(`SELECT ${rowName(table)} FROM "${table.name}"`)
      .pluck()
      .all() as string[];
  }

  #digest(name: string, salt: string): string | undefined {
    const [table] = JSON.parse(name) as Name;
    const text = this.#texts.get(table)?.get({ name }) as string | undefined;
    return text === undefined ? undefined : rowDigest(salt, text);
  }

  #sayOf(names: readonly string[], by: string, moment: Moment): void {
    for (let at = 0; at < names.length; at += AT_ONCE) this.#sayOne(names.slice(at, at + AT_ONCE), by, moment);
  }

  #sayOne(names: readonly string[], by: string, moment: Moment): void {
    const salts = new Map<string, string | null>();
    const now: Name[] = [];
    const gone: Name[] = [];
    for (const name of names) {
      const salt = newSalt();
      const digest = this.#digest(name, salt);
      const row = JSON.parse(name) as Name;
      if (digest !== undefined) now.push([...row, digest]);
      // One that came and went in the same transaction was never said.
      else if (this.#known(name) !== undefined) gone.push(row);
      else continue;
      salts.set(name, digest === undefined ? null : salt);
    }
    if (salts.size === 0) return;
    const fact: RowsFact = { kind: 'rows', by, ...(now.length > 0 && { now }), ...(gone.length > 0 && { gone }) };
    const seq = this.#say(fact, moment);
    for (const [name, salt] of salts) this.#sql.keep.run(name, salt, seq);
  }
}
