/** A record that somebody deletes in the database while it waits goes out all the same, and is reported. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, vi } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { dropByTwo, frame, open, record, release, temporaryFolder } from './open.ts';

it('is put back as the chain has it, and what was settled is told of', async () => {
  const path = temporaryFolder();
  const options = { path, bootId: 'one boot', wallTrusted: true };
  const before = await open(options);
  for (const id of ['1', '2', '3', '4', '5']) {
    const reported = id !== '4';
    const put = await before.outbox.put(
      record(id, { release: release(id, { reported, plate: { text: `粤B0000${id}`, confidence: 1 } }) }),
    );
    await before.outbox.attach(put.id, frame(500, put.id));
  }
  await before.outbox.delivered(1, { seqno: '1' });
  await dropByTwo(before.review, 3, '王五', '试车');
  await before.outbox.retry(5, 0, 'network');
  const [was, first] = [await before.review.get(2), await before.review.get(1)];
  const ofPerson = await before.review.get(4);
  await before.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec('DELETE FROM release WHERE id <= 4');
  database.close();

  const store = await open(options);
  await vi.waitFor(async () => expect(await store.looks.observations(20)).toHaveLength(4 + 2), LONGEST_WAIT_MS);
  const reports = (await store.looks.observations(4)).map(({ seen }) => seen).toReversed();
  expect(reports).toMatchObject([
    { why: 'rewritten', recordId: 1, serial: first?.record.serial, detail: { sentAgain: false } },
    { why: 'rewritten', recordId: 2, serial: was?.record.serial, detail: { table: 'release', sentAgain: true } },
    { why: 'rewritten', recordId: 3, detail: { sentAgain: false } },
    { why: 'rewritten', recordId: 4, detail: { sentAgain: true } },
  ]);
  // The same to the platform but for its picture.
  const { pictureFile: _, pictureBytes: __, dueMs: ___, ...told } = was?.record ?? {};
  expect(await store.outbox.due(10)).toMatchObject([
    { id: 2, ...told, picture: 'none', pictureWhy: 'damaged' },
    { id: 5 },
  ]);
  expect(await store.review.get(4)).toMatchObject({ record: { state: 'review', serial: ofPerson?.record.serial } });
  expect(await store.outbox.counts()).toMatchObject({ waiting: 2, review: 1, delivered: 0, dropped: 0 });
  await store.close();
  // What was settled stays away, and is named.
  expect((await checkChain(path)).faults).toMatchObject([
    { kind: 'row', table: 'release', at: '1', what: 'missing' },
    { kind: 'row', table: 'release', at: '3', what: 'missing' },
  ]);
});
