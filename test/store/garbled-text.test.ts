/** Text that a worn card has garbled where SQLite notices nothing: what it said is gone, and nothing else. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournalReader } from '../../src/store/files/journal-reader.ts';
import { dropByTwo, open, record, temporaryFolder } from './open.ts';

it('every JSON in the database: the store opens, and everything can be looked at', async () => {
  const path = temporaryFolder();
  const first = await open({ path });
  first.journal.append('1001', { kind: 'tick', atMs: 1 });
  first.journal.epoch('1001', { settleMs: 1 } as never);
  first.journal.snapshot('1001', { version: 1 });
  for (const id of ['1', '2', '3']) await first.outbox.put(record(id));
  await first.outbox.retry(1, 0, 'server', { answer: { status: 500, code: '500' } });
  await dropByTwo(first.review, 3, 'wang', 'a test car');
  await first.close();

  const file = join(path, 'lanewarden.db');
  const text = readFileSync(file, 'latin1');
  expect(text.match(/\{"/g)?.length).toBeGreaterThan(6);
  writeFileSync(file, text.replaceAll('{"', '#"'), 'latin1');

  const store = await open({ path });
  expect(await store.journal.load('1001')).toEqual({ state: undefined, rows: [] });
  const records = await store.review.list({ limit: 10 });
  expect(records.map(({ id, damaged, state }) => [id, damaged, state])).toEqual([
    [3, true, 'dropped'],
    [2, true, 'waiting'],
    [1, true, 'waiting'],
  ]);
  expect(await store.review.list({ desc: 'button', plateContains: '粤', limit: 10 })).toEqual([]);
  expect((await store.review.get(1))?.attempts).toMatchObject([{ why: 'server' }]);
  expect((await store.review.get(3))?.droppedBy).toBeUndefined();
  expect(await store.looks.around('1001', 0, 10)).toEqual({ before: [], rows: [] });
  expect(await store.looks.room()).not.toHaveProperty('damage');
  expect(await dropByTwo(store.review, 2, 'wang', 'nothing left of it')).toBe(true);
  await store.outbox.put(record('4'));
  expect((await store.outbox.counts()).waiting).toBe(2);
  await store.close();

  const reader = openJournalReader(path);
  expect([...reader.rows({})]).toEqual([]);
  expect(reader.epochs('1001')).toEqual([]);
  expect(reader.snapshotBefore('1001', 1_000)?.state).toBeUndefined();
  reader.close();
});
