/** Whoever has the card edits, deletes or adds a row of any table: `verify` names the table. EDITS=1000: the whole proof. */
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import { ChainRows } from '../../src/store/chain/chain-rows.ts';
import { atLength } from '../at-length.ts';
import { lanewarden } from '../cli/in-process.ts';
import { append } from '../store/append.ts';
import { keepHouse, open, openLedger, record, temporaryFolder } from '../store/open.ts';
import { draws, lived, names, type Trick, tablesIn, tamper } from './lived.ts';

const DAY = 86_400_000;
const EDITS = Number(process.env.EDITS ?? atLength(400, 40));
const TRICKS: readonly Trick[] = ['changed', 'missing', 'added'];

it('a store that has lived fits, and the command says how much of it was asked', async () => {
  const path = temporaryFolder();
  await lived(path);
  const report = await checkChain(path, { frames: true });
  expect(report.faults).toEqual([]);
  expect(report.tables?.compared).toBeGreaterThan(40);
});

it(`${EDITS} rows of all tables edited, deleted or put in are named by table`, async () => {
  const path = temporaryFolder();
  await lived(path);
  const file = join(path, 'lanewarden.db');
  const kept = join(path, 'kept.db');
  copyFileSync(file, kept);
  const pick = draws(20_261_130);
  const tables = tablesIn(path);
  const unnamed: unknown[] = [];
  const tried = new Set<string>();
  for (let at = 0; at < EDITS; at += 1) {
    const table = tables[at % tables.length] as string;
    const trick = TRICKS[Math.floor(at / tables.length) % TRICKS.length] as Trick;
    const done = tamper(path, table, trick, pick);
    if (done === undefined) continue;
    tried.add(table);
    const { isNamed, faults } = await names(path, table);
    if (!isNamed) unnamed.push({ table, trick, done, faults });
    copyFileSync(kept, file);
  }
  expect(unnamed).toEqual([]);
  expect([...tried].toSorted()).toEqual(tables);
});

const statements = (path: string, sql: string) => {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec(sql);
  database.close();
};

const verify = (path: string, ...words: string[]) => lanewarden(['verify', '--store', path, ...words]);

it.each([
  ['release', `DELETE FROM release WHERE id = 2 OR state = 'waiting'`, /release 7 is gone, and nothing removed it/],
  ['mark', 'DELETE FROM mark', /mark 6 1 is gone/],
  ['observation', `DELETE FROM observation WHERE lane_id <> ''`, /observation \d+ is gone/],
  ['incident', 'DELETE FROM incident', /incident \d+ is gone/],
  ['attempt', 'DELETE FROM attempt', /attempt 7 1 is gone/],
  ['chain_head', 'DELETE FROM chain_head', /chain_head \d+ is gone/],
  ['account', `UPDATE account SET line = '{"sum":1}', rows = '{"income":1}'`, /account 1 is not as the chain says/],
  ['park_fact', `UPDATE park_fact SET body = '{}' WHERE kind = 'grant'`, /park_fact \d+ is not as the chain says/],
  ['epoch', `INSERT INTO epoch VALUES ('1001', 99, '{}')`, /epoch 1001 99 is unknown to the chain/],
])('%s: what is taken or rewritten is named, and the command fails', async (_, sql, line) => {
  const path = temporaryFolder();
  await lived(path);
  expect(await verify(path)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/\d+ rows of the other tables fit/),
  });
  statements(path, sql);
  const { status, stdout } = await verify(path);
  expect(status).toBe(1);
  expect(stdout).toMatch(line);
  // The newest day alone tells too.
  expect((await verify(path, '--last', '2d')).status).toBe(1);
});

it('a record that waits is missed, also where rows in the words of the program say that retention removed it', async () => {
  const path = temporaryFolder();
  await lived(path);
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const gone = [
    ...database
      .prepare(`SELECT json_array('attempt', release_id, number) FROM attempt WHERE release_id = 7`)
      .pluck()
      .all(),
    ...database.prepare(`SELECT json_array('rest', release_id) FROM rest WHERE release_id = 7`).pluck().all(),
    ...database
      .prepare(`SELECT json_array('beside', release_id, place) FROM beside WHERE release_id = 7`)
      .pluck()
      .all(),
    '["release",7]',
  ] as string[];
  for (const table of ['attempt', 'rest', 'beside']) database.exec(`DELETE FROM ${table} WHERE release_id = 7`);
  database.exec('DELETE FROM release WHERE id = 7');
  append(database, { kind: 'rows', by: 'retention', gone: gone.map((name) => JSON.parse(name)) });
  const { seq } = database.prepare('SELECT max(seq) AS seq FROM journal').get() as { seq: number };
  for (const name of gone) database.prepare('UPDATE row_fact SET salt = NULL, seq = ? WHERE name = ?').run(seq, name);
  database.close();
  const { status, stdout } = await verify(path);
  expect(stdout).toMatch(/record 7 was given \(row \d+\) and is gone, and nothing ended it/);
  expect(status).toBe(1);
});

/** As retention does it: a row of another table, and those of the journal about it with their digests. */
function expire(path: string, name: string, by = 'retention'): void {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const [table, id] = JSON.parse(name) as [string, number];
  database.prepare(`DELETE FROM ${table} WHERE id = ?`).run(id);
  append(database, { kind: 'rows', by, gone: [[table, id]] });
  const { seq } = database.prepare('SELECT max(seq) AS seq FROM journal').get() as { seq: number };
  database.prepare('UPDATE row_fact SET salt = NULL, seq = ? WHERE name = ?').run(seq, name);
  database.close();
}

/** Rows of the journal, with their digests left behind. */
function forget(path: string, which: string): void {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  const text = `concat_ws(char(10), seq, boot_seq, lane_id, at_ms, wall_ms, lower(hex(substr(link, 1, 16))), event)`;
  const rows = database.prepare(`SELECT seq, ${text} AS text FROM journal WHERE ${which}`).all() as {
    readonly seq: number;
    readonly text: string;
  }[];
  const chain = new ChainRows(database as never);
  chain.seal();
  const digest = (of: string) => createHash('sha256').update(of).digest('hex');
  chain.forget(
    rows.map(({ seq, text: of }) => ({ seq, digest: digest(of) })),
    'expired',
  );
  for (const { seq } of rows) database.prepare('DELETE FROM journal WHERE seq = ?').run(seq);
  database.close();
}

/** Two delivered records of a box that keeps thirty days, and a month later two that are young. */
async function aged(path: string): Promise<void> {
  const days = (at: number) => openLedger(path, { keepRecordsMs: 30 * DAY, keepJournalMs: 30 * DAY }, at * DAY);
  for (const at of [1, 40]) {
    const ledger = days(at);
    for (const each of [1, 2, 3]) {
      const id = `r${at} ${each}`;
      const moment = { nowMs: at * DAY + each, wallMs: Date.UTC(2026, 10, 24) + at * DAY };
      const ask = (name: string, ...given: unknown[]) => {
        ledger.begin(name, moment);
        ledger.execute({ id: 0, name, arguments: given, moment, journal: [] } as never);
        ledger.commit();
      };
      ask('put', record(id), { first: id, second: `${id} 2` });
      const last = ledger.database.prepare('SELECT max(id) FROM release').pluck().get();
      if (each < 3) ask('delivered', last, { seqno: id });
    }
    ledger.close();
  }
}

it('what retention removes in its time is right, and a record that was too young for it is missed', async () => {
  const path = temporaryFolder();
  await aged(path);
  keepHouse(path, { keepRecordsMs: 30 * DAY, keepJournalMs: 30 * DAY }, 41 * DAY);
  expect((await checkChain(path)).faults).toEqual([]);
  for (const [which, by] of [
    ['', 'retention'],
    [`event LIKE '{"kind":"record","id":5,%' OR event LIKE '{"kind":"delivered","id":5,%'`, 'retention'],
    ['', 'diskFull'],
    ['', 'erase'],
    ['', 'put'],
  ] as const) {
    const tried = temporaryFolder();
    cpSync(path, tried, { recursive: true });
    if (which !== '') forget(tried, which);
    expire(tried, '["release",5]', by);
    expect((await checkChain(tried)).faults, `${by} ${which}`).toContainEqual(
      expect.objectContaining({ kind: 'row', table: 'release', at: '5', what: 'missing' }),
    );
    expect((await checkChain(tried, { fromWallMs: 1 })).faults, `${by} ${which}, in part`).not.toEqual([]);
  }
});

it('a mark that retention is said to have removed from a record that stayed is missed', async () => {
  const path = temporaryFolder();
  await lived(path);
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec('DELETE FROM mark WHERE release_id = 6');
  append(database, { kind: 'rows', by: 'retention', gone: [['mark', 6, 1]] });
  database.exec(`UPDATE row_fact SET salt = NULL, seq = (SELECT max(seq) FROM journal) WHERE name = '["mark",6,1]'`);
  database.close();
  expect((await checkChain(path)).faults).toMatchObject([{ kind: 'row', table: 'mark', at: '6 1', what: 'missing' }]);
});

it('a row of the journal that was too young to go is missed, but not where there were too many', async () => {
  const path = temporaryFolder();
  await aged(path);
  const kept = { keepRecordsMs: 30 * DAY, keepJournalMs: 30 * DAY };
  const tried = temporaryFolder();
  cpSync(path, tried, { recursive: true });
  forget(tried, `event LIKE '{"kind":"delivered","id":5,%'`);
  expect((await checkChain(tried)).faults).toMatchObject([{ kind: 'record', id: 5 }, { kind: 'missing' }]);
  keepHouse(path, { ...kept, journalMaxRows: 8 }, 41 * DAY);
  expect((await checkChain(path)).faults).toEqual([]);
  // A shorter time is said before anything goes by it, and a longer one says nothing of what went.
  keepHouse(path, { keepRecordsMs: DAY / 4, keepJournalMs: DAY / 4 }, 42 * DAY);
  keepHouse(path, kept, 43 * DAY);
  expect((await checkChain(path)).faults).toEqual([]);
});

it('of a box of 1.0.0-rc.1 nothing is asked that it did not say; from its update on everything is', async () => {
  const path = temporaryFolder();
  cpSync(join(import.meta.dirname, '../kept/1.0.0-rc.1/state'), path, { recursive: true });
  expect(await verify(path)).toMatchObject({ status: 0, stdout: expect.stringContaining('cannot be asked') });
  const update = async () => (await open({ path, version: '1.0.0' })).close();
  await update();
  expect(await verify(path)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('were taken as the update found'),
  });
  statements(path, `UPDATE release SET last_why = 'x' WHERE id = (SELECT min(id) FROM release)`);
  expect((await checkChain(path)).faults).toMatchObject([{ kind: 'row', table: 'release', what: 'changed' }]);
  // Whoever has them taken anew is told of, also where a row says that an earlier version ran meanwhile.
  const database = new Sqlite(join(path, 'lanewarden.db'));
  append(database, { kind: 'start', version: '1.0.0-rc.1', bootId: 'x', blindMs: 0 });
  database.exec('DELETE FROM row_fact');
  database.close();
  await update();
  expect((await checkChain(path)).faults).toMatchObject([{ kind: 'anew' }]);
});

const MUTES = `CREATE TRIGGER x AFTER INSERT ON release WHEN new.state = 'waiting' BEGIN UPDATE release SET state = 'kept' WHERE id = new.id; END`;
it.each([
  ['a trigger on records', MUTES, 'x'],
  [
    'one on what the box observes',
    'CREATE TRIGGER "a "" b" AFTER INSERT ON observation BEGIN DELETE FROM observation; END',
    'a???b',
  ],
  ['a view', 'CREATE VIEW v AS SELECT 1', 'v'],
  ['a trigger of the program, gone', 'DROP TRIGGER tally_moved', 'tally_moved'],
  [
    'and changed',
    'DROP TRIGGER tally_put; CREATE TRIGGER tally_put AFTER INSERT ON release BEGIN DELETE FROM release; END',
    'tally_put',
  ],
])('%s: named, and put right and reported at the next start', async (_, sql, name) => {
  const path = temporaryFolder();
  await lived(path);
  statements(path, sql);
  expect((await checkChain(path)).faults).toEqual([{ kind: 'schema', name }]);
  expect((await checkChain(path, { fromWallMs: 1 })).faults).toContainEqual({ kind: 'schema', name });
  const store = await open({ path, wallTrusted: true });
  const put = await store.outbox.put(record('behind'));
  expect(await store.review.get(put.id)).toMatchObject({ record: { state: 'waiting' } });
  const [{ seen } = {}] = await store.looks.observations(1);
  expect(seen).toMatchObject({ why: 'rewritten', detail: { schema: [name] } });
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it('a trigger put in while the program runs goes with its next change', async () => {
  const path = temporaryFolder();
  await lived(path);
  const store = await open({ path, wallTrusted: true });
  await store.outbox.put(record('before'));
  statements(path, MUTES);
  expect(await verify(path)).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('x, a table, index, trigger or view'),
  });
  const put = await store.outbox.put(record('behind'));
  expect(await store.review.get(put.id)).toMatchObject({ record: { state: 'waiting' } });
  expect((await store.looks.observations(1))[0]?.seen).toMatchObject({ detail: { schema: ['x'] } });
});
