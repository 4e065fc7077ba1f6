/** The command `person`: finds, gives out and deletes what is kept about one plate. */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { dist, frame, open, record, release, temporaryFolder } from './open.ts';

const PLATE = '粤B12345';
const LONGER = '粤B123456';

const lanewarden = (...words: string[]) => {
  const done = spawnSync(
    process.execPath,
    [join(dist, 'src/main.js'), ...words, ...(words.includes('--lang') ? [] : ['--lang', 'en'])],
    { encoding: 'utf8' },
  );
  return { status: done.status, said: done.stdout + done.stderr };
};
const plateOf = (text: string) => ({ plate: { text, confidence: 0.9, atMs: 0 } }) as object;

/** Of both plates a read, and a record that was delivered; the longer one was let out behind the other. */
async function filled(path: string): Promise<void> {
  const store = await open({ path, version: '0.1.0' });
  for (const [at, text] of [PLATE, LONGER].entries()) {
    store.journal.append('1001', { kind: 'plate', plate: { text, confidence: 0.9 }, atMs: at } as never);
    const put = await store.outbox.put(record(`r${at}`, { release: release(`r${at}`, plateOf(text)) }));
    await store.outbox.attach(put.id, frame(600, at));
    await store.outbox.delivered(put.id, {});
  }
  const facts = [{ kind: 'behind', plate: PLATE, atMs: 0 }] as never;
  const other = await store.outbox.put(record('r2', { release: release('r2', { ...plateOf(LONGER), facts }) }));
  await store.outbox.delivered(other.id, {});
  store.journal.snapshot('1001', { lastPlate: null });
  const numbers = store.numbers('mqtt');
  const { series, used, place } = await numbers.open();
  const message = { series, n: 1, topic: 't', payload: `{"plate":"${PLATE}"}`, record: 0, wallMs: 0 };
  await numbers.keep({ series, after: { used, place }, place, messages: [message] });
  await store.parkFacts.keep(undefined, [{ kind: 'vehicle', key: PLATE, atMs: 1, body: '{}' }]);
  await store.journal.flush();
  await store.close();
}

it('is found and given out whole, and deleted to the last byte; what others have stays, and the chain fits', async () => {
  const path = temporaryFolder();
  await filled(path);
  const file = join(path, '..', `given-${Date.now()}.zip`);
  const found = lanewarden('person', '粤b·12345', '--store', path, '--export', file);
  expect(found).toMatchObject({ status: 0 });
  expect(found.said).toContain('1 records, 1 rows of the journal, 1 pictures');
  expect(found.said).toContain('named in records of others, which are not this person’s and stay: 3');
  expect(found.said).toMatch(/^ {2}1 .* delivered$/m);
  expect(found.said).toMatch(/rows elsewhere that name it: .*known vehicles 1/);
  expect(lanewarden('person', PLATE, '--store', path, '--lang', 'zh').said).toMatch(/^ {2}1 .* 已送达$/m);
  const given = unzipSync(readFileSync(file));
  expect(Object.keys(given)).toHaveLength(5);
  // The row of the other record that names it, and with it the other plate, is not for this person.
  const others = strFromU8(given['other-tables.jsonl'] as Uint8Array);
  expect(others).toMatch(/^\{"table":"vehicle".*\}\n$/);
  expect(others).not.toContain(LONGER);
  expect(strFromU8(given['records.jsonl'] as Uint8Array)).not.toContain(LONGER);
  expect(lanewarden('person', PLATE, '--store', path, '--erase', '--yes').said).toContain('give a --reason');

  writeFileSync(join(path, 'before-version-4.db'), 'a copy');
  const none = ['cameras.sock', 'status.sock', 'running', 'verified.json'];
  for (const name of none) writeFileSync(join(path, name), '');
  const erased = lanewarden(
    'person',
    PLATE,
    '--store',
    path,
    '--erase',
    '--yes',
    '--reason',
    'asked in writing',
    '--by',
    'auditor-li',
  );
  expect(erased).toMatchObject({ status: 0 });
  expect(erased.said).toContain('deleted 1 records, 2 rows, 1 pictures');
  expect(erased.said).toContain('before-version-4.db');
  expect(erased.said).toMatch(/still named, and not deleted, in: .*known vehicles 1/);
  for (const name of none) expect(erased.said).not.toContain(name);
  // As a word of its own it stands only in the record of the other, which names it.
  const report = await checkChain(path, { frames: true });
  expect(report).toMatchObject({ faults: [], erased: 2, erasures: 1 });
  const verified = lanewarden('verify', '--store', path).said;
  expect(verified).toContain('2 of these were erased by rule');
  expect(verified).toMatch(/row \d+, 20\d\d-.*: auditor-li erased 1 records, 2 rows, 1 pictures: asked in writing/);
  expect(lanewarden('person', PLATE, '--store', path).said).toContain('0 records, 0 rows of the journal, 0 pictures');
  expect(statSync(join(path, 'lanewarden.db-wal'), { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  const left = readFileSync(join(path, 'lanewarden.db'));
  expect(left.includes(`"plate":{"text":"${PLATE}"`)).toBe(false);
  expect(left.includes(`\\"plate\\":{\\"text\\":\\"${PLATE}\\"`)).toBe(false);
  expect(left.includes(LONGER)).toBe(true);
});
