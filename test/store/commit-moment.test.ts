/** When a lane event reaches the disk: an edge at once, unless a chattering contact would wear the card; all else with the next group. */
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { LaneEvent } from '../../src/lane/types.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from './open.ts';

const GROUP_MS = 200;
const TICK_GROUP_MS = 10_000;
const AT_ONCE = 10;
const edge = (atMs: number): LaneEvent => ({ kind: 'edge', role: 'barrier', on: true, atMs, uncertaintyMs: 25 });
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

it('edges after a quiet time are durable without any time passing, those of one poll in one commit', async () => {
  const { store, durable, clock, close } = await quietBox();
  for (let at = 0; at < 3; at += 1) store.journal.append('1001', edge(at));
  expect(await durable()).toBe(3);
  store.journal.append('1001', edge(3));
  expect(await durable()).toBe(4);
  await clock.advance(1);
  close();
});

it('all else waits for its group; a tick, which can be concluded again, for ten seconds, or for whatever comes first', async () => {
  const { store, durable, clock, close } = await quietBox();
  store.journal.append('1001', plate(1));
  expect(await durable()).toBe(0);
  await clock.advance(GROUP_MS);
  expect(await durable()).toBe(1);
  store.journal.append('1001', tick(2));
  await clock.advance(TICK_GROUP_MS - 1);
  expect(await durable()).toBe(1);
  await clock.advance(1);
  expect(await durable()).toBe(2);
  store.journal.append('1001', tick(3));
  await clock.advance(TICK_GROUP_MS - 50);
  store.journal.append('1001', plate(4));
  store.journal.append('1001', edge(4));
  expect(await durable()).toBe(5);
  // The wait of what went along is over: this one has its own.
  store.journal.append('1001', tick(5));
  await clock.advance(TICK_GROUP_MS - 1);
  expect(await durable()).toBe(5);
  store.journal.append('1001', plate(6));
  await clock.advance(1);
  expect(await durable()).toBe(7);
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
