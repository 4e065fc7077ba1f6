/** Pictures on their way from the disk to a platform over TLS, through memory that is used again: each record has its own, always. */
import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import type { Store } from '../../../src/store/types.ts';
import { frame, jpeg, open, record, temporaryFolder } from '../../store/open.ts';
import { type CloudSettings, createClient } from '../flat-client.ts';
import { certificate, testPlatform } from './platform.ts';
import { settings } from './records.ts';
import { putMany } from './uploading.ts';

/** Small, at the limit of a place, above it, and none. */
const SIZES = [300, 120_000, 524_288 - 27, 524_288 - 26, 900_000];

async function filled(store: Store, count: number): Promise<Map<string, number>> {
  const seedBySerial = new Map<string, number>();
  for (let at = 0; at < count; at += 1) {
    const { id, serial } = await store.outbox.put(record(String(at)));
    const size = SIZES[at % SIZES.length] as number;
    await store.outbox.attach(id, at % 7 === 6 ? { none: 'noCamera' } : frame(size, at));
    seedBySerial.set(serial, at);
  }
  return seedBySerial;
}

async function drained(store: Store, config: CloudSettings, withPictures = true): Promise<void> {
  const clock = systemClock();
  const client = createClient(config, { clock });
  const uploader = createUploader({
    ...{ outbox: store.outbox, client, clock, withPictures },
    settings: { backOffMs: 5, backOffMaxMs: 20 },
  });
  const stopping = new AbortController();
  const running = uploader.run(stopping.signal);
  await expect.poll(async () => (await store.outbox.counts()).waiting).toBe(0);
  stopping.abort();
  await running;
  await client.close();
}

it('of every size arrive whole, though tries are cut off in the middle and answered early', async () => {
  const made = certificate('-days', '2');
  const platform = await testPlatform(made);
  const store = await open({ path: temporaryFolder() });
  const seedBySerial = await filled(store, 35);
  let requests = 0;
  platform.behave = (request, response, socket) => {
    requests += 1;
    if (requests % 5 === 1) {
      request.once('data', () => socket.destroy());
      return 'handled';
    }
    if (requests % 5 === 2) {
      // Answered before the body is read; whoever sends must not reuse its bytes for the next one on this connection.
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"code":"1503"}');
      return 'answer';
    }
    return 'answer';
  };
  await drained(store, settings(platform.url, { ca: made.cert, maxPictureBytes: 2_000_000 }));
  expect(platform.got.every(({ signed }) => signed)).toBe(true);
  for (const { fields, picture } of platform.got) {
    const seed = seedBySerial.get(fields.parking_serial ?? '') ?? -1;
    const size = SIZES[seed % SIZES.length] as number;
    const expected = seed % 7 === 6 ? undefined : Buffer.from(jpeg(size, seed));
    expect(picture?.equals(expected ?? Buffer.alloc(0)), `picture of ${seed}`).toBe(expected && true);
  }
  expect(platform.kept.size).toBe(35);
});

it('are not read for a platform that gets their address only', async () => {
  const path = temporaryFolder();
  const platform = await testPlatform();
  const store = await open({ path });
  const { id } = await store.outbox.put(record('1'));
  await store.outbox.attach(id, frame(5_000));
  const [file = ''] = readdirSync(join(path, 'frames'));
  // Damage that reading would find.
  truncateSync(join(path, 'frames', file), 10);
  const config = settings(platform.url, { picture: 'url', pictureUrl: 'https://pictures.example/{file}' });
  await drained(store, config, false);
  expect(platform.got[0]?.fields.capture_image).toBe(`https://pictures.example/${file}`);
});

it('that something on the way finds too large costs the picture, not the record', async () => {
  const platform = await testPlatform();
  platform.behave = (request, response) => {
    if (Number(request.headers['content-length']) < 50_000) return 'answer';
    // As nginx does it above its client_max_body_size.
    request.resume().on('end', () => response.writeHead(413).end('<html>Request Entity Too Large</html>'));
    return 'handled';
  };
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 1, 100_000);
  await putMany(store, 2, 2, 5_000);
  await drained(store, settings(platform.url));
  const [second, first] = await store.review.list({ limit: 2 });
  expect(first).toMatchObject({
    id: 1,
    state: 'delivered',
    warning: 'pictureTooBig',
    picture: 'attached',
    attempts: 2,
  });
  expect(second).toMatchObject({ id: 2, state: 'delivered' });
  expect(second).not.toHaveProperty('warning');
  expect(platform.got.find(({ fields }) => fields.parking_serial === first?.serial)?.picture).toBeUndefined();
  expect(platform.kept.get(second?.serial ?? '')?.picture?.equals(Buffer.from(jpeg(5_000, 2)))).toBe(true);
});
