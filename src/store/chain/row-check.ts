/**
 * The rows of all other tables against what the chain says of them, both ways: a row that it does not know or knows otherwise, and one that it knows
 * and that is not there. It walks no chain, and changes nothing.
 */
import type { Database } from '../thread/database.ts';
import { tallyWhy } from '../thread/schema.ts';
import type { BoxFact } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import type { RowSaid } from './chain-walk.ts';
import {
  columnsText,
  type RowTable,
  rowDigest,
  rowName,
  rowNamed,
  rowsBehind,
  rowTables,
  SALT_HEX,
  TABLES_SAID,
} from './row-tables.ts';
import type { ChainSaid } from './said.ts';

type RowFault = Extract<ChainFault, { kind: 'row' }>;

export interface RowFindings {
  /** Rows compared. */
  readonly compared: number;
  /** Of a version that said nothing of rows: so many were taken as they were, at this moment. */
  readonly taken?: { readonly rows: number; readonly seq: number; readonly wallMs: number };
}

interface Row {
  readonly name: string;
  /** null: it is not there, or was not asked for. */
  readonly text: string | null;
  readonly salt: string;
  /** Of `row_fact`; null: it has none. */
  readonly seq: number | null;
}

interface RowsAsked {
  /** Of the whole chain; else of its end, and of what that names alone. */
  readonly isWhole: boolean;
  readonly stepRows: number;
}

const FAULTS_MAX = 100;
const OF_RECORD: ReadonlySet<string> = new Set(['mark', 'rest']);

export class RowCheck {
  findings: RowFindings | undefined;
  readonly #database: Database;
  readonly #said: ChainSaid;
  readonly #asked: RowsAsked;
  readonly #tables: readonly RowTable[];
  readonly #faults: ChainFault[] = [];
  readonly #sql;
  #anew: readonly ChainFault[] = [];
  #compared = 0;

  /** `said`: up to the end of the chain at each step. */
  constructor(database: Database, said: ChainSaid, asked: RowsAsked) {
    this.#database = database;
    this.#said = said;
    this.#asked = asked;
    this.#tables = rowTables(database);
    this.#sql = {
      record: database.prepare('SELECT 1 FROM release WHERE id = ?'),
      wallMs: database.prepare('SELECT wall_ms FROM journal WHERE seq = ?').pluck(),
      fact: database.prepare(`SELECT seq, ${SALT_HEX} AS salt FROM row_fact WHERE name = ?`),
      facts: database
        .prepare(`SELECT name, seq FROM row_fact WHERE name > ? ORDER BY name LIMIT ${asked.stepRows}`)
        .raw(),
    };
  }

  get faults(): readonly ChainFault[] {
    return [...this.#anew, ...this.#faults];
  }

  *steps(): Generator<undefined, void> {
    const { isWhole } = this.#asked;
    if (isWhole && this.#columns().length === 0) return;
    for (const table of this.#tables) yield* this.#rowsOf(table);
    yield* this.#others();
    if (isWhole) {
      yield* this.#places();
      this.#tally();
      this.#chains();
      this.#anew = this.#takenAnew();
    }
    this.findings = { compared: this.#compared, ...(isWhole && this.#taken()) };
  }

  /** Which columns count, from which fact on; the newest first. */
  #columns(): (readonly [seq: number, columns: Extract<BoxFact, { kind: 'tables' }>['columns']])[] {
    return this.#said.facts
      .flatMap(([seq, fact]) => (fact.kind === 'tables' ? [[seq, fact.columns] as const] : []))
      .reverse();
  }

  /** In the order of their keys. Of the end of the chain only those of which it is not said where they stand in it. */
  *#rowsOf(table: RowTable): Generator<undefined, void> {
    const { isWhole } = this.#asked;
    if (isWhole && this.#columnsAt(table, Number.MAX_SAFE_INTEGER) === undefined) return;
    const some = (where: string) =>
      this.#database.prepare(
        `SELECT name, text, ${SALT_HEX} AS salt, seq FROM
          (SELECT ${rowName(table)} AS name, ${isWhole ? columnsText(this.#textOf(table)) : 'NULL'} AS text FROM "${table.name}"
            ${where} ORDER BY ${table.key.join(', ')} LIMIT ${this.#asked.stepRows})
          LEFT JOIN row_fact USING (name)`,
      );
    const isFirst = this.#database.prepare('SELECT NOT EXISTS (SELECT 1 FROM row_fact)').pluck().get() === 1;
    const [first, next] = [some(''), some(rowsBehind(table))];
    for (let last: string | undefined; ; ) {
      let count = 0;
      // One at a time: a row may be long, and a thousand of them more than the memory of the program.
      for (const row of (last === undefined ? first.iterate() : next.iterate({ name: last })) as Iterable<Row>) {
        if (isWhole) this.#compare(table, row, this.#said.named.get(row.name));
        else if (row.seq === null && !isFirst) this.#found(row.name, 'added');
        last = row.name;
        count += 1;
      }
      if (count < this.#asked.stepRows) return;
      yield;
    }
  }

  /** Those that the chain knows and no step has met, or that it has said since. */
  *#others(): Generator<undefined, void> {
    const tables = new Map(
      this.#tables.map((table) => {
        const text = `SELECT ${columnsText(this.#textOf(table))} FROM ${rowNamed(table)}`;
        return [table.name, { table, text: this.#database.prepare(text).pluck() }];
      }),
    );
    for (let isMore = true; isMore; ) {
      isMore = false;
      let looked = 0;
      for (const [name, said] of this.#said.named) {
        if (said[2]) continue;
        const found = tables.get((JSON.parse(name) as [string])[0]);
        const fact = this.#sql.fact.get(name) as Pick<Row, 'seq' | 'salt'> | undefined;
        const text = (found?.text.get({ name }) as string | undefined) ?? null;
        if (found === undefined) said[2] = true;
        else this.#compare(found.table, { name, text, salt: fact?.salt ?? '', seq: fact?.seq ?? null }, said);
        looked += 1;
        if (looked % this.#asked.stepRows > 0) continue;
        isMore = true;
        yield;
      }
    }
  }

  #compare(table: RowTable, row: Row, said: RowSaid | undefined): void {
    const { name, text } = row;
    const [seq, digest] = said ?? [];
    if (said !== undefined) said[2] = true;
    // What a rule has taken since it was walked says nothing.
    if (text === null && row.seq === null && this.#sql.wallMs.get(seq) === undefined) return;
    if (text !== null) {
      this.#compared += 1;
      if (digest === undefined) this.#found(name, 'added', seq);
      else if (!this.#fits(table, row as Row & { text: string }, said as RowSaid)) this.#found(name, 'changed', seq);
    } else if (digest !== undefined || this.#isOfRecord(table, name)) this.#found(name, 'missing', seq);
    if (seq === undefined) return;
    // Where each row stands in the chain, which the salts are kept with.
    if (row.seq === null) this.#foundAt('row_fact', name, 'missing', seq);
    else if (row.seq !== seq || (row.salt === '') !== (digest === undefined))
      this.#foundAt('row_fact', name, 'changed', seq);
  }

  /** Nothing removes these from a record that is there. */
  #isOfRecord({ name: table }: RowTable, name: string): boolean {
    return OF_RECORD.has(table) && this.#sql.record.get((JSON.parse(name) as [string, number])[1]) !== undefined;
  }

  /** A row of before a column came was said without it. */
  #fits(table: RowTable, row: Row & { readonly text: string }, [seq, digest]: RowSaid): boolean {
    if (row.salt === '') return false;
    if (rowDigest(row.salt, row.text) === digest) return true;
    const columns = this.#columnsAt(table, seq);
    if (columns === undefined || columns === this.#columnsAt(table, Number.MAX_SAFE_INTEGER)) return false;
    const text = this.#database.prepare(`SELECT ${columnsText(columns)} FROM ${rowNamed(table)}`).pluck();
    return rowDigest(row.salt, text.get({ name: row.name }) as string) === digest;
  }

  #columnsAt({ name }: RowTable, seq: number): readonly string[] | undefined {
    return this.#columns().find(([since]) => since < seq)?.[1][name];
  }

  /** The columns that the chain said last, as far as the table has them. */
  #textOf(table: RowTable): readonly string[] {
    const newest = this.#columnsAt(table, Number.MAX_SAFE_INTEGER) ?? table.columns;
    return newest.every((column) => table.columns.includes(column)) ? newest : table.columns;
  }

  /** Nothing stands in `row_fact` that the chain has not said. */
  *#places(): Generator<undefined, void> {
    for (let at = ''; ; ) {
      const rows = this.#sql.facts.all(at) as [name: string, seq: number][];
      for (const [name, seq] of rows) {
        const isSaid = name === TABLES_SAID ? seq === this.#columns()[0]?.[0] : this.#said.named.has(name);
        if (!isSaid) this.#foundAt('row_fact', name, name === TABLES_SAID ? 'changed' : 'added');
      }
      at = rows.at(-1)?.[0] ?? at;
      if (rows.length < this.#asked.stepRows) return;
      yield;
    }
  }

  /** How many records are where, against the records. */
  #tally(): void {
    const rows = this.#database.prepare(
      `SELECT coalesce(lane_id, '') || ' ' || state FROM
         (SELECT lane_id, state, why, sum(records) AS records FROM
           (SELECT lane_id, state, why, records FROM tally UNION ALL SELECT lane_id, state, ${tallyWhy('release')}, -1 FROM release)
         GROUP BY 1, 2, 3) WHERE records <> 0`,
    );
    for (const at of rows.pluck().all() as string[]) this.#foundAt('tally', at, 'changed');
  }

  /** The table that says where chains begin, against their first rows. */
  #chains(): void {
    const rows = this.#database.prepare('SELECT first, id FROM chain').raw().all() as [number, string][];
    const ids = new Map(rows);
    for (const [seq, fact] of this.#said.facts) {
      if (fact.kind !== 'chain') continue;
      if (ids.get(seq) !== fact.chain) this.#foundAt('chain', `${seq}`, ids.has(seq) ? 'changed' : 'missing', seq);
      ids.delete(seq);
    }
    for (const first of ids.keys()) this.#foundAt('chain', `${first}`, 'added');
  }

  /** Right once in a chain, before anything is said of a row: versions that say nothing refuse a database that has `row_fact`. */
  #takenAnew(): readonly ChainFault[] {
    let isKnown = false;
    const faults: ChainFault[] = [];
    for (const [seq, fact] of this.#said.facts) {
      if (fact.kind === 'tables' && fact.taken !== undefined && isKnown) faults.push({ kind: 'anew', seq });
      if (fact.kind === 'rows' || fact.kind === 'chain') isKnown = fact.kind === 'rows';
    }
    return faults;
  }

  #taken(): Pick<RowFindings, 'taken'> {
    const found = this.#said.facts.findLast(([, fact]) => fact.kind === 'tables' && fact.taken !== undefined);
    const [seq, fact] = found ?? [];
    if (seq === undefined || fact?.kind !== 'tables' || !fact.taken) return {};
    return { taken: { rows: fact.taken, seq, wallMs: this.#sql.wallMs.get(seq) as number } };
  }

  #found(name: string, what: RowFault['what'], seq?: number): void {
    const [table, ...key] = JSON.parse(name) as (string | number)[];
    this.#foundAt(String(table), key.join(' '), what, seq);
  }

  #foundAt(table: string, at: string, what: RowFault['what'], seq?: number): void {
    if (this.#faults.length >= FAULTS_MAX) return;
    const wallMs = seq === undefined ? undefined : (this.#sql.wallMs.get(seq) as number | undefined);
    this.#faults.push({
      ...{ kind: 'row', table, at, what },
      ...(seq !== undefined && { seq }),
      ...(wallMs !== undefined && { wallMs }),
    });
  }
}
