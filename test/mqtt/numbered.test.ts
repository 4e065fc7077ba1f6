/** Numbers of what leaves the box, and what a receiver makes of them. Over deaths of the program: numbered.long.test.ts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NumberedMessages } from '../../src/mqtt/numbered-messages.ts';
import { open, temporaryFolder } from '../store/open.ts';
import { Receiver } from './receiver.ts';

it('names a gap, and raises an alarm where a number comes with other contents', () => {
  const got = new Receiver();
  const message = (n: number, more: object) =>
    JSON.stringify({ ...more, number: { box: 'gate', series: 'a', destination: 'mqtt', n } });
  got.take(message(1, { id: 'x' }));
  got.take(message(4, { notUsed: { series: 'a', first: 3, last: 3 } }));
  expect(got.missing()).toEqual([{ series: 'a', n: 2, mayCome: true }]);
  got.take(JSON.stringify({ status: 'online', numbers: { series: 'a', first: 4, last: 6 } }));
  expect(got.missing().map(({ n, mayCome }) => [n, mayCome])).toEqual([
    [2, false],
    [5, true],
    [6, true],
  ]);
  got.take(message(1, { id: 'x' }));
  expect([got.duplicates, got.alarms]).toEqual([1, []]);
  got.take(message(1, { id: 'y' }));
  expect(got.alarms).toEqual(['a 1: came with other contents']);
});

it('nothing leaves under a number that is not reserved, and what waited has the first ones', async () => {
  const numbers = (await open({ path: temporaryFolder() })).numbers('mqtt');
  let reserved: () => void = () => undefined;
  const disk = new Promise<void>((resolve) => {
    reserved = resolve;
  });
  const messages = new NumberedMessages(
    { ...numbers, reserve: () => disk.then(() => numbers.reserve()) },
    'gate',
    'lanewarden/gate',
    () => undefined,
  );
  await messages.open();
  for (const id of ['a', 'b', 'c']) messages.add({ topic: 't', payload: JSON.stringify({ id }), retain: false });
  expect([messages.first, messages.told()]).toEqual([undefined, undefined]);
  reserved();
  await expect.poll(() => messages.told()?.last).toBe(3);
  expect(JSON.parse(messages.first?.payload ?? '{}')).toMatchObject({ id: 'a', number: { n: 1 } });
});

it('says which numbers a run did not use, and gives back those of an end in peace', async () => {
  const path = temporaryFolder();
  const run = async () => {
    const store = await open({ path });
    const messages = new NumberedMessages(store.numbers('mqtt'), 'gate', 'lanewarden/gate', () => undefined);
    await messages.open();
    messages.add({ topic: 't', payload: '{"id":"x"}', retain: false });
    await expect.poll(() => messages.first).toBeDefined();
    const left: string[] = [];
    for (let { first } = messages; first !== undefined; first = messages.first) {
      left.push(first.payload);
      messages.arrived(first);
    }
    return { store, messages, left };
  };
  const killed = await run();
  await killed.store.close();
  const ended = await run();
  expect(ended.left.join()).toContain('"notUsed":{"series":');
  await ended.messages.close();
  await ended.store.close();
  const third = await run();
  expect(third.left.join()).not.toContain('notUsed');
  await third.store.close();
});

it('numbers without a gap over ends in peace, and not the same twice after the card was swapped', async () => {
  const path = temporaryFolder();
  const first = await open({ path });
  const numbers = first.numbers('mqtt');
  const { series } = await numbers.open();
  expect(await numbers.reserve()).toMatchObject({ first: 1, last: 64 });
  await numbers.keep({ series, n: 1, topic: 't', payload: 'p' });
  await numbers.giveBack(1);
  await first.close();
  const second = await open({ path });
  const reopened = await second.numbers('mqtt').open();
  expect(reopened).toEqual({ series, record: 0, waiting: [{ series, n: 1, topic: 't', payload: 'p' }] });
  expect(await second.numbers('mqtt').reserve()).toMatchObject({ first: 2, last: 65 });
  await second.close();
  // It ended without giving them back.
  const third = await open({ path });
  expect(await third.numbers('mqtt').open()).toMatchObject({ notUsed: { first: 2, last: 65 } });
  await third.close();
  rmSync(join(path, 'alive'));
  const swapped = await open({ path });
  const anew = await swapped.numbers('mqtt').open();
  expect(anew.series).not.toBe(series);
  expect(anew.notUsed).toBeUndefined();
  expect(await swapped.numbers('mqtt').reserve()).toMatchObject({ first: 1, last: 64 });
});
