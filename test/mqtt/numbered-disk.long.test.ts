/** Numbers while the disk refuses: what is reserved may leave, nothing leaves under a number that is not, and nothing is missing afterwards. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { NumberedMessages } from '../../src/mqtt/numbered-messages.ts';
import { disk, fill, whyNoDisk } from '../store/disks.ts';
import { open, record } from '../store/open.ts';
import { Receiver } from './receiver.ts';

/** More than two blocks. */
const MESSAGES = 150;

describe.skipIf(whyNoDisk() !== undefined)('on a full disk', () => {
  it('messages leave under reserved numbers, then wait, and go on without a gap', async () => {
    const { folder } = disk(16);
    const path = join(folder, 'state');
    const store = await open({ path });
    const messages = new NumberedMessages(store.numbers('mqtt'), 'gate', 'lanewarden/gate', () => undefined);
    await messages.open();
    const got = new Receiver();
    let left = 0;
    /** A broker that takes all there is. */
    const leave = (): void => {
      for (let { first } = messages; first !== undefined; first = messages.first) {
        got.take(first.payload);
        messages.arrived(first);
        left += 1;
      }
    };
    const add = (id: number): void => messages.add({ topic: 't', payload: JSON.stringify({ id }), retain: false });
    add(0);
    await expect.poll(() => messages.first !== undefined).toBe(true);
    leave();

    const filler = join(folder, 'filler');
    fill(filler);
    const puts = Array.from({ length: 200 }, (_, at) => store.outbox.put(record(`full${at}`)));
    for (const put of puts) put.catch(() => undefined);
    await expect.poll(() => store.status().stalled).toBe('full');
    for (let id = 1; id < MESSAGES; id += 1) add(id);
    leave();
    const reserved = reservedIn(path);
    const { last = 0 } = messages.told() ?? {};
    expect(last).toBeLessThanOrEqual(reserved);
    // Not one waits that has a number, and not one more leaves however often it is looked for.
    expect(left).toBe(last);
    expect(left).toBeLessThan(MESSAGES);
    // It had some in hand when the disk began to refuse.
    expect(left).toBeGreaterThan(32);

    rmSync(filler);
    const leftNow = (): number => {
      leave();
      return left;
    };
    await expect.poll(leftNow).toBe(MESSAGES);
    expect([got.alarms, got.missing(), got.series.length]).toEqual([[], [], 1]);
    expect(reservedIn(path)).toBeGreaterThanOrEqual(MESSAGES);
    await messages.close();
    await store.close();
    const again = await open({ path });
    expect((await again.numbers('mqtt').open()).notUsed).toBeUndefined();
    await again.close();
  });
});

/** As it is on the disk. */
function reservedIn(path: string): number {
  const database = new Sqlite(join(path, 'lanewarden.db'), { readonly: true });
  try {
    return database.prepare('SELECT reserved FROM numbering').pluck().get() as number;
  } finally {
    database.close();
  }
}
