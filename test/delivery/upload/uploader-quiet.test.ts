/** Records that wait for a moment to come: while time stands still the uploader asks neither the store nor the clock again. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import type { ScheduleSettings } from '../../../src/delivery/upload/send-schedule.ts';
import type { Store } from '../../../src/store/types.ts';
import { handClock } from '../../sim/hand-clock.ts';
import { open, temporaryFolder } from '../../store/open.ts';
import { certificate, type TestPlatform, testPlatform } from './platform.ts';
import { delivered, putMany, QUICK, run } from './uploading.ts';

/** What a store and a clock are asked, counted. */
function counted(store: Store, clock: ReturnType<typeof handClock>) {
  let asked = 0;
  const count = <Words extends unknown[], Said>(ask: (...words: Words) => Said) => {
    return (...words: Words): Said => {
      asked += 1;
      return ask(...words);
    };
  };
  const { due, nextDueMs, sending } = store.outbox;
  const outbox = { ...store.outbox, due: count(due), nextDueMs: count(nextDueMs), sending: count(sending) };
  /** How much is asked while time stands still. */
  const quiet = async () => {
    const before = asked;
    await systemClock().sleep(200);
    return asked - before;
  };
  return { outbox, clock: { ...clock, sleep: count(clock.sleep) }, asked: () => asked, quiet };
}

const busy: TestPlatform['answer'] = { status: 503, body: '{"code":"503"}', headers: { 'retry-after': '600' } };

it.each<[string, number, ScheduleSettings, TestPlatform['answer'] | undefined]>([
  // The first leaves at once and is answered at once: the line is fast, and the others wait for the pace alone.
  ['for the bandwidth', 40, { bandwidthBytesPerSecond: 100 }, undefined],
  ['one record, for the bandwidth', 2, { bandwidthBytesPerSecond: 100 }, undefined],
  ['for the patience that the platform asks for', 40, {}, busy],
])('waiting %s', async (_, records, pace, answer) => {
  const made = certificate();
  const platform = await testPlatform(made);
  if (answer !== undefined) platform.answer = answer;
  const hand = handClock();
  const store = await open({ path: temporaryFolder(), clock: hand });
  await putMany(store, 1, records, 20_000);
  const { outbox, clock, asked, quiet } = counted(store, hand);
  const running = run({ outbox }, platform, { ...QUICK, ...pace }, { timeoutMs: 60_000, ca: made.cert }, clock);
  await expect.poll(() => running.receipts.length).toBeGreaterThan(0);
  await expect.poll(quiet).toBe(0);
  // All of them wake and find that it is not yet time.
  const before = asked();
  hand.jump(20_000);
  await expect.poll(() => asked() - before).toBeGreaterThan(0);
  await expect.poll(quiet).toBe(0);
  expect(asked() - before).toBeLessThan(40);
  // And what has just happened, in front of them all or behind the same patience.
  await putMany(store, records + 1, records + 1);
  await expect.poll(delivered(store)).toBe(answer === undefined ? 2 : 0);
  await expect.poll(quiet).toBe(0);
  expect(asked() - before).toBeLessThan(100);
  await running.stop();
});

it('waiting behind one that gets no answer', async () => {
  const made = certificate();
  const platform = await testPlatform(made);
  let requests = 0;
  platform.behave = (_request, response) => {
    requests += 1;
    if (requests === 1) return 'handled';
    response.writeHead(503, { 'retry-after': '600' }).end('{"code":"503"}');
    return 'handled';
  };
  const hand = handClock();
  const store = await open({ path: temporaryFolder(), clock: hand });
  const { outbox, clock, asked, quiet } = counted(store, hand);
  const running = run({ outbox }, platform, QUICK, { timeoutMs: 60_000, ca: made.cert }, clock);
  await putMany(store, 1, 1);
  await expect.poll(() => requests).toBe(1);
  // The next is told to be patient, and the one after it asks once all the same.
  hand.jump(300);
  await putMany(store, 2, 2);
  await expect.poll(() => running.receipts.length).toBe(1);
  await putMany(store, 3, 3);
  await expect.poll(() => requests).toBe(3);
  await expect.poll(quiet).toBe(0);
  hand.jump(20_000);
  await expect.poll(quiet).toBe(0);
  expect(asked()).toBeLessThan(200);
  expect(requests).toBe(3);
  const stopped = running.stop();
  hand.jump(2_000);
  await stopped;
});
