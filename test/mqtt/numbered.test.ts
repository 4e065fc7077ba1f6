/** Numbers of what leaves the box, and what a receiver makes of them. Over deaths of the program: numbered.long.test.ts. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
