/** Four records on the wire whose answers differ: each ends where the answers table says, and no answer is another record's. */
import type { ServerResponse } from 'node:http';
import { expect, it } from 'vitest';
import { open, temporaryFolder } from '../../store/open.ts';
import { testPlatform } from './platform.ts';
import { delivered, HELD_UP_MS, putMany, QUICK, run } from './uploading.ts';

const RECORDS = 40;

/**
 * Records on the wire, and what they wait for. The first request is answered, which makes the line a fast one; from then on those that
 * `holds` names by their order of arrival are not.
 */
async function uploading(holds: (request: number) => boolean) {
  const platform = await testPlatform();
  const store = await open({ path: temporaryFolder() });
  const held = new Map<string, ServerResponse>();
  let requests = 0;
  platform.behave = (request, response) => {
    requests += 1;
    if (!holds(requests)) return 'answer';
    // Begun: the platform of the tests reads the rest and leaves the answer to us.
    response.writeHead(200, { 'content-type': 'application/json' });
    request.on('end', () => {
      const at = platform.got.length;
      setImmediate(() => held.set(platform.got[at]?.fields.parking_serial ?? '', response));
    });
    return 'answer';
  };
  const sent = (serial: string) => platform.got.filter(({ fields }) => fields.parking_serial === serial).length;
  return { platform, store, held, sent };
}

const KINDS = ['refused', 'accepted', 'reset', 'poison'] as const;
const ANSWERS = {
  refused: '{"code":"401","hint":"plate=?12345"}',
  accepted: '{"code":"1001","seqno":"S4"}',
  reset: undefined,
  poison: '{"code":"1400","hint":"gate_name"}',
};
const rounds = KINDS.map((_, at) => [...KINDS.slice(at), ...KINDS.slice(0, at)]);

it.each([...rounds, ...rounds.map((order) => order.toReversed())])('%s, %s, %s, %s', async (...order) => {
  let isHolding = true;
  const { platform, store, held, sent } = await uploading((request) => isHolding && request > 1);
  await putMany(store, 1, RECORDS);
  // A refusal that stood would hold up everybody for an hour.
  const running = run(store, platform, { ...QUICK, probeMs: 3_600_000 }, { timeoutMs: 20_000 });
  await expect.poll(() => held.size).toBe(4);
  const serials = new Map((await store.review.list({ limit: 100 })).map(({ serial, id }) => [serial, id]));
  const four = new Map(order.map((kind, at) => [kind, [...held][at] as [string, ServerResponse]]));
  for (const [kind, [serial, response]] of four) {
    const id = serials.get(serial);
    const answer = ANSWERS[kind];
    if (answer === undefined) response.socket?.resetAndDestroy();
    else response.end(answer);
    await expect.poll(() => running.receipts.some((receipt) => receipt.id === id)).toBe(true);
  }
  // What came of each of the four, while what follows is on the wire.
  const cameOf = async (kind: (typeof KINDS)[number]) =>
    (await store.review.get(serials.get(four.get(kind)?.[0] ?? '') ?? 0))?.record;
  expect(await cameOf('refused')).toMatchObject({
    state: 'waiting',
    attempts: 1,
    lastWhy: 'signature: 401 plate=?12345',
  });
  expect(await cameOf('accepted')).toMatchObject({ state: 'delivered', seqno: 'S4' });
  expect(await cameOf('reset')).toMatchObject({ state: 'waiting', attempts: 1, lastWhy: 'reset: ECONNRESET' });
  expect(await cameOf('poison')).toMatchObject({ state: 'parked', lastWhy: 'rejected: 1400 gate_name' });
  isHolding = false;
  for (const response of held.values()) response.end('{"code":"1001"}');
  await expect.poll(delivered(store), { timeout: HELD_UP_MS }).toBe(RECORDS - 1);
  await running.stop();
  expect(await store.outbox.counts()).toMatchObject({ parked: 1, waiting: 0 });
  const sentOf = (kind: (typeof KINDS)[number]) => sent(four.get(kind)?.[0] ?? '');
  expect(KINDS.map(sentOf)).toEqual([2, 1, 2, 1]);
  expect(platform.got).toHaveLength(RECORDS + 2);
  // Oldest first, as far as four on the wire and four in hand have an order.
  const followed = running.left.map(({ id }) => id).filter((id, at, ids) => ids.indexOf(id) === at);
  expect(
    followed.every((id, at) => Math.abs(id - 1 - at) <= 8),
    String(followed),
  ).toBe(true);
});

it('one that gets no answer keeps nobody waiting but itself', async () => {
  const { platform, store, held } = await uploading((request) => request === 3);
  await putMany(store, 1, RECORDS);
  const running = run(store, platform, QUICK, { timeoutMs: 60_000 });
  await expect.poll(delivered(store), { timeout: HELD_UP_MS }).toBe(RECORDS - 1);
  for (const response of held.values()) response.end('{"code":"1001"}');
  await expect.poll(delivered(store)).toBe(RECORDS);
  await running.stop();
  expect(platform.got).toHaveLength(RECORDS);
});

it('of three that come at once, none waits for one that gets no answer', async () => {
  const { platform, store, held } = await uploading((request) => request === 1);
  const running = run(store, platform, QUICK, { timeoutMs: 60_000 });
  running.uploader.pause('张三');
  await putMany(store, 1, 3);
  running.uploader.resume();
  await expect.poll(delivered(store), { timeout: HELD_UP_MS }).toBe(2);
  for (const response of held.values()) response.end('{"code":"1001"}');
  await expect.poll(delivered(store)).toBe(3);
  await running.stop();
});
