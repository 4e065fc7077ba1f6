/** Numbers of what leaves the box, and what a receiver makes of them. Over deaths of the program: numbered.long.test.ts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { MessageQueue } from '../../../src/delivery/destination/message-queue.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { queueOf } from './queue.ts';
import { Receiver } from './receiver.ts';

/** All that waits, as a destination that takes everything gets it. */
async function taken(queue: MessageQueue, got: Receiver): Promise<number> {
  let count = 0;
  for (let [message] = await queue.next(); message !== undefined; [message] = await queue.next()) {
    got.take(message.payload);
    queue.arrived([message]);
    count += 1;
  }
  return count;
}

it('names a gap, and raises an alarm where a number comes with other contents', () => {
  const got = new Receiver();
  const message = (n: number, more: object) =>
    JSON.stringify({ ...more, number: { box: 'gate', series: 'a', destination: 'mqtt', n } });
  got.take(message(1, { id: 'x' }));
  got.take(message(4, { id: 'z' }));
  expect(got.missing()).toEqual([
    { series: 'a', n: 2, mayCome: true },
    { series: 'a', n: 3, mayCome: true },
  ]);
  got.take(JSON.stringify({ status: 'online', numbers: { series: 'a', first: 4, last: 6 } }));
  expect(got.missing().map(({ n, mayCome }) => [n, mayCome])).toEqual([
    [2, false],
    [3, false],
    [5, true],
    [6, true],
  ]);
  got.take(message(1, { id: 'x' }));
  expect([got.duplicates, got.alarms]).toEqual([1, []]);
  got.take(message(1, { id: 'y' }));
  expect(got.alarms).toEqual(['a 1: came with other contents']);
});

it('a destination begins with what comes after it is configured, and each has its own place', async () => {
  const store = await open({ path: temporaryFolder() });
  await store.outbox.put(record('before'));
  const first = queueOf(store, 'first');
  expect(await first.next()).toEqual([]);
  await store.outbox.put(record('between'));
  const second = queueOf(store, 'second');
  expect(await second.next()).toEqual([]);
  await store.outbox.put(record('after'));
  const [one, two] = [new Receiver(), new Receiver()];
  expect([await taken(first, one), await taken(second, two)]).toEqual([2, 1]);
  expect([one.missing(), two.missing()]).toEqual([[], []]);
});

it('what waits costs no memory: more than can be held comes whole, in order, without a gap', async () => {
  const store = await open({ path: temporaryFolder() });
  const queue = queueOf(store);
  await queue.next();
  const puts = await Promise.all(Array.from({ length: 700 }, (_, at) => store.outbox.put(record(`r${at}`))));
  const ids: string[] = [];
  for (let [message] = await queue.next(); message !== undefined; [message] = await queue.next()) {
    ids.push((JSON.parse(message.payload) as { id: string }).id);
    queue.arrived([message]);
  }
  expect(ids).toEqual(puts.map(({ serial }) => serial));
});

it('a release that was deleted by age is named as a gap, with a number', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const queue = queueOf(store);
  await queue.next();
  await store.outbox.put(
    record('r1', { release: { ...record('r1').release, plate: { text: '粤B12345', confidence: 1 } } }),
  );
  const [put] = await store.review.list({ limit: 1 });
  await store.outbox.delivered(put?.id as number, {});
  await store.outbox.put(record('r2'));
  expect((await store.review.erase('粤B12345', 'a', 'asked')).records).toBe(1);
  const [first, second] = [await queue.next(2)].flat();
  expect(JSON.parse(first?.payload ?? '{}')).toMatchObject({ gap: { why: 'deleted', facts: 1 }, number: { n: 1 } });
  expect(JSON.parse(second?.payload ?? '{}')).toMatchObject({ number: { n: 2 } });
});

it('numbers without a gap over starts, what had not arrived comes as it was, and a swapped card begins another series', async () => {
  const path = temporaryFolder();
  const first = await open({ path });
  const before = queueOf(first);
  await before.next();
  for (const id of ['a', 'b']) await first.outbox.put(record(id));
  const [kept] = await before.next();
  expect(kept?.n).toBe(1);
  expect(before.range()).toEqual({ series: kept?.series, first: 1, last: 2 });
  await first.close();
  const second = await open({ path });
  const after = queueOf(second);
  expect((await after.next())[0]).toEqual(kept);
  await second.outbox.put(record('c'));
  const got = new Receiver();
  expect(await taken(after, got)).toBe(3);
  expect([got.missing(), got.series.length]).toEqual([[], 1]);
  await second.close();
  rmSync(join(path, 'alive'));
  const swapped = await open({ path });
  const other = queueOf(swapped);
  await other.next();
  await swapped.outbox.put(record('d'));
  await taken(other, got);
  expect([got.alarms, got.missing(), got.series.length]).toEqual([[], [], 2]);
});
