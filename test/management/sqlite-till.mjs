/** A till that writes a table of SQLite, as a process of its own: it may be killed in the middle of a transaction. usage: node sqlite-till.mjs FILE */
import Database from 'better-sqlite3';

const database = new Database(process.argv[2], { timeout: 60_000 });
// Pages of a transaction that is not over reach the file soon, and a kill leaves a journal to be rolled back.
database.pragma('cache_size = 10');
process.on('message', ({ sql, isOpen }) => {
  database.exec(isOpen ? `BEGIN IMMEDIATE; ${sql}` : sql);
  process.send('done');
});
process.send('ready');
