/** A database that is replaced because it was damaged: what leaves the box afterwards bears no name that something else had before. */
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { OperationName, ThreadOptions } from '../../src/store/messages.ts';
import type { Observation } from '../../src/store/observation.ts';
import { pendingRecovery, quarantine } from '../../src/store/repair/quarantine.ts';
import { LIMITS } from '../../src/store/store.ts';
import type { Ledger } from '../../src/store/thread/ledger.ts';
import { newLendingMemory } from '../../src/store/thread/picture-buffers.ts';
import type { Store } from '../../src/store/types.ts';
import { queueOf } from '../delivery/mqtt/queue.ts';
import { Receiver } from '../delivery/mqtt/receiver.ts';
import { open, record, temporaryFolder } from './open.ts';

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
  const { id, toWallMs } = (await store.looks.unpublished(0)) as Observation;
  await store.looks.published(id, toWallMs);
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

it('its numbers begin another series, also in the middle of a run, and none comes twice', async () => {
  const path = temporaryFolder();
  const store = await open({ path });
  const got = new Receiver();
  const numbers = store.numbers('mqtt');
  let present: Pick<Store, 'numbers'> = { numbers: () => numbers };
  // The queue goes on, as in a run in which the thread replaces its database.
  const queue = queueOf({
    numbers: () => ({
      open: () => present.numbers('mqtt').open(),
      facts: (...place) => present.numbers('mqtt').facts(...place),
      keep: (batch) => present.numbers('mqtt').keep(batch),
      arrived: (message) => present.numbers('mqtt').arrived(message),
      count: () => present.numbers('mqtt').count(),
    }),
  });
  const take = async (): Promise<void> => {
    const [message] = await queue.next();
    if (message === undefined) return;
    got.take(message.payload);
    queue.arrived([message]);
  };
  await queue.next();
  await store.outbox.put(record('r1'));
  await take();
  await store.outbox.put(record('r2'));
  await store.close();
  const options = threadOptions(path);
  quarantine(options, options.moment, ignore, 'a test', undefined).close();
  const after = await open({ path });
  present = after;
  await after.numbers('mqtt').open();
  for (const id of ['r3', 'r4', 'r5']) await after.outbox.put(record(id));
  for (let tries = 0; tries < 8; tries += 1) await take();
  expect(got.alarms).toEqual([]);
  expect(got.missing()).toEqual([]);
  expect(got.series).toHaveLength(2);
});
