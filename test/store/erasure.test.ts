/** What is kept about one plate, deleted so that no file holds it any more. The command: person.long.test.ts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { frame, open, record, release, temporaryFolder } from './open.ts';

const PLATE = '粤B12345';
const plateOf = (text: string) => ({ plate: { text, confidence: 0.9, atMs: 0 } }) as object;

/** Everywhere in the folder, as the text stands in a file. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name);
}

it('is in no file any more where nobody else’s record names it', async () => {
  const path = temporaryFolder();
  const store = await open({ path, version: '0.1.0' });
  const put = await store.outbox.put(record('r0', { release: release('r0', plateOf('浙A99999')) }));
  await store.outbox.attach(put.id, frame(600, 1));
  await store.outbox.delivered(put.id, {});
  await store.outbox.put(record('r1'));
  store.journal.append('1001', { kind: 'plate', plate: { text: '浙A99999', confidence: 1 }, atMs: 1 } as never);
  store.journal.snapshot('1001', {});
  await store.journal.flush();
  expect(filesWith(path, '浙A99999')).not.toEqual([]);
  expect(await store.review.erase('浙A99999', 'installer', 'asked')).toEqual({
    ...{ records: 1, pictures: 1, rows: 2 },
    left: { records: 0, rows: 0 },
  });
  expect(filesWith(path, '浙A99999')).toEqual([]);
  expect(existsSync(join(path, 'frames')) && readdirSync(join(path, 'frames'))).toEqual([]);
  await store.close();
});

it('leaves what is not delivered, and what a lane still needs, and says so', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  await store.outbox.put(record('r0', { release: release('r0', plateOf(PLATE)) }));
  await store.outbox.put(record('r1'));
  store.journal.append('1001', { kind: 'plate', plate: { text: PLATE, confidence: 1 }, atMs: 1 } as never);
  await store.journal.flush();
  expect(await store.review.erase(PLATE, 'installer', 'asked')).toEqual({
    ...{ records: 0, pictures: 0, rows: 0 },
    left: { records: 1, rows: 1 },
  });
});
