/** What acts in the database by itself: of triggers and views those alone that a step of `schema.ts` made, word for word. */
import Sqlite from 'better-sqlite3';
import type { Database } from './database.ts';
import { MIGRATIONS } from './schema.ts';

interface SchemaRow {
  readonly type: 'trigger' | 'view';
  readonly name: string;
  readonly sql: string;
}

const SHOWN_MOST = 80;

const acting = (database: Database): readonly SchemaRow[] =>
  database.prepare(`SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')`).all() as SchemaRow[];
const without = (some: readonly SchemaRow[], others: readonly SchemaRow[]): readonly SchemaRow[] =>
  some.filter(({ name, sql }) => !others.some((other) => other.name === name && other.sql === sql));

function madeBy(version: number): readonly SchemaRow[] {
  const database = new Sqlite(':memory:');
  for (const step of MIGRATIONS.slice(0, version)) database.exec(step);
  const rows = acting(database);
  database.close();
  return rows;
}

function misfits(database: Database) {
  const found = acting(database);
  const foreign = without(found, madeBy(MIGRATIONS.length));
  const missing = without(madeBy(database.pragma('user_version', { simple: true }) as number), found);
  // Whoever put it in chose its name.
  const names = [...foreign, ...missing].map(({ name }) =>
    name.replaceAll(/[^\p{L}\p{N}_]/gu, '?').slice(0, SHOWN_MOST),
  );
  return { foreign, missing, names: [...new Set(names)] };
}

/** The names of those that somebody put in, changed or took away. */
export const schemaMisfits = (database: Database): readonly string[] => misfits(database).names;

/** Puts them right, in the open transaction, and returns their names. */
export function mendSchema(database: Database): readonly string[] {
  const { foreign, missing, names } = misfits(database);
  for (const { type, name } of foreign) database.exec(`DROP ${type} main."${name.replaceAll('"', '""')}"`);
  for (const { sql } of missing) database.exec(sql);
  return names;
}
