/**
 * An update with a step of the database that is rolled back: what its version sent is not sent again, what it withdrew accuses nobody, what came
 * meanwhile is there with its picture. By the command that the package runs.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { lanewarden } from '../cli/in-process.ts';
import { open, record, temporaryFolder } from './open.ts';

const jpeg = (text: string) => ({
  bytes: Buffer.from(`\xff\xd8${text}`, 'latin1'),
  mediaType: 'image/jpeg' as const,
  atMs: 0,
});

function box() {
  const folder = temporaryFolder();
  const path = join(folder, 'state');
  mkdirSync(path);
  const config = join(folder, 'lanewarden.yaml');
  writeFileSync(
    config,
    readFileSync(join(import.meta.dirname, '../kept/0.1/lanewarden.yaml'), 'utf8').replace('/var/lib/lanewarden', path),
  );
  const run = async (...words: string[]) => {
    const { status, output, stdout } = await lanewarden([...words, '--store', path]);
    expect(status, output).toBe(0);
    return stdout;
  };
  return { path, config, run };
}

/** As a version after this one may: it adds, and says so. */
function newerStep(path: string, step: string): void {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec(step);
  database.pragma('user_version = 99');
  database.close();
}

async function statesOf(path: string) {
  const store = await open({ path, wallTrusted: true });
  const records = await store.review.list({ limit: 100 });
  const journal = (await store.looks.around('1001', 0, Number.MAX_SAFE_INTEGER))?.rows.length;
  return { store, journal, states: Object.fromEntries(records.map(({ release, state }) => [release.id, state])) };
}

it('nothing is lost, doubled or accused again', async () => {
  const { path, run } = box();
  const before = await open({ path, wallTrusted: true });
  for (const id of ['sent', 'paid', 'waits']) {
    const { id: number } = await before.outbox.put(record(id));
    await before.outbox.attach(number, jpeg(id));
  }
  await before.close();
  const copy = join(path, 'before-update.db');
  const current = new Sqlite(join(path, 'lanewarden.db'));
  current.prepare('VACUUM INTO ?').run(copy);
  current.close();

  const trial = await open({ path, wallTrusted: true });
  await trial.outbox.delivered(1, { seqno: '1' });
  expect(await trial.outbox.withdraw('1001', 'paid', 'paid after all')).toBe(true);
  const { id: fresh, serial } = await trial.outbox.put(record('meanwhile'));
  await trial.outbox.attach(fresh, jpeg('meanwhile'));
  trial.journal.append('1001', { kind: 'tick', atMs: 5_000 });
  await trial.close();
  newerStep(
    path,
    "ALTER TABLE release ADD COLUMN note TEXT; CREATE TABLE extra (a TEXT); INSERT INTO extra VALUES ('x')",
  );

  expect(await run('restore', '--database', '--if-newer')).toContain('replaced-1.db');
  const { store, states, journal } = await statesOf(path);
  expect(states).toEqual({ sent: 'delivered', paid: 'withdrawn', waits: 'waiting', meanwhile: 'waiting' });
  expect(journal).toBeGreaterThan(0);
  expect((await store.outbox.picture(fresh))?.length).toBe(jpeg('meanwhile').bytes.length);
  // The lane of before judges them once more: each stays what it was.
  for (const id of ['sent', 'paid', 'meanwhile']) await store.outbox.put(record(id));
  const again = await store.review.list({ limit: 100 });
  expect(again).toHaveLength(4);
  expect(again.find(({ release }) => release.id === 'meanwhile')?.serial).toBe(serial);
  expect(again.find(({ release }) => release.id === 'paid')?.state).toBe('withdrawn');
});

it('a step that takes away what this version needs leaves the copy of before', async () => {
  const { path, run } = box();
  const before = await open({ path, wallTrusted: true });
  await before.outbox.put(record('waits'));
  await before.close();
  const current = new Sqlite(join(path, 'lanewarden.db'));
  current.prepare('VACUUM INTO ?').run(join(path, 'before-update.db'));
  current.close();
  newerStep(path, 'ALTER TABLE release RENAME COLUMN seqno TO number_of_platform; DELETE FROM release');
  expect(await run('restore', '--database', '--if-newer')).toContain('replaced-1.db');
  expect((await statesOf(path)).states).toEqual({ waits: 'waiting' });
});
