/** The MQTT intake at a real Mosquitto, which is killed and comes back; and at brokers that a Mosquitto is not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import { Deduplication } from '../../src/intake/deduplication.ts';
import type { TrackedGrant } from '../../src/intake/grant-fate.ts';
import { fits } from '../../src/intake/mqtt-message.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { type Broker, freePort, PASSWORD, type Publisher, startBroker, USER } from './broker.ts';
import { PARK } from './gate.ts';
import { type Box, idsOf, ready, startBox, until } from './mqtt-box.ts';

const grant = (id: string, more: object = {}) => ({ id, lane: '1001', ...more });
let broker: Broker;
let publisher: Publisher;
const boxes: Box[] = [];
let names = 0;

beforeAll(async () => {
  broker = await startBroker();
  publisher = await broker.publisher();
});
afterEach(async () => {
  for (const box of boxes.splice(0)) await box.stop();
});
afterAll(() => broker.close());

/** A box of its own name, with topics of its own, so that tests do not hear each other. */
async function openBox(
  change: Parameters<typeof startBox>[1] = {},
  options: Parameters<typeof startBox>[2] = {},
): Promise<{ box: Box; grants: string; plates: string; clientId: string }> {
  names += 1;
  const at = `park${names}`;
  const clientId = `box${names}`;
  const config = { clientId, grants: `${at}/grants`, plates: `${at}/+/plates`, ...change };
  const box = startBox(broker.port, config, options);
  boxes.push(box);
  await ready(box);
  return { box, grants: `${at}/grants`, plates: `${at}/cam1/plates`, clientId };
}

async function boxAt(server: Server): Promise<Box> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const box = startBox((server.address() as { port: number }).port);
  boxes.push(box);
  return box;
}

describe('what comes over MQTT', () => {
  test('a grant, several at once, and a plate by a wildcard, in the order they were published', async () => {
    const { box, grants, plates } = await openBox();
    await publisher.publish(grants, grant('m1', { plate: '粤Ｂ·12345', issuedAt: '2024-05-01T12:00:00+08:00' }));
    await publisher.publish(grants, [grant('m2'), { id: 'm3', plate: '粤BD12345' }]);
    await publisher.publish(plates, { lane: '1002', plate: '粤B12345', confidence: 0.5 });
    await until('four events', () => box.events.length === 4);
    expect(box.events).toMatchObject([
      { kind: 'grant', laneId: '1001', grant: { id: 'm1', plate: '粤B12345', source: 'mqtt', scope: 'lane' } },
      { kind: 'grant', grant: { id: 'm2' } },
      { kind: 'grant', grant: { id: 'm3', scope: 'park', plateColor: 'green' } },
      { kind: 'plate', laneId: '1002', plate: { text: '粤B12345', confidence: 0.5 } },
    ]);
    await until('three messages', () => box.intake.counts.taken === 3);
  });

  test("the platform's own messages, as they were forwarded", async () => {
    const { box, grants } = await openBox();
    await publisher.publish(grants, {
      service: 'service.parking.payment.result',
      park_uuid: PARK,
      parking_order: '77',
      gate_id: '1001',
      pay_time: '20240501120000',
    });
    await publisher.publish(grants, { service: 'service.parking.gate.control', gate_id: '1002', status: 'KEEP_OPEN' });
    await until('two events', () => box.events.length === 2);
    expect(box.events).toMatchObject([
      { kind: 'grant', grant: { id: 'parking_order:77' } },
      { kind: 'keepOpen', laneId: '1002', on: true },
    ]);
  });

  test('told over HTTP before, it counts once', async () => {
    const memory = new Deduplication(systemClock());
    memory.keep({ id: 'both', content: { lane: '1001', kind: 'paid', count: '1' } }, Promise.resolve('accepted'));
    const { box, grants } = await openBox({}, { memory });
    await publisher.publish(grants, grant('both'));
    await publisher.publish(grants, grant('next'));
    await until('the next one', () => idsOf(box).includes('next'));
    expect(idsOf(box)).toEqual(['next']);
  });

  test('one id is one grant, however often it comes', async () => {
    const { box, grants } = await openBox();
    for (let time = 0; time < 5; time += 1) await publisher.publish(grants, grant('again'));
    await until('five messages', () => box.intake.counts.taken === 5);
    expect(idsOf(box)).toEqual(['again']);
  });
});

describe('what is acknowledged', () => {
  test('nothing before it has been kept: a box that dies first gets it again', async () => {
    const { box, grants, clientId } = await openBox();
    box.accept = () => new Promise(() => {});
    await publisher.publish(grants, grant('held'));
    await until('it is being kept', () => box.events.length === 1);
    await box.stop();
    const second = startBox(broker.port, { clientId, grants });
    boxes.push(second);
    await until('it comes again', () => idsOf(second).includes('held'));
    expect(second.events).toHaveLength(1);
    // Acknowledged now: a third box gets nothing of it.
    await until('it was taken', () => second.intake.counts.taken === 1);
    await second.stop();
    const third = startBox(broker.port, { clientId, grants });
    boxes.push(third);
    await ready(third);
    await publisher.publish(grants, grant('later'));
    await until('the later one', () => third.events.length > 0);
    expect(idsOf(third)).toEqual(['later']);
  });

  test('the disk is awaited for many at once, not for one after the other', async () => {
    const { box, grants } = await openBox();
    const waiting: ((result: 'accepted') => void)[] = [];
    box.accept = () => new Promise((resolve) => waiting.push(resolve));
    await Promise.all(Array.from({ length: 60 }, (_, n) => publisher.publish(grants, grant(`w${n}`))));
    await until('all of them are in hand', () => waiting.length === 60);
    for (const resolve of waiting) resolve('accepted');
    await until('all are acknowledged', () => box.intake.counts.taken === 60);
  });

  test('what cannot be kept now comes again after a new connection, and in its order', async () => {
    const { box, grants } = await openBox();
    let isFull = true;
    box.accept = async () => (isFull ? 'full' : 'accepted');
    await publisher.publish(grants, grant('f1'));
    await publisher.publish(grants, grant('f2'));
    await box.says('could not be stored and was not acknowledged');
    isFull = false;
    box.events.length = 0;
    await until(
      'both come again',
      () => box.events.length === 2,
      () => box.lines.join('\n'),
    );
    expect(idsOf(box)).toEqual(['f1', 'f2']);
    await box.says(/is back after \d+ s and \d+ failure/);
    expect(box.intake.counts.full).toBeGreaterThan(0);
  });

  test.each([
    ['no JSON', '{"id": "a', 'The content is not JSON|is not JSON'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'not UTF-8'],
    ['an unknown field', { id: 'x', lane: '1001', plat: '粤B12345' }, 'plat is not a field'],
    ['an unknown lane', { id: 'x', lane: '9' }, 'lane there is no such lane'],
    ['a field in a batch', [{ id: 'x', lane: '1001' }, { lane: '1001' }], '[1].id is missing'],
    ['more than a megabyte', Buffer.alloc(1_000_001, 0x20), 'too large'],
    ['more than 500 at once', Array.from({ length: 501 }, (_, n) => grant(`b${n}`)), 'too large'],
    ['nothing', '', 'not JSON'],
  ])('%s is told once, acknowledged, and blocks nothing', async (_, payload, said) => {
    const { box, grants, clientId } = await openBox();
    await publisher.publish(grants, payload);
    await publisher.publish(grants, payload);
    await publisher.publish(grants, grant('after'));
    await until('the one behind it', () => idsOf(box).includes('after'));
    const told = box.lines.filter((line) => said.split('|').some((text) => line.includes(text)));
    expect(told, box.lines.join('\n')).toHaveLength(1);
    expect(told[0]).toContain(grants);
    expect(box.intake.counts).toMatchObject({ taken: 1, refused: 2 });
    await box.stop();
    const next = startBox(broker.port, { clientId, grants });
    boxes.push(next);
    await ready(next);
    await publisher.publish(grants, grant('only'));
    await until('a message', () => next.events.length > 0);
    expect(next.intake.counts.refused, 'it did not come again').toBe(0);
  });

  test('a payload far above the limit does not even reach the box', async () => {
    const { box, grants } = await openBox();
    await publisher.publish(grants, Buffer.alloc(5_000_000, 0x20));
    await publisher.publish(grants, grant('small'));
    await until('the small one', () => idsOf(box).includes('small'));
    expect(box.intake.counts).toMatchObject({ taken: 1, refused: 0 });
  });

  test('a payment whose id says something else than before is left to the lane', async () => {
    const { box, grants } = await openBox();
    await publisher.publish(grants, grant('same'));
    await publisher.publish(grants, grant('same', { count: 2 }));
    await until('both', () => box.events.length === 2);
    expect(box.events).toMatchObject([{ grant: { count: 1 } }, { grant: { count: 2 } }]);
  });

  test('a read whose id says something else than before is refused by name', async () => {
    const { box, plates } = await openBox();
    await publisher.publish(plates, { id: 'same', lane: '1001', plate: '粤B12345' });
    await publisher.publish(plates, { id: 'same', lane: '1002', plate: '粤B12345' });
    await box.says('lane was "1001" before');
    expect(box.events).toHaveLength(1);
  });

  test('what the broker retained from before does not open a passage', async () => {
    const topic = 'retained/grants';
    await publisher.publish(topic, grant('old'), { retain: true });
    const { box } = await openBox({ grants: topic });
    await box.says('publish without retain');
    // To a box that listens, the same publisher's next one is a live message.
    await publisher.publish(topic, grant('live'), { retain: true });
    await until('the live one', () => idsOf(box).includes('live'));
    expect(idsOf(box)).toEqual(['live']);
    expect(box.intake.counts.retained).toBe(1);
    await publisher.publish(topic, '', { retain: true });
  });
});

describe('a mapping', () => {
  const mapping = {
    grants: {
      id: '/order/no',
      plate: '/car/plates/0',
      lane: '/gate',
      kind: '/type',
      issuedAt: '/paidAt',
      count: '/times',
      operator: '/a~1b',
    },
    plates: { lane: '/gate', plate: '/lp', confidence: '/score', color: '/colour', at: '/ts' },
    lanes: { 北出口: '1001', '7': '1002' },
    kinds: { M: 'monthly' },
    colors: { 蓝: 'blue' },
    confidenceMax: 100,
  };

  test('finds each field of a foreign payload, with its own names for gates and kinds', async () => {
    const { box, grants, plates } = await openBox({ mapping });
    await publisher.publish(grants, {
      order: { no: 20240501 },
      car: { plates: ['粤B12345', 'x'] },
      gate: '北出口',
      type: 'M',
      paidAt: '2024-05-01 12:00:00',
      times: '2',
      'a/b': ' 张三 ',
      service: 'not of the platform',
    });
    await publisher.publish(plates, { gate: 7, lp: '粤B12345', score: 97, colour: '蓝', ts: 1714536000 });
    await until(
      'both',
      () => box.events.length === 2,
      () => box.lines.join('\n'),
    );
    expect(box.events).toMatchObject([
      {
        laneId: '1001',
        grant: {
          id: '20240501',
          plate: '粤B12345',
          kind: 'monthly',
          count: 2,
          operator: '张三',
          issuedAtMs: Date.parse('2024-05-01T04:00:00Z') - 1_700_000_000_000,
        },
      },
      {
        laneId: '1002',
        plate: { text: '粤B12345', confidence: 0.97, color: 'blue' },
        readAtMs: Date.parse('2024-05-01T04:00:00Z') - 1_700_000_000_000,
      },
    ]);
  });

  test.each([
    ['1714536000000'],
    [1714536000.5],
    ['20240501120000'],
    ['2024/05/01 12:00:00.000'],
    ['2024-05-01T04:00:00Z'],
  ])('reads the time %j', async (paidAt) => {
    const { box, grants } = await openBox({ mapping });
    await publisher.publish(grants, { order: { no: 'a' }, gate: '7', paidAt });
    await until(
      'it',
      () => box.events.length === 1,
      () => box.lines.join('\n'),
    );
    const { issuedAtMs } = (box.events[0] as { grant: { issuedAtMs: number } }).grant;
    expect(Math.abs(issuedAtMs - (Date.parse('2024-05-01T04:00:00Z') - 1_700_000_000_000))).toBeLessThanOrEqual(500);
  });

  test('a payment for a gate that is in no list is told to the lanes: its name may have been changed', async () => {
    const { box, grants, plates } = await openBox({ mapping });
    await publisher.publish(plates, { gate: '南出口', lp: '粤B54321' });
    await publisher.publish(grants, { order: { no: 'a' }, gate: '南出口', car: { plates: ['粤B12345'] } });
    await until('it', () => box.events.length === 1);
    expect(box.events).toEqual([{ kind: 'elsewhere', laneId: '南出口', plate: '粤B12345', grantId: 'a' }]);
  });

  test.each(['0', 0, '0000-00-00 00:00:00'])('%j is no time: it was paid as it came', async (paidAt) => {
    const { box, grants } = await openBox({ mapping });
    await publisher.publish(grants, { order: { no: 'a' }, gate: '7', paidAt });
    await until('it', () => box.events.length === 1);
    const { issuedAtMs } = (box.events[0] as { grant: { issuedAtMs: number } }).grant;
    expect(issuedAtMs).toBeGreaterThan(Date.now() - 1_700_000_000_000 - 60_000);
  });

  test('refuses a time that is an object, and takes what comes behind it', async () => {
    const { box, grants } = await openBox({ mapping });
    await publisher.publish(grants, { order: { no: 'a' }, gate: '7', paidAt: { toString: 1, valueOf: 1 } });
    await publisher.publish(grants, { order: { no: 'b' }, gate: '7' });
    await until('both', () => box.intake.counts.taken + box.intake.counts.refused === 2);
    expect(box.events).toMatchObject([{ grant: { id: 'b' } }]);
  });

  test('comes again once when the program was not ready for it, and keeps nothing back', async () => {
    const { box, grants } = await openBox({ mapping });
    let broke = 0;
    box.accept = async (event) => {
      if (event.kind !== 'grant' || event.grant.id !== 'a') return 'accepted';
      broke += 1;
      throw new TypeError('nobody thought of it');
    };
    await publisher.publish(grants, { order: { no: 'a' }, gate: '7' });
    await publisher.publish(grants, { order: { no: 'b' }, gate: '7' });
    await until('the second', () => box.intake.counts.refused === 1 && box.intake.counts.taken >= 1);
    expect(broke).toBe(2);
  });

  test("names what is wrong in the sender's words, and leaves another box's gates alone", async () => {
    const { box, grants } = await openBox({ mapping });
    await publisher.publish(grants, { order: {}, gate: '北出口', car: { plates: ['无'] } });
    await box.says('/order/no is missing');
    await publisher.publish(grants, { order: { no: 'b' }, gate: '南出口' });
    await box.says('nothing to do for this box');
    await publisher.publish(grants, 'null');
    await until('all three', () => box.intake.counts.taken + box.intake.counts.refused === 3);
    expect(box.events).toEqual([]);
  });
});

describe('the broker', () => {
  test('refuses a wrong password: one clear line, without the password', async () => {
    const box = startBox(broker.port, { clientId: 'stranger', password: new Secret(`${PASSWORD}-wrong`) });
    boxes.push(box);
    await box.says('does not accept user and password');
    await box.says('密码不被接受');
    expect(box.lines.join()).not.toContain(PASSWORD);
    expect(box.lines).toHaveLength(1);
  });

  test('is not there: told once, and not again for every try', async () => {
    const box = startBox(1, { clientId: 'lonely' });
    boxes.push(box);
    await box.says('ECONNREFUSED');
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(box.lines).toHaveLength(1);
  });

  test('gives the name to another box: said as it is', async () => {
    const { box, clientId } = await openBox();
    const other = startBox(broker.port, { clientId, grants: 'other/grants' });
    boxes.push(other);
    await Promise.race([box.says('uses the same clientId'), other.says('uses the same clientId')]);
  });

  test('may speak only 3.1.1', async () => {
    const seen: number[] = [];
    const server = createServer((socket) =>
      socket.once('data', (bytes) => {
        // CONNECT: 10, length, 00 04 "MQTT", the version.
        const version = bytes[bytes.indexOf('MQTT') + 4] ?? 0;
        seen.push(version);
        if (version !== 4) return void socket.end(Uint8Array.of(0x20, 0x02, 0x00, 0x01));
        socket.write(Uint8Array.of(0x20, 0x02, 0x00, 0x00));
        socket.once('data', ([, , high = 0, low = 0]) => socket.write(Uint8Array.of(0x90, 0x04, high, low, 1, 1)));
      }),
    );
    const box = await boxAt(server);
    await ready(box);
    expect(seen).toEqual([5, 4]);
    await box.says('does not support MQTT 5');
    server.close();
  });

  test('may deliver what is far too long: it is refused, acknowledged, and what follows it is read', async () => {
    const answers: Buffer[] = [];
    const head = (id: number) => Buffer.from(`\0\x0bpark/grants\0${String.fromCharCode(id)}`);
    // PUBLISH of 20 MB, number 7, at QoS 1; and one of nothing, number 8, behind it.
    const long = Buffer.from([0x32, 0x80, 0xda, 0xc4, 0x09]);
    const packets = [long, head(7), Buffer.alloc(20_000_000 - 15), Buffer.from([0x32, 15]), head(8)];
    const server = createServer((socket) =>
      socket.once('data', (bytes) => {
        if (bytes[bytes.indexOf('MQTT') + 4] !== 4) return void socket.end(Uint8Array.of(0x20, 0x02, 0x00, 0x01));
        socket.write(Uint8Array.of(0x20, 0x02, 0x00, 0x00));
        socket.once('data', ([, , high = 0, low = 0]) => {
          socket.write(Uint8Array.of(0x90, 0x04, high, low, 1, 1));
          socket.on('data', (answer) => answers.push(answer));
          socket.write(Buffer.concat(packets));
        });
      }),
    );
    const box = await boxAt(server);
    await expect.poll(() => Buffer.concat(answers).toString('hex')).toBe('4002000740020008');
    expect(box.intake.counts.refused).toBe(2);
    server.close();
  });

  test('may deliver what nobody subscribed to: at QoS 2, where it would be kept', async () => {
    const server = createServer((socket) =>
      socket.once('data', () => socket.write(Uint8Array.of(0x20, 0x03, 0, 0, 0, 0x34, 0x06, 0, 1, 0x61, 0, 1, 0))),
    );
    const box = await boxAt(server);
    await box.says(/refuses the connection.*no MQTT/);
    server.close();
  });

  test('may not let the box read: the topics are named', async () => {
    const server = createServer((socket) =>
      socket.once('data', () => {
        socket.write(Uint8Array.of(0x20, 0x03, 0x00, 0x00, 0x00));
        // SUBACK of MQTT 5: not authorised, for both.
        socket.once('data', ([, , high = 0, low = 0]) =>
          socket.write(Uint8Array.of(0x90, 0x05, high, low, 0, 0x87, 0x87)),
        );
      }),
    );
    const box = await boxAt(server);
    await box.says(/does not let us subscribe.*park\/grants park\/\+\/plates/);
    server.close();
  });

  test('may say nonsense', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write('SSH-2.0-not-a-broker\r\n');
    });
    const box = await boxAt(server);
    await box.says(/MQTT broker .* (cannot be reached|refuses the connection)/);
    server.close();
  });

  test('with a certificate that nobody vouched for is not spoken to; with its own as ca, it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-tls-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '30'];
    const files = ['-keyout', key, '-out', certificate];
    spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject]);
    const port = await freePort();
    const secured = await startBroker(
      [`listener ${port} 127.0.0.1`, `certfile ${certificate}`, `keyfile ${key}`].join('\n'),
    );
    const box = startBox(port, { secure: true });
    boxes.push(box);
    await box.says('certificate is not trusted');
    const trusting = startBox(port, { secure: true, ca: certificate, clientId: 'trusting' });
    boxes.push(trusting);
    await ready(trusting);
    const blind = startBox(port, { secure: true, ca: join(folder, 'nothing.pem'), clientId: 'blind' });
    boxes.push(blind);
    await blind.says('ca: ENOENT');
    await secured.close();
  });
});

test('a broker that is killed and comes back loses nothing, and nothing counts twice', async () => {
  const own = await startBroker();
  const box = startBox(own.port);
  boxes.push(box);
  await ready(box);
  let told = await own.publisher();
  const sent: string[] = [];
  // The store has taken none of them by the time the broker is killed.
  const held: ((outcome: 'accepted') => void)[] = [];
  let isHolding = false;
  box.accept = async () => (isHolding ? new Promise((resolve) => held.push(resolve)) : 'accepted');
  for (let n = 0; n < 300; n += 1) {
    isHolding ||= n === 110 || n === 210;
    if (n === 120 || n === 220) {
      await until('some are in hand', () => held.length > 0);
      await own.save();
      await own.kill();
      isHolding = false;
      for (const accept of held.splice(0)) accept('accepted');
      await own.start();
      told = await own.publisher();
    }
    sent.push(`k${n}`);
    await told.publish('park/grants', grant(`k${n}`));
  }
  await until(
    'every one arrived',
    () => new Set(idsOf(box)).size === 300,
    () => `${box.events.length}\n${box.lines.join('\n')}`,
  );
  expect([...new Set(idsOf(box))].sort()).toEqual([...sent].sort());
  expect(idsOf(box), 'a redelivered grant is recognised').toHaveLength(300);
  await box.says('is back after');
  await until('each is acknowledged, and some of them came twice', () => box.intake.counts.taken > 300);
  await own.close();
});

test.each([
  ['park/grants', 'park/grants', true],
  ['park/grants', 'park/grants/x', false],
  ['park/+/plates', 'park/cam1/plates', true],
  ['park/+/plates', 'park/plates', false],
  ['park/#', 'park', true],
  ['park/#', 'park/a/b', true],
  ['#', 'a/b', true],
  ['#', '$SYS/x', false],
  ['+/a', '/a', true],
  ['a/+', 'a', false],
])('the filter %s and the topic %s', (filter, topic, expected) => {
  expect(fits(filter, topic)).toBe(expected);
});

describe('what became of payments', () => {
  const fate = (id: string): TrackedGrant => ({
    ...{ id, source: 'mqtt', kind: 'paid', count: 1, toldWallMs: 0, amount: 500, plate: '粤B12345' },
    uses: [{ lane: '1001', way: 'exact', atWallMs: 1_000 }],
  });

  test('is published at its topic, also what came about while the broker was away', async () => {
    const heard: { id: string; status: string }[] = [];
    // A session that the broker keeps: what is published before it is back waits for it.
    const listener = connect(`mqtt://127.0.0.1:${broker.port}`, {
      ...{ clientId: 'listener', clean: false, username: USER, password: PASSWORD, reconnectPeriod: 200 },
    });
    listener.on('message', (_, payload) => void heard.push(JSON.parse(payload.toString())));
    listener.on('error', () => undefined);
    await listener.subscribeAsync('fates/grants/fate', { qos: 1 });
    await broker.save();
    // The filter takes in what the box publishes itself.
    const { box } = await openBox({ grants: 'fates/grants/#', fates: 'fates/grants/fate' });
    box.intake.tell(fate('f1'));
    await expect
      .poll(() => heard)
      .toMatchObject([{ id: 'f1', status: 'used', uses: [{ lane: '1001', way: 'exact' }] }]);
    await broker.kill();
    await until('the box knows', () => !box.intake.ready);
    for (const id of ['f2', 'f3']) box.intake.tell(fate(id));
    await broker.start();
    await expect
      .poll(() => [...new Set(heard.map(({ id }) => id))].sort(), { timeout: LONGEST_WAIT_MS })
      .toEqual(['f1', 'f2', 'f3']);
    await listener.endAsync(true);
    expect(box.events).toEqual([]);
    expect(box.intake.counts.refused).toBe(0);
  });

  test('is published nowhere without a topic', async () => {
    const { box } = await openBox();
    expect(() => box.intake.tell(fate('f1'))).not.toThrow();
  });
});
