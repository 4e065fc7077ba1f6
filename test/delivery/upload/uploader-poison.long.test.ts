/** Many records in front that the platform does not take for reasons of their own: they hold up nobody behind them. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { recordDetail, recordLine } from '../../../src/cli/queue/queue-lines.ts';
import { systemClock } from '../../../src/clock.ts';
import type { Reviewed } from '../../../src/store/types.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { hinted } from '../flat-client.ts';
import { type TestPlatform, testPlatform } from './platform.ts';
import { settings } from './records.ts';
import { delivered, putMany, QUICK, run } from './uploading.ts';

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

/** `behind`: so many of them come after the good ones. */
async function behindPoison(poison: number, behind = 0) {
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  const put = (at: number) => store.outbox.put(record(`毒${at}`, { gateName: '毒' }));
  await Promise.all(Array.from({ length: poison - behind }, (_, at) => put(at)));
  await putMany(store, 1, GOOD);
  for (let at = poison - behind; at < poison; at += 1) await put(at);
  return store;
}

// More than are looked at at once, and more than anybody would remember one by one.
it.each([
  [401, 40],
  [403, 40],
  [403, 1_100],
])('whoever waits behind records that are always answered with %i is sent: %i of them', async (code, poison) => {
  const platform = await testPlatform();
  poisoned(platform, 200, `{"code":"${code}"}`);
  const store = await behindPoison(poison, 2);
  const running = run(store, platform, { backOffMs: 60_000, backOffMaxMs: 60_000, probeMs: 1, random: () => 1 });
  await expect.poll(delivered(store)).toBe(GOOD);
  await running.stop();
  // Each was a probe, and was tried once more when it was known that the platform takes others; then it waits by itself.
  const turns = running.receipts.findLastIndex(({ receipt }) => receipt.kind === 'accepted') + 1;
  expect(turns).toBeLessThanOrEqual(2 * poison + GOOD + 20);
  expect(await store.outbox.counts()).toMatchObject({ waiting: poison });
});

it('those among others whom the platform takes make nobody wait for the probe', async () => {
  const platform = await testPlatform();
  poisoned(platform, 200, '{"code":"401"}');
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  for (let at = 1; at <= GOOD; at += 1) {
    await putMany(store, at, at);
    // Never two that may be asked one after the other.
    if (at % 10 === 5) await store.outbox.put(record(`毒${at}`));
  }
  const running = run(store, platform, { backOffMs: 20, backOffMaxMs: 60_000, probeMs: 3_600_000 });
  await expect.poll(delivered(store)).toBe(GOOD);
  await running.stop();
  expect(await store.outbox.counts()).toMatchObject({ waiting: 4 });
});

it('one that comes by itself makes the next that comes wait for a moment only', async () => {
  const platform = await testPlatform();
  poisoned(platform, 200, '{"code":"401"}');
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  const running = run(store, platform, { ...QUICK, probeMs: 3_600_000 });
  await putMany(store, 1, 1);
  await expect.poll(delivered(store)).toBe(1);
  for (let at = 2; at < 5; at += 1) {
    const { id } = await store.outbox.put(record(`毒${at}`));
    await store.outbox.attach(id, { none: 'noCamera' });
    await expect.poll(() => running.uploader.status().paused).toBeDefined();
    await putMany(store, at, at);
    await expect.poll(delivered(store)).toBe(at);
    expect(running.uploader.status().paused).toBeUndefined();
  }
  await running.stop();
  expect(await store.outbox.counts()).toMatchObject({ waiting: 3 });
});

it('a platform that refuses all from one moment on is asked once more, and then left alone', async () => {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 3);
  const running = run(store, platform, { ...QUICK, probeMs: 3_600_000 });
  await expect.poll(delivered(store)).toBe(3);
  platform.answer.body = '{"code":"401"}';
  await putMany(store, 4, 4);
  await expect.poll(() => running.uploader.status().paused).toBeDefined();
  await putMany(store, 5, 9);
  await expect.poll(() => running.receipts.length).toBe(5);
  // Longer than the back-off after which it is asked once more.
  await systemClock().sleep(300);
  expect(running.receipts).toHaveLength(5);
  await running.stop();
});

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
    await expect.poll(delivered(store)).toBe(GOOD);
    await running.stop();
    // They take a few turns for each of those who wait behind them, not all; without that it is about a thousand.
    const turns = running.receipts.findLastIndex(({ receipt }) => receipt.kind === 'accepted') + 1;
    expect(turns).toBeLessThanOrEqual(20 + 8 * GOOD);
    expect(await store.outbox.counts()).toMatchObject({ waiting: 20 });
  },
);

it.each([
  ['whose time no calendar has', 'wall_ms = 9007199254740991'],
  ['of which nothing is left', "body = '{}'"],
  ['whose text is cut', 'body = substr(body, 1, 40)'],
  ['whose text is no text', "body = CAST(x'00ff7b22' AS TEXT)"],
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
  expect(recordLine(found.record, 'en')).toMatch(/^ +2 .*cannot be sent/);
  expect(recordDetail(found, 'en')).toContain(found.record.serial);
  expect((await store.review.list({ desc: 'button', plateContains: '粤', limit: 10 })).length).toBeLessThan(4);
  expect(await store.review.correct(2, { reason: 'seen' }, 'wang', 'a test')).toBe(false);
  expect(await hinted(found.record, found.attempts, settings(platform.url))).toBeUndefined();
  await running.stop();
  expect(platform.got).toHaveLength(3);
});
