/** The client that publishes: at a real Mosquitto, in clear and over TLS, and at brokers that answer byte by byte, wrongly, or no more. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Clock, systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/config/secrets.ts';
import { certificatesOf, type MqttFault } from '../../../src/delivery/mqtt/broker.ts';
import type { ReceivedMessage } from '../../../src/delivery/mqtt/packets.ts';
import { PublishClient, type Subscription } from '../../../src/delivery/mqtt/publish-client.ts';
import { freePort } from '../../../src/sim/management-system.ts';
import { PASSWORD, startBroker, USER } from '../../intake/broker.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const WILL = { topic: 'box/status', payload: '离线', retain: true };

type More = {
  secure?: boolean;
  ca?: string;
  password?: string;
  clock?: Clock;
  subscription?: Subscription;
};

function client(port: number, more: More = {}) {
  const { secure = false, ca, password = PASSWORD, clock = systemClock(), subscription } = more;
  const made = new PublishClient({
    config: {
      ...{ secure, host: secure ? 'localhost' : '127.0.0.1', port, address: '', user: USER },
      ...{ password: new Secret(password), clientId: 'box' },
    },
    ...{ ca, will: WILL, clock, subscription },
  });
  endings.push(() => made.destroy());
  return made;
}

/** Answers each packet as told; `received`: all that came. */
async function brokerThat(answer: (bytes: Buffer, socket: Socket) => void) {
  const received: Buffer[] = [];
  const server = createServer((socket) => {
    endings.push(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      received.push(bytes);
      answer(bytes, socket);
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  endings.push(() => server.close());
  return { port, received };
}

describe('at Mosquitto', () => {
  it('delivers messages of every length, whole, and a will when it is cut', async () => {
    const broker = await startBroker();
    endings.push(() => broker.close());
    const heard = new Map<string, string>();
    const { client: reader } = await broker.publisher();
    endings.push(() => reader.end(true));
    reader.on('message', (topic, payload) => void heard.set(topic, payload.toString()));
    await reader.subscribeAsync('box/#', { qos: 1 });
    const sender = client(broker.port);
    await sender.ready;
    // Lengths on either side of one, two and three bytes of length.
    for (const length of [0, 1, 100, 120, 128, 16_300, 16_383, 16_400, 200_000]) {
      const payload = '闸'.repeat(Math.floor(length / 3)) + 'x'.repeat(length % 3);
      await sender.publish({ topic: `box/${length}`, payload, retain: length === 1 });
      await expect.poll(() => heard.get(`box/${length}`)).toBe(payload);
    }
    sender.destroy();
    await expect.poll(() => heard.get('box/status')).toBe('离线');
    const polite = client(broker.port);
    await polite.ready;
    heard.delete('box/status');
    await polite.end();
    const other = client(broker.port);
    await other.ready;
    await other.publish({ topic: 'box/after', payload: 'x', retain: false });
    await expect.poll(() => heard.get('box/after')).toBe('x');
    expect(heard.has('box/status'), 'no will after a farewell').toBe(false);
  });

  it('receives what it subscribes to, whole and of every length, and skips what is too long', async () => {
    const broker = await startBroker('max_packet_size 20000000');
    endings.push(() => broker.close());
    const writer = await broker.publisher();
    const lying = Buffer.from('盒子'.repeat(300_000));
    await writer.publish('box/in', lying, { retain: true });
    const came: ReceivedMessage[] = [];
    const refused = () => undefined;
    const receiver = client(broker.port, {
      subscription: { topics: ['box/in', 'all'], bytesMax: 2_000_000, take: (each) => came.push(each), refused },
    });
    await receiver.ready;
    await expect.poll(() => came.length).toBe(1);
    expect(came[0]).toMatchObject({ topic: 'box/in', retained: true });
    expect(came[0]?.payload?.equals(lying)).toBe(true);
    const lengths = [0, 1, 118, 119, 120, 16_374, 16_375, 16_376, 1_999_999, 2_000_000];
    for (const length of lengths) await writer.publish('all', Buffer.alloc(length, 7));
    // Taken for packets they would be messages.
    await writer.publish('all', Buffer.alloc(3_000_000, 0x30));
    await writer.publish('all', 'the one after it');
    await expect.poll(() => came.at(-1)?.payload?.toString()).toBe('the one after it');
    expect(came.slice(1).map(({ payload }) => payload?.length)).toEqual([...lengths, undefined, 16]);
    expect(came.slice(1).every(({ retained }) => !retained)).toBe(true);
    await receiver.publish({ topic: 'box/still', payload: 'here', retain: false });
  });

  it('says that the password is wrong', async () => {
    const broker = await startBroker();
    endings.push(() => broker.close());
    expect(await client(broker.port, { password: 'wrong' }).ended).toMatchObject({ code: 'login' });
  });

  it('speaks TLS with a broker whose certificate it was given, and not with one it does not know', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-publish-tls-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    expect(spawnSync('openssl', [...words, ...names, '-keyout', key, '-out', certificate]).status).toBe(0);
    const port = await freePort();
    const broker = await startBroker(`listener ${port} 127.0.0.1\ncertfile ${certificate}\nkeyfile ${key}`);
    endings.push(() => broker.close());
    const ca = (await certificatesOf({ ca: certificate })) as string;
    const known = client(port, { secure: true, ca });
    await known.ready;
    await known.publish({ topic: 'box/x', payload: 'x', retain: false });
    expect(await client(port, { secure: true }).ended).toMatchObject({ code: 'tls' });
    expect(await certificatesOf({ ca: join(folder, 'missing.pem') })).toMatchObject({ code: 'tls' });
  });
});

describe('at another broker', () => {
  const CONNACK = Buffer.from([0x20, 2, 0, 0]);

  it('understands answers byte by byte, and several at once', async () => {
    let count = 0;
    const { port } = await brokerThat((bytes, socket) => {
      const id = count === 0 ? [] : [0x40, 2, 0, count];
      count += 1;
      for (const byte of bytes[0] === 0x10 ? CONNACK : [...id, 0xd0, 0]) socket.write(Buffer.from([byte]));
    });
    const sender = client(port);
    await sender.ready;
    for (const payload of ['a', 'b', 'c']) await sender.publish({ topic: 't', payload, retain: false });
    expect(sender.isReady).toBe(true);
  });

  it('ends where no MQTT is spoken', async () => {
    const web = await brokerThat((_, socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await client(web.port).ended).toMatchObject({ code: 'refused' });
    const endless = await brokerThat((_, socket) => socket.write(Buffer.from([0x20, 0xff, 0xff, 0xff, 0xff, 0x7f])));
    expect(await client(endless.port).ended).toMatchObject({ code: 'refused' });
  });

  it('tells a broker that takes the connection and says nothing from one that is not there', async () => {
    const silent = await brokerThat(() => undefined);
    const all = [client(silent.port), client(silent.port, { secure: true }), client(await freePort())];
    expect(await Promise.all(all.map(({ ended }) => ended))).toMatchObject([
      { code: 'silent', detail: 'no answer in 8 s' },
      { code: 'silent' },
      { code: 'unreachable' },
    ]);
  });

  it('goes on where it may not subscribe, and where a long message comes in many pieces', async () => {
    const refusals: (readonly string[])[] = [];
    const came: ReceivedMessage[] = [];
    const long = Buffer.concat([Buffer.from([0x30, 0xd0, 0x0f, 0, 1, 0x61]), Buffer.alloc(1_997, 0x62)]);
    const tooLong = Buffer.concat([Buffer.from([0x31, 0xb8, 0x17, 0, 1, 0x61]), Buffer.alloc(2_997, 0x30)]);
    const { port } = await brokerThat((bytes, socket) => {
      if (bytes[0] === 0x10) socket.write(CONNACK);
      else if (bytes[0] === 0x82) {
        const all = Buffer.concat([Buffer.from([0x90, 4, ...bytes.subarray(2, 4), 0, 0x80]), long, tooLong, long]);
        for (let at = 0; at < all.length; at += 7) socket.write(all.subarray(at, at + 7));
      } else socket.write(Buffer.from([0x40, 2, 0, 2]));
    });
    const receiver = client(port, {
      subscription: {
        ...{ topics: ['a', 'b'], bytesMax: 1_999, take: (each) => came.push(each) },
        refused: (topics) => refusals.push(topics),
      },
    });
    await receiver.ready;
    await expect.poll(() => came.length).toBe(3);
    expect(came.map(({ payload, topic }) => [topic, payload?.length])).toEqual([
      ['a', 1_997],
      ['', undefined],
      ['a', 1_997],
    ]);
    expect(refusals).toEqual([['b']]);
    await receiver.publish({ topic: 't', payload: 'x', retain: false });
  });

  it('rejects what was on its way when the connection ends', async () => {
    const { port } = await brokerThat((bytes, socket) => {
      if (bytes[0] === 0x10) socket.write(CONNACK);
      else socket.destroy();
    });
    const sender = client(port);
    await sender.ready;
    await expect(sender.publish({ topic: 't', payload: 'x', retain: false })).rejects.toMatchObject({
      code: 'unreachable',
    } satisfies Partial<MqttFault>);
    await expect(sender.publish({ topic: 't', payload: 'x', retain: false })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('asks a broker from which nothing comes, and gives it up when it does not answer', async () => {
    // A minute passes in a second.
    const machine = systemClock();
    const clock: Clock = {
      nowMs: () => 60 * machine.nowMs(),
      wallMs: () => machine.wallMs(),
      sleep: (ms, signal) => machine.sleep(ms / 60, signal),
    };
    let isDead = false;
    const { port, received } = await brokerThat((bytes, socket) => {
      if (bytes[0] === 0x10) socket.write(CONNACK);
      else if (!isDead) socket.write(Buffer.from([0xd0, 0]));
    });
    const sender = client(port, { clock });
    await sender.ready;
    const pings = () => received.filter((bytes) => bytes.equals(Buffer.from([0xc0, 0]))).length;
    await expect.poll(pings).toBeGreaterThan(1);
    expect(sender.isReady).toBe(true);
    isDead = true;
    expect(await sender.ended).toMatchObject({ code: 'unreachable', detail: expect.stringContaining('no answer') });
  });
});
