/**
 * Takes what a newer version of the program has kept into a database of this version: after a roll-back nothing is sent again, nobody is
 * accused again, and nothing that came meanwhile is lost. A newer version may have added tables and columns; these stay behind. It compares
 * names, and knows no table.
 */
import type Sqlite from 'better-sqlite3';

const NEWER = 'newer';

/** false: the newer one lacks something that this version has, is damaged, or does not fit; then `database` is as it was. */
export function carryOver(database: Sqlite.Database, newerFile: string): boolean {
  database.prepare(`ATTACH ? AS ${NEWER}`).run(newerFile);
  try {
    if (database.pragma(`${NEWER}.quick_check(1)`, { simple: true }) !== 'ok') return false;
    const tables = database
      .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
      .pluck()
      .all() as string[];
    const columns = new Map(tables.map((table) => [table, columnsOf(database, 'main', table)]));
    for (const [table, wanted] of columns) {
      const there = new Set(columnsOf(database, NEWER, table));
      if (!wanted.every((column) => there.has(column))) return false;
    }
    database.transaction(() => {
      for (const [table, wanted] of columns) {
        const list = wanted.map((column) => `"${column}"`).join(', ');
        database.exec(`DELETE FROM main."${table}";
          INSERT INTO main."${table}" (${list}) SELECT ${list} FROM ${NEWER}."${table}"`);
      }
    })();
    return true;
  } catch {
    // A row that this version does not allow, such as an empty column; the transaction is undone.
    return false;
  } finally {
    database.exec(`DETACH ${NEWER}`);
  }
}

function columnsOf(database: Sqlite.Database, schema: string, table: string): readonly string[] {
  return (database.pragma(`${schema}.table_info("${table}")`) as readonly { readonly name: string }[]).map(
    ({ name }) => name,
  );
}
