/** A database that is replaced because it was damaged: what leaves the box afterwards bears no name that something else had before. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { NumberedMessages } from '../../src/mqtt/numbered-messages.ts';
import type { OperationName, ThreadOptions } from '../../src/store/messages.ts';
import type { Numbers } from '../../src/store/numbers.ts';
import { pendingRecovery, quarantine } from '../../src/store/repair/quarantine.ts';
import { LIMITS } from '../../src/store/store.ts';
import type { Ledger } from '../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import { Receiver } from '../mqtt/receiver.ts';
import { open, temporaryFolder } from './open.ts';

const ignore = (): void => undefined;

function threadOptions(path: string): ThreadOptions {
  const moment = { nowMs: systemClock().nowMs(), wallMs: Date.now() };
  return {
    ...{ path, moment, version: 'test', limits: LIMITS, lending: newLendingMemory() },
    ...{ bootId: 'test', wallTrusted: false, tool: false },
  };
}

/** The request of the store thread, done here. */
const asked = (ledger: Ledger, name: OperationName, ...given: readonly unknown[]): unknown =>
  ledger.execute({ id: 1, name, arguments: given, moment: threadOptions('').moment, journal: [] });

it('its reports have numbers above all of before, which come after them when they are saved', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  for (const who of ['pms', 'pms-2', 'pms-3']) await store.looks.report({ why: 'flood', who });
  await store.looks.published((await store.looks.unpublished(0))?.id as number);
  await store.close();
  const options = threadOptions(path);
  const ledger = quarantine(options, options.moment, ignore, 'a test', undefined);
  asked(ledger, 'report', { why: 'flood', who: 'after' });
  const recovery = pendingRecovery(path, ignore, options.moment);
  while (recovery?.step(ledger) === true);
  recovery?.close();
  const seen = asked(ledger, 'observations', 10) as { id: number; seen: { why: string; who?: string } }[];
  ledger.close();
  const told = seen.map(({ id, seen: { why, who } }) => [id > 1_000_000, who ?? why]);
  expect(told.filter(([isAfter]) => !isAfter)).toEqual([
    [false, 'pms-3'],
    [false, 'pms-2'],
    [false, 'pms'],
  ]);
  expect(told.filter(([isAfter]) => isAfter)).toContainEqual([true, 'after']);
});

it('its numbers begin another series, also in the middle of a run', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const { series } = await store.numbers('mqtt').open();
  expect(await store.numbers('mqtt').reserve()).toEqual({ series, first: 1, last: 64 });
  await store.close();
  const options = threadOptions(path);
  const ledger = quarantine(options, options.moment, ignore, 'a test', undefined);
  const block = asked(ledger, 'reserveNumbers', 'mqtt') as { series: string };
  expect(block).toMatchObject({ first: 1, last: 64 });
  expect(block.series).not.toBe(series);
  expect(asked(ledger, 'reserveNumbers', 'mqtt')).toMatchObject({ series: block.series, first: 65, last: 128 });
  ledger.close();
});

it('messages of that run leave under it, and no number comes twice', async () => {
  const [before, after] = await Promise.all([open({ path: temporaryFolder() }), open({ path: temporaryFolder() })]);
  let numbers = before.numbers('mqtt');
  let blocks = 0;
  const present: Numbers = {
    open: () => numbers.open(),
    reserve: async () => {
      const block = await numbers.reserve();
      blocks += 1;
      return block;
    },
    keep: (message, record) => numbers.keep(message, record),
    arrived: (message) => numbers.arrived(message),
    giveBack: (last) => numbers.giveBack(last),
  };
  const got = new Receiver();
  const messages = new NumberedMessages(present, 'gate', 'lanewarden/gate', ignore);
  await messages.open();
  const send = async (from: number, to: number): Promise<void> => {
    for (let id = from; id < to; id += 1) {
      messages.add({ topic: 't', payload: JSON.stringify({ id }), retain: false });
      await expect.poll(() => messages.first !== undefined).toBe(true);
      const { first } = messages;
      if (first === undefined) return;
      got.take(first.payload);
      messages.arrived(first);
    }
  };
  await send(0, 10);
  numbers = after.numbers('mqtt');
  // The next block is asked for while numbers of the one before are left: these are given to nothing.
  await send(10, 33);
  await expect.poll(() => blocks).toBe(2);
  await send(33, 150);
  expect(got.alarms).toEqual([]);
  expect(got.missing()).toEqual([]);
  expect(got.series).toHaveLength(2);
});
