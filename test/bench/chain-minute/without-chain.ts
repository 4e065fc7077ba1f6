/** Rows as they were before there was a chain: no digest, no head, no row of the box, and nothing said of the rows of other tables. */
import Sqlite from 'better-sqlite3';
import { ChainRows } from '../../../src/store/chain/chain-rows.ts';
import { JournalRows } from '../../../src/store/thread/journal-rows.ts';

export function withoutChain(): () => void {
  const [{ link }, { say }, { exec }] = [ChainRows.prototype, JournalRows.prototype, Sqlite.prototype];
  ChainRows.prototype.link = () => '';
  JournalRows.prototype.say = () => undefined;
  // What tells which rows a commit has changed.
  Sqlite.prototype.exec = function (sql) {
    return sql.startsWith('CREATE TEMP TRIGGER row_') ? this : exec.call(this, sql);
  };
  return () => {
    ChainRows.prototype.link = link;
    JournalRows.prototype.say = say;
    Sqlite.prototype.exec = exec;
  };
}
