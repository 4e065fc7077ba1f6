/** A box that does not know the time asks the platform for it before its first record leaves; that holds the record up for five seconds at most. */
import { expect, it } from 'vitest';
import type { CloudSettings } from '../flat-client.ts';
import { certificate, testPlatform } from './platform.ts';
import { nobody, testProxy } from './test-proxy.ts';
import { delivered, QUICK, run, TRUE_MS, twoDaysBack } from './uploading.ts';

/** So long the record waits for the platform's time. */
const LIMIT_MS = 5_000;

/** A box two days back with one record, a platform that knows the time, and a proxy that opens the tunnels `opens` names by their order. */
async function box(opens: (tunnel: number) => boolean = () => true) {
  const made = certificate();
  const platform = await testPlatform(made);
  platform.answer.headers = { date: new Date(TRUE_MS).toUTCString() };
  const waiting: (() => void)[] = [];
  const proxy = await testProxy((_socket, open) => {
    if (opens(proxy.asked.length)) open();
    else waiting.push(open);
  });
  const { clock, store } = await twoDaysBack();
  const upload = (more: Partial<CloudSettings>) => {
    const running = run(store, platform, QUICK, { ca: made.cert, timeoutMs: 60_000, ...more }, clock, {
      onDate: (nowMs, wallMs) => store.time.synced(nowMs, wallMs, 1_000, 'https'),
      clockKnown: () => store.time.quality !== 'unknown',
    });
    const stop = () => {
      const stopped = running.stop();
      // What is on the wire gets no more than its grace.
      clock.jump(2_000);
      return stopped;
    };
    return { ...running, stop };
  };
  const wakeProxy = () => {
    for (const open of waiting.splice(0)) open();
  };
  return { platform, store, clock, upload, address: proxy.address, tunnels: () => proxy.asked.length, wakeProxy };
}

/** Of the record, as far as the platform got it. */
const offMs = ({ kept }: Awaited<ReturnType<typeof testPlatform>>): number[] =>
  [...kept.values()].map(({ fields }) => Math.abs(Date.parse(fields.release_time ?? '') - TRUE_MS));

it('a platform that does not answer the question gets the record all the same', async () => {
  const { platform, store, clock, upload } = await box();
  const heads: string[] = [];
  platform.behave = (request) => {
    if (request.method === 'POST') return 'answer';
    heads.push(request.method ?? '');
    return 'handled';
  };
  const running = upload({});
  await expect.poll(() => heads).toEqual(['HEAD']);
  clock.jump(LIMIT_MS - 1);
  await store.journal.flush();
  expect(running.left).toEqual([]);
  clock.jump(1);
  await expect.poll(delivered(store)).toBe(1);
  await running.stop();
  expect(heads).toHaveLength(1);
});

it('through a proxy, and in time', async () => {
  const { platform, store, upload, address } = await box();
  const running = upload({ proxy: address });
  await expect.poll(delivered(store)).toBe(1);
  await running.stop();
  expect(offMs(platform)[0]).toBeLessThanOrEqual(1_000);
});

it('behind a proxy that stalls the record leaves through another tunnel', async () => {
  const { store, clock, upload, address, tunnels } = await box((tunnel) => tunnel > 1);
  const running = upload({ proxy: address });
  await expect.poll(tunnels).toBe(1);
  clock.jump(LIMIT_MS - 1);
  await store.journal.flush();
  expect(tunnels()).toBe(1);
  clock.jump(1);
  await expect.poll(delivered(store)).toBe(1);
  await running.stop();
  expect(running.left).toHaveLength(1);
});

it('behind a proxy that stalls everything the record is tried, and leaves in time when the proxy wakes', async () => {
  let isAwake = false;
  const { platform, store, clock, upload, address, tunnels, wakeProxy } = await box(() => isAwake);
  const running = upload({ proxy: address });
  await expect.poll(tunnels).toBe(1);
  clock.jump(LIMIT_MS);
  // The record's own, after that of the question.
  await expect.poll(tunnels).toBe(2);
  clock.jump(61_000);
  await expect.poll(() => running.receipts).toMatchObject([{ receipt: { kind: 'retry', why: 'proxyTimeout' } }]);
  expect((await store.review.get(1))?.record).toMatchObject({ state: 'waiting', attempts: 1, sent: false });
  expect(running.left).toEqual([]);
  isAwake = true;
  wakeProxy();
  clock.jump(1_000);
  await expect.poll(delivered(store)).toBe(1);
  await running.stop();
  // The platform's clock stood still while 67 s went by on the box.
  expect(offMs(platform)[0]).toBeLessThanOrEqual(69_000);
});

it.each<[string, () => Promise<string>, RegExp]>([
  ['that is none', async () => 'socks5://127.0.0.1:1', /^badProxy: /],
  ['where nobody is', async () => `http://${await nobody()}`, /^proxy\w*: /],
])(
  'a proxy address %s holds the record up no longer than its own try, and it can still be corrected',
  async (_, proxy, why) => {
    const { platform, store, clock, upload, address } = await box();
    const running = upload({ proxy: await proxy() });
    // Time stands still: nothing is waited for.
    await expect.poll(() => running.receipts).toMatchObject([{ receipt: { why: expect.stringMatching(why) } }]);
    expect((await store.review.get(1))?.record).toMatchObject({
      state: 'waiting',
      sent: false,
      timeQuality: 'unknown',
    });
    await running.stop();
    const again = upload({ proxy: address });
    clock.jump(1_000);
    await expect.poll(delivered(store)).toBe(1);
    await again.stop();
    expect(offMs(platform)[0]).toBeLessThanOrEqual(4_000);
  },
);
