/** What has just happened while a backlog is drained on a narrow line: its first byte leaves within two seconds. */
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { ownMs } from '../../own-time.ts';
import { frame, open, record, temporaryFolder } from '../../store/open.ts';
import { testPlatform } from './platform.ts';
import { delivered, HELD_UP_MS, putMany, QUICK, run } from './uploading.ts';

/** 5 Mbit/s, of which a backlog of 40 records of 120 KB takes eight seconds. */
const NARROW = 625_000;
const FRAME_BYTES = 120_000;
const clock = systemClock();

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A line of so many bytes a second up, shared by all connections: first come, first served. `passed` sees what comes through. */
async function narrowLine(to: string, bytesPerSecond: number, passed: (chunk: Buffer) => void) {
  const far = new URL(to);
  let line: Promise<void> = Promise.resolve();
  const server = net.createServer((near) => {
    const beyond = net.connect(Number(far.port), far.hostname);
    for (const socket of [near, beyond]) socket.on('error', () => socket.destroy());
    beyond.pipe(near);
    beyond.on('close', () => near.destroy());
    near.on('close', () => beyond.destroy());
    near.on('data', (chunk: Buffer) => {
      near.pause();
      line = line.then(async () => {
        await clock.sleep((chunk.length / bytesPerSecond) * 1000);
        passed(chunk);
        beyond.write(chunk);
        near.resume();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it.each([
  ['that is kept to by us', { bandwidthBytesPerSecond: NARROW }, 1e9],
  ['that is the line’s own', {}, NARROW],
])('at a bandwidth %s', async (_, pace, bytesPerSecond) => {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 40, FRAME_BYTES);
  const serials = new Set<string>();
  const passedMs = new Map<string, number>();
  const line = await narrowLine(platform.url, bytesPerSecond, (chunk) => {
    for (const serial of serials) if (!passedMs.has(serial) && chunk.includes(serial)) passedMs.set(serial, ownMs());
  });
  const running = run(store, line, { ...QUICK, ...pace }, { timeoutMs: 20_000 });
  await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(2);
  for (let number = 41; number <= 45; number += 1) {
    const { id, serial } = await store.outbox.put(record(String(number)));
    serials.add(serial);
    await store.outbox.attach(id, frame(FRAME_BYTES, number));
    const readyMs = ownMs();
    await expect.poll(() => passedMs.has(serial)).toBe(true);
    expect((passedMs.get(serial) ?? 0) - readyMs).toBeLessThan(2_000);
  }
  expect(await delivered(store)()).toBeLessThan(40);
  await running.stop();
});

it('also one that had to wait for its picture while a later one left', async () => {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 40, 20_000);
  // One record a second.
  const running = run(store, platform, { ...QUICK, bandwidthBytesPerSecond: 22_000 });
  await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(1);
  const late = await store.outbox.put(record('41'));
  await putMany(store, 42, 42);
  await expect.poll(() => running.receipts.map(({ id }) => id)).toContain(42);
  await store.outbox.attach(late.id, frame(20_000));
  await expect.poll(() => running.receipts.map(({ id }) => id)).toContain(late.id);
  expect(running.receipts.length).toBeLessThan(10);
  await running.stop();
});

it('also each of twenty at once', async () => {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  await putMany(store, 1, 40, 20_000);
  const running = run(store, platform, { ...QUICK, bandwidthBytesPerSecond: 22_000 });
  await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(1);
  await Promise.all(Array.from({ length: 20 }, (_, at) => store.outbox.put(record(String(41 + at)))));
  const newest = () => running.receipts.filter(({ id }) => id > 40).length;
  await expect.poll(newest, { timeout: HELD_UP_MS }).toBe(20);
  await running.stop();
});

it('also one that happens while the one before gets no answer', async () => {
  const platform = await testPlatform();
  // Only that one has no picture and is a form.
  platform.behave = (request) =>
    request.headers['content-type']?.startsWith('application/x-www') === true ? 'handled' : 'answer';
  const store = await open({ path: temporaryFolder() });
  await putMany(store, 1, 40, 20_000);
  // One record in five seconds.
  const running = run(store, platform, { ...QUICK, bandwidthBytesPerSecond: 4_000 }, { timeoutMs: 60_000 });
  await expect.poll(() => running.receipts.length).toBeGreaterThanOrEqual(1);
  const silent = await store.outbox.put(record('41'));
  await store.outbox.attach(silent.id, { none: 'noCamera' });
  await expect.poll(() => running.left.map(({ id }) => id)).toContain(silent.id);
  for (let number = 42; number <= 44; number += 1) {
    await putMany(store, number, number);
    await expect.poll(() => running.receipts.map(({ id }) => id)).toContain(number);
  }
  expect(await delivered(store)()).toBeLessThan(20);
  await running.stop();
});
