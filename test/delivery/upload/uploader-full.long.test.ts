/** More waits for the disk than the store takes: the uploader outlives it, because what waits there is in memory only. */
import { expect, it } from 'vitest';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { testPlatform } from './platform.ts';
import { delivered, putMany, run } from './uploading.ts';

/** More than the calls that may wait. */
const MANY = 2_100;

it('looks again when the store had no room for its question', async () => {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  const running = run(store, platform);
  await putMany(store, 1, 2);
  await expect.poll(delivered(store)).toBe(2);
  const puts = Array.from({ length: MANY }, (_, at) => store.outbox.put(record(`many${at}`)));
  running.uploader.resume();
  const kept = (await Promise.allSettled(puts)).filter(({ status }) => status === 'fulfilled').length;
  expect(kept).toBeLessThan(MANY);
  await putMany(store, 3, 4);
  await expect.poll(delivered(store)).toBe(kept + 4);
  await running.stop();
});
