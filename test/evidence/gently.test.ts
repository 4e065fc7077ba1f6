/** The chain and all tables asked in slices, beside a store at work: what is edited between two of them is named, and nothing else is. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { type ChainCheck, checkChain } from '../../src/store/chain/chain-check.ts';
import { openLedger, temporaryFolder } from '../store/open.ts';
import { aLife } from './gently-life.ts';
import { lived } from './lived.ts';

const DAY = 86_400_000;

/** Between two slices `between` happens; resolves to what was found, and after how many slices. */
async function gently(path: string, between: (slice: number) => void, asked: ChainCheck = {}) {
  let slices = 0;
  const clock: Clock = {
    ...systemClock(),
    sleep: async () => {
      slices += 1;
      between(slices);
    },
  };
  const report = await checkChain(path, { ...asked, gently: { clock, share: 0.01, rows: 20 } });
  return { ...report, slices };
}

const edit = (path: string, sql: string) => {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec(sql);
  database.close();
};

it('finds in slices what it finds at once', async () => {
  const path = temporaryFolder();
  await lived(path);
  for (const range of [{}, { fromWallMs: 0 }, { fromWallMs: Date.now() - 60_000 }]) {
    const { slices, ...report } = await gently(path, () => undefined, range);
    const { faults, ...atOnce } = await checkChain(path, range);
    expect(report.faults).toEqual(faults);
    // A part begins at a head.
    if (!('fromWallMs' in range)) expect(report).toEqual({ ...atOnce, faults });
    expect(report.rows).toBeGreaterThanOrEqual(atOnce.rows);
    expect(report.faults).toEqual([]);
    expect(slices).toBeGreaterThan(5);
  }
  edit(path, `UPDATE account SET line = '{"sum":1}'; DELETE FROM attempt WHERE release_id = 7; DELETE FROM chain_head`);
  const { slices, ...report } = await gently(path, () => undefined);
  expect(report).toEqual(await checkChain(path));
  expect(report.faults.length).toBeGreaterThan(5);
  expect(slices).toBeGreaterThan(5);
});

it('a row that is edited, deleted or put in between two slices is named, in this round or the next', async () => {
  const tried = temporaryFolder();
  await lived(tried);
  const { slices } = await gently(tried, () => undefined);
  const edits = [
    `UPDATE release SET last_why = 'x' WHERE id = (SELECT min(id) FROM release)`,
    'DELETE FROM mark WHERE release_id = 6',
    `INSERT INTO epoch VALUES ('1001', 99, '{}')`,
    `UPDATE journal SET event = '{"kind":"grant"}' WHERE seq = (SELECT max(seq) - 3 FROM journal)`,
  ];
  for (const sql of edits)
    for (let at = 1; at < slices; at += 5) {
      const path = temporaryFolder();
      cpSync(tried, path, { recursive: true });
      const during = await gently(path, (slice) => slice === at && edit(path, sql));
      const after = await gently(path, () => undefined);
      expect(after.faults, `${sql} after slice ${at}`).not.toEqual([]);
      // At the beginning nothing has been compared.
      if (at === 1 && !sql.includes('journal')) expect(during.faults).toEqual(after.faults);
    }
});

/** LIVES=30: more of them. */
const LIVES = Array.from({ length: Number(process.env.LIVES ?? 3) }, (_, seed) => seed);

it.each(LIVES)('a busy store fits: life %i', async (seed) => {
  const path = temporaryFolder();
  await lived(path);
  const limits = { keepRecordsMs: 20 * DAY, keepFramesMs: 10 * DAY, keepJournalMs: 15 * DAY };
  const ledger = openLedger(path, limits, 40 * DAY);
  const life = aLife(seed, ledger);
  for (let at = 0; at < 30; at += 1) life.step();
  for (const range of [{}, { fromWallMs: Date.UTC(2026, 10, 24) + 60 * DAY }]) {
    const report = await gently(path, () => life.step(), range);
    expect(report.faults).toEqual([]);
    expect(report.slices).toBeGreaterThan(20);
  }
  expect(life.done.size).toBeGreaterThan(10);
  ledger.close();
  expect((await checkChain(path)).faults).toEqual([]);
});
