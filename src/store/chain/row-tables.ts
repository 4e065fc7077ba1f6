/**
 * Which tables the chain knows row by row, and how a row is told from others and put into words: from the schema, so that a table that comes is among
 * them. What is written of a row are its table, its number or key, and a digest over its columns.
 */
import type { Database } from '../thread/database.ts';
import { sha256 } from './chain.ts';

/** Beside the chain itself: `tally` is counted from `release`, and `row_fact` says where in the chain each row stands. */
const OTHERS: ReadonlySet<string> = new Set(['journal', 'chain', 'chain_block', 'tally', 'row_fact']);
const DIGITS = 32;
/** In `row_fact`, where it is said which columns count. */
export const TABLES_SAID = '["tables"]';

/** false: the database is of a version that said nothing of rows. */
export const hasRowFacts = (database: Database): boolean =>
  database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'row_fact'`).get() !== undefined;

/** `rowid`, or the columns of the key where a table has no row numbers. A number says nothing of a plate that is a key. */
export interface RowTable {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

export function rowTables(database: Database): readonly RowTable[] {
  const tables = database
    .prepare(`SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' ORDER BY name`)
    .all() as { readonly name: string; readonly wr: number }[];
  return tables
    .filter(({ name }) => !OTHERS.has(name) && !name.startsWith('sqlite_'))
    .map(({ name, wr }) => {
      const columns = database.prepare('SELECT name, pk FROM pragma_table_info(?)').all(name) as Column[];
      const keys = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
      const names = (of: readonly Column[]) => of.map(({ name: column }) => column);
      return { name, key: wr === 1 ? names(keys) : ['rowid'], columns: names(columns) };
    });
}

interface Column {
  readonly name: string;
  readonly pk: number;
}

/** In SQL: a row of the table as it is named in the chain, `["release",12]`. `of`: `new.` in a trigger. */
export const rowName = ({ name, key }: RowTable, of = ''): string =>
  `json_array('${name}', ${key.map((column) => of + column).join(', ')})`;

/** In SQL: the columns of a row as they are hashed. */
export const columnsText = (columns: readonly string[]): string => `json_array(${columns.join(', ')})`;

/** In SQL: the one row with this name, a parameter. */
export const rowNamed = ({ name, key }: RowTable): string =>
  `"${name}" WHERE ${key.map((column, at) => `${column} = json_extract(@name, '$[${at + 1}]')`).join(' AND ')}`;

/** In SQL: those behind the one with this name, a parameter, in the order of their keys. */
export const rowsBehind = ({ key }: RowTable): string =>
  `WHERE (${key.join(', ')}) > (${key.map((_, at) => `json_extract(@name, '$[${at + 1}]')`).join(', ')})`;

/** The salt goes with the row, so that nobody can guess from the digest what stood in it. */
export const rowDigest = (salt: string, text: string): string => sha256(`${salt}\n${text}`).slice(0, DIGITS);

/** In SQL: the salt of a row of `row_fact`; empty: the row is gone, or never was said. */
export const SALT_HEX = 'lower(hex(salt))';
