/** A record that is taken back says why: from the lane's events to what the store is told. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { Bridge } from '../../src/app/bridge.ts';
import { readScenario } from '../../src/simulate/scenario/scenario-file.ts';
import { runScenario } from '../../src/simulate/scenario/scenario-run.ts';
import type { NewRecord, OutboxRecord } from '../../src/store/record-types.ts';
import type { Boot, Journal, Outbox } from '../../src/store/types.ts';
import { handClock } from '../sim/hand-clock.ts';

/** Plays the scenario's events to a lane of the program; why its records were taken back. `isSent`: each had left at once. */
async function takenBack(name: string, isSent = false): Promise<readonly string[]> {
  const scenario = readScenario(fileURLToPath(new URL(`../scenarios/${name}.yaml`, import.meta.url)));
  const whys: string[] = [];
  const left: string[] = [];
  const outbox = {
    submit: async (record: NewRecord) => {
      left.push(record.release.id);
      return { ...record, id: 1, picture: 'attached' } as unknown as OutboxRecord;
    },
    withdraw: async (_lane: string, _release: string, why: string) => whys.push(why) > 0,
  } as unknown as Outbox;
  const journal: Journal = {
    ...{ append: () => true, flush: async () => {}, epoch: () => {}, snapshot: () => {} },
    load: async () => ({ state: undefined, rows: [] }),
  };
  const bridge = new Bridge({
    ...{ laneId: '1001', settings: scenario.settings, signals: {}, clock: handClock(1_000), journal, outbox },
    boot: { laneOffsetMs: 0 } as Boot,
    wallMsAt: (nowMs) => nowMs,
    record: (release, releaseWallMs) => ({ release, releaseWallMs }) as NewRecord,
    on: {
      failed: (error) => {
        throw error;
      },
    },
  });
  await bridge.start();
  for (const event of runScenario(scenario).journal) {
    bridge.feed(event);
    for (const id of left.splice(0)) if (isSent) bridge.leaves(id, 'sent');
  }
  return whys;
}

it.each([
  ['113-paid-after-record', 'paidLate'],
  ['796-its-plate-comes-alone-after-the-record', 'notASecondVehicle'],
])('%s: %s', async (name, why) => {
  expect(await takenBack(name)).toEqual([why]);
  expect(await takenBack(name, true), 'the store knows whether it had left').toEqual([why]);
});

it.each(['797-let-out-by-the-relay-after-the-record', '800-late-message-that-names-nobody'])(
  '%s: none',
  async (name) => {
    expect(await takenBack(name)).toEqual([]);
  },
);
