/** Whoever has the card changes not rows but the structure of the database: an index that lets one row be, a computed column, an index that lies. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { beforeAll, expect, it, vi } from 'vitest';
import { checkItself } from '../../src/box/self-check.ts';
import { systemClock } from '../../src/clock.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import type { Store } from '../../src/store/types.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { handClock } from '../sim/hand-clock.ts';
import { dist, open, record, release, temporaryFolder } from '../store/open.ts';
import { lived } from './lived.ts';

function edit<Found>(path: string, work: (database: Sqlite.Database) => Found): Found {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.unsafeMode();
  const found = work(database);
  database.close();
  return found;
}
let kept = '';
beforeAll(async () => {
  kept = temporaryFolder.keep();
  await lived(kept);
});
/** The state folder of a box that has lived. */
function aged(): string {
  const path = temporaryFolder();
  cpSync(kept, path, { recursive: true });
  return path;
}
const begin = (path: string) => open({ path, wallTrusted: true });
const put = (store: Store, id: string) => store.outbox.put(record(id, { release: release(id) }));
const told = async (store: Store) =>
  (await store.looks.observations(50)).flatMap(({ seen }) => (seen.why === 'rewritten' ? [seen.detail] : []));
const structureFaults = async (path: string) =>
  (await checkChain(path)).faults.filter(({ kind }) => kind === 'schema' || kind === 'index');
/** What it is to do in a box that has lived. */
async function work(store: Store): Promise<void> {
  await store.looks.report({ why: 'settings', who: 'wang', detail: {} });
  await store.accounts.keep('1001', '2027-01-01', '{"unpaid":3}', '{"sum":100}');
  const { id } = await put(store, 'behind');
  await store.review.mark([id], { kind: 'owed', who: 'wang', amount: 500 } as never);
  expect(await store.review.get(id)).toMatchObject({ record: { state: 'waiting' } });
  expect(await store.review.marks(id)).toHaveLength(1);
  expect(JSON.stringify(await store.looks.observations(9))).toContain('"settings"');
  const days = await store.accounts.lines('2027-01-01', '2027-01-01');
  expect(days).toHaveLength(1);
}

/** The newest observation there is. */
const LAST = '$last';
const change = (path: string, sql: string) =>
  edit(path, (database) => {
    const last = database.prepare('SELECT max(id) FROM observation').pluck().get() as number;
    database.exec(sql.replace(LAST, `${last}`));
  });
const column = (table: string, vanishes: string) =>
  `ALTER TABLE ${table} ADD COLUMN more TEXT GENERATED ALWAYS AS (iif(${vanishes}, NULL, '')) VIRTUAL NOT NULL ON CONFLICT IGNORE`;
const EDITS: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a unique index by which one report is the last',
    `CREATE UNIQUE INDEX observation_day ON observation (why > '') WHERE id >= ${LAST}`,
    ['observation_day'],
  ],
  ['a computed column that an account must not have', column('account', `rows LIKE '%unpaid%'`), ['account']],
  ['a mark', column('mark', `body LIKE '%wang%'`), ['mark']],
  ['what goes out', column('outbound', `kind = 'release' AND ref > 8`), ['outbound']],
  ['a record', column('release', `release_id = 'behind'`), ['release']],
  ['a column with a check', `ALTER TABLE mark ADD COLUMN a INTEGER CHECK (body NOT LIKE '%wang%')`, ['mark']],
  [
    'a column that an index of its own holds',
    `ALTER TABLE mark ADD COLUMN a TEXT AS (1) NOT NULL; CREATE UNIQUE INDEX held ON mark (a) WHERE wall_ms > 9e14`,
    ['held', 'mark'],
  ],
  ['an index of the program, gone', 'DROP INDEX release_settled', ['release_settled']],
  [
    'and changed',
    'DROP INDEX release_due; CREATE INDEX release_due ON release (due_ms) WHERE attempts > 7',
    ['release_due'],
  ],
];

it.each(EDITS)('%s: named, put right and told at the next start', async (_, sql, names) => {
  const path = aged();
  change(path, sql);
  expect(await structureFaults(path)).toEqual(names.map((name) => ({ kind: 'schema', name })));
  const store = await begin(path);
  await work(store);
  expect(await told(store)).toEqual([{ schema: names }]);
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it.each(EDITS.slice(0, 6))('%s, while the program runs: gone with its next change', async (_, sql, names) => {
  const path = aged();
  const store = await begin(path);
  change(path, sql);
  await work(store);
  expect(await told(store)).toEqual([{ schema: names }]);
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it('a table built anew with another rule stays, and is told once; a record it does not take is refused', async () => {
  const path = temporaryFolder();
  const before = await begin(path);
  await put(before, 'r1');
  await before.close();
  edit(path, (database) => {
    const made = database.prepare(
      `SELECT sql FROM sqlite_schema WHERE tbl_name = 'release' AND sql > '' ORDER BY rowid`,
    );
    // A table comes before what stands on it.
    const [table = '', ...others] = made.pluck().all() as string[];
    const ignoring = table.replace(
      'UNIQUE (lane_id, release_id)',
      'UNIQUE (lane_id, release_id), UNIQUE (serial_kind) ON CONFLICT IGNORE',
    );
    database.exec(ignoring.replace('TABLE release', 'TABLE other'));
    database.exec('INSERT INTO other SELECT * FROM release; DROP TABLE release; ALTER TABLE other RENAME TO release');
    for (const sql of others) database.exec(sql);
  });
  const store = await begin(path);
  await expect(put(store, 'behind')).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
  edit(path, (database) => database.exec('CREATE VIEW v AS SELECT 1; DROP VIEW v'));
  await store.looks.report({ why: 'settings', who: 'wang', detail: {} });
  expect(await told(store)).toEqual([{ schema: expect.arrayContaining(['release']) }]);
  await store.close();
  expect(await structureFaults(path)).toContainEqual({ kind: 'schema', name: 'release' });
});

it('a foreign table stays, and is named; its references hold nothing', async () => {
  const path = aged();
  let store = await begin(path);
  const { id } = await store.outbox.put(
    record('left', { release: release('left', { plate: { text: '粤B70000', confidence: 0.9 } }) }),
  );
  await store.outbox.delivered(id, {});
  await store.close();
  edit(path, (database) =>
    database.exec(`CREATE TABLE held (id INTEGER REFERENCES release (id)); INSERT INTO held SELECT id FROM release`),
  );
  store = await begin(path);
  await work(store);
  expect(await store.review.erase('粤B70000', 'wang', 'asked')).toMatchObject({ records: 1 });
  expect(await told(store)).toEqual([{ schema: ['held'] }]);
  await store.close();
  expect(await structureFaults(path)).toEqual([{ kind: 'schema', name: 'held' }]);
});

it.each(['0.1', '1.0.0-rc.1'])('a database of %s fits as it is, and once it is taken up', async (version) => {
  const path = temporaryFolder();
  cpSync(join(import.meta.dirname, '../kept', version, 'state'), path, { recursive: true });
  if (version !== '0.1') expect((await checkChain(path)).faults).toEqual([]);
  const store = await begin(path);
  edit(path, (database) => database.exec('ANALYZE'));
  await put(store, 'behind');
  expect(await told(store)).toEqual([]);
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it('an index that leaves out a record that waits: the check of the program itself tells, and the record goes out', async () => {
  const path = temporaryFolder();
  let store = await begin(path);
  for (const id of ['r1', 'r2', 'r3']) await put(store, id);
  for (const id of [1, 2, 3]) await store.outbox.attach(id, { none: 'noCamera' });
  await store.close();
  edit(path, (database) => {
    const made = database.prepare(`SELECT sql FROM sqlite_schema WHERE name = 'release_waiting'`).pluck().get();
    const write = (sql: string) => {
      database.pragma('writable_schema = ON');
      database.prepare(`UPDATE sqlite_schema SET sql = ? WHERE name = 'release_waiting'`).run(sql);
      database.pragma('writable_schema = RESET');
    };
    write(`${made} AND id <> 2`);
    database.exec('REINDEX release_waiting');
    write(`${made}`);
  });
  expect((await checkChain(path)).faults).toEqual([{ kind: 'index', name: 'release_waiting' }]);
  store = await begin(path);
  const due = async () => (await store.outbox.due(10, 'oldest', 0)).map(({ id }) => id);
  expect(await due()).toEqual([1, 3]);
  const ended = new AbortController();
  const clock = handClock();
  const parts = {
    host: { app: { store, clock: systemClock() } },
    stateFolder: path,
    clock,
    log: { warn: () => undefined },
  };
  const choreProgram = pathToFileURL(join(dist, 'src/cli/chores.js'));
  const checking = checkItself({ ...parts, choreProgram, isHurried: true }, ended.signal);
  await vi.waitFor(async () => {
    await clock.advance(3_600_000);
    expect(await due()).toEqual([1, 2, 3]);
  }, LONGEST_WAIT_MS);
  ended.abort();
  await checking;
  expect(await told(store)).toEqual([{ lines: [expect.stringContaining('release_waiting')] }]);
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});
