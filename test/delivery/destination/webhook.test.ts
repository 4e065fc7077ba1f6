/** Webhooks at a receiver that shares no code with them: signature, ids, retries, refusals, pictures, filters. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { frame, jpeg, record, release, temporaryFolder } from '../../store/open.ts';
import { boxWith, type Received, receiver, webhook } from './receivers.ts';

const data = ({ event }: Received) => event.data;
const numbers = (got: readonly Received[]): number[] =>
  got.flatMap(({ event }) => (event === null ? [] : [(event.data.number as { n: number }).n]));

it('a release is a signed CloudEvent with what MQTT says of it, its number and the number of its record', async () => {
  const far = await receiver();
  const { store } = await boxWith([webhook(far.port)]);
  const put = await store.outbox.put(record('r1'));
  await expect.poll(() => far.got.length).toBe(1);
  const [got] = far.got as [Received];
  expect(got).toMatchObject({ method: 'POST', path: '/hook?a=1', signed: true });
  expect(got.type).toBe('application/cloudevents+json; charset=utf-8');
  const { series } = data(got).number as { series: string };
  expect(got.id).toBe(`${series}-1`);
  expect(got.event).toMatchObject({
    ...{ specversion: '1.0', id: got.id, source: 'lanewarden/1001', type: 'lanewarden.release', subject: '1001' },
    datacontenttype: 'application/json',
  });
  expect(data(got)).toEqual({
    ...{ id: put.serial, record: put.id, lane: '1001', name: '通道A', time: expect.any(String) },
    ...{
      timeQuality: 'synced',
      operator: null,
      method: 1,
      methodDesc: '按钮开闸',
      cause: 'button',
      verdict: 'manual',
      plate: null,
      passed: true,
    },
    ...{ confidence: 'sure', reason: '按钮开闸后有车通过', reported: true, withdrawn: false },
    evidence: { chain: expect.any(String), row: expect.any(Number), digest: expect.any(String) },
    number: { box: '1001', series, destination: 'office', n: 1 },
  });
});

it('after faults the same bytes come again under the same id, and what follows waits for it', async () => {
  const far = await receiver('--plan', '500,404');
  const { store, destinations } = await boxWith([webhook(far.port)]);
  await store.outbox.put(record('r1'));
  await store.outbox.put(record('r2'));
  await expect.poll(() => far.got.length).toBe(4);
  const [first, second, third, fourth] = far.got as [Received, Received, Received, Received];
  expect(new Set([first, second, third].map(({ id, sha256 }) => `${id} ${sha256}`)).size).toBe(1);
  expect(far.got.every(({ signed }) => signed)).toBe(true);
  expect(numbers([first, fourth])).toEqual([1, 2]);
  await expect.poll(async () => (await destinations.views())[0]).toMatchObject({ arrived: 2, failed: 2, waiting: 0 });
});

it('waits as long as Retry-After says, and stops at 410 until it is resumed', async () => {
  const far = await receiver('--plan', '429:3,200,410');
  const { store, destinations } = await boxWith([webhook(far.port)]);
  await store.outbox.put(record('r1'));
  await expect.poll(() => far.got.length).toBe(2);
  const [first, second] = far.got as [Received, Received];
  expect(second.at - first.at).toBeGreaterThanOrEqual(2_990);
  await store.outbox.put(record('r2'));
  const view = async () => (await destinations.views())[0];
  await expect.poll(view).toMatchObject({ state: 'stopped', lastError: 'HTTP 410', waiting: 1 });
  await store.outbox.put(record('r3'));
  await expect.poll(view).toMatchObject({ waiting: 2 });
  expect(far.got).toHaveLength(3);
  expect(destinations.resume('office')).toBe(true);
  await expect.poll(() => numbers(far.got)).toEqual([1, 1, 2, 2, 3]);
});

it('a redirect is a fault, and never followed', async () => {
  const far = await receiver('--plan', '302');
  const { store } = await boxWith([webhook(far.port)]);
  await store.outbox.put(record('r1'));
  await expect.poll(() => far.got.length).toBe(2);
  expect(far.got.map(({ path }) => path)).toEqual(['/hook?a=1', '/hook?a=1']);
});

it('a pause holds it back and ends by itself; both are reported', async () => {
  const far = await receiver();
  const { store, destinations } = await boxWith([webhook(far.port)], { pauseMaxMs: 1_500 });
  expect([destinations.pause('office', 'admin'), destinations.pause('nothing', 'admin')]).toEqual([true, false]);
  const pausedAt = Date.now();
  await store.outbox.put(record('r1'));
  await expect.poll(async () => (await destinations.views())[0]?.state).toBe('paused');
  expect(far.got).toHaveLength(0);
  await expect.poll(() => far.got.map(({ event }) => event.type)).toContain('lanewarden.release');
  // Less than the pause, by what a busy machine takes to begin it.
  expect((far.got[0] as Received).at - pausedAt).toBeGreaterThan(1_000);
  const reports = (): unknown[] => far.got.map(data).filter(({ kind }) => kind === 'pause');
  await expect.poll(() => reports().length).toBe(2);
  expect(reports()).toMatchObject([
    { who: 'admin', to: null, detail: { destination: 'office' } },
    { who: 'admin', reason: 'over' },
  ]);
});

describe('the picture', () => {
  const sha = createHash('sha256').update(jpeg(3_000)).digest('hex');

  it('is in the body, which waits for it, or is null', async () => {
    const far = await receiver('--plan', '500');
    const { store } = await boxWith([webhook(far.port, { picture: 'base64' })]);
    const put = await store.outbox.put(record('r1'));
    const without = await store.outbox.put(record('r2'));
    await store.outbox.attach(without.id, { none: 'noCamera' });
    expect(far.got).toHaveLength(0);
    await store.outbox.attach(put.id, frame(3_000));
    await expect.poll(() => far.got.length).toBe(3);
    const [first, again, last] = far.got as [Received, Received, Received];
    expect([again.id, again.sha256]).toEqual([first.id, first.sha256]);
    const { base64 } = data(again).picture as { base64: string };
    expect(createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')).toBe(sha);
    expect(data(last)).not.toHaveProperty('picture');
  });

  it('is a second request with a number of its own, and names its record', async () => {
    const far = await receiver();
    const { store } = await boxWith([webhook(far.port, { picture: 'second-request' })]);
    const put = await store.outbox.put(record('r1'));
    await store.outbox.attach(put.id, frame(3_000));
    await expect.poll(() => far.got.length).toBe(2);
    const [first, picture] = far.got as [Received, Received];
    expect(picture).toMatchObject({ type: 'image/jpeg', sha256: sha, signed: true, record: `${put.id}` });
    expect(data(first).record).toBe(put.id);
    expect(picture.id).toBe(first.id.replace(/1$/, '2'));
  });

  it.each([
    ['base64', ['413'], 'lanewarden.release', { picture: null }],
    ['second-request', ['200', '413'], 'lanewarden.picture', { missing: true }],
  ] as const)('%s: one that the receiver finds too large holds up nothing', async (how, plan, type, instead) => {
    const far = await receiver('--plan', plan.join());
    const { store } = await boxWith([webhook(far.port, { picture: how })]);
    const put = await store.outbox.put(record('r1'));
    await store.outbox.attach(put.id, frame(3_000));
    await expect.poll(() => far.got.length).toBe(plan.length + 1);
    const [refused, last] = far.got.slice(-2) as [Received, Received];
    expect([refused.bytes, last.bytes]).toEqual([
      expect.toSatisfy((bytes) => bytes >= 3_000),
      expect.toSatisfy((bytes) => bytes < 3_000),
    ]);
    expect(last).toMatchObject({ id: refused.id, signed: true, event: { type, data: instead } });
    const next = await store.outbox.put(record('r2'));
    await store.outbox.attach(next.id, { none: 'noCamera' });
    await expect.poll(() => data(far.got.at(-1) as Received).record).toBe(next.id);
  });
});

it('what its filter leaves out takes no number', async () => {
  const far = await receiver();
  const takes = { facts: ['release'], lanes: ['1001'], verdicts: ['tailgating'], confidence: 'likely' } as const;
  const { store } = await boxWith([webhook(far.port, { takes })]);
  const tailgating = { verdict: 'tailgating' } as const;
  await store.outbox.put(record('manual'));
  await store.outbox.put(record('other lane', { laneId: '1002', release: release('x', tailgating) }));
  await store.outbox.put(record('weak', { release: release('weak', { ...tailgating, confidence: 'possible' }) }));
  const put = await store.outbox.put(record('taken', { release: release('taken', tailgating) }));
  await expect.poll(() => far.got.length).toBe(1);
  expect(far.got.map((got) => [data(got).id, numbers([got])])).toEqual([[put.serial, [1]]]);
});

it('withdrawals, marks, blind times and heartbeats come too; an alarm only where it is wanted', async () => {
  const far = await receiver();
  const { store, destinations, alarms } = await boxWith([webhook(far.port)]);
  const put = await store.outbox.put(record('r1'));
  await store.outbox.withdraw('1001', 'r1', 'paidLate');
  await store.review.mark([put.id], { kind: 'legitimate', who: 'office', reason: '熟客' } as never);
  await store.looks.observe('1001', { why: 'points', roles: ['barrier'], fromMs: 0, toMs: 9 } as never);
  alarms.report('1001', { kind: 'alarm', alarm: 'heldOpen', on: true } as never);
  await expect.poll(() => far.got.length).toBe(5);
  destinations.tell('heartbeat', { version: '1' });
  await expect.poll(() => far.got.length).toBe(6);
  expect(far.got.map(({ event }) => event.type.replace('lanewarden.', ''))).toEqual([
    ...['release', 'withdrawal', 'mark', 'blind', 'alarm', 'heartbeat'],
  ]);
  expect(far.got.slice(0, 2).map((got) => data(got).withdrawn)).toEqual([false, true]);
  expect(data(far.got[4] as Received)).toMatchObject({ lane: '1001', alarm: 'heldOpen' });
  expect(data(far.got[5] as Received)).toEqual({ version: '1' });
});

it('a certificate of an unknown authority is refused, and taken when the authority is named', async () => {
  const folder = temporaryFolder();
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject], {
    stdio: 'ignore',
  });
  const pem = { key: readFileSync(key), cert: readFileSync(cert) };
  let requests = 0;
  const server = createServer(pem, (_, response) => {
    requests += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const ca = pem.cert.toString();
  const { store, destinations } = await boxWith([
    webhook(0, { name: 'unknown', url }),
    webhook(0, { name: 'known', url, ca }),
  ]);
  await store.outbox.put(record('r1'));
  await expect
    .poll(() => destinations.views())
    .toMatchObject([
      { state: 'failing', lastError: expect.stringMatching(/^tls: /) },
      { state: 'idle', arrived: 1 },
    ]);
  expect(requests).toBe(1);
  server.close();
});

it('a ping fetches its address at intervals', async () => {
  const far = await receiver();
  const url = `http://127.0.0.1:${far.port}/ping/1`;
  const takes = { facts: [], confidence: 'possible' } as const;
  const { destinations } = await boxWith([{ name: 'alive', kind: 'ping', url, everyMs: 200, timeoutMs: 1_000, takes }]);
  await expect.poll(() => far.got.length).toBeGreaterThan(2);
  expect(far.got[0]).toMatchObject({ method: 'GET', path: '/ping/1', bytes: 0 });
  expect((await destinations.views())[0]).toMatchObject({ name: 'alive', state: 'idle', waiting: 0 });
});
