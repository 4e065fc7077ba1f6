/** Blind times: kept once, beside the records, newest first, and never in the upload queue. */

import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import type { ObservationGap } from '../../src/lane/types.ts';
import { migrate, openDatabase } from '../../src/store/thread/database.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, temporaryFolder } from './open.ts';

const WALL = Date.UTC(2026, 10, 26, 4);
const gap = (fromMs: number, more: Partial<ObservationGap> = {}): ObservationGap => ({
  fromMs,
  toMs: fromMs + 4_000,
  why: 'points',
  roles: ['barrier'],
  armBefore: 'closed',
  armAfter: 'open',
  passages: 0,
  openings: 1,
  ...more,
});

it('are kept once, however often a journal tells of them, and listed newest first', async () => {
  const path = temporaryFolder();
  const clock = handClock(100_000, WALL);
  const store = await open({ path, clock, wallTrusted: true });
  await store.looks.observe('1001', gap(90_000));
  await store.looks.observe('1001', gap(90_000));
  await store.looks.observe('1002', gap(90_000));
  await store.looks.observe('1001', gap(90_000, { why: 'camera', name: 'cam1' }));
  await store.close();
  const again = await open({ path, clock, wallTrusted: true });
  const found = await again.looks.observations(10);
  expect(found.map(({ laneId, gap: { why } }) => `${laneId} ${why}`)).toEqual([
    '1001 camera',
    '1002 points',
    '1001 points',
  ]);
  expect(found.at(-1)).toMatchObject({ fromWallMs: WALL - 10_000, toWallMs: WALL - 6_000, gap: gap(90_000) });
  expect(await again.looks.observations(1)).toHaveLength(1);
  expect(Object.values(await again.outbox.counts()).every((count) => count === 0)).toBe(true);
});

it('have their place in a database of the version before', async () => {
  const path = temporaryFolder();
  const old = openDatabase(join(path, 'lanewarden.db'));
  migrate(old, MIGRATIONS.slice(0, 2));
  old.close();
  const store = await open({ path, clock: handClock(100_000, WALL) });
  await store.looks.observe('1001', gap(90_000));
  expect(await store.looks.observations(10)).toHaveLength(1);
});

it('of which the text is damaged are left out', async () => {
  const path = temporaryFolder();
  const clock = handClock(100_000, WALL);
  const store = await open({ path, clock });
  await store.looks.observe('1001', gap(90_000));
  await store.looks.observe('1001', gap(95_000));
  await store.close();
  const database = new Sqlite(join(path, 'lanewarden.db'));
  database.prepare("UPDATE observation SET gap = '{' WHERE from_ms = 90000").run();
  database.close();
  const again = await open({ path, clock });
  expect(await again.looks.observations(10)).toMatchObject([{ gap: { fromMs: 95_000 } }]);
});
