/** When a record counts as sent: not before a connection stands, durably before the first byte, and no longer when nothing left after all. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import type { Outbox } from '../../../src/store/types.ts';
import { open, temporaryFolder } from '../../store/open.ts';
import { createClient } from '../flat-client.ts';
import { testPlatform } from './platform.ts';
import { settings } from './records.ts';
import { nobody } from './test-proxy.ts';
import { putMany, QUICK } from './uploading.ts';

/** What the lanes are told, while the uploader works on `outbox`. */
function uploading(url: string, outbox: Outbox) {
  const told: string[] = [];
  const clock = systemClock();
  const client = createClient(settings(url), { clock });
  const uploader = createUploader({
    ...{ outbox, client, clock, settings: QUICK },
    onSending: ({ id }) => told.push(`sent ${id}`),
    onUnsent: ({ id }) => told.push(`unsent ${id}`),
  });
  const stopping = new AbortController();
  const running = uploader.run(stopping.signal);
  const stop = async () => {
    stopping.abort();
    await running;
    await client.close();
  };
  return { told, stop };
}

it('where nobody can be reached nothing is marked, and the record can be withdrawn', async () => {
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 1);
  const { told, stop } = uploading(`http://${await nobody()}`, store.outbox);
  await expect.poll(async () => (await store.review.get(1))?.record.attempts).toBeGreaterThan(2);
  expect(await store.outbox.withdraw('1001', '1', 'paid')).toBe(true);
  await stop();
  expect(told).toEqual([]);
});

it('a connection that is lost between the mark and the first byte: it can be withdrawn again', async () => {
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 1);
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const sending: Outbox['sending'] = async (...words) => {
    const found = await store.outbox.sending(...words);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    // The event loop has to see it: until then the connection stands for all we know.
    await systemClock().sleep(100);
    return found;
  };
  const { told, stop } = uploading(`http://127.0.0.1:${port}`, { ...store.outbox, sending });
  await expect
    .poll(async () => (await store.review.get(1))?.record)
    .toMatchObject({ lastWhy: 'refused: ECONNREFUSED', sent: false });
  expect(told).toEqual(['sent 1', 'unsent 1']);
  expect(await store.outbox.withdraw('1001', '1', 'paid')).toBe(true);
  await stop();
});

it('the mark, and what lanes were told before it, are on the disk before the first byte', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  await putMany(store, 1, 1);
  const platform = await testPlatform();
  const onDisk: unknown[] = [];
  platform.behave = () => {
    // Another connection sees what has been committed.
    const database = new Database(join(path, 'lanewarden.db'), { readonly: true });
    onDisk.push(database.prepare('SELECT sent_ms IS NOT NULL FROM release').pluck().get());
    onDisk.push(database.prepare("SELECT event FROM journal WHERE lane_id <> ''").pluck().all());
    database.close();
    return 'answer';
  };
  const event = { kind: 'sent', releaseId: '1', atMs: 1 } as const;
  const clock = systemClock();
  const client = createClient(settings(platform.url), { clock });
  const stopping = new AbortController();
  const running = createUploader({
    ...{ outbox: store.outbox, client, clock, settings: QUICK },
    onSending: () => store.journal.append('1001', event),
  }).run(stopping.signal);
  await expect.poll(async () => (await store.outbox.counts()).delivered).toBe(1);
  stopping.abort();
  await running;
  await client.close();
  expect(onDisk).toEqual([1, [JSON.stringify(event)]]);
});

it('what was read ahead and has not begun is withdrawn, and its mark is gone', async () => {
  const store = await open({ path: temporaryFolder(), wallTrusted: true });
  await putMany(store, 1, 40);
  const platform = await testPlatform();
  // The first answers begin the reading ahead; from then on nobody gets one.
  platform.behave = () => (platform.got.length < 12 ? 'answer' : 'handled');
  const marked: number[] = [];
  const sending: Outbox['sending'] = async (...words) => {
    const found = await store.outbox.sending(...words);
    if (found !== undefined) marked.push(words[0]);
    return found;
  };
  const { told, stop } = uploading(platform.url, { ...store.outbox, sending });
  const begun = () => new Set(told.map((word) => Number(word.split(' ')[1])));
  const ahead = () => marked.find((id) => !begun().has(id));
  await expect.poll(() => begun().size >= 12 && ahead() !== undefined, { interval: 1 }).toBe(true);
  const id = ahead() as number;
  expect(await store.outbox.withdraw('1001', String(id), 'paid')).toBe(true);
  expect(told).not.toContain(`sent ${id}`);
  expect((await store.review.get(id))?.record).toMatchObject({ state: 'withdrawn', sent: false });
  await stop();
});
