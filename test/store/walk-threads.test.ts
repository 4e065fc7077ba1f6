/** The chain walked by several threads says what one says, also while a program writes. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { beforeAll, expect, it } from 'vitest';
import { ROW_TEXT, sha256 } from '../../src/store/chain/chain.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { append } from './append.ts';
import { dist, open, record, temporaryFolder } from './open.ts';

const ROWS = 3_000;

interface Row {
  readonly seq: number;
  readonly text: string;
}

const url = pathToFileURL(join(dist, 'src/store/chain/walk-worker.js'));
const alone = { count: 1, stretchRows: 256, url };
const together = { count: 3, stretchRows: 256, url };
const late = { ...together, url: pathToFileURL(join(import.meta.dirname, 'late-walk-worker.mjs')) };

const full = temporaryFolder.keep();
beforeAll(async () => {
  const store = await open({ path: full, version: '0.1.0', journalMaxRows: 100_000 });
  for (let at = 0; at < ROWS; at += 1) {
    store.journal.append('1001', { kind: 'tick', atMs: at });
    if (at % 500 === 250) await store.outbox.put(record(String(at)));
  }
  // What was said of the first in the last stretch.
  await store.review.correct(1, { plate: { text: '粤B99999' } }, '李四', '看图更正');
  await store.close();
});

/** A copy of its own: a store is filled once for all. */
function filled(): string {
  const path = temporaryFolder();
  cpSync(full, path, { recursive: true });
  return path;
}

const changes: readonly (readonly [string, string])[] = [
  ['nothing', 'SELECT 1'],
  ['a row in the first stretch', `UPDATE journal SET event = '{"kind":"grant"}' WHERE seq = 3`],
  ['a row in each', `UPDATE journal SET at_ms = at_ms + 1 WHERE seq % 350 = 0`],
  ['a block', 'DELETE FROM chain_block WHERE first = 1025'],
  ['every other block', 'DELETE FROM chain_block WHERE (first - 1) / 128 % 2 = 1'],
  ['the last rows of a stretch', 'DELETE FROM journal WHERE seq BETWEEN 1534 AND 1537'],
  ['the head between two stretches', `UPDATE chain_block SET head = lower(hex(zeroblob(32))) WHERE last = 512`],
  ['a row of no chain', 'UPDATE journal SET link = NULL WHERE seq = 2000'],
];

it.each(changes)('says the same where this was changed: %s', async (_, sql) => {
  const path = filled();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const statement = database.prepare(sql);
  if (statement.reader) statement.all();
  else statement.run();
  database.close();
  const one = await checkChain(path, { threads: alone });
  expect(await checkChain(path, { threads: together })).toEqual(one);
  expect(one.faults.length > 0).toBe(!statement.reader);
  expect(one.rows).toBeGreaterThan(ROWS / 2);
  const range = { fromWallMs: 0, toWallMs: Date.now() - 60_000 };
  expect(await checkChain(path, { ...range, threads: together })).toEqual(
    await checkChain(path, { ...range, threads: alone }),
  );
});

it('sees one state of the database while another program writes', async () => {
  const path = filled();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  // What an erasure leaves has to be said behind it.
  append(database, { kind: 'erased', records: 1, pictures: 0, rows: 1, why: 'asked' });
  // A row goes by a rule and comes back with what its block says of it: either state fits, half of each does not.
  const { seq, text } = database.prepare(`SELECT seq, ${ROW_TEXT} AS text FROM journal WHERE seq = 1500`).get() as Row;
  database.exec(`CREATE TEMP TABLE kept_row AS SELECT * FROM journal WHERE seq = ${seq}`);
  const states = [
    `DELETE FROM journal WHERE seq = ${seq};
      UPDATE chain_block SET digests = '${seq} ${sha256(text)}', rule = 'erased' WHERE ${seq} BETWEEN first AND last`,
    `INSERT INTO journal SELECT * FROM kept_row;
      UPDATE chain_block SET digests = NULL, rule = NULL WHERE ${seq} BETWEEN first AND last`,
  ] as const;
  let written = 0;
  const write = () => {
    database.exec(`BEGIN; ${states[written % 2]}; COMMIT`);
    written += 1;
    turn = setTimeout(write, 1);
  };
  let turn = setTimeout(write);
  try {
    for (let round = 0; round < 10 || written <= 10; round += 1)
      expect(await checkChain(path, { threads: late })).toMatchObject({ faults: [] });
  } finally {
    clearTimeout(turn);
    database.close();
  }
});

it('walks alone where no thread starts', async () => {
  const path = filled();
  const nowhere = { ...together, url: pathToFileURL(join(path, 'nothing.js')) };
  expect(await checkChain(path, { threads: nowhere })).toMatchObject({ faults: [], records: 6 });
});
