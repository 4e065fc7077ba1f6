/** A payment that comes once the record has left: whoever was told of the record is told that it was paid after all, once, and nobody new is accused. */
import { expect, it } from 'vitest';
import { releaseNow } from '../../../src/delivery/fact-bodies.ts';
import { releaseRow } from '../../../src/status/record-view.ts';
import { checkChain } from '../../../src/store/chain/chain-check.ts';
import type { Store } from '../../../src/store/types.ts';
import { whyText } from '../../../src/text/cloud.ts';
import { open, record, temporaryFolder } from '../../store/open.ts';
import { queueOf } from '../mqtt/queue.ts';
import { farEnd } from '../request/far-end.ts';
import { configured } from '../request/site.ts';
import { boxWith, type Received, receiver, webhook } from './receivers.ts';

const data = ({ event }: Received) => event.data;

async function delivered(store: Store, release: string): Promise<{ readonly id: number; readonly serial: string }> {
  const put = await store.outbox.put(record(release));
  await store.outbox.attach(put.id, { none: 'noCamera' });
  await store.outbox.sending(put.id);
  await store.outbox.delivered(put.id, {});
  return put;
}

it('it is taken back wherever it was told, and named in the report, also after a kill that has it told again', async () => {
  const path = temporaryFolder();
  const far = await receiver();
  const store = await open({ path, wallTrusted: true });
  await boxWith([webhook(far.port)], { store });
  const { id, serial } = await delivered(store, 'r1');
  const before = (await store.review.get(id))?.record.reason;
  for (let count = 0; count < 2; count += 1) expect(await store.outbox.withdraw('1001', 'r1', 'paidLate')).toBe(false);
  await expect.poll(() => far.got.length).toBe(3);
  expect(far.got.map(({ event }) => event.type)).toEqual([
    ...['lanewarden.release', 'lanewarden.withdrawal', 'lanewarden.correction'],
  ]);
  const [told, taken, corrected] = far.got.map(data);
  expect(told).toMatchObject({ id: serial, withdrawn: false });
  expect(taken).toMatchObject({ id: serial, withdrawn: true, evidence: { row: expect.any(Number) } });
  expect(corrected).toMatchObject({
    kind: 'corrected',
    recordId: id,
    serial,
    text: { en: expect.stringMatching(`record ${id}: paid`) },
  });
  const { record: now } = (await store.review.get(id)) as NonNullable<Awaited<ReturnType<Store['review']['get']>>>;
  // The platform has it, and no message takes it back there.
  expect(now.state).toBe('delivered');
  expect(releaseNow(now)).toMatchObject({ withdrawn: true, reason: expect.stringMatching(`收到缴费.*${before}`) });
  expect(releaseRow(now).reason.en).toMatch(/^paid, told after it was reported.*; /);
  await store.close();
  expect((await checkChain(path)).faults).toEqual([]);
});

it.each([
  ['hold', 'paidLate', '已缴费，撤回'],
  ['park', 'notASecondVehicle', '并无第二辆车，撤回'],
] as const)('what the platform refused is withdrawn, so that no retry accuses: %s', async (how, why, words) => {
  const store = await open({ path: temporaryFolder() });
  const { id } = await store.outbox.put(record('r1'));
  await store.outbox.sending(id);
  await store.outbox[how](id, 'rejected');
  expect(await store.outbox.withdraw('1001', 'r1', why)).toBe(true);
  expect(await store.review.requeueAll(['held', 'parked'], 'office')).toBe(0);
  const now = (await store.review.get(id))?.record;
  expect(now?.state).toBe('withdrawn');
  expect(whyText(now?.lastWhy ?? '').zh).toBe(words);
});

it('what may have arrived and is tried again says so there; a second platform hears nothing of it any more', async () => {
  const store = await open({ path: temporaryFolder() });
  const { url, received } = await farEnd('4pyun', 'k3y-密-0123456789', () => ({ body: '{"code":"1001"}' }));
  const lines = `url: ${url}/\nvalues: { parkUuid: 49f0cc52-e8c7-41e3-b54d-af666b8cc11a }\nsecrets: { appSecret: { secret: other.key } }`;
  await store.numbers('other').open();
  await queueOf(store, 'seen').next();
  const { id } = await store.outbox.put(record('r1'));
  await store.outbox.attach(id, { none: 'noCamera' });
  await store.outbox.sending(id);
  await store.outbox.retry(id, 0, 'status');
  await store.outbox.withdraw('1001', 'r1', 'paidLate');
  expect((await store.outbox.sending(id))?.record.reason).toMatch(/收到缴费/);
  const { serial } = await delivered(store, 'r2');
  await boxWith([{ ...configured('4pyun', lines), name: 'other' }], { store });
  await expect.poll(() => received.length).toBeGreaterThan(0);
  expect(received.map(({ fields }) => fields.parking_serial)).toEqual([serial]);
});
