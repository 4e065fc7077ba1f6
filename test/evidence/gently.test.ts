/** The chain and all tables asked in slices, beside a store at work: what is edited between two of them is named, and nothing else is. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { headText } from '../../src/store/chain/chain.ts';
import { type ChainCheck, checkChain } from '../../src/store/chain/chain-check.ts';
import { atLength } from '../at-length.ts';
import { dist, open, openLedger, temporaryFolder } from '../store/open.ts';
import { aLife } from './gently-life.ts';
import { lived } from './lived.ts';

const DAY = 86_400_000;

/** Between two slices `between` happens; resolves to what was found, and after how many slices. */
async function gently(path: string, between: (slice: number) => void, asked: ChainCheck = {}) {
  let slices = 0;
  const clock: Clock = {
    ...systemClock(),
    wallMs: () => Math.max(Date.now(), (asked.fromWallMs ?? 0) + DAY),
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
const LIVES = Array.from({ length: Number(process.env.LIVES ?? atLength(3, 1)) }, (_, seed) => seed);

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

it('what a full disk keeps back from the chain is no finding, and what somebody edits is one once all is said', async () => {
  const path = temporaryFolder();
  await lived(path);
  const ledger = openLedger(path, {}, 40 * DAY);
  const moment = { nowMs: 40 * DAY, wallMs: Date.UTC(2026, 10, 24) + 40 * DAY };
  const { slices } = await gently(path, () => undefined);
  ledger.begin('diskFull', moment);
  ledger.database.exec('DELETE FROM attempt WHERE release_id = 7');
  ledger.commit(true);
  // Of a card that lies still nobody will say more.
  expect((await checkChain(path)).faults).toMatchObject([{ kind: 'row', table: 'attempt' }]);
  const later = (ms: number) => {
    moment.nowMs += ms;
    return { ...moment };
  };
  const beats = setInterval(() => ledger.beat(later(100)), 500);
  await expect(checkChain(path)).rejects.toMatchObject({ code: 'unavailable' });
  // It is said while a round is under way, which has seen the row gone.
  let isSaid = false;
  const said = (slice: number) => {
    if (slice !== slices - 4) return;
    ledger.begin('diskFull', moment);
    for (const _ of ledger.rows.sayOwed(moment)) {
      ledger.commit();
      ledger.begin('diskFull', later(1_000));
    }
    ledger.commit();
    ledger.beat(later(1_000));
    isSaid = true;
  };
  const round = await gently(path, said).catch(({ code }) => ({ faults: code === 'unavailable' ? [] : [code] }));
  expect(round.faults).toEqual([]);
  expect(isSaid).toBe(true);
  expect((await gently(path, () => undefined)).faults).toEqual([]);
  edit(path, 'DELETE FROM mark WHERE release_id = 6');
  expect((await gently(path, () => undefined)).faults).toMatchObject([{ kind: 'row', table: 'mark' }]);
  clearInterval(beats);
  ledger.close();
});

it('a table of long rows is asked with the memory of the service', async () => {
  const path = temporaryFolder();
  await lived(path);
  // The newest state of a lane is as long, and a letter that is not Latin doubles it in memory.
  edit(
    path,
    `WITH RECURSIVE at(n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM at WHERE n < 2100)
      INSERT INTO snapshot SELECT '1001', n, '{"门":"' || hex(zeroblob(31000)) || '"}' FROM at`,
  );
  const words = ['--max-old-space-size=64', join(dist, 'src/main.js'), 'verify', '--store', path, '--lang', 'en'];
  const { code, said } = await new Promise<{ code: unknown; said: string }>((resolve) => {
    execFile(process.execPath, words, (error, stdout) => resolve({ code: error?.code ?? error?.signal, said: stdout }));
  });
  expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(/^snapshot \d+ is unknown/) });
});

it('a rest between two slices has an end, however long a slice seemed', async () => {
  const path = temporaryFolder();
  await lived(path);
  const rests: number[] = [];
  let nowMs = 0;
  const clock: Clock = {
    ...systemClock(),
    // A machine that slept, or had no processor for it.
    nowMs: () => (nowMs += rests.length % 2 === 0 ? 3_600_000 : 10),
    sleep: async (ms) => void rests.push(ms),
  };
  await checkChain(path, { gently: { clock, share: 0.01, rows: 20 } });
  expect(rests.length).toBeGreaterThan(5);
  expect([...new Set(rests.map(Math.round))]).toEqual([30_000, 990]);
});

it('a head of a time that is still to come does not make the newest day the whole chain', async () => {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = publicKey.export({ format: 'der', type: 'spki' }).subarray(12).toString('hex');
  const now = Date.now();
  for (const wallMs of [now - 9 * DAY, Date.UTC(2099, 0), now - 8 * DAY, now - 2 * DAY, now - 3_600_000]) {
    for (let at = 0; at < 100; at += 1) store.journal.append('1001', { kind: 'tick', atMs: at });
    const head = await store.chain.seal();
    if (head === undefined) throw new Error('nothing to sign');
    const signature = sign(null, Buffer.from(headText(head, wallMs)), privateKey).toString('hex');
    await store.chain.signed({ ...head, wallMs, key, signature, ways: [] });
  }
  await store.close();
  const [whole, day] = [
    await gently(path, () => undefined),
    await gently(path, () => undefined, { fromWallMs: now - DAY }),
  ];
  expect([whole.faults, day.faults]).toEqual([[], []]);
  expect(whole.rows).toBeGreaterThan(500);
  expect(day.rows).toBeLessThan(200);
});
