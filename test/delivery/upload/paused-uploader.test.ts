/** An uploader whose records wait for reasons that are not their own: it looks now and then, not all the time, and ends when it is told to. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { createUploader } from '../../../src/delivery/upload/uploader.ts';
import { frame, open, record, temporaryFolder } from '../../store/open.ts';

it('refused by the platform it waits quietly for its next probe, and ends at once', async () => {
  const store = await open({ path: temporaryFolder(), attachWithinMs: 0 });
  for (const id of ['1', '2', '3']) {
    const put = await store.outbox.put(record(id));
    await store.outbox.attach(put.id, frame(500));
  }
  let looks = 0;
  let tries = 0;
  const due: typeof store.outbox.due = (...words) => {
    looks += 1;
    return store.outbox.due(...words);
  };
  const uploader = createUploader({
    outbox: { ...store.outbox, due },
    client: {
      facts: () => ({}),
      prepare: async () => ({ request: { url: 'http://platform.invalid', method: 'POST' } }),
      requestTime: async () => undefined,
      connect: async () => ({
        giveBack: () => undefined,
        post: async () => {
          tries += 1;
          return { kind: 'paused', why: 'signature: 1401' };
        },
      }),
    },
    clock: systemClock(),
    settings: { probeMs: 60_000 },
  });
  const stopped = new AbortController();
  const running = uploader.run(stopped.signal);
  await expect.poll(() => tries).toBeGreaterThan(0);
  await systemClock().sleep(300);
  const before = looks;
  await systemClock().sleep(500);
  // The page says when that is, not when the first record would be due by itself.
  const leftMs = (uploader.status().paused?.nextMs ?? 0) - systemClock().nowMs();
  expect(leftMs).toBeGreaterThan(50_000);
  expect(leftMs).toBeLessThanOrEqual(60_000);
  // Another process may have added something: some looks are right, hundreds are a loop.
  expect(looks - before).toBeLessThan(20);
  const began = performance.now();
  stopped.abort();
  await running;
  expect(performance.now() - began).toBeLessThan(3_000);
});
