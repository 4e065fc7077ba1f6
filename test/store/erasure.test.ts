/** What is kept about one plate, deleted so that no file holds it any more. The command: person.long.test.ts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { frame, open, record, release, temporaryFolder } from './open.ts';

const PLATE = '粤B12345';
const LONGER = '粤B123456';
const plateOf = (text: string) => ({ plate: { text, confidence: 0.9, atMs: 0 } }) as object;

/** Everywhere in the folder, as the text stands in a file. */
function filesWith(folder: string, text: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map(({ name }) => name);
}

/** Tables of which a row holds the text, not as part of a longer one. */
function tablesWith(folder: string, text: string): string[] {
  const database = new Sqlite(join(folder, 'lanewarden.db'), { readonly: true });
  const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all() as string[];
  const isWord = new RegExp(`${text}(?!\\d)`);
  const found = tables.filter((name) => isWord.test(JSON.stringify(database.prepare(`SELECT * FROM "${name}"`).all())));
  database.close();
  return found;
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
    left: { records: 0, rows: 0, elsewhere: {} },
  });
  expect(filesWith(path, '浙A99999')).toEqual([]);
  expect(existsSync(join(path, 'frames')) && readdirSync(join(path, 'frames'))).toEqual([]);
  await store.close();
});

it('is in no table any more: entries, payments and their fates, days, marks, messages; known vehicles and what others have said stay, counted', async () => {
  const path = temporaryFolder();
  const store = await open({ path, version: '0.1.0' });
  const own = await store.outbox.put(record('r0', { release: release('r0', plateOf(PLATE)) }));
  await store.outbox.delivered(own.id, {});
  const other = await store.outbox.put(record('r1', { release: release('r1', plateOf(LONGER)) }));
  await store.outbox.delivered(other.id, {});
  const said = { plate: PLATE, at: 1, wall: 1, source: 'park' };
  const body = JSON.stringify({ plate: PLATE });
  for (const kind of ['car', 'left', 'vehicle'] as const)
    await store.parkFacts.keep(undefined, [{ kind, key: PLATE, atMs: 1, body: '{}' }]);
  await store.parkFacts.keep({ kind: 'entry', key: 'e1', ...said }, [{ kind: 'entry', key: PLATE, atMs: 1, body }]);
  await store.parkFacts.keep({ kind: 'charge', key: 'c1', ...said, until: 2, amount: 5 }, []);
  await store.parkFacts.keep(undefined, [{ kind: 'grant', key: 'g1', atMs: 1, body }]);
  await store.parkFacts.keep(undefined, [{ kind: 'car', key: LONGER, atMs: 1, body: '{}' }]);
  const day = JSON.stringify({ questions: [{ kind: 'passageUnclear', atWallMs: 1, plate: PLATE }] });
  await store.accounts.keep('1001', '2026-11-01', day, '{}');
  await store.accounts.keep('1001', '2026-11-02', '{}', '{}');
  const mark = { kind: 'owed', who: 'auditor', from: '', plate: PLATE } as const;
  await store.review.mark([own.id], mark);
  expect(await store.review.erase(PLATE, 'installer', 'asked')).toMatchObject({
    records: 1,
    left: { records: 0, rows: 0, elsewhere: { vehicle: 1 } },
  });
  expect(tablesWith(path, PLATE)).toEqual(['park_fact']);
  expect(tablesWith(path, LONGER)).not.toEqual([]);
  await store.review.mark([other.id], mark);
  expect((await store.review.erase(PLATE, 'installer', 'asked')).left.elsewhere).toEqual({
    vehicle: 1,
    journal: 1,
    mark: 1,
  });
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
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
    // The verdict of that record, as it was given.
    left: { records: 1, rows: 1, elsewhere: { journal: 1 } },
  });
});
