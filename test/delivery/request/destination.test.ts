/** A destination of kind `platform`, from the configuration to the wire: signatures verified by Python, retries and duplicates by code, pictures of the store. */
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { MessageQueue } from '../../../src/delivery/destination/message-queue.ts';
import { createPlatform } from '../../../src/delivery/destination/platform.ts';
import { DestinationSender } from '../../../src/delivery/destination/sender.ts';
import type { Outcome } from '../../../src/delivery/destination/transport.ts';
import type { PlatformConfig } from '../../../src/delivery/settings.ts';
import type { NewRecord } from '../../../src/store/record-types.ts';
import type { Store } from '../../../src/store/types.ts';
import { frame, jpeg, open, record, release, temporaryFolder } from '../../store/open.ts';
import { farEnd, type Received, type Reply } from './far-end.ts';
import { configured } from './site.ts';

const real = systemClock();
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** Sends until it is stopped. Waits between requests pass at once and are noted. */
function running(config: PlatformConfig, store: Store) {
  const waits: number[] = [];
  const outcomes: Outcome[] = [];
  const clock = {
    ...real,
    sleep: (ms: number, signal?: AbortSignal) => {
      waits.push(Math.round(ms));
      return real.sleep(Math.min(ms, 3), signal);
    },
  };
  const transport = createPlatform(config, {
    ...{ clock: real, box: 'gate', lanes: [], clockKnown: () => true, isConfirmed: () => true },
    picture: (id) => store.outbox.picture(id),
    record: async (id) => (await store.review.get(id))?.record,
  });
  const queue = new MessageQueue({
    numbers: store.numbers(config.name),
    clock,
    box: 'gate',
    destination: config.name,
    transport,
  });
  const stop = new AbortController();
  let onOutcome: () => void = () => undefined;
  const sender = new DestinationSender({
    ...{ transport, queue, clock, random: () => 0.5 },
    on: (outcome) => {
      outcomes.push(outcome);
      onOutcome();
    },
  });
  const ended = sender.run(stop.signal);
  const end = async () => {
    stop.abort();
    await ended;
  };
  stops.push(end);
  return {
    ...{ waits, outcomes, queue, sender, end },
    /** When so many requests have come to an end. */
    until: (count: number) =>
      new Promise<void>((resolve) => {
        onOutcome = () => outcomes.length >= count && resolve();
        onOutcome();
      }),
  };
}

/** A store that such a destination is known in: it begins with what comes from then on. */
async function storeFor(config: PlatformConfig): Promise<Store> {
  const store = await open({ path: temporaryFolder(), attachWithinMs: 60_000 });
  await store.numbers(config.name).open();
  return store;
}

async function put(store: Store, id: string, picture: number | undefined, more: Partial<NewRecord> = {}) {
  const made = record(id, more);
  const { id: number, serial } = await store.outbox.put(made);
  await store.outbox.attach(number, picture === undefined ? { none: 'noCamera' } : frame(picture, number));
  return { number, serial };
}

const plate = (text: string) => ({ plate: { text, confidence: 0.9, color: 'blue' } }) as const;
const texts = (received: readonly Received[], field: string) => received.map(({ fields }) => fields[field]);

describe('4pyun by its profile', () => {
  const lines = (url: string) =>
    `url: ${url}/\nvalues: { parkUuid: 49f0cc52-e8c7-41e3-b54d-af666b8cc11a }\nsecrets: { appSecret: { secret: other.key } }`;

  it('arrives in order, signed right, with its picture, once', async () => {
    const script: Reply[] = [
      { status: 503, body: '{"code":"503","message":"busy"}' },
      { body: '', cut: true },
      { body: '{"code":"1001","seqno":"7"}' },
      { body: '{"code":"1001"}' },
      { body: '{"code":"400","hint":"bad plate"}' },
      { body: '{"code":"1001","hint":"dropped"}' },
      { body: '{"code":"1001"}' },
    ];
    const { url, received } = await farEnd(
      '4pyun',
      'k3y-密-0123456789',
      (_, n) => script[n - 1] ?? { body: '{"code":"1001"}' },
    );
    const config = configured('4pyun', lines(url));
    const store = await storeFor(config);
    const sent = [
      await put(store, '1', 400, { release: release('1', plate('粤B12345')) }),
      await put(store, '2', undefined),
      await put(store, '3', undefined),
      await put(store, '4', undefined),
      await put(store, '5', 500),
    ];
    const { until, outcomes } = running(config, store);
    await until(7);
    expect(received.map(({ right }) => right)).toEqual(Array(7).fill(true));
    const [first, second, third, fourth, fifth] = sent.map(({ serial }) => serial);
    expect(texts(received, 'parking_serial')).toEqual([first, first, first, second, third, fourth, fifth]);
    expect(received[0]?.files).toEqual({ capture_image: Buffer.from(jpeg(400, sent[0]?.number)).toString('hex') });
    expect(received[0]?.fields).toMatchObject({ plate: '粤B12345', plate_color: '1', gate_name: '通道A' });
    expect(received[3]?.fields.plate).toBe('无牌车');
    expect(received[2]?.body.equals(received[0]?.body as Buffer)).toBe(true);
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      'retry',
      'retry',
      'arrived',
      'arrived',
      'refused',
      'refused',
      'arrived',
    ]);
    expect(outcomes[4]).toEqual({ kind: 'refused', why: `rejected: 400 bad plate (${third})` });
    expect((await store.numbers('other').count()).waiting).toBe(0);
  });

  it('goes without the picture that was too large on the way', async () => {
    const { url, received } = await farEnd('4pyun', 'k3y-密-0123456789', (_, n) =>
      n === 1 ? { status: 413, body: '<html>' } : { body: '{"code":"1001"}' },
    );
    const config = configured('4pyun', lines(url));
    const store = await storeFor(config);
    await put(store, '1', 400);
    const { until, outcomes } = running(config, store);
    await until(2);
    expect(received.map(({ files }) => Object.keys(files).length)).toEqual([1, 0]);
    expect(outcomes[0]).toMatchObject({ kind: 'retry', why: 'tooBig: HTTP 413' });
  });

  it('is refused after ten answers in no list, and the next one follows', async () => {
    const { url, received } = await farEnd('4pyun', 'k3y-密-0123456789', (_, n) => ({
      body: n <= 10 ? '{"code":"77"}' : '{"code":"1001"}',
    }));
    const config = configured('4pyun', lines(url));
    const store = await storeFor(config);
    const [odd, next] = [await put(store, '1', undefined), await put(store, '2', undefined)];
    const { until, outcomes } = running(config, store);
    await until(11);
    expect(outcomes.map(({ kind }) => kind)).toEqual([...Array(9).fill('retry'), 'refused', 'arrived']);
    expect(texts(received, 'parking_serial')).toEqual([...Array(10).fill(odd.serial), next.serial]);
  });

  it('says nothing of what was paid, or is under review until a person reports it', async () => {
    const { url, received } = await farEnd('4pyun', 'k3y-密-0123456789', () => ({ body: '{"code":"1001"}' }));
    const config = configured('4pyun', lines(url));
    const store = await storeFor(config);
    await put(store, 'paid', undefined);
    expect(await store.outbox.withdraw('1001', 'paid', 'paid')).toBe(true);
    const doubted = await put(store, 'doubted', undefined, { release: release('doubted', { reported: false }) });
    const last = await put(store, 'last', undefined);
    const { until } = running(config, store);
    await until(1);
    expect(texts(received, 'parking_serial')).toEqual([last.serial]);
    expect(await store.review.requeue(doubted.number, 'Wang')).toBe(true);
    await until(2);
    expect(texts(received, 'parking_serial')).toEqual([last.serial, doubted.serial]);
  });

  it('sends what it kept of a record that was deleted meanwhile', async () => {
    const { url, received } = await farEnd('4pyun', 'k3y-密-0123456789', (_, n) =>
      n === 1 ? { body: '', cut: true } : { body: '{"code":"1001"}' },
    );
    const config = configured('4pyun', lines(url));
    const path = temporaryFolder();
    const store = await open({ path, attachWithinMs: 60_000 });
    await store.numbers(config.name).open();
    const { number, serial } = await put(store, '1', undefined, { release: release('1', plate('粤B12345')) });
    const before = running(config, store);
    await before.until(1);
    await before.end();
    await store.close();
    const database = new Database(join(path, 'lanewarden.db'));
    database.prepare('DELETE FROM release WHERE id = ?').run(number);
    database.close();
    const again = await open({ path });
    expect(await again.review.get(number)).toBeUndefined();
    await running(config, again).until(1);
    expect(received).toHaveLength(2);
    expect(received.at(-1)).toMatchObject({ right: true, fields: { parking_serial: serial, plate: '粤B12345' } });
  });

  it('is sent again, the same record, by a program that was ended before the answer', async () => {
    let ended: () => void = () => undefined;
    const reached = new Promise<void>((resolve) => (ended = resolve));
    const { url, received } = await farEnd('4pyun', 'k3y-密-0123456789', (_, n) => {
      if (n > 1) return { body: '{"code":"1001"}' };
      ended();
      return { body: '', cut: true };
    });
    const config = configured('4pyun', lines(url));
    const store = await storeFor(config);
    const { serial } = await put(store, '1', 300);
    const before = running(config, store);
    await reached;
    await before.end();
    const after = running(config, store);
    await after.until(1);
    expect(texts(received, 'parking_serial').slice(-2)).toEqual([serial, serial]);
    expect(after.outcomes).toEqual([{ kind: 'arrived' }]);
  });
});

describe('a platform that is held back', () => {
  it('has duplicates as arrived, waits while the signature is refused, and makes time and nonce anew', async () => {
    const answers = ['BAD_SIGN', 'BAD_SIGN', 'EXISTS', 'OK', 'BAD_FIELD', 'OK'];
    const { url, received } = await farEnd('gate-events-v2', 'k3y-密-0123456789', (_, n) => ({
      status: answers[n - 1] === 'OK' ? 200 : 409,
      body: JSON.stringify({ result: { code: answers[n - 1] ?? 'OK', text: 'your key k3y-密-0123456789 is wrong' } }),
    }));
    const config = configured(
      'gate-events-v2',
      `url: ${url}\nvalues: { park: "7" }\nsecrets: { key: { secret: other.key } }\ntakes: { confidence: likely }`,
    );
    expect(config).toMatchObject({ unproven: true, picture: 'base64' });
    const store = await storeFor(config);
    const owing = { owed: { plate: '粤B12345', by: 'tariff', amount: 1250, wallMs: 0 } } as const;
    const one = await put(store, '1', 400, {
      release: release('1', { ...plate('粤B12345'), desc: 'remote' }),
      known: owing,
    });
    await put(store, 'doubtful', undefined, { release: release('doubtful', { confidence: 'possible' }) });
    const rest = [await put(store, '2', undefined), await put(store, '3', undefined), await put(store, '4', undefined)];
    const { until, outcomes, waits } = running(config, store);
    await until(6);
    expect(received.map(({ right, method }) => [right, method])).toEqual(Array(6).fill([true, 'PUT']));
    expect(texts(received, 'event')).toEqual([one, one, one, ...rest].map(({ serial }) => serial));
    expect(received[0]?.fields).toMatchObject({ amount: '12.50', how: 'REMOTE', plate: '粤B12345' });
    expect(received[0]?.fields.photo).toBe(Buffer.from(jpeg(400, one.number)).toString('base64'));
    expect(new Set(received.map(({ headers }) => headers['x-nonce'])).size).toBe(6);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['retry', 'retry', 'arrived', 'arrived', 'refused', 'arrived']);
    expect(waits.filter((ms) => ms === 300_000)).toHaveLength(2);
    expect(JSON.stringify(outcomes)).not.toContain('k3y');
  });

  it('logs in first, and again once its token has run out', async () => {
    let tokens = 0;
    const { url, received } = await farEnd('bolink-upload-liftrod', 'k3y-密-0123456789', ({ fields }, n) => {
      if (fields.service_name === 'login') {
        tokens += 1;
        return { body: `{"state":1,"token":"t${tokens}","service_name":"login"}` };
      }
      return { body: n === 3 ? '{"state":0,"errmsg":"error:车场没有登录"}' : '{"state":1,"errmsg":"ok"}' };
    });
    const config = configured(
      'bolink-upload-liftrod',
      `url: ${url}\nvalues: { unionId: "200208", parkId: "21835" }\nsecrets: { ukey: { secret: other.key } }`,
    );
    const store = await storeFor(config);
    await put(store, '1', undefined, { release: release('1', plate('京GH0093')), operator: '张三' });
    await put(store, '2', undefined);
    const { until, outcomes } = running(config, store);
    await until(2);
    expect(received.map(({ right }) => right)).toEqual(Array(5).fill(true));
    expect(texts(received, 'service_name')).toEqual([
      'login',
      'upload_liftrod',
      'upload_liftrod',
      'login',
      'upload_liftrod',
    ]);
    expect(texts(received, 'token')).toEqual([undefined, 't1', 't1', undefined, 't2']);
    expect(received[1]?.fields.data).toMatchObject({ car_number: '京GH0093', user_id: '张三', operate: 0 });
    expect(received[1]?.fields.data).toHaveProperty('liftrod_id', expect.stringMatching(/^[0-9a-f]{24}$/));
    expect(received[2]?.fields.data).toEqual(received[4]?.fields.data);
    expect(outcomes).toEqual([{ kind: 'arrived' }, { kind: 'arrived' }]);
  });
});
