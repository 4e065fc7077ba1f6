/** Publishing at a real Mosquitto, which goes away and comes back, through a socket that can be cut; and at one that never answers. */
import { connect as connectSocket, createServer, type Server, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { Secret } from '../../../src/config/secrets.ts';
import {
  baseTopic,
  discoveryMessages,
  type KeptMessage,
  offlineMessage,
  onlineMessage,
  type PublishedMessage,
  releaseMessage,
  stateMessage,
} from '../../../src/delivery/mqtt/published-messages.ts';
import { createPublisher } from '../../../src/delivery/mqtt/publisher.ts';
import type { BrokerConfig } from '../../../src/delivery/settings.ts';
import type { LaneView } from '../../../src/lane/view.ts';
import type { OutboxRecord } from '../../../src/store/record-types.ts';
import { type Broker, PASSWORD, startBroker, USER } from '../../intake/broker.ts';
import { until } from '../../intake/mqtt-box.ts';

const WALL = Date.UTC(2026, 10, 24, 4, 0, 0);
const LANES = [{ id: '1001', name: '通道A' }];
let broker: Broker;
const endings: (() => unknown)[] = [];
let boxes = 0;

beforeAll(async () => {
  broker = await startBroker();
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
afterAll(() => broker.close());

/** What a subscriber who comes now gets from the beginning, as `topic payload`; without its number, which numbered.test.ts is about. */
async function subscriber(topic: string): Promise<string[]> {
  const { client } = await broker.publisher();
  endings.push(() => client.end(true));
  const heard: string[] = [];
  client.on('message', (from, payload) =>
    heard.push(`${from} ${payload.toString().replace(/,"number":\{[^}]*\}/, '')}`),
  );
  await client.subscribeAsync(topic, { qos: 1 });
  return heard;
}

async function openBox(port: number, change: Partial<BrokerConfig> = {}) {
  boxes += 1;
  const box = `box${boxes}`;
  const lines: string[] = [];
  const write = (text: { zh: string; en: string }): void => void lines.push(`${text.zh} ${text.en}`);
  /** What has a number, kept elsewhere. */
  const numbered: KeptMessage[] = [];
  const saved: string[] = [];
  let n = 0;
  const publisher = createPublisher({
    config: {
      ...{ secure: false, host: '127.0.0.1', port, address: `mqtt://127.0.0.1:${port}` },
      ...{ user: USER, password: new Secret(PASSWORD), clientId: box, ...change },
    },
    clock: systemClock(),
    log: { debug: write, info: write, warn: write, error: write },
    base: baseTopic(box),
    kept: async () => numbered[0],
    hello: () => onlineMessage(box, '1.2.3', LANES, WALL),
    farewell: offlineMessage(box),
  });
  const stopped = new AbortController();
  const running = publisher.run(stopped.signal);
  const stop = async (): Promise<void> => {
    stopped.abort();
    await running;
  };
  endings.push(stop);
  const publish = (message: PublishedMessage): void => {
    const sent = (): void => void numbered.shift();
    n += 1;
    numbered.push({ ...message, series: 'a', n, sent, done: () => void saved.push(message.payload) });
    publisher.wake();
  };
  return { box, publisher, publish, lines, stop, saved };
}

const online = (box: string): string =>
  `lanewarden/${box}/status {"status":"online","version":"1.2.3","lanes":["1001"],"since":"2026-11-24T04:00:00.000Z"}`;
const offline = (box: string): string => `lanewarden/${box}/status {"status":"offline"}`;
const state = (box: string, value: unknown): PublishedMessage => ({
  topic: `lanewarden/${box}/1001/state`,
  payload: JSON.stringify(value),
  retain: true,
});
const release = (box: string, id: number): PublishedMessage => ({
  topic: `lanewarden/${box}/1001/release`,
  payload: JSON.stringify({ id }),
  retain: false,
});

/** A way to the broker that can be cut. */
async function cable(): Promise<{ port: number; cut(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connectSocket(broker.port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => [near, far].forEach((each) => void each.destroy()));
    }
    near.pipe(far).pipe(near);
  });
  return { port: await listening(server), cut: () => sockets.forEach((socket) => void socket.destroy()) };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as { port: number }).port;
}

/** One that acknowledges so many releases of a connection, and ends it then. */
function brokerOfFew(count: number, came: string[]): Promise<number> {
  const CONNACK = Buffer.from([0x20, 2, 0, 0]);
  const PINGRESP = Buffer.from([0xd0, 0]);
  return listening(
    createServer((socket) => {
      let left = count;
      socket.on('error', () => {});
      // The client waits for each answer: a packet comes alone.
      socket.on('data', (packet) => {
        if (packet[0] === 0x10) return socket.write(CONNACK);
        // Whether it is there, after a while in which nothing came.
        if (packet[0] === 0xc0) return socket.write(PINGRESP);
        if (packet[0] === 0xe0) return;
        const id = /\/release(..)\{"id":(\d+)\}/s.exec(packet.toString('latin1'));
        if (id !== null) {
          if (left === 0) return socket.destroy();
          left -= 1;
          came.push(id[2] ?? '');
        }
        // After a topic: its length is in the bytes before it.
        const at = 4 + packet.readUInt16BE(2);
        return socket.write(Buffer.from([0x40, 2, ...packet.subarray(at, at + 2)]));
      });
    }),
  );
}

describe('what is published', () => {
  it('stands at the broker for whoever comes later; of a state the newest, and nothing twice', async () => {
    const { box, publisher, publish, stop } = await openBox(broker.port);
    const early = await subscriber(`lanewarden/${box}/#`);
    await until('it is online', () => early.length === 1);
    publisher.publish(state(box, 1));
    publisher.publish(state(box, 2));
    publisher.publish(state(box, 2));
    publish(release(box, 7));
    await until('all is there', () => early.length >= 3);
    expect(early).toEqual([online(box), `lanewarden/${box}/1001/state 2`, `lanewarden/${box}/1001/release {"id":7}`]);
    const late = await subscriber(`lanewarden/${box}/#`);
    await until('the retained ones are there', () => late.length === 2);
    expect(late.toSorted()).toEqual([`lanewarden/${box}/1001/state 2`, online(box)].toSorted());
    await stop();
    await until('it says goodbye', () => early.length === 4);
    expect(early[3]).toBe(offline(box));
  });

  it('says that the box is gone when its wire is cut, and is whole again after', async () => {
    const wire = await cable();
    const { box, publisher } = await openBox(wire.port);
    const heard = await subscriber(`lanewarden/${box}/#`);
    publisher.publish(state(box, 1));
    await until('it is online', () => heard.length === 2);
    wire.cut();
    await until('it is gone', () => heard.includes(offline(box)));
    publisher.publish(state(box, 2));
    await until('it is back', () => heard.at(-1) === `lanewarden/${box}/1001/state 2`);
    expect(heard.slice(2)).toEqual([offline(box), online(box), `lanewarden/${box}/1001/state 2`]);
  });

  it('waits while the broker is away: the newest state, and every release', async () => {
    const { box, publisher, publish, lines } = await openBox(broker.port);
    await until('it is connected', () => lines.length === 1);
    await broker.kill('SIGTERM');
    await until('it knows', () => lines.some((line) => line.includes('cannot be reached')));
    for (let id = 1; id <= 550; id += 1) publish(release(box, id));
    for (let value = 1; value <= 9; value += 1) publisher.publish(state(box, value));
    await broker.start();
    const heard = await subscriber(`lanewarden/${box}/#`);
    await until('all is there', () => heard.some((line) => line.endsWith('{"id":550}')));
    const releases = heard.filter((line) => line.includes('/release')).map((line) => /\d+(?=})/.exec(line)?.[0]);
    expect(releases).toEqual(Array.from({ length: 550 }, (_, index) => `${index + 1}`));
    expect(heard.filter((line) => line.includes('/state'))).toEqual([`lanewarden/${box}/1001/state 9`]);
    expect(lines.some((line) => line.includes('is back after'))).toBe(true);
  });

  it('comes again over the next connection where a killed broker has forgotten what it acknowledged', async () => {
    const { box, publish, saved } = await openBox(broker.port);
    const before = await subscriber(`lanewarden/${box}/+/release`);
    for (const id of [1, 2, 3]) publish(release(box, id));
    await until('the broker had all', () => before.length === 3);
    await broker.kill('SIGKILL');
    await broker.start();
    const after = await subscriber(`lanewarden/${box}/+/release`);
    publish(release(box, 4));
    await until('all is there', () => after.length === 4);
    expect(after.map((line) => /\d+(?=})/.exec(line)?.[0])).toEqual(['1', '2', '3', '4']);
    expect(saved).toEqual([]);
  });

  it('gets through with everything, where each connection ends before what went before has come again', async () => {
    const came: string[] = [];
    const { publish, box, stop } = await openBox(await brokerOfFew(3, came));
    endings.push(stop);
    for (let id = 1; id <= 9; id += 1) publish(release(box, id));
    await until(
      'the last one is there',
      () => came.includes('9'),
      () => came.join(' '),
    );
    const fresh = came.filter((id, at) => came.indexOf(id) === at);
    expect(fresh).toEqual(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
  });

  it('is told of a wrong password once, without the password', async () => {
    const { lines } = await openBox(broker.port, { password: new Secret('canary-wrong-77') });
    await until('it is refused', () => lines.length > 0);
    expect(lines[0]).toContain('does not accept user and password');
    expect(lines.join()).not.toMatch(/canary/);
  });

  it('holds nobody up, and ends in time, at a broker that never answers', async () => {
    const server = createServer((socket) => socket.on('error', () => {}));
    const { publish, box, stop } = await openBox(await listening(server));
    for (let id = 0; id < 10_000; id += 1) publish(release(box, id));
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(3_000);
  });
});

describe('the messages', () => {
  const view = {
    ...{ arm: 'open', armSinceMs: 0, loops: { approach: true, barrier: null }, levels: {}, logic: 'none', bodies: 1 },
    ...{ opening: { id: 'o1', sinceMs: 0, granted: false, automatic: false }, granted: false, grants: 0, passages: 9 },
    lastPlate: { text: '粤B00001', confidence: 1, atMs: 0 },
    ...{ degraded: ['barrier'], modes: ['fire'], alarms: ['leftUp'] },
  } as unknown as LaneView;
  const record = {
    ...{ id: 7, laneId: '1001', gateName: '通道A', serial: '1001-X', releaseWallMs: WALL, timeQuality: 'synced' },
    ...{ reason: '按钮', methodDesc: '按钮开闸', state: 'withdrawn', operator: '张三' },
    release: {
      ...{ id: 'g-1', method: 1, desc: 'button', verdict: 'manual', passed: true, confidence: 'sure', reported: true },
      plate: { text: '粤B00001', confidence: 1 },
    },
  } as unknown as OutboxRecord;

  it('say what a person would want to know, and nothing of the platform', () => {
    const { topic, payload, retain } = stateMessage('gate', LANES[0] ?? { id: '', name: '' }, view, { missing: [] });
    expect([topic, retain]).toEqual(['lanewarden/gate/1001/state', true]);
    expect(JSON.parse(payload)).toEqual({
      ...{ lane: '1001', name: '通道A', arm: 'open', loops: { approach: true, barrier: null }, bodies: 1 },
      ...{ opening: { granted: false }, plate: '粤B00001', degraded: ['barrier'], modes: ['fire'], alarms: ['leftUp'] },
      reporting: { earned: null, missing: [] },
    });
    const told = releaseMessage('gate', record, true);
    expect([told.topic, told.retain]).toEqual(['lanewarden/gate/1001/release', false]);
    expect(JSON.parse(told.payload)).toEqual({
      ...{ id: '1001-X', record: 7, lane: '1001', name: '通道A', time: '2026-11-24T04:00:00.000Z' },
      ...{ timeQuality: 'synced', cause: 'button' },
      ...{ method: 1, methodDesc: '按钮开闸', verdict: 'manual', plate: '粤B00001', passed: true, confidence: 'sure' },
      ...{ operator: '张三', reason: '按钮', reported: true, withdrawn: true },
    });
  });

  it('of discovery name each thing once, in letters that Home Assistant takes', () => {
    const messages = discoveryMessages('南门', '1.2.3', [...LANES, { id: '东', name: '东' }]);
    expect(messages).toHaveLength(7);
    const ids = messages.map(({ topic, payload, retain }) => {
      expect(retain).toBe(true);
      expect(topic).toMatch(/^homeassistant\/(sensor|binary_sensor)\/[\w-]+\/[\w-]+\/config$/);
      return (JSON.parse(payload) as { unique_id: string }).unique_id;
    });
    expect(new Set(ids).size).toBe(7);
    expect(JSON.parse(messages[1]?.payload ?? '')).toMatchObject({
      state_topic: 'lanewarden/南门/1001/state',
      availability_topic: 'lanewarden/南门/status',
    });
  });
});
