/** A box with 32 devices and 16 cameras, on one wire and on many, that answer and that do not: not one warning of Node's, at its start, its work and its end. */
import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { createSlaves } from '../drivers/slave.ts';
import { eventually, platformProcess, program, temporaryFolder } from './processes.ts';

const SECRET = 'many-devices-secret';
const WIRED = 16;
const ALONE = 16;
const CAMERAS = 16;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Boards behind a serial server, by what they are asked: those of even numbers answer. */
async function boards(): Promise<{ port: number; asked: Set<number> }> {
  const asked = new Set<number>();
  const answering = Array.from({ length: 33 }, (_, unit) => ({
    unit,
    bit: () => false,
    // Its own address, as the profile asks for it.
    register: (_: number, address: number) => (address === 0x4000 ? unit : 0),
  })).filter(({ unit }) => unit % 2 === 0);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const slaves = createSlaves(answering)((bytes) => void socket.write(bytes));
    socket.on('data', (bytes) => {
      asked.add(bytes[0] ?? 0);
      slaves.hear(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

/** Event streams that stay open and inputs that are answered with nothing of use. */
async function cameras(): Promise<{ port: number; asked: () => number }> {
  let asked = 0;
  const server = createHttpServer((request, response) => {
    asked += 1;
    if (/attach|alertStream/.test(request.url ?? ''))
      response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=b' }).write('\r\n');
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked: () => asked };
}

it('32 devices and 16 cameras raise no warning', async () => {
  const folder = temporaryFolder();
  const [wire, camera, platform] = [await boards(), await cameras(), await platformProcess(SECRET)];
  endings.push(() => platform.running.end());
  const device = (unit: number): string =>
    `{ id: io${unit}, kind: modbus, profile: waveshare-modbus-rtu-io-8ch, unit: ${unit} }`;
  const url = `http://127.0.0.1:${camera.port}`;
  const kinds = [
    `kind: dahua, url: "${url}", receive: stream`,
    `kind: hikvision, url: "${url}", receive: stream`,
    `kind: camera-http, preset: hikvision, url: "${url}", ring: { framesPerSecond: 5, seconds: 2 }`,
    `kind: dahua, url: "${url}", receive: stream, ring: { framesPerSecond: 5, seconds: 2 }`,
  ];
  // Each address once: a port for each line, all of one server.
  const lines = [
    `  - { id: bus, port: "tcp://127.0.0.1:${wire.port}", baudRate: 115200, devices: [${Array.from({ length: WIRED }, (_, n) => device(n + 1)).join(', ')}] }`,
    ...Array.from(
      { length: ALONE },
      (_, n) =>
        `  - { id: line${n}, port: "tcp://127.0.0.${n + 2}:${wire.port}", baudRate: 115200, devices: [${device(n + 17)}] }`,
    ),
  ];
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "${platform.url}", appSecret: { secret: cloud.appSecret }, clockHold: 0 }
lines:
${lines.join('\n')}
cameras:
${Array.from({ length: CAMERAS }, (_, n) => `  - { id: cam${n}, ${kinds[n % kinds.length]} }`).join('\n')}
lanes:
${Array.from({ length: CAMERAS }, (_, n) => `  - { id: "${n}", direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io${2 * n + 1}.di1, up: io${2 * n + 2}.di2 }, camera: cam${n} }`).join('\n')}
page: { listen: "127.0.0.1:0", https: false }
store: { path: "${join(folder, 'state')}" }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: "${SECRET}"\n`, { mode: 0o600 });
  const running = program(['run', '--config', file, '--lang', 'en'], { NODE_OPTIONS: '--trace-warnings' });
  endings.push(() => running.process.kill('SIGKILL'));
  await running.says('watching');
  await eventually('every board is asked', () => wire.asked.size === WIRED + ALONE, running.output);
  await eventually('every event stream is asked for', () => camera.asked() >= 12, running.output);
  expect((await running.end()).code, running.output()).toBe(0);
  expect(running.output().match(/^.*Warning.*$(?:\n +at .*$)*/gm) ?? []).toEqual([]);
});
