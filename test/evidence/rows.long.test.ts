/** A thousand rows of the journal changed behind the program's back, one at a time: each is named by its number. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { open, record, temporaryFolder } from '../store/open.ts';

const ROWS = Number(process.env.ROWS ?? 1_000);

interface Row {
  readonly seq: number;
  readonly event: string;
  readonly at_ms: number;
}

it(`${ROWS} rows flipped, deleted, forged or moved in time`, async () => {
  const path = temporaryFolder();
  const store = await open({ path, version: '0.1.0' });
  for (let at = 0; at < 500; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  for (const id of ['1', '2']) await store.outbox.put(record(id));
  await store.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const rows = database.prepare('SELECT * FROM journal ORDER BY seq').all() as (Row & Record<string, unknown>)[];
  const last = rows.at(-1)?.seq ?? 0;
  const columns = Object.keys(rows[0] ?? {});
  const restore = database.prepare(
    `INSERT OR REPLACE INTO journal (${columns.join(', ')}) VALUES (${columns.map((name) => `@${name}`).join(', ')})`,
  );
  for (let done = 0; done < ROWS; done += 1) {
    const row = rows[randomInt(rows.length)] as Row & Record<string, unknown>;
    const { seq, event } = row;
    const trick = done % 4;
    if (trick === 0) {
      const at = randomInt(event.length);
      const other = event[at] === 'x' ? 'y' : 'x';
      restore.run({ ...row, event: event.slice(0, at) + other + event.slice(at + 1) });
    } else if (trick === 1) database.prepare('DELETE FROM journal WHERE seq = ?').run(seq);
    else if (trick === 2) restore.run({ ...row, event: '{"kind":"grant","grant":{"plate":"粤B12345"}}' });
    else restore.run({ ...row, at_ms: row.at_ms - 1 });
    const { faults } = await checkChain(path);
    const isNamed = faults.some(
      (fault) => ('seq' in fault && fault.seq === seq) || ('first' in fault && fault.first === seq),
    );
    // The very newest row has nothing behind it that would miss it.
    expect({ trick, seq, faults, isNamed: isNamed || (trick === 1 && seq === last) }).toMatchObject({ isNamed: true });
    restore.run(row);
  }
  database.close();
  expect((await checkChain(path)).faults).toEqual([]);
});
