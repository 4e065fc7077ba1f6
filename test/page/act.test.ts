/** What a person decides about a record while it is on its way to the platform: refused, with the reason that it has. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { record } from '../store/open.ts';
import { type PageBox, pageBox } from './page-box.ts';

let box: PageBox;
beforeAll(async () => {
  box = await pageBox();
});
afterAll(async () => {
  await box?.close();
});

it('a record on the wire is neither dismissed nor corrected, and that is said; one that is delivered is', async () => {
  const cookie = await box.as('operator');
  box.park.platform.behave({ kind: 'stall' }, Number.POSITIVE_INFINITY);
  const store = box.box.host.app?.store;
  const put = await store?.outbox.put(record('1'));
  const id = put?.id as number;
  await store?.outbox.attach(id, { none: 'noCamera' });
  await expect.poll(async () => (await store?.review.get(id))?.record.sent).toBe(true);
  const act = (what: string, body: object) =>
    box.ask('POST', `/api/v1/releases/${id}/${what}`, { cookie, body, headers: { 'accept-language': 'en' } });
  for (const [what, body] of [
    ['dismiss', { why: 'test' }],
    ['correct', { plate: '粤B99999', why: 'test' }],
  ] as const) {
    const { json } = await act(what, body);
    expect(json).toMatchObject({ status: 409, code: 'busy', detail: expect.stringContaining('is being uploaded') });
  }
  expect((await store?.review.get(id))?.record).toMatchObject({ state: 'waiting' });
  await store?.outbox.delivered(id, {});
  expect((await act('dismiss', { why: 'test' })).json).toMatchObject({ status: 409, code: 'conflict' });
});
