/**
 * What the database says of itself (`sqlite_schema`) is what the steps of `schema.ts` make, word for word. All else may undo or refuse what the
 * program writes: a trigger, a view, an index that lets one row be, a column that is computed.
 */
import Sqlite from 'better-sqlite3';
import { type Database, diskFault } from './database.ts';
import { MIGRATIONS } from './schema.ts';

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  /** null: the index of a UNIQUE, which stands and falls with its table. */
  readonly sql: string | null;
  /** The row whole. */
  readonly text: string;
}

interface Made {
  readonly rows: readonly SchemaRow[];
  /** Of each table. */
  readonly columns: ReadonlyMap<string, readonly string[]>;
}

const SHOWN_MOST = 80;
const DROPPED = ['trigger', 'view', 'index'];
/** By which is found what waits to be sent. */
const QUEUE = ['release_waiting', 'release_due'];

/** Statistics (ANALYZE) change no row. In this order all that stands on another goes before it. */
const rowsOf = (database: Database): readonly SchemaRow[] =>
  database
    .prepare(
      `SELECT type, name, sql, json_array(type, name, tbl_name, sql) AS text FROM sqlite_schema
       WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4')) ORDER BY type IN ('trigger', 'view') DESC, type, rowid`,
    )
    .all() as SchemaRow[];
/** Also those that are computed. */
const columnsOf = (database: Database, table: string): readonly string[] =>
  database.prepare('SELECT name FROM pragma_table_xinfo(?)').pluck().all(table) as string[];
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const MADE = new Map<number, Made>();

function madeBy(version: number): Made {
  const known = MADE.get(version);
  if (known !== undefined) return known;
  const database = new Sqlite(':memory:');
  for (const step of MIGRATIONS.slice(0, version)) database.exec(step);
  const rows = rowsOf(database);
  const tables = rows.filter(({ type }) => type === 'table');
  const made = { rows, columns: new Map(tables.map(({ name }) => [name, columnsOf(database, name)])) };
  database.close();
  MADE.set(version, made);
  return made;
}

function misfits(database: Database) {
  const made = madeBy(database.pragma('user_version', { simple: true }) as number);
  const found = rowsOf(database);
  const without = (some: readonly SchemaRow[], others: readonly SchemaRow[]): readonly SchemaRow[] => {
    const texts = new Set(others.map(({ text }) => text));
    return some.filter(({ text }) => !texts.has(text));
  };
  const foreign = without(found, made.rows);
  const missing = without(made.rows, found);
  // Whoever put it in chose its name.
  const names = [...foreign, ...missing].map(({ name }) =>
    name.replaceAll(/[^\p{L}\p{N}_]/gu, '?').slice(0, SHOWN_MOST),
  );
  return { made, foreign, missing, names: [...new Set(names)] };
}

/** The names of those that somebody put in, changed or took away. */
export const schemaMisfits = (database: Database): readonly string[] => misfits(database).names;

/** Puts them right, in the open transaction, and returns their names. A table that is not what it was, but for columns more, stays as it is: its rows are evidence. */
export function mendSchema(database: Database): readonly string[] {
  const { made, foreign, names } = misfits(database);
  for (const { type, name, sql } of foreign)
    if (DROPPED.includes(type) && sql !== null) attempt(database, `DROP ${type} main.${quoted(name)}`);
  if (foreign.some(({ type }) => type === 'table')) dropColumns(database, made);
  const { missing } = misfits(database);
  // Tables first, as the steps do.
  for (const { sql } of missing.toSorted((a, b) => Number(b.type === 'table') - Number(a.type === 'table')))
    if (sql !== null) attempt(database, sql);
  return names;
}

function dropColumns(database: Database, { columns }: Made): void {
  for (const [table, own] of columns)
    for (const name of columnsOf(database, table))
      if (!own.includes(name)) attempt(database, `ALTER TABLE main.${quoted(table)} DROP COLUMN ${quoted(name)}`);
}

/** Has the queue find again what an index may have been made to leave out. */
export function rebuildQueue(database: Database): void {
  for (const name of QUEUE) attempt(database, `REINDEX main.${name}`);
}

/** What SQLite will not have stays, and is named. */
function attempt(database: Database, sql: string): void {
  try {
    database.exec(sql);
  } catch (error) {
    if (diskFault(error) !== undefined) throw error;
  }
}
