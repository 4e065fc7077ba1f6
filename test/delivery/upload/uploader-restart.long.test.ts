/** When a record is tried again is kept with it: a restart or a reboot makes it neither sooner nor never. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { ScheduleSettings } from '../../../src/delivery/upload/send-schedule.ts';
import { type HandClock, handClock } from '../../sim/hand-clock.ts';
import { open, temporaryFolder } from '../../store/open.ts';
import { certificate, type TestPlatform, testPlatform } from './platform.ts';
import { delivered, putMany, run } from './uploading.ts';

const WALL = Date.UTC(2026, 10, 24, 4);
const fine: TestPlatform['answer'] = { status: 200, body: '{"code":"1001"}', headers: {} };
const busy = (headers: Record<string, string> = {}): TestPlatform['answer'] => ({
  status: 503,
  body: '{"code":"503"}',
  headers,
});

/** Half of what the back-off may be: 500 ms, 1 s, 2 s … */
const HALF: ScheduleSettings = { random: () => 0.5 };

/** One run on the store at `path`, with a stop that needs no time. */
async function start(path: string, platform: TestPlatform, clock: HandClock, bootId: string, ca?: string) {
  const store = await open({ path, clock, bootId });
  const running = run(store, platform, HALF, { timeoutMs: 60_000, ...(ca && { ca }) }, clock);
  const stop = async () => {
    await running.stop();
    await store.close();
  };
  return { store, running, stop };
}

/** Nothing more is sent, however long one looks; what is due leaves within milliseconds. */
async function sendsNothing(platform: TestPlatform): Promise<void> {
  const before = platform.got.length;
  await systemClock().sleep(200);
  expect(platform.got).toHaveLength(before);
}

it.each<[string, Record<string, string>, number, string]>([
  ['a back-off, a restart', {}, 500, 'a'],
  ['a back-off, a reboot', {}, 500, 'b'],
  ['Retry-After, a restart', { 'retry-after': '200' }, 200_000, 'a'],
  ['Retry-After, a reboot', { 'retry-after': '200' }, 200_000, 'b'],
])('%s', async (_, headers, waitMs, bootId) => {
  const path = temporaryFolder();
  const made = certificate();
  const platform = await testPlatform(made);
  platform.answer = busy(headers);
  let clock = handClock(50_000, WALL);
  const first = await start(path, platform, clock, 'a', made.cert);
  await putMany(first.store, 1, 1);
  await expect.poll(() => first.running.receipts.length).toBe(1);
  await first.stop();
  platform.answer = fine;
  // A new boot counts from nothing, and knows no wall time: of the time without power it counts what it has been up for.
  if (bootId === 'b') clock = handClock(100, 0);
  else clock.jump(100);
  const second = await start(path, platform, clock, bootId, made.cert);
  await sendsNothing(platform);
  clock.jump(waitMs - 150);
  await sendsNothing(platform);
  clock.jump(100);
  await expect.poll(delivered(second.store)).toBe(1);
  await second.stop();
  expect(platform.got).toHaveLength(2);
});

it('a back-off grows over restarts, up to its limit', async () => {
  const path = temporaryFolder();
  const platform = await testPlatform();
  platform.answer = busy();
  const clock = handClock(50_000, WALL);
  const waits: number[] = [];
  for (let boot = 0; boot < 11; boot += 1) {
    const { store, running, stop } = await start(path, platform, clock, 'a');
    if (boot === 0) await putMany(store, 1, 1);
    await expect.poll(() => running.receipts.length).toBe(1);
    const dueMs = (await store.outbox.nextDueMs(clock.nowMs())) ?? 0;
    waits.push(dueMs - clock.nowMs());
    await stop();
    clock.jump(dueMs - clock.nowMs());
  }
  expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150].map((seconds) => seconds * 1_000));
});

it('after a restart in the middle of its patience the platform is asked once more, and not by everybody', async () => {
  const path = temporaryFolder();
  const made = certificate();
  const platform = await testPlatform(made);
  platform.answer = busy({ 'retry-after': '200' });
  const clock = handClock(50_000, WALL);
  // A backlog: what is new would ask at once, each by itself.
  const filling = await open({ path, clock, bootId: 'a' });
  await putMany(filling, 1, 20);
  await filling.close();
  const first = await start(path, platform, clock, 'a', made.cert);
  await expect.poll(() => first.running.receipts.length).toBeGreaterThan(0);
  await first.stop();
  const before = platform.got.length;
  const second = await start(path, platform, clock, 'a', made.cert);
  await expect.poll(() => second.running.receipts.length).toBe(1);
  await sendsNothing(platform);
  clock.jump(199_000);
  await sendsNothing(platform);
  expect(platform.got).toHaveLength(before + 1);
  platform.answer = fine;
  clock.jump(2_000);
  await expect.poll(delivered(second.store)).toBe(20);
  await second.stop();
});
