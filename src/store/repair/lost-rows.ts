/**
 * Rows that `.recover` found outside of any table, because a damaged page or schema hides the way to them: which table they belong to, and whether
 * they may be taken. Pages that the database had freed hold rows as well, of records that were delivered, withdrawn or erased since.
 */
import Sqlite from 'better-sqlite3';
import type { Moment } from '../moment.ts';
import { RECORD_STATES } from '../record-states.ts';
import { migrate } from '../thread/database.ts';
import type { Ledger } from '../thread/ledger.ts';
import { PAGE } from './wal.ts';

/** The name that `.recover` gives its table. */
export const LOST_TABLE = 'lost_and_found';

type Row = Readonly<Record<string, unknown>>;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly notnull: number;
  readonly pk: number;
}

interface Shape {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly root: number;
  /** The column that is the row number. */
  readonly alias?: string;
  readonly hasRowId: boolean;
}

/** Settled states: a record in one of them is never sent. */
const SETTLED = ['delivered', 'withdrawn', 'dropped'];

/** What these say follows from the rows that are brought over. */
const COUNTED: ReadonlySet<string> = new Set(['tally', 'journal_size', 'row_fact']);

export class LostRows {
  readonly #shapes = shapes();
  readonly #isUsed: (page: number) => boolean | undefined;
  readonly #oldestMs: number;
  /** Rows come page by page. */
  #last: { readonly page: number; readonly isUsed: boolean | undefined } | undefined;

  /** `isUsed`: what the pointer map says of a page. */
  constructor(ledger: Ledger, moment: Moment, isUsed: (page: number) => boolean | undefined) {
    this.#isUsed = isUsed;
    this.#oldestMs = ledger.timeline.laneMs(moment.nowMs) - ledger.keepRecordsMs;
  }

  /** undefined: no row of ours, or one that must not come back. */
  find(lost: Row): { readonly table: string; readonly row: Row } | undefined {
    const shape = this.#shapes.find((each) => fits(lost, each));
    if (shape === undefined) return undefined;
    const { table, columns, alias } = shape;
    const row: Record<string, unknown> = Object.fromEntries(
      columns.map(({ name }, at) => [name, lost[`c${at}`] ?? null]),
    );
    if (alias !== undefined) row[alias] = lost.id;
    if (table === 'release' && !RECORD_STATES.some((state) => state === row.state)) return undefined;
    if (lost.rootpgno === shape.root) return { table, row };
    const isUsed = this.#isPageUsed(Number(lost.pgno));
    if (isUsed !== undefined) return isUsed ? { table, row } : undefined;
    // Nothing proves it current: it may have been settled since, or erased, which only happens behind the retention.
    if (table !== 'release' || Number(row.put_ms) < this.#oldestMs) return undefined;
    return { table, row: SETTLED.some((state) => state === row.state) ? row : { ...row, state: 'review' } };
  }

  #isPageUsed(page: number): boolean | undefined {
    if (this.#last?.page !== page) this.#last = { page, isUsed: this.#isUsed(page) };
    return this.#last.isUsed;
  }
}

/** All tables are STRICT, and no two of them, nor an index, have the same types in the same order. */
function fits(lost: Row, { columns, alias, hasRowId }: Shape): boolean {
  // A row from before a column was added lacks it.
  const written = Number(lost.nfield);
  if (written > columns.length || columns.slice(written).some(({ notnull }) => notnull === 1)) return false;
  if ((lost.id !== null) !== hasRowId) return false;
  return columns.slice(0, written).every(({ name, type, notnull, pk }, at) => {
    const value = lost[`c${at}`];
    if (name === alias) return value === null;
    if (value === null) return notnull === 0 && pk === 0;
    if (type === 'BLOB') return value instanceof Uint8Array;
    return type === 'INTEGER' ? Number.isInteger(value) : typeof value === 'string';
  });
}

/** Where a table's root lies follows from the migrations alone: with auto-vacuum each new root is put behind the last one, whatever lies there. */
function shapes(): readonly Shape[] {
  const database = new Sqlite(':memory:');
  try {
    database.pragma(`page_size = ${PAGE}`);
    database.pragma('auto_vacuum = INCREMENTAL');
    migrate(database);
    const tables = database.prepare(
      `SELECT t.name AS "table", t.wr AS withoutRowId, s.rootpage AS root FROM pragma_table_list AS t
       JOIN sqlite_schema AS s ON s.name = t.name AND s.type = 'table' WHERE t.schema = 'main'`,
    );
    const kept = (tables.all() as { table: string; withoutRowId: number; root: number }[]).filter(
      ({ table }) => !COUNTED.has(table),
    );
    return kept.map(({ table, withoutRowId, root }) => {
      const columns = database.prepare('SELECT * FROM pragma_table_info(?)').all(table) as Column[];
      const keys = columns.filter(({ pk }) => pk > 0);
      const [key] = keys;
      const alias = withoutRowId === 0 && keys.length === 1 && key?.type === 'INTEGER' ? key.name : undefined;
      return { table, columns, root, hasRowId: withoutRowId === 0, ...(alias !== undefined && { alias }) };
    });
  } finally {
    database.close();
  }
}
