/** Blind times: kept once, beside the records, newest first, and never in the upload queue. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { reportMessage } from '../../src/delivery/mqtt/published-messages.ts';
import type { ObservationGap } from '../../src/lane/types.ts';
import { checkChain } from '../../src/store/chain/chain-check.ts';
import type { Observation } from '../../src/store/observation.ts';
import { migrate, openDatabase } from '../../src/store/thread/database.ts';
import { MIGRATIONS } from '../../src/store/thread/schema.ts';
import type { Store } from '../../src/store/types.ts';
import { handClock } from '../sim/hand-clock.ts';
import { open, record, release, temporaryFolder } from './open.ts';

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
  expect(found.map(({ laneId, seen: { why } }) => `${laneId} ${why}`)).toEqual([
    '1001 camera',
    '1002 points',
    '1001 points',
  ]);
  expect(found.at(-1)).toMatchObject({ fromWallMs: WALL - 10_000, toWallMs: WALL - 6_000, seen: gap(90_000) });
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
  expect(await again.looks.observations(10)).toMatchObject([{ seen: { fromMs: 95_000 } }]);
});

it('of a gap that lasts are followed by its end, and give way to it in the list', async () => {
  const store = await open({ path: temporaryFolder(), clock: handClock(100_000, WALL) });
  await store.looks.observe('1001', gap(90_000, { lasts: true }));
  await store.looks.observe('1001', gap(90_000, { lasts: true }));
  expect(await store.looks.observations(10)).toMatchObject([{ seen: { lasts: true } }]);
  await store.looks.observe('1001', gap(90_000));
  expect(await store.looks.observations(10)).toMatchObject([{ seen: gap(90_000) }]);
  expect(await store.looks.unpublished(0)).toMatchObject({ id: 1, seen: { lasts: true } });
  expect(await store.looks.unpublished(1)).toMatchObject({ id: 2 });
});

it('wait for a broker one after the other, over restarts, and are not published twice', async () => {
  const path = temporaryFolder();
  const clock = handClock(100_000, WALL);
  const store = await open({ path, clock, wallTrusted: true });
  await store.looks.report({ why: 'pause', who: '张三', lasts: true });
  clock.jump(5_000);
  await store.looks.report({ why: 'disk', reason: 'full', forMs: 4_000 });
  await store.looks.published(1, WALL);
  await store.close();
  const again = await open({ path, clock, wallTrusted: true });
  expect(await again.looks.unpublished(0)).toMatchObject({
    ...{ id: 2, laneId: '', fromWallMs: WALL + 1_000, toWallMs: WALL + 5_000 },
    seen: { why: 'disk', reason: 'full' },
  });
  await again.looks.published(2, WALL + 5_000);
  expect(await again.looks.unpublished(0)).toBeUndefined();
});

it('tell what people made of a record by its serial, and neither its plate nor where they sat', async () => {
  const store = await open({ path: temporaryFolder(), clock: handClock(100_000, WALL), wallTrusted: true });
  const { id, serial } = await store.outbox.put(record('1'));
  await store.review.correct(id, { plate: { text: '粤B12345' } }, '王五', '看过图片');
  const mark = { kind: 'owed', who: '李四', from: '192.168.1.20', plate: '粤B12345', amount: 1_500 } as const;
  await store.review.mark([id], { ...mark, reason: '逃费' });
  const [marked, corrected] = await store.looks.observations(10);
  expect(corrected?.seen).toMatchObject({ why: 'corrected', serial, who: '王五', reason: '看过图片' });
  expect(marked?.seen).toEqual({
    ...{ why: 'reviewed', recordId: id, serial, who: '李四', reason: '逃费' },
    detail: { mark: 'owed', amount: 1_500 },
  });
  const { topic, payload } = reportMessage('gate-1', marked as Observation);
  expect(topic).toBe('lanewarden/gate-1/report');
  expect(JSON.parse(payload)).toMatchObject({
    ...{ kind: 'reviewed', serial, detail: { mark: 'owed', amount: 1_500 } },
    text: { zh: `李四 复核记录 ${id}：追缴（逃费）` },
  });
});

it.each([
  { isKnown: true, forMs: 3_602_000 },
  // Nobody had looked yet when it went again.
  { isKnown: true, cameBriefly: true, forMs: 3_602_000 },
  // Of a boot whose time was never known it is not known when it ended: no less than lane time says.
  { isKnown: false, forMs: 12_000 },
])(
  'an hour without power and without a clock battery lasts an hour once the time is known: $isKnown, $cameBriefly',
  async (before: { isKnown: boolean; cameBriefly?: boolean; forMs: number }) => {
    const path = temporaryFolder();
    const former = await open({ path, clock: handClock(100_000, WALL), bootId: 'one', wallTrusted: before.isKnown });
    await former.watched();
    await former.close();
    if (before.cameBriefly)
      await (await open({ path, clock: handClock(10_000, WALL - 600_000), bootId: 'brief' })).close();
    const clock = handClock(10_000, WALL - 600_000);
    const { boot, looks, time, chain, close, numbers: numbersOf } = await open({ path, clock, bootId: 'two' });
    const startMs = clock.nowMs() + boot.laneOffsetMs;
    await looks.observe('1001', { ...gap(startMs - boot.blindMs), toMs: startMs + 2_000, why: 'powerCut' });
    await looks.observe('1001', { ...gap(startMs + 3_000), why: 'camera' });
    const told = (await looks.observations(10)).find(({ seen }) => seen.why === 'powerCut') as Observation;
    await looks.published(told.id, told.toWallMs);
    const numbers = numbersOf('hook');
    const { place } = await numbers.open();
    time.synced(clock.nowMs(), WALL + 3_600_000, 50, 'timesyncd');
    await chain.seal();
    // Whoever was told the short time is told the long one; that the short one arrived late changes nothing.
    await looks.published(told.id, told.toWallMs);
    const waiting = [];
    for (let next = await looks.unpublished(0); next !== undefined; next = await looks.unpublished(next.id))
      waiting.push(next.id);
    expect(waiting.includes(told.id)).toBe(before.isKnown);
    const facts = async () => {
      const found = await numbers.facts(place, 100);
      return found.filter(({ observation }) => observation?.id === told.id).length;
    };
    expect(await facts()).toBe(before.isKnown ? 1 : 0);
    const found = (await looks.observations(10)).filter(({ laneId }) => laneId === '1001');
    const lasted = found.map(({ fromWallMs, toWallMs, seen: { why } }) => [why, toWallMs - fromWallMs]);
    expect(Object.fromEntries(lasted)).toEqual({ powerCut: before.forMs, camera: 4_000 });
    // Set back twice: it was no shorter than lane time says, which is told once.
    time.synced(clock.nowMs(), WALL - 3_600_000, 50, 'timesyncd');
    await chain.seal();
    const toldTwice = await facts();
    time.synced(clock.nowMs(), WALL - 7_200_000, 50, 'timesyncd');
    await chain.seal();
    expect(await facts()).toBe(toldTwice);
    await close();
    expect((await checkChain(path)).faults).toEqual([]);
  },
);

it('tell of a clock that was set, of a record put aside, and of a database that is not the one of before', async () => {
  const path = temporaryFolder();
  const clock = handClock(100_000, WALL);
  const store = await open({ path, clock, wallTrusted: true });
  const { id } = await store.outbox.put(record('1'));
  const kept = await store.outbox.put(record('2', { release: release('2', { reported: false }) }));
  store.time.stepped(-3_600_000);
  expect(await store.review.dismiss(id, '李四', '演习', 'asks')).toBe('goesOut');
  expect(await store.review.dismiss(kept.id, '李四', '演习', 'asks')).toBe('dropped');
  expect(await whysOf(store)).toEqual(['clockStep', 'dismissed', 'dismissed']);
  await store.close();
  rmSync(join(path, 'lanewarden.db'));
  expect(await whysOf(await open({ path, clock, wallTrusted: true }))).toEqual(['database lost']);
});

async function whysOf(store: Store): Promise<readonly string[]> {
  await store.chain.seal();
  const found = await store.looks.observations(10);
  return found
    .toReversed()
    .map(({ seen }) => [seen.why, ...('detail' in seen ? [seen.detail?.began] : [])].join(' ').trim());
}
