/** The program asks its chain and tables by itself, and reports once what somebody with the card has done. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Sqlite from 'better-sqlite3';
import { expect, it, vi } from 'vitest';
import { checkItself } from '../../src/box/self-check.ts';
import { lastVerified, noteVerified } from '../../src/box/verified.ts';
import { systemClock } from '../../src/clock.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { handClock } from '../sim/hand-clock.ts';
import { dist, open, temporaryFolder } from '../store/open.ts';
import { lived } from './lived.ts';

const HOUR = 3_600_000;

it('the newest day each hour, all of it each week; what does not fit is told once', async () => {
  const path = temporaryFolder();
  await lived(path);
  const store = await open({ path, wallTrusted: true });
  const clock = handClock();
  const ended = new AbortController();
  const app = { store, clock: systemClock() };
  const choreWorker = pathToFileURL(join(dist, 'src/cli/chores.js'));
  const checking = checkItself({ host: { app }, stateFolder: path, clock, choreWorker }, ended.signal);
  const reports = async () =>
    (await store.looks.observations(50)).map(({ seen }) => seen).filter(({ why }) => why === 'rewritten');
  // Verified at a time to come is never verified: all of it, soon after the start.
  await noteVerified(path, { atWallMs: 9e15, rows: 1, faults: 0 });
  await clock.advance(HOUR / 12);
  await vi.waitFor(async () => expect((await lastVerified(path))?.atWallMs).toBeLessThan(9e15), LONGEST_WAIT_MS);
  expect(await reports()).toEqual([]);
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec(`UPDATE account SET line = '{"sum":1}'`);
  database.close();
  await vi.waitFor(async () => {
    await clock.advance(HOUR);
    expect(await reports()).toHaveLength(1);
  }, LONGEST_WAIT_MS);
  expect(await reports()).toMatchObject([
    { detail: { lines: expect.arrayContaining([expect.stringMatching(/^表 account 的 1 /)]) } },
  ]);
  // The status has it too.
  expect((await lastVerified(path))?.faults).toBeGreaterThan(0);
  ended.abort();
  await checking;
  await store.close();
});
