/** The program asks its chain and tables by itself, and reports once what somebody with the card has done. How it rests meanwhile: gently.test.ts. */
import { execFile } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checkItself, type SelfCheckParts } from '../../src/box/self-check.ts';
import { lastVerified, noteVerified } from '../../src/box/verified.ts';
import { systemClock } from '../../src/clock.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import type { Store } from '../../src/store/types.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { library } from '../power/library.ts';
import { type HandClock, handClock } from '../sim/hand-clock.ts';
import { dist, open, temporaryFolder } from '../store/open.ts';
import { lived } from './lived.ts';

const HOUR = 3_600_000;
const choreProgram = pathToFileURL(join(dist, 'src/cli/chores.js'));

let path = '';
let store: Store;
let clock: HandClock;
let host: { app: SelfCheckParts['host']['app'] };
let warned: string[] = [];
let end: () => Promise<void>;
beforeEach(async () => {
  path = temporaryFolder();
  await lived(path);
  store = await open({ path, wallTrusted: true });
  clock = handClock();
  host = { app: { store, clock: systemClock() } };
  warned = [];
  begin(path);
});
function begin(stateFolder: string): void {
  const ended = new AbortController();
  const log = { warn: ({ en }: { readonly en: string }) => void warned.push(en) };
  const checking = checkItself({ host, stateFolder, clock, log, choreProgram, isHurried: true }, ended.signal);
  end = async () => {
    ended.abort();
    await checking;
  };
}
afterEach(async () => {
  await end();
  await store.close();
});

const reports = async () =>
  (await store.looks.observations(50)).flatMap(({ seen }) => (seen.why === 'rewritten' ? [seen] : []));
const edit = (sql: string, folder = path) => {
  const database = new Sqlite(join(folder, 'lanewarden.db'));
  database.exec(sql);
  database.close();
};
const ACCOUNTS_EDITED = `UPDATE account SET line = '{"sum":1}'`;
const ofAccounts = { lines: expect.arrayContaining([expect.stringMatching(/^表 account 的 1 /)]) };
/** Hours go by until it is so. */
const goesOnUntil = (isSo: () => Promise<void>) =>
  vi.waitFor(async () => {
    await clock.advance(HOUR);
    await isSo();
  }, LONGEST_WAIT_MS);

it('the newest day each hour, all of it each week; what does not fit is told once', async () => {
  // Verified at a time to come is never verified: all of it, soon after the start.
  await noteVerified(path, { atWallMs: 9e15, rows: 1, faults: 0 });
  await clock.advance(HOUR / 12);
  await vi.waitFor(async () => expect((await lastVerified(path))?.atWallMs).toBeLessThan(9e15), LONGEST_WAIT_MS);
  expect(await reports()).toEqual([]);
  edit(ACCOUNTS_EDITED);
  await goesOnUntil(async () => expect(await reports()).toHaveLength(1));
  expect(await reports()).toMatchObject([{ detail: ofAccounts }]);
  // The status has it too.
  await vi.waitFor(async () => expect((await lastVerified(path))?.faults).toBeGreaterThan(0), LONGEST_WAIT_MS);
  // There are more rows, and something else does not fit: that alone is news.
  for (let at = 0; at < 20; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
  edit('DELETE FROM mark WHERE release_id = 6');
  await goesOnUntil(async () => expect(await reports()).toHaveLength(2));
  const [newest] = (await reports()).filter(({ detail }) => JSON.stringify(detail).includes('表 mark'));
  expect(newest?.detail).toEqual({ lines: [expect.stringMatching(/^表 mark /)] });
  expect(warned).toEqual([]);
});

it('what is found goes to the store that is open then: a configuration was applied meanwhile', async () => {
  edit(ACCOUNTS_EDITED);
  const later = await open({ path: temporaryFolder(), wallTrusted: true });
  await clock.advance(HOUR / 12);
  // The round has begun.
  host.app = { store: later, clock: systemClock() };
  await store.close();
  store = later;
  await vi.waitFor(async () => expect(await reports()).not.toEqual([]), LONGEST_WAIT_MS);
  expect(await reports()).toMatchObject([{ detail: ofAccounts }]);
});

it('what was told to a store that refused is told again', async () => {
  edit(ACCOUNTS_EDITED);
  await clock.advance(HOUR / 12);
  await store.close();
  await vi.waitFor(async () => expect((await lastVerified(path))?.faults).toBeGreaterThan(0), LONGEST_WAIT_MS);
  store = await open({ path, wallTrusted: true });
  host.app = { store, clock: systemClock() };
  await goesOnUntil(async () => expect(await reports()).toMatchObject([{ detail: ofAccounts }]));
});

it('a command that fails has found nothing: it is logged once, and asked again', async () => {
  await end();
  const broken = temporaryFolder();
  cpSync(path, broken, { recursive: true });
  edit(`PRAGMA user_version = ${MIGRATIONS.length + 1}`, broken);
  begin(broken);
  await goesOnUntil(async () => expect(warned).toHaveLength(1));
  expect(warned).toEqual([expect.stringMatching(/^the chain of evidence could not be verified: .*version/)]);
  edit(`PRAGMA user_version = ${MIGRATIONS.length}`, broken);
  await goesOnUntil(async () => expect(await lastVerified(broken)).toBeDefined());
  expect(warned).toHaveLength(1);
  expect(await reports()).toEqual([]);
});

it('a verification leaves no memory behind in the program', async () => {
  const asked = join(temporaryFolder(), 'asked.mjs');
  writeFileSync(
    asked,
    `import { readFileSync } from 'node:fs';
     import { runChore } from ${JSON.stringify(pathToFileURL(join(dist, 'src/box/chore.js')).href)};
     const megabytes = () => Number(/^RssAnon:\\s+(\\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
     const before = megabytes();
     await runChore({ args: ['verify', '--store', ${JSON.stringify(path)}], language: 'en', environment: {} });
     console.log(megabytes() - before);`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, [asked], { timeout: LONGEST_WAIT_MS });
  expect(Number(stdout)).toBeLessThan(6);
});

it('a sandbox that refuses priorities refuses no round', async () => {
  const asked = join(temporaryFolder(), 'asked.mjs');
  writeFileSync(
    asked,
    `import { runChore } from ${JSON.stringify(pathToFileURL(join(dist, 'src/box/chore.js')).href)};
     import { constants, setPriority } from 'node:os';
     let refused;
     try { setPriority(constants.priority.PRIORITY_LOW); } catch (error) { refused = error.info.code; }
     const args = ['verify', '--store', ${JSON.stringify(path)}];
     const said = await runChore({ args, language: 'en', environment: {}, isLast: true });
     console.log(JSON.stringify({ refused, said }));`,
  );
  const environment = { ...process.env, LD_PRELOAD: library(temporaryFolder(), 'no-priority') };
  const { stdout } = await promisify(execFile)(process.execPath, [asked], {
    env: environment,
    timeout: LONGEST_WAIT_MS,
  });
  expect(JSON.parse(stdout)).toEqual({ refused: 'EPERM', said: expect.stringContaining('the chain fits') });
});
