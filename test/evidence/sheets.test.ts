/** The sheets of days and months enter the chain when they are final, and can be verified by themselves. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it, vi } from 'vitest';
import { Accountant } from '../../src/account/accountant.ts';
import { dayOf, daysAfter } from '../../src/account/days.ts';
import { lastFinalDay } from '../../src/account/sheet.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import type { Store } from '../../src/store/types.ts';
import { lanewarden } from '../cli/in-process.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from '../store/open.ts';

const DAYS = Array.from({ length: 31 }, (_, at) => daysAfter('2026-10-01', at));
const keep = (store: Store, lane: string, day: string, amount: number, plate = ''): Promise<void> => {
  const questions = plate === '' ? [] : [{ kind: 'openingWithoutPassage', plate }];
  const rows = { rows: { '8\t张三\tpayment\tused.now': [1, amount] }, questions, corrections: [] };
  return store.accounts.keep(lane, day, JSON.stringify(rows), JSON.stringify({ key: day, passages: 1, amount }));
};
const verify = (path: string, ...words: string[]) => lanewarden(['verify', '--store', path, ...words]);
const facts = (path: string): Record<string, unknown>[] => {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const events = database
    .prepare(`SELECT event FROM journal WHERE event LIKE '{"kind":"sheet"%' ORDER BY seq`)
    .pluck()
    .all();
  database.close();
  return events.map((event) => JSON.parse(String(event)) as Record<string, unknown>);
};
const change = (path: string, sql: string): void => {
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.exec(sql);
  database.close();
};

/** A month of two lanes, the last days of which are not final yet. */
async function month(): Promise<{ readonly path: string; readonly store: Store }> {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  for (const day of DAYS) for (const lane of ['1001', '1002']) await keep(store, lane, day, 500, '粤B12345');
  await store.accounts.close('2026-10-29');
  return { path, store };
}

it('a day enters once when it is final, a month with its last day, with what they come to', async () => {
  const { path, store } = await month();
  await store.accounts.close('2026-10-29');
  expect(facts(path).map(({ span }) => span)).toEqual(DAYS.slice(0, 29));
  expect(facts(path)[0]).toMatchObject({ sums: { passages: 2, amount: 1_000 } });
  await store.accounts.close('2026-10-31');
  expect(facts(path).slice(29)).toMatchObject([
    { span: '2026-10-30' },
    { span: '2026-10-31' },
    { span: '2026-10', sums: { passages: 62, amount: 31_000 } },
  ]);
  // Who asks for an erasure changes no sheet.
  await store.review.erase('粤B12345', 'installer', 'asked');
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it('is verified alone, and named where it is not what it was, though the tables agree with the chain', async () => {
  const { path, store } = await month();
  await store.accounts.close('2026-10-31');
  await store.close();
  const right = await verify(path, '--sheet', '2026-10-05');
  expect(right).toMatchObject({ status: 0, stdout: expect.stringContaining('final sheet of 2026-10-05: row') });
  expect(right.stdout).toContain('2 passages, 10.00 yuan paid');
  expect((await verify(path, '--sheet', '2026-10')).status).toBe(0);
  expect((await verify(path, '--sheet', '2026-09')).status).toBe(66);
  expect((await verify(path, '--sheet', 'October')).status).toBe(2);
  change(path, `UPDATE account SET rows = replace(rows, '500', '100') WHERE day = '2026-10-05' AND lane_id = '1001'`);
  const wrong = await verify(path, '--sheet', '2026-10-05');
  expect(wrong.status).toBe(1);
  expect(wrong.stdout).toContain('the sheet of 2026-10-05 is not what it was when it became final');
  expect((await verify(path, '--sheet', '2026-10-06')).status).toBe(0);
  change(path, `UPDATE sheet SET sha256 = '${'0'.repeat(64)}' WHERE span = '2026-10-06'`);
  expect((await verify(path, '--sheet', '2026-10')).stdout).toContain('the sheet of 2026-10 is not what it was');
});

it('what a quiet lane moves in a final day is said again, and the first word stays', async () => {
  const { path, store } = await month();
  await store.accounts.close('2026-10-31');
  await keep(store, '1001', '2026-10-05', 500);
  expect(facts(path)).toHaveLength(32);
  await keep(store, '1001', '2026-10-05', 700);
  expect(facts(path).slice(32)).toMatchObject([
    { span: '2026-10-05', sums: { amount: 1_200 } },
    { span: '2026-10', sums: { amount: 31_200 } },
  ]);
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it('the running account does it by itself, not while the clock is unknown', async () => {
  const path = temporaryFolder();
  const store = await open({ path, wallTrusted: true });
  const today = dayOf(Date.now());
  const days = [-4, -3, -2].map((count) => daysAfter(today, count));
  for (const day of days) await keep(store, '1001', day, 100);
  const clock = handClock();
  let isKnown = false;
  const accountant = new Accountant(
    store.accounts,
    clock,
    async () => undefined,
    () => (isKnown ? lastFinalDay(Date.now()) : undefined),
  );
  const over = new AbortController();
  const running = accountant.run(over.signal);
  await clock.advance(60_000);
  expect(facts(path)).toEqual([]);
  isKnown = true;
  await vi.waitFor(async () => {
    await clock.advance(60_000);
    expect(facts(path).filter(({ span }) => days.includes(String(span)))).toMatchObject([
      { span: days[0] },
      { span: days[1] },
    ]);
  }, LONGEST_WAIT_MS);
  over.abort();
  await clock.advance(60_000);
  await running;
});
