/** A gate of ours that opens on any request, and a whole box whose configuration names it in every way: it never moves, and the kernel saw no attempt. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confirmConfigured } from '../confirmed-peers.ts';
import { OPENERS } from '../drivers/openers.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { root } from '../tidy/sources.ts';

const MAIN = join(root, 'dist/src/main.js');
const SECRETS = `cloud.appSecret: x\nhook.key: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nrobot.key: k\nha.token: t\n`;
/** Home Assistant, as a profile of the site. */
const COVER = `maker: x
model: cover
source: test
secrets: { token: { text: { zh: t, en: t } } }
request:
  path: /api/services/cover/open_cover
  encoding: json
  headers: { authorization: { secret: token } }
  fields: { entity_id: { constant: cover.gate } }
answer: { code: code, arrived: ['200'] }
`;

let folder = '';
let gate: Server;
let moved: string[] = [];
let world: Server;
const children: ChildProcess[] = [];

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
let gatePort = 0;
let worldPort = 0;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-door-'));
  mkdirSync(join(folder, 'profiles'));
  moved = [];
  gate = createServer((request, response) => {
    moved.push(`${request.method} ${request.url}`);
    response.end('{}');
  });
  gate.on('connect', (request, socket) => {
    moved.push(`CONNECT ${request.url}`);
    socket.end('HTTP/1.1 200 OK\r\n\r\n');
  });
  world = createServer((_, response) => response.writeHead(503).end());
  gatePort = await listening(gate);
  worldPort = await listening(world);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of [gate, world]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

function configured(destinations: readonly string[], more = ''): string {
  const file = join(folder, 'lanewarden.yaml');
  writeFileSync(join(folder, 'secrets.yaml'), SECRETS, { mode: 0o600 });
  writeFileSync(
    file,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:${worldPort}", appSecret: { secret: cloud.appSecret } }
lines: [{ id: bus1, port: "tcp://127.0.0.1:${worldPort}", devices: [{ id: io1, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }]
lanes: [{ id: "1001", name: A, direction: exit, points: { down: io1.di1 } }]
page: { listen: "127.0.0.1:0" }
store: { path: state }
destinations:
${destinations.map((each) => `  - ${each}`).join('\n')}
${more}`,
  );
  return file;
}

const check = (file: string) =>
  spawnSync(process.execPath, [MAIN, 'check', '--config', file, '--lang', 'en'], { encoding: 'utf8' });

/** The box, and what the kernel saw it connect to, until `until` or so long. */
async function connects(file: string, until: () => boolean, mostMs = 20_000): Promise<readonly string[]> {
  const log = join(folder, 'connects.log');
  const words = ['-f', '-qq', '-e', 'trace=connect', '-o', log, process.execPath, MAIN, 'run', '--config', file];
  const child = spawn('strace', words, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes) => (said += String(bytes)));
  const text = (): string => {
    try {
      return readFileSync(log, 'utf8');
    } catch {
      return '';
    }
  };
  await expect
    .poll(() => text().includes(`htons(${worldPort})`), { timeout: LONGEST_WAIT_MS, message: said })
    .toBe(true);
  const end = Date.now() + mostMs;
  await expect.poll(() => until() || Date.now() > end, { timeout: LONGEST_WAIT_MS, interval: 200 }).toBe(true);
  child.kill('SIGTERM');
  return [...text().matchAll(/sin6?_port=htons\((\d+)\).*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"/g)].map(
    ([, port, address]) => `${address}:${port}`,
  );
}

const webhook = (name: string, path: string, more = '') =>
  `{ name: ${name}, kind: webhook, url: "http://127.0.0.1:${gatePort}${path}", secret: { secret: hook.key }${more} }`;
const ping = (name: string, url: string, more = '') =>
  `{ name: ${name}, kind: ping, url: "${url}", every: 10s${more} }`;

describe('an address that is known to act', () => {
  it.each([
    ['ping', () => ping('g', `http://127.0.0.1:${gatePort}/bha-api/open-door.cgi`)],
    ['webhook', () => webhook('g', '/rpc/Switch.Set?id=0&on=true')],
    [
      'platform',
      () =>
        `{ name: g, kind: platform, profile: cover, url: "http://127.0.0.1:${gatePort}", secrets: { token: { secret: ha.token } } }`,
    ],
    ['public', () => ping('g', 'https://home.example.com/api/services/cover/open_cover')],
  ])('is a finding of check: %s', (_, destination) => {
    writeFileSync(join(folder, 'profiles', 'cover.yaml'), COVER);
    const { status, stdout, stderr } = check(configured([destination()]));
    expect(stdout + stderr).toContain('known to act');
    expect(status).not.toBe(0);
  });
});

it('a gate that the configuration names in every way never moves, and the kernel saw no connection to it', async () => {
  const acting = OPENERS.filter((_, index) => index % 12 === 0).map((path, index) =>
    ping(`o${index}`, `http://127.0.0.1:${gatePort}${path.replaceAll('"', '')}`),
  );
  const file = configured([
    ...acting.slice(0, 12),
    webhook('hook', '/hook'),
    webhook('named', '/hook').replace('127.0.0.1', 'localhost'),
    webhook('six', '/hook').replace('127.0.0.1', '[::ffff:127.0.0.1]'),
    ping('decimal', `http://2130706433:${gatePort}/alive`),
    ping('proxied', 'http://192.0.2.1/alive', `, proxy: "http://127.0.0.1:${gatePort}"`),
    `{ name: robot, kind: chat, robot: wecom, key: { secret: robot.key }, url: "http://127.0.0.1:${gatePort}" }`,
  ]);
  const found = await connects(file, () => moved.length > 0, 25_000);
  expect(moved).toEqual([]);
  expect(found.filter((peer) => peer.endsWith(`:${gatePort}`))).toEqual([]);
  // Names are asked of the resolver of the system.
  const others = found.filter(
    (peer) => !peer.endsWith(`:${worldPort}`) && !peer.endsWith(':53') && !peer.endsWith(':0'),
  );
  expect(others).toEqual([]);
});

it('the same receiver gets what a person has confirmed, so the test would have seen it', async () => {
  const file = configured([ping('alive', `http://127.0.0.1:${gatePort}/alive`)]);
  const { status, stdout } = check(file);
  expect(status, stdout).toBe(0);
  expect(stdout).toContain('no person has confirmed it');
  await confirmConfigured(file);
  expect(check(file).stdout).toContain('confirmed by li');
  const found = await connects(file, () => moved.length > 0, 60_000);
  expect(moved[0]).toBe('GET /alive');
  expect(found).toContain(`127.0.0.1:${gatePort}`);
});
