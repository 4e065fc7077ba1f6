/** A backlog is read ahead of the wire where the time of its records is known, and each leaves as if it had been read alone. */
import { expect, it } from 'vitest';
import type { Outbox } from '../../../src/store/types.ts';
import { jpeg, open, temporaryFolder } from '../../store/open.ts';
import { testPlatform } from './platform.ts';
import { delivered, putMany, run } from './uploading.ts';

const RECORDS = 60;

it.each([
  ['known', true],
  ['not known', false],
] as const)('the time is %s: each with its own picture, once', async (_, wallTrusted) => {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder(), wallTrusted });
  await putMany(store, 1, RECORDS);
  let marked = 0;
  let most = 0;
  const sending: Outbox['sending'] = (...words) => {
    marked += 1;
    most = Math.max(most, marked - platform.got.length);
    return store.outbox.sending(...words);
  };
  const running = run({ outbox: { ...store.outbox, sending } }, platform);
  await expect.poll(delivered(store)).toBe(RECORDS);
  await running.stop();
  expect(platform.got).toHaveLength(RECORDS);
  const records = await store.review.list({ limit: RECORDS });
  for (const { id, serial } of records) expect(platform.kept.get(serial)?.picture).toEqual(Buffer.from(jpeg(500, id)));
  // Marked further ahead than those on the wire, a record's time could no longer be corrected.
  if (wallTrusted) expect(most).toBeGreaterThan(12);
  else expect(most).toBeLessThanOrEqual(6);
});
