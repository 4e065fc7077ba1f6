/**
 * The rows of all other tables against what the chain says of them, both ways: a row that it does not know or knows otherwise, and one that it knows
 * and that is not there. It walks no chain, and changes nothing.
 */
import type { openReadOnly } from '../files/journal-reader.ts';
import { tallyWhy } from '../thread/schema.ts';
import type { BoxFact } from './chain.ts';
import type { ChainFault } from './chain-fault.ts';
import type { KnownRows, RowSaid, Walked } from './chain-walk.ts';
import { columnsText, type RowTable, rowDigest, rowName, rowNamed, rowTables, SALT_HEX } from './row-tables.ts';

type Database = ReturnType<typeof openReadOnly>;
type RowFault = Extract<ChainFault, { kind: 'row' }>;

export interface RowFindings {
  readonly faults: readonly ChainFault[];
  /** Rows compared. */
  readonly compared: number;
  /** Of a version that said nothing of rows: so many were taken as they were, at this moment. */
  readonly taken?: { readonly rows: number; readonly seq: number; readonly wallMs: number };
}

interface Row {
  readonly name: string;
  readonly text: string;
  readonly salt: string;
}

const FAULTS_MAX = 100;
const TABLES = '["tables"]';

/** `isWhole`: of the whole chain; else of its end, and of what that names alone. undefined: it says nothing of rows. */
export function checkRows(database: Database, walked: readonly Walked[], isWhole: boolean): RowFindings | undefined {
  const has = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'row_fact'`).pluck();
  if (has.get() === undefined) return undefined;
  return new RowCheck(database, walked).findings(isWhole);
}

class RowCheck {
  readonly #database: Database;
  readonly #facts: Walked['facts'];
  readonly #known: Map<string, RowSaid>;
  /** Which columns count, from which fact on; the newest first. */
  readonly #columns: (readonly [seq: number, columns: Extract<BoxFact, { kind: 'tables' }>['columns']])[];
  readonly #faults: ChainFault[] = [];
  readonly #wallMs;
  #compared = 0;

  constructor(database: Database, walked: readonly Walked[]) {
    this.#database = database;
    this.#facts = walked.flatMap(({ facts }) => facts);
    this.#known = mergedRows(walked.map(({ rows }) => rows));
    this.#columns = this.#facts
      .flatMap(([seq, fact]) => (fact.kind === 'tables' ? [[seq, fact.columns] as const] : []))
      .toSorted(([a], [b]) => b - a);
    this.#wallMs = database.prepare('SELECT wall_ms FROM journal WHERE seq = ?').pluck();
  }

  findings(isWhole: boolean): RowFindings | undefined {
    const tables = rowTables(this.#database);
    if (!isWhole) {
      for (const table of tables) this.#named(table);
      return { faults: this.#faults, compared: this.#compared };
    }
    if (this.#columns.length === 0) return undefined;
    // Taken out as they are found.
    const missing = new Map(this.#known);
    for (const table of tables) this.#all(table, missing);
    for (const [name, said] of missing) if (said[1] !== undefined) this.#found(name, 'missing', said);
    this.#places();
    this.#tally();
    this.#chains();
    return { faults: [...this.#anew(), ...this.#faults], compared: this.#compared, ...this.#taken() };
  }

  #all(table: RowTable, missing: Map<string, RowSaid>): void {
    const newest = this.#columnsAt(table, Number.MAX_SAFE_INTEGER);
    if (newest === undefined) return;
    const text = newest.every((column) => table.columns.includes(column)) ? newest : table.columns;
    const rows = this.#database.prepare(
      `SELECT name, text, ${SALT_HEX} AS salt FROM (SELECT ${rowName(table)} AS name, ${columnsText(text)} AS text FROM "${table.name}")
        LEFT JOIN row_fact USING (name)`,
    );
    for (const row of rows.iterate() as IterableIterator<Row>) {
      this.#compared += 1;
      const said = this.#known.get(row.name);
      missing.delete(row.name);
      if (said?.[1] === undefined) this.#found(row.name, 'added', said);
      else if (!this.#fits(table, row, said)) this.#found(row.name, 'changed', said);
    }
  }

  /** A row of before a column came was said without it. */
  #fits(table: RowTable, row: Row, [seq, digest]: RowSaid): boolean {
    if (row.salt === '') return false;
    if (rowDigest(row.salt, row.text) === digest) return true;
    const columns = this.#columnsAt(table, seq);
    if (columns === undefined || columns === this.#columnsAt(table, Number.MAX_SAFE_INTEGER)) return false;
    const text = this.#database.prepare(`SELECT ${columnsText(columns)} FROM ${rowNamed(table)}`).pluck();
    return rowDigest(row.salt, text.get({ name: row.name }) as string) === digest;
  }

  /** Those of a table that the end of the chain names, and those of which it is not said where they stand in it. */
  #named(table: RowTable): void {
    const unknown = this.#database.prepare(
      `SELECT name FROM (SELECT ${rowName(table)} AS name FROM "${table.name}") LEFT JOIN row_fact USING (name)
        WHERE seq IS NULL AND EXISTS (SELECT 1 FROM row_fact) LIMIT ${FAULTS_MAX}`,
    );
    for (const name of unknown.pluck().all() as string[]) this.#found(name, 'added');
    const salts = this.#database.prepare(`SELECT ${SALT_HEX} FROM row_fact WHERE name = ?`).pluck();
    const texts = this.#database.prepare(`SELECT ${columnsText(table.columns)} FROM ${rowNamed(table)}`).pluck();
    for (const [name, said] of this.#known) {
      if (!name.startsWith(`["${table.name}",`)) continue;
      this.#compared += 1;
      const text = texts.get({ name }) as string | undefined;
      if ((text === undefined) !== (said[1] === undefined)) {
        this.#found(name, text === undefined ? 'missing' : 'added', said);
      } else if (text !== undefined) {
        const salt = (salts.get(name) as string | undefined) ?? '';
        if (!this.#fits(table, { name, text, salt }, said)) this.#found(name, 'changed', said);
      }
    }
  }

  #columnsAt({ name }: RowTable, seq: number): readonly string[] | undefined {
    return this.#columns.find(([since]) => since < seq)?.[1][name];
  }

  /** Where each row stands in the chain, which the salts are kept with. */
  #places(): void {
    const left = new Map(this.#known);
    const rows = this.#database.prepare('SELECT name, seq, salt IS NULL AS gone FROM row_fact').raw();
    for (const [name, seq, gone] of rows.iterate() as IterableIterator<[string, number, 0 | 1]>) {
      if (name === TABLES) {
        if (seq !== this.#columns[0]?.[0]) this.#foundAt('row_fact', name, 'changed');
        continue;
      }
      const said = left.get(name);
      left.delete(name);
      if (said === undefined) this.#foundAt('row_fact', name, 'added');
      else if (said[0] !== seq || (gone === 1) !== (said[1] === undefined))
        this.#foundAt('row_fact', name, 'changed', said);
    }
    for (const [name, said] of left) this.#foundAt('row_fact', name, 'missing', said);
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
    for (const [seq, fact] of this.#facts) {
      if (fact.kind !== 'chain') continue;
      if (ids.get(seq) !== fact.chain) this.#foundAt('chain', `${seq}`, ids.has(seq) ? 'changed' : 'missing', [seq]);
      ids.delete(seq);
    }
    for (const first of ids.keys()) this.#foundAt('chain', `${first}`, 'added');
  }

  /** Right where another version ran meanwhile, which says nothing of rows, or another chain began; both say so. */
  #anew(): readonly ChainFault[] {
    let version: string | undefined;
    let isKnown = false;
    // Of the run whose start comes next.
    let isSaid = false;
    const faults: ChainFault[] = [];
    for (const [seq, fact] of this.#facts) {
      if (fact.kind === 'tables' && fact.taken !== undefined && isKnown) faults.push({ kind: 'anew', seq });
      if (fact.kind === 'tables') isSaid = true;
      if (fact.kind === 'rows') isKnown = true;
      if (fact.kind === 'chain') isKnown = false;
      if (fact.kind !== 'start') continue;
      if (isSaid || fact.version !== version) isKnown = isSaid;
      version = fact.version;
      isSaid = false;
    }
    return faults;
  }

  #taken(): Pick<RowFindings, 'taken'> {
    const found = this.#facts.findLast(([, fact]) => fact.kind === 'tables' && fact.taken !== undefined);
    const [seq, fact] = found ?? [];
    if (seq === undefined || fact?.kind !== 'tables' || !fact.taken) return {};
    return { taken: { rows: fact.taken, seq, wallMs: this.#wallMs.get(seq) as number } };
  }

  #found(name: string, what: RowFault['what'], said?: RowSaid): void {
    const [table, ...key] = JSON.parse(name) as (string | number)[];
    this.#foundAt(String(table), key.join(' '), what, said);
  }

  #foundAt(table: string, at: string, what: RowFault['what'], said?: readonly [seq: number, digest?: string]): void {
    if (this.#faults.length >= FAULTS_MAX) return;
    const wallMs = said && (this.#wallMs.get(said[0]) as number | undefined);
    this.#faults.push({
      ...{ kind: 'row', table, at, what },
      ...(said && { seq: said[0] }),
      ...(wallMs !== undefined && { wallMs }),
    });
  }
}

function mergedRows(all: readonly KnownRows[]): Map<string, RowSaid> {
  const merged = new Map<string, RowSaid>();
  for (const { named, anewAt } of all) {
    if (anewAt > 0) merged.clear();
    for (const [name, said] of named) merged.set(name, said);
  }
  return merged;
}
