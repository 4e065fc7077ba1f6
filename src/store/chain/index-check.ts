/** Whether each index has what its table has: the program finds by an index what is to be sent, and shown. */
import type { Database } from '../thread/database.ts';
import type { ChainFault } from './chain-fault.ts';

const INDEX = /index (\w+)/;
const SHOWN_MOST = 80;

/** SQLite reads a table and all its indexes through in one go, and the next in another. */
export function* indexesThatLie(database: Database): Generator<undefined, readonly ChainFault[]> {
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[];
  const found = new Set<string>();
  for (const table of tables) {
    yield;
    const said = database.pragma(`integrity_check("${table.replaceAll('"', '""')}")`) as { integrity_check: string }[];
    for (const { integrity_check: line } of said)
      if (line !== 'ok') found.add((INDEX.exec(line)?.[1] ?? `${table}: ${line}`).slice(0, SHOWN_MOST));
  }
  return [...found].map((name) => ({ kind: 'index', name }));
}
