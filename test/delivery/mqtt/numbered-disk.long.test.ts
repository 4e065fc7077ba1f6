/** Numbers while the disk refuses: nothing leaves under a number that is not on it, and nothing is missing afterwards. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { disk, fill, whyNoDisk } from '../../store/disks.ts';
import { open, record } from '../../store/open.ts';
import { queueOf } from './queue.ts';
import { Receiver } from './receiver.ts';

describe.skipIf(whyNoDisk() !== undefined)('on a full disk', () => {
  it('messages wait for it, and go on without a gap', async () => {
    const { folder } = disk(16);
    const store = await open({ path: join(folder, 'state') });
    const queue = queueOf(store);
    await queue.next();
    const got = new Receiver();
    let left = 0;
    const leave = async (): Promise<number> => {
      for (let [message] = await queue.next(); message !== undefined; [message] = await queue.next()) {
        got.take(message.payload);
        queue.arrived([message]);
        left += 1;
      }
      return left;
    };
    await store.outbox.put(record('first'));
    expect(await leave()).toBe(1);
    const filler = join(folder, 'filler');
    fill(filler);
    const puts = Array.from({ length: 200 }, (_, at) => store.outbox.put(record(`full${at}`)));
    await expect.poll(() => store.status().stalled).toBe('full');
    rmSync(filler);
    await Promise.all(puts);
    await expect.poll(leave).toBe(201);
    expect([got.alarms, got.missing(), got.series.length]).toEqual([[], [], 1]);
  });
});
