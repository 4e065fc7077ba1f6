/**
 * A disk that turns read-only or full under a healthy box: releases of meanwhile are sent from memory, under the serials that the disk gets
 * when it is back; none is doubled.
 */
import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { Store } from '../../../src/store/types.ts';
import { disk, failDisk, fill, whyNoDisk } from '../../store/disks.ts';
import { frame, open, record, release } from '../../store/open.ts';
import { testPlatform } from './platform.ts';
import { delivered, putMany, QUICK, run } from './uploading.ts';

const clock = systemClock();

/** As a lane does it: the picture comes when the record has its number. */
async function releaseAt(store: Store, id: string, atMs = clock.nowMs()) {
  const releaseAtMs = Math.round(atMs + store.boot.laneOffsetMs);
  const put = await store.outbox.submit(record(id, { release: release(id, { releaseAtMs }) }));
  await store.outbox.attach(put.id, frame(500, 1));
  return put;
}

const skip = whyNoDisk() !== undefined;

it.skipIf(skip)('full: sent from memory, kept when there is room again', async () => {
  const platform = await testPlatform();
  const { folder } = disk(48);
  const path = `${folder}/state`;
  const store = await open({ path });
  const running = run(store, platform);
  await putMany(store, 1, 1);
  await expect.poll(delivered(store)).toBe(1);
  fill(`${folder}/filler`);
  // What the store frees at first takes a few records more, and those would wait with the disk: all of it is to be full before the first.
  await expect
    .poll(() => {
      fill(`${folder}/filler`);
      store.journal.append('1001', { kind: 'tick', atMs: 1 });
      if (store.status().stalled === undefined) void store.watched().catch(() => undefined);
      return store.status().stalled;
    })
    .toBe('full');
  // All of one millisecond: under the same serial the platform would take only the first.
  const atMs = clock.nowMs();
  for (let at = 2; at <= 11; at += 1) await releaseAt(store, String(at), atMs);
  await expect.poll(() => platform.kept.size).toBe(11);
  await expect.poll(() => store.status()).toMatchObject({ stalled: 'full', unkept: { records: 10, delivered: 10 } });
  const pictures = [...platform.kept.values()].filter(({ picture }) => picture !== undefined);
  expect(pictures).toHaveLength(11);
  // Refused by the platform, tried again from memory, and then accepted.
  // What the store has freed meanwhile would take it.
  fill(`${folder}/filler`);
  platform.answer = { status: 503, body: '{"code":"503"}', headers: {} };
  const late = await releaseAt(store, '12');
  await expect.poll(() => running.receipts.filter(({ id }) => id === late.id).length).toBeGreaterThan(1);
  platform.answer = { status: 200, body: '{"code":"1001","seqno":"S1"}', headers: {} };
  await expect.poll(() => platform.kept.has(late.serial)).toBe(true);
  // One that is taken back before it leaves.
  running.uploader.pause('x');
  const paid = await releaseAt(store, '13');
  const withdrawn = store.outbox.withdraw('1001', '13', 'paid');
  running.uploader.resume();
  rmSync(`${folder}/filler`);
  await expect.poll(() => store.status().stalled).toBeUndefined();
  expect(await withdrawn).toBe(true);
  await expect.poll(delivered(store)).toBe(12);
  expect(await store.outbox.counts()).toMatchObject({ waiting: 0, withdrawn: 1 });
  expect(store.status().unkept).toBeUndefined();
  expect(platform.kept.has(paid.serial)).toBe(false);
  await running.stop();
  const rows = await store.review.list({ limit: 20 });
  expect(
    rows
      .filter(({ state }) => state === 'delivered')
      .map(({ serial }) => serial)
      .sort(),
  ).toEqual([...platform.kept.keys()].sort());
  expect(rows.find(({ serial }) => serial === late.serial)).toMatchObject({
    warning: 'fromMemory',
    picture: 'attached',
  });
  // Each was sent once, but for the one that was refused.
  expect(platform.got.filter(({ fields }) => fields.parking_serial !== late.serial)).toHaveLength(11);
});

it.skipIf(skip)('read-only for good: sent from memory; judged again after a kill it is the same record', async () => {
  const platform = await testPlatform();
  const made = disk(48);
  const path = `${made.folder}/state`;
  const store = await open({ path });
  const running = run(store, platform);
  failDisk(made.folder);
  store.journal.append('1001', { kind: 'tick', atMs: 1 });
  const releaseAtMs = Math.round(clock.nowMs() + store.boot.laneOffsetMs);
  const first = await store.outbox.submit(record('a-r1', { release: release('a-r1', { releaseAtMs }) }));
  await store.outbox.attach(first.id, { none: 'noCamera' });
  await expect.poll(() => platform.kept.size).toBe(1);
  // The platform has it before its answer has come back.
  await expect.poll(() => store.status()).toMatchObject({ unkept: { records: 1, delivered: 1 } });
  // Nothing of it is on the disk, as after a kill.
  await running.stop();
  await store.close().catch(() => undefined);
  made.unmount();
  made.mount();
  const again = await open({ path });
  const second = run(again, platform, QUICK);
  // The same opening, as the journal's durable part lets it be judged: its number may be another.
  const judged = await again.outbox.submit(record('a-r7', { release: release('a-r7', { releaseAtMs }) }));
  await again.outbox.attach(judged.id, { none: 'noCamera' });
  await expect.poll(delivered(again)).toBe(1);
  await second.stop();
  expect(judged.serial).toBe(first.serial);
  expect(platform.kept.size).toBe(1);
});
