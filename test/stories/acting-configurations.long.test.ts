/**
 * One box whose configuration tries to open a gate in thirty-five ways, all of them confirmed by a person where one can be: at HTTP, over a broker with
 * the topics of Home Assistant and Zigbee2MQTT, and on a serial line. The gate never moves, and what is beside it gets all that it should.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { SerialPort } from 'serialport';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAMERA_KINDS, DRIVER_KINDS } from '../../drivers/index.ts';
import { systemClock } from '../../src/clock.ts';
import { loadConfig } from '../../src/config/file.ts';
import { cameraPeer } from '../../src/config/written-peers.ts';
import { isInNetwork } from '../../src/outward/network-class.ts';
import type { Exit } from '../../src/outward/outward.ts';
import { createFarEnd, serveOnStream } from '../../src/sim/devices/far-end.ts';
import { createWaveshareBoard } from '../../src/sim/devices/modbus-slave.ts';
import { confirmConfigured } from '../confirmed-peers.ts';
import { PASSWORD, startBroker, USER } from '../intake/broker.ts';
import { eventually, PROGRAM, platformProcess, program, ptyPair, start, temporaryFolder } from './processes.ts';

const SECRET = 'acting-configurations-secret';
const clock = systemClock();

/** Of cameras, each with a confirmation that somebody wrote into the file. */
const CAMERAS = [
  '/bha-api/open-door.cgi?r=1',
  '/api/switch/ctrl?switch=1&action=on',
  '/enu/trigger/open',
  '/fcgi/do?action=OpenDoor&DoorNum=1',
  '/cgi-bin/ConfigManApp.com?key=F_LOCK',
  '/webrelay/api/dooropen.cgi',
  '/rpc/Switch.Set?id=0&on=true',
  '/rpc/Cover.Open?id=0',
  '/relay/0?turn=on',
  '/roller/0?go=open',
  '/cm?cmnd=Power%20On',
  '/control?cmd=GPIO,12,1',
  '/io.cgi?DOA1=5',
  '/FF0101',
  '/relays.cgi?relay=1',
  '/state.xml?relayState=1',
  '/30000/01',
  '/cgi-bin/accessControl.cgi?action=openDoor&channel=1',
  '/ISAPI/AccessControl/RemoteControl/door/1',
  '/axis-cgi/io/port.cgi?action=1%3A%2F',
  '/strange.php?open=1',
] as const;

const COVER = (method: string): string => `maker: x
model: cover
source: test
secrets: { token: { text: { zh: t, en: t } } }
request:
  method: ${method}
  path: /api/services/cover/open_cover
  encoding: json
  headers: { authorization: { secret: token } }
  fields: { entity_id: { constant: cover.gate } }
answer: { code: code, arrived: ['200'] }
`;
/** A receiver, by the same form. */
const RECORDS = COVER('POST').replace('/api/services/cover/open_cover', '/receiver/platform');
const PULLED = (path: string): string => `maker: x
model: pulled
source: test
payment:
  id: { field: order_no }
  plate: { field: car_no }
  amount: { field: money, unit: yuan }
  issuedAt: { field: pay_time, time: local }
rest:
  path: ${path}
  query: { since: { since: local } }
  good: { code: ['0'] }
  items: data.rows
  cursor: { field: pay_time, time: local, overlap: 60 }
`;

interface Seen {
  /** At the gate. */
  readonly asked: readonly string[];
  /** Beside it. */
  readonly received: readonly string[];
  readonly topics: readonly string[];
  readonly payloads: readonly string[];
  /** Function codes on the line that is read. */
  readonly codes: ReadonlySet<number>;
  readonly output: string;
  /** What the kernel saw the program connect to. */
  readonly connects: readonly string[];
  /** Of the program's own list, by address. */
  readonly purposes: ReadonlyMap<string, readonly Exit['purpose'][]>;
}
let seen: Seen;
const endings: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function httpServer(take: (line: string, body: string) => void): Promise<string> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += String(bytes)));
    request.on('end', () => {
      take(`${request.method} ${request.url}`, body);
      const code = request.url?.includes('pulled') === true ? '0' : '200';
      response.end(JSON.stringify({ code, errcode: 0, data: { rows: [] } }));
    });
  });
  // Whatever it says: at the gate nobody may knock.
  server.on('connection', () => take('a connection', ''));
  server.on('connect', (_, socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => server.closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Three boards with eight inputs each, all high: arms that are down. */
async function boards(path: string, levels: boolean[]) {
  const codes = new Set<number>();
  const farEnd = createFarEnd({ clock });
  const all = [1, 2, 3].map((unit) =>
    createWaveshareBoard({ unit, inputs: () => levels.slice(8 * (unit - 1), 8 * unit) }),
  );
  for (const board of all) farEnd.attach(board);
  farEnd.attach({
    receive: (bytes) => {
      for (let at = 0; at + 8 <= bytes.length; at += 8) codes.add(bytes[at + 1] ?? 0);
      return [];
    },
  });
  const serial = new SerialPort({ path, baudRate: 38_400, autoOpen: false });
  await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
  serial.on('error', () => {});
  const served = new AbortController();
  serveOnStream(serial, farEnd, served.signal);
  endings.push(() => {
    served.abort();
    if (serial.isOpen) serial.close(() => {});
  });
  /** What is set was read since, and read again until it counts. */
  const polled = async (): Promise<void> => {
    const from = all.map(({ answered }) => answered);
    await eventually('the boards are polled', () =>
      all.every(({ answered }, index) => answered > (from[index] ?? 0) + 8),
    );
  };
  return { codes, polled };
}

/** By name; each confirmed by a person before the box starts. */
const destinations = (gate: string): Readonly<Record<string, string>> => ({
  ping: `kind: ping, url: "${gate}/bha-api/open-door.cgi", every: 10s`,
  webhook: `kind: webhook, url: "${gate}/rpc/Switch.Set?id=0&on=true", secret: { secret: hook.key }`,
  robot: `kind: chat, robot: wecom, key: { secret: robot.key }, url: "${gate}/relay/0"`,
  cover: `kind: platform, profile: cover, url: "${gate}", secrets: { token: { secret: ha.token } }`,
  coverPut: `kind: platform, profile: cover-put, url: "${gate}", secrets: { token: { secret: ha.token } }`,
});
/** Innocent addresses that no person has confirmed. */
const unconfirmed = (gate: string): Readonly<Record<string, string>> => ({
  byName: `kind: webhook, url: "${gate.replace('127.0.0.1', 'localhost')}/hook", secret: { secret: hook.key }`,
  decimal: `kind: ping, url: "${gate.replace('127.0.0.1', '2130706433')}/alive", every: 10s`,
  inSix: `kind: webhook, url: "${gate.replace('127.0.0.1', '[::ffff:127.0.0.1]')}/hook", secret: { secret: hook.key }`,
  proxied: `kind: ping, url: "http://192.0.2.1/alive", every: 10s, proxy: "${gate}"`,
});
/** What must arrive, so that the test would have seen the rest. */
const receivers = (url: string): Readonly<Record<string, string>> => ({
  okPing: `kind: ping, url: "${url}/receiver/ping", every: 10s`,
  okWebhook: `kind: webhook, url: "${url}/receiver/webhook", secret: { secret: hook.key }`,
  okRobot: `kind: chat, robot: wecom, key: { secret: robot.key }, url: "${url}/receiver/robot"`,
  okPlatform: `kind: platform, profile: records, url: "${url}", secrets: { token: { secret: ha.token } }`,
});
const rows = (all: Readonly<Record<string, string>>): string =>
  Object.entries(all)
    .map(([name, how]) => `  - { name: ${name}, ${how} }\n`)
    .join('');

function configuration(parts: {
  readonly folder: string;
  readonly platform: string;
  readonly gate: string;
  readonly receiver: string;
  readonly broker: number;
  readonly near: string;
}): string {
  const { folder, platform, gate, receiver, broker, near } = parts;
  const camera = (path: string, index: number): string =>
    `  - { id: cam${index}, kind: camera-http, preset: custom, url: "${gate}${path}" }\n`;
  const lane = (index: number): string => {
    const input = `io${Math.floor(index / 8) + 1}.di${(index % 8) + 1}`;
    const loops = index === CAMERAS.length ? ', approach: io3.di7, barrier: io3.di8' : '';
    return `  - { id: "${1001 + index}", name: L${index}, direction: exit, reporting: { by: tester, reason: a test }, points: { down: ${input}${loops} }, camera: cam${index}, settings: { settle: 300ms } }\n`;
  };
  const mqtt = `url: "mqtt://127.0.0.1:${broker}", user: ${USER}, password: { secret: mqtt.password }`;
  return `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${platform}", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
lines:
  - id: bus
    port: ${near}
    baudRate: 38400
    devices:
      - { id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 1, timeoutMs: 1000 }
      - { id: io2, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 2, timeoutMs: 1000 }
      - { id: io3, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: 3, timeoutMs: 1000 }
  - id: alarm
    port: "${gate.replace('http', 'tcp')}"
    devices: [{ id: siren, kind: alarm-output, enabled: true, board: waveshare-modbus-rtu-relay-d-8ch, unit: 9, relay: 3 }]
cameras:
${CAMERAS.map(camera).join('')}  - { id: cam21, kind: camera-http, preset: hikvision, url: "${receiver}/ISAPI/Streaming/channels/101/picture" }
lanes:
${[...CAMERAS, 'known'].map((_, index) => lane(index)).join('')}page: { listen: "0.0.0.0:0" }
store: { path: "${join(folder, 'state')}" }
log: { level: debug }
publish:
  mqtt: { enabled: true, ${mqtt}, box: gate, homeAssistant: true }
destinations:
${rows(destinations(gate))}${rows(receivers(receiver))}`;
}

/** Where the networks of this machine are private ones. */
const ownBroadcasts = (): readonly string[] =>
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ family, internal, address, netmask }) => {
      const isNear = isInNetwork('local', address) || address.startsWith('169.254.');
      return family === 'IPv4' && !internal && isNear && netmask !== '255.255.255.255' && netmask !== '255.255.255.254';
    })
    .map(({ address, netmask }) => {
      const mask = netmask.split('.').map(Number);
      return address
        .split('.')
        .map((byte, at) => Number(byte) | (255 - (mask[at] ?? 0)))
        .join('.');
    });

/** As somebody would write it by hand, with the right digest. */
function withHandWritten(file: string): void {
  const { cameras } = loadConfig(file, { driverKinds: DRIVER_KINDS, cameraKinds: CAMERA_KINDS }, {});
  const lines = readFileSync(file, 'utf8').split('\n');
  const written = lines.map((line) => {
    const camera = cameras.find(({ id }) => line.includes(`{ id: ${id}, kind: camera-http, preset: custom`));
    const peer = camera && cameraPeer(camera);
    return peer === undefined
      ? line
      : line.replace(/ }$/, `, confirmed: { sha256: ${peer.sha256}, by: li, at: "2026-11-30T10:00:00+08:00" } }`);
  });
  writeFileSync(file, written.join('\n'));
}

beforeAll(async () => {
  const folder = temporaryFolder();
  const pty = await ptyPair(folder);
  endings.push(() => pty.socat.end('SIGKILL'));
  const levels = Array.from({ length: 24 }, (_, index) => index < 22);
  const { codes, polled } = await boards(pty.far, levels);
  const [asked, received, topics, payloads]: string[][] = [[], [], [], []];
  const gate = await httpServer((line) => asked?.push(line));
  const receiver = await httpServer((line) => received?.push(line));
  const broker = await startBroker();
  endings.push(() => broker.close());
  const { client } = await broker.publisher();
  client.on('message', (topic, payload) => {
    topics?.push(topic);
    payloads?.push(payload.toString());
  });
  await client.subscribeAsync('#', { qos: 1 });
  const platform = await platformProcess(SECRET);
  endings.push(() => platform.running.end());

  const file = join(folder, 'lanewarden.yaml');
  mkdirSync(join(folder, 'profiles'));
  const profiles = {
    cover: COVER('POST'),
    'cover-put': COVER('PUT'),
    records: RECORDS,
    pulled: PULLED('/list'),
    'ok-pulled': PULLED('/receiver/pulled'),
  };
  for (const [name, text] of Object.entries(profiles)) writeFileSync(join(folder, 'profiles', `${name}.yaml`), text);
  const secrets = { 'cloud.appSecret': SECRET, 'robot.key': 'k', 'ha.token': 't', 'mqtt.password': PASSWORD };
  const hook = { 'hook.key': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  writeFileSync(join(folder, 'secrets.yaml'), JSON.stringify({ ...secrets, ...hook }), { mode: 0o600 });
  writeFileSync(
    file,
    configuration({ folder, platform: platform.url, gate, receiver, broker: broker.port, near: pty.near }),
  );
  withHandWritten(file);
  await confirmConfigured(file);
  const innocent = rows(unconfirmed(gate));
  writeFileSync(file, readFileSync(file, 'utf8') + innocent);

  const calls = join(folder, 'connects.log');
  const traced = [
    '-I2',
    '--seccomp-bpf',
    '-f',
    '-qq',
    '-e',
    'trace=connect,sendto,sendmsg,sendmmsg',
    '-o',
    calls,
    process.execPath,
    PROGRAM,
  ];
  const running = start('strace', [...traced, 'run', '--config', file, '--lang', 'en']);
  endings.push(() => running.process.kill('SIGKILL'));
  await running.says('watching');
  await eventually('the boards are read', () => codes.size > 0, running.output);
  const arms = (): number => running.output().split('the arm is down').length - 1;
  await eventually('the arms are known', () => arms() >= 22, running.output);
  // Every arm goes up, so that every camera is asked; and a car passes the last lane.
  const set = async (from: number, to: number, level: boolean): Promise<void> => {
    levels.fill(level, from, to);
    await polled();
  };
  await set(22, 23, true);
  await set(0, 22, false);
  await set(23, 24, true);
  await set(22, 23, false);
  await set(23, 24, false);
  const isAsked = () => received?.some((line) => line.includes('/picture')) === true;
  await eventually('pictures were asked', isAsked, running.output);
  await set(0, 22, true);
  await eventually('the release is at the platform', () => platform.records().length > 0, running.output);
  const has = (...receivers: readonly string[]): boolean =>
    receivers.every((each) => received?.some((line) => line.includes(`/receiver/${each}`)));
  await eventually(
    'what is not the gate gets all',
    () => has('ping', 'webhook', 'robot', 'platform'),
    () => `${received?.join('\n')}\n${running.output()}`,
  );
  await eventually(
    'the broker has releases',
    () => topics?.some((topic) => topic.endsWith('/release')) === true,
    running.output,
  );
  await running.end();

  // A feed that is down keeps releases back, so these have a run of their own.
  const mqtt = `enabled: true, url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: mqtt.password }`;
  const intake = `intake:
  mqtt: { ${mqtt}, grants: zigbee2mqtt/gate, fates: zigbee2mqtt/gate/grants/fate }
  systems:
    - { name: pulled, profile: pulled, url: "${gate}/rpc/Cover.Open", every: 10s }
    - { name: okPulled, profile: ok-pulled, url: "${receiver}", every: 10s }
`;
  const second = readFileSync(file, 'utf8').replace('destinations:\n', `${intake}destinations:\n`);
  writeFileSync(file, second.replace(innocent, ''));
  await confirmConfigured(file);
  writeFileSync(file, second);
  const again = program(['run', '--config', file, '--lang', 'en']);
  endings.push(() => again.process.kill('SIGKILL'));
  await again.says('management system pulled: acting');
  await eventually('the other is polled', () => has('pulled'), again.output);
  await again.end();
  const found = readFileSync(calls, 'utf8').matchAll(
    /sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"/g,
  );
  const purposes = new Map<string, readonly Exit['purpose'][]>([
    [new URL(platform.url).host, ['platform']],
    [new URL(receiver).host, ['destination', 'camera']],
    [`127.0.0.1:${broker.port}`, ['broker']],
    // To all in the networks of this machine, and to nobody by an address.
    ...ownBroadcasts().map((address): [string, readonly Exit['purpose'][]] => [`${address}:8082`, ['witness']]),
  ]);
  seen = {
    asked: asked ?? [],
    received: received ?? [],
    topics: topics ?? [],
    payloads: payloads ?? [],
    codes,
    output: running.output(),
    connects: [...new Set([...found].map(([, port, address]) => `${address}:${port}`))],
    purposes,
  };
});

describe('nothing comes to the gate from', () => {
  const names = [
    ...CAMERAS.map((path) => `a camera at ${path}`),
    ...Object.keys(destinations('http://127.0.0.1')).map((name) => `the confirmed destination ${name}`),
    'a polled system at /rpc/Cover.Open',
    'an alarm output at a network board',
    ...Object.keys(unconfirmed('http://127.0.0.1')).map((name) => `the destination ${name}, which nobody confirmed`),
  ];
  it.each(names)('%s', () => {
    expect(seen.asked, seen.output).toEqual([]);
  });
});

describe('at the broker', () => {
  it('no topic of Home Assistant commands anything: its entities are only shown', () => {
    const shown = seen.topics.flatMap((topic, index) => (topic.startsWith('homeassistant/') ? [index] : []));
    expect(shown.length).toBeGreaterThan(0);
    for (const index of shown) {
      expect(seen.topics[index]).toMatch(/^homeassistant\/(sensor|binary_sensor)\/.*\/config$/);
      expect(seen.payloads[index]).not.toContain('command_topic');
    }
  });

  it('no topic of Zigbee2MQTT, and none beside the own ones', () => {
    for (const topic of seen.topics) expect(topic).toMatch(/^(lanewarden\/gate\/|homeassistant\/|.*grants\/fate$)/);
  });
});

it('on the serial line nothing is written but reads', () => {
  expect([...seen.codes].filter((code) => code < 1 || code > 4)).toEqual([]);
});

it('the kernel saw no connection but those that have a purpose, and each of them', () => {
  // Names are asked of the resolver of the system, which tries its addresses by a port of 0.
  const { connects, purposes } = seen;
  expect(connects.filter((peer) => !purposes.has(peer) && !/:(53|0)$/.test(peer))).toEqual([]);
  expect([...purposes.keys()].filter((peer) => !connects.includes(peer))).toEqual([]);
});
