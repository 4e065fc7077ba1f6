/** What whoever is root can do to a database: one row is another, and its chain fits by itself. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { CHECK_DIGITS, headOf, ROW_TEXT, rootOf, sha256 } from '../../src/store/chain/chain.ts';

interface Row {
  readonly seq: number;
  readonly text: string;
}

/** Puts `event` into the row, and gives every block of its chain the digests and the head that follow from it. */
export function rewrite(path: string, seq: number, event = '{"kind":"grant"}'): void {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.prepare('UPDATE journal SET event = ? WHERE seq = ?').run(event, seq);
  const texts = database.prepare(`SELECT seq, ${ROW_TEXT} AS text FROM journal WHERE seq BETWEEN ? AND ? ORDER BY seq`);
  const relink = database.prepare('UPDATE journal SET link = unhex(hex(substr(link, 1, 16)) || ?) WHERE seq = ?');
  const digest = ({ seq: of, text }: Row): string => {
    relink.run(sha256(text).slice(0, CHECK_DIGITS), of);
    return sha256(text);
  };
  // Behind the last block too.
  digest(texts.get(seq, seq) as Row);
  const chain = database
    .prepare('SELECT id, first FROM chain WHERE first <= ? ORDER BY first DESC LIMIT 1')
    .get(seq) as {
    readonly id: string;
    readonly first: number;
  };
  const blocks = database
    .prepare(
      `SELECT first, last FROM chain_block WHERE first >= @first
        AND first < coalesce((SELECT min(first) FROM chain WHERE first > @first), first + 1) ORDER BY first`,
    )
    .all({ first: chain.first }) as { readonly first: number; readonly last: number }[];
  let previous = chain.id;
  for (const { first, last } of blocks) {
    previous = headOf(previous, first, last, rootOf((texts.all(first, last) as Row[]).map(digest)));
    database.prepare('UPDATE chain_block SET head = ? WHERE first = ?').run(previous, first);
  }
  database.close();
}
