/** When a lane event reaches the disk: what lets a vehicle through at once, unless a chattering contact would wear the card; all else with it or the next. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { LaneEvent, Role } from '../../src/lane/types.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from './open.ts';

const GROUP_MS = 200;
const ALONG_MS = 10_000;
const AT_ONCE = 10;
const edge = (atMs: number, role: Role = 'button', on = true): LaneEvent => ({
  kind: 'edge',
  role,
  on,
  atMs,
  uncertaintyMs: 25,
});
const plate = (atMs: number): LaneEvent => ({ kind: 'plate', plate: { text: '粤B12345', confidence: 0.9 }, atMs });
const tick = (atMs: number): LaneEvent => ({ kind: 'tick', atMs });

async function quietBox() {
  const path = temporaryFolder();
  const clock = handClock(50_000);
  const store = await open({ path, clock });
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  const count = database.prepare("SELECT count(*) FROM journal WHERE lane_id <> ''").pluck();
  /** Lane events that would survive a power cut, once the thread has done all that it was told to. */
  const durable = async (): Promise<number> => {
    await store.outbox.counts();
    return count.get() as number;
  };
  return { clock, store, durable, close: () => database.close() };
}

it('what lets a vehicle through is durable without any time passing, with all that came before it; that of one poll in one commit', async () => {
  const { store, durable, clock, close } = await quietBox();
  store.journal.append('1001', edge(1, 'approach'));
  for (const role of ['down', 'button', 'remote'] as const)
    store.journal.append('1001', edge(2, role, role !== 'down'));
  expect(await durable()).toBe(4);
  store.journal.append('1001', edge(3, 'auto'));
  expect(await durable()).toBe(5);
  // Without an end switch that left, it is the first sign of an opening.
  store.journal.append('1002', edge(4, 'up'));
  expect(await durable()).toBe(6);
  await clock.advance(1);
  close();
});

it('a second vehicle in one opening, and one in none, is durable as an opening is', async () => {
  const { store, durable, clock, close } = await quietBox();
  store.journal.append('1001', edge(1, 'down', false));
  expect(await durable()).toBe(1);
  for (const on of [true, false]) store.journal.append('1001', edge(2, 'barrier', on));
  expect(await durable()).toBe(1);
  store.journal.append('1001', edge(3, 'barrier', true));
  expect(await durable()).toBe(4);
  store.journal.append('1001', edge(4, 'approach', false));
  expect(await durable()).toBe(5);
  store.journal.append('1001', edge(5, 'down', true));
  store.journal.append('1001', edge(6, 'approach', true));
  expect(await durable()).toBe(5);
  store.journal.append('1001', edge(7, 'barrier', true));
  expect(await durable()).toBe(8);
  await clock.advance(1);
  close();
});

it('a payment is durable within a quarter of a second', async () => {
  const { store, durable, clock, close } = await quietBox();
  const grant = { id: 'p', scope: 'lane', count: 1, kind: 'paid', issuedAtMs: 1, source: 'pms' } as const;
  store.journal.append('1001', { kind: 'grant', grant, atMs: 1 });
  expect(await durable()).toBe(0);
  await clock.advance(GROUP_MS);
  expect(await durable()).toBe(1);
  close();
});

it('all else goes with what comes next, within ten seconds', async () => {
  const { store, durable, clock, close } = await quietBox();
  store.journal.append('1001', edge(1, 'down', false));
  expect(await durable()).toBe(1);
  store.journal.append('1001', edge(2, 'up'));
  for (const on of [true, false]) store.journal.append('1001', edge(3, 'barrier', on));
  store.journal.append('1001', plate(4));
  store.journal.append('1001', tick(5));
  store.parkFacts.along([{ kind: 'grant', key: 'p', atMs: 5, body: '{"n":1}' }]);
  store.parkFacts.along([{ kind: 'grant', key: 'p', atMs: 5, body: '{"n":2}' }]);
  await clock.advance(ALONG_MS - 1);
  expect(await durable()).toBe(1);
  await clock.advance(1);
  expect(await durable()).toBe(6);
  expect(await store.parkFacts.rows('grant')).toEqual([{ key: 'p', body: '{"n":2}' }]);
  store.journal.append('1001', tick(6));
  await clock.advance(ALONG_MS - 50);
  store.journal.append('1001', edge(7));
  expect(await durable()).toBe(8);
  // The wait of what went along is over: this one has its own.
  store.journal.append('1001', tick(8));
  await clock.advance(ALONG_MS - 1);
  expect(await durable()).toBe(8);
  await clock.advance(1);
  expect(await durable()).toBe(9);
  close();
});

it('a chattering contact costs no more commits than groups do, and loses nothing', async () => {
  const { store, durable, clock, close } = await quietBox();
  const forMs = 4_000;
  let before = 0;
  let commits = 0;
  let edges = 0;
  for (; edges < forMs / 20; edges += 1) {
    store.journal.append('1001', edge(edges));
    const now = await durable();
    if (now > before) commits += 1;
    before = now;
    await clock.advance(20);
  }
  expect(commits).toBeGreaterThan(AT_ONCE);
  expect(commits).toBeLessThanOrEqual(AT_ONCE + forMs / GROUP_MS);
  await clock.advance(GROUP_MS);
  expect(await durable()).toBe(edges);
  close();
});
