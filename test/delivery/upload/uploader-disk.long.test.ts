/** A disk that turns read-only while the uploader looks for work: it is outlived, because what waits for that disk is in memory only. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { disk, failDisk, whyNoDisk } from '../../store/disks.ts';
import { open } from '../../store/open.ts';
import { testPlatform } from './platform.ts';
import { delivered, putMany, run } from './uploading.ts';

it.skipIf(whyNoDisk() !== undefined)(
  'asks when the next is due of a store that cannot look any more, and goes on',
  async () => {
    const platform = await testPlatform();
    const { folder } = disk(48);
    const store = await open({ path: `${folder}/state`, attachWithinMs: 0, ballastBytes: 0 });
    let held = 0;
    let answered = 0;
    let holds = false;
    // The store's own answer, on its way while the disk fails.
    const due: typeof store.outbox.due = async (...words) => {
      const found = await store.outbox.due(...words);
      held += holds ? 1 : 0;
      while (holds && store.status().stalled === undefined) await systemClock().sleep(20);
      answered += holds ? 1 : 0;
      return found;
    };
    const running = run({ outbox: { ...store.outbox, due } }, platform);
    await putMany(store, 1, 2);
    await expect.poll(delivered(store)).toBe(2);
    holds = true;
    running.uploader.resume();
    await expect.poll(() => held).toBeGreaterThan(0);
    failDisk(folder);
    await expect.poll(() => answered).toBeGreaterThan(0);
    // Of the disk's own nothing is known, and nothing waits in memory.
    expect(await store.outbox.nextDueMs(0)).toBeUndefined();
    expect(await store.outbox.due(10)).toEqual([]);
    // It rejects when the uploader has.
    await running.stop();
    await store.close().catch(() => undefined);
  },
  30_000,
);
