/** Many records in front that the platform does not take for reasons of their own: they hold up nobody behind them. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { recordDetail, recordLine } from '../../src/cli/queue-lines.ts';
import { hintedComparison } from '../../src/cloud/hinted.ts';
import type { Reviewed } from '../../src/store/types.ts';
import { open, record, temporaryFolder } from '../store/open.ts';
import { type TestPlatform, testPlatform } from './platform.ts';
import { settings } from './records.ts';
import { delivered, putMany, run } from './uploading.ts';

/** More than are looked at at once. */
const GOOD = 40;

/** Every record without a picture gets this answer: it is a form. */
function poisoned(platform: TestPlatform, status: number, body: string) {
  platform.behave = (request, response) => {
    if (!request.headers['content-type']?.startsWith('application/x-www')) return 'answer';
    request.resume().on('end', () => response.writeHead(status).end(body));
    return 'handled';
  };
}

async function behindPoison(poison: number) {
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  await Promise.all(Array.from({ length: poison }, (_, at) => store.outbox.put(record(`毒${at}`, { gateName: '毒' }))));
  await putMany(store, 1, GOOD);
  return store;
}

// More than are looked at at once, and more than anybody would remember one by one.
it.each([
  [401, 40],
  [403, 40],
  [403, 1_100],
])(
  'whoever waits behind records that are always answered with %i is sent: %i of them',
  async (code, poison) => {
    const platform = await testPlatform();
    poisoned(platform, 200, `{"code":"${code}"}`);
    const store = await behindPoison(poison);
    const running = run(store, platform, { backOffMs: 60_000, backOffMaxMs: 60_000, probeMs: 1, random: () => 1 });
    await expect.poll(delivered(store), { timeout: 20_000 }).toBe(GOOD);
    expect(running.uploader.status().paused).toBeUndefined();
    // Each was the probe once, and once more when it was known that the platform takes others.
    await expect.poll(() => running.receipts.length, { timeout: 10_000 }).toBe(2 * poison + GOOD);
    await running.stop();
    expect(await store.outbox.counts()).toMatchObject({ waiting: poison });
  },
  30_000,
);

it.each([
  // Each refused alone by then, and due again at once.
  [200, '{"code":"403"}'],
  [500, '{"code":"500"}'],
  [413, '<html>Request Entity Too Large</html>'],
])(
  'whoever waits behind records that are always answered with HTTP %i, and soon tried again, is sent',
  async (status, body) => {
    const platform = await testPlatform();
    poisoned(platform, status, body);
    const store = await behindPoison(20);
    const running = run(store, platform, { backOffMs: 1, backOffMaxMs: 20, probeMs: 1, random: () => 1 });
    await expect.poll(delivered(store), { timeout: 10_000 }).toBe(GOOD);
    await running.stop();
    // Besides one each at the start, they take no more turns than those who wait behind them.
    const turns = running.receipts.findLastIndex(({ receipt }) => receipt.kind === 'accepted') + 1;
    expect(turns).toBeLessThanOrEqual(20 + 2 * GOOD);
    expect(await store.outbox.counts()).toMatchObject({ waiting: 20 });
  },
  15_000,
);

it.each([
  ['whose time no calendar has', 'wall_ms = 9007199254740991'],
  ['of which nothing is left', "body = '{}'"],
])('a record %s is put aside, and the others are sent', async (_, damage) => {
  const platform = await testPlatform();
  const path = temporaryFolder();
  const first = await open({ path });
  await putMany(first, 1, 4);
  await first.close();
  // As a worn card, or a file that was edited before it was imported, may leave it.
  const database = new Database(join(path, 'lanewarden.db'));
  database.exec(`UPDATE release SET ${damage} WHERE id = 2`);
  database.close();
  const store = await open({ path });
  const running = run(store, platform);
  await expect.poll(delivered(store)).toBe(3);
  await expect.poll(() => store.outbox.counts()).toMatchObject({ parked: 1, waiting: 0 });
  const found = (await store.review.get(2)) as Reviewed;
  expect(found.record.lastWhy).toMatch(/^unsendable: \w+/);
  // A list with it in it can still be read.
  expect(recordLine(found.record, 'en')).toMatch(/^ +2 .*nothing can be sent for it/);
  expect(recordDetail(found, 'en')).toContain(found.record.serial);
  expect(hintedComparison(found.record, found.attempts, settings(platform.url), undefined)).toBeUndefined();
  await running.stop();
  expect(platform.got).toHaveLength(3);
});
