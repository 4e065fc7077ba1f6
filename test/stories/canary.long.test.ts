/**
 * The whole compiled program with a canary for every secret, while everything around it fails and throws back at it what it was sent:
 * no canary comes out anywhere, whole or encoded. Not in its output, not on a socket, not in a file, not in what other commands say.
 */

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { freePort } from '../../src/sim/management-system.ts';
import { CANARY as HEARTBEAT_PASSWORD, hikvisionPush, vzenithHeartbeat } from '../drivers/cameras/shapes.ts';
import { endings } from '../endings.ts';
import { startBroker } from '../intake/broker.ts';
import { carLetOutByButton, polled } from './board.ts';
import { change, laneOnPty, run, writeSecrets } from './lane.ts';
import { eventually, program } from './processes.ts';

/** Each of its own, so that a leak names its secret. */
const SECRETS = {
  'cloud.appSecret': 'Canary-platform-9f3a"\\é',
  'cameras.stream': 'Canary-stream-17be',
  'cameras.onvif': 'Canary-onvif-c4d2',
  'cameras.basic': 'Canary-basic-88a1',
  'cameras.picture': 'Canary-picture-0e5f',
  'intake.pms': 'Canary-token-5512-aaaa',
  'intake.broker': 'Canary-intake-broker-3c',
  'publish.broker': 'Canary-publish-broker-6d',
};
const WRONG_TOKEN = 'Canary-wrong-token-41';

/** As a secret may be found: plain, or in one of the ways in which it travels. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // Wherever it stands in what was encoded, this much of it is always the same.
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before, 0x78), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(before === 0 ? 0 : before + 1, -2);
  });
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), bytes.toString('hex'), ...base64];
}
const FORMS = new Map(
  [...Object.entries(SECRETS), ['wrong token', WRONG_TOKEN] as const, ['heartbeat', HEARTBEAT_PASSWORD] as const].map(
    ([name, secret]) => [name, formsOf(secret)],
  ),
);

const seen: string[] = [];
/** Notes what leaked, where: all of it is told at the end. */
function look(where: string, bytes: Uint8Array | string): void {
  const text = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('latin1');
  const utf8 = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8');
  for (const [name, forms] of FORMS)
    if (forms.some((form) => text.includes(form) || utf8.includes(form))) seen.push(`${name} in ${where}`);
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as { port: number }).port;
}

/** Says no, and repeats everything that was said to it, wherever an answer has room for words. */
async function parrot(
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ port: number; asked(): number }> {
  let asked = 0;
  const server = createServer(async (request, response) => {
    asked += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const said = [request.url, ...request.rawHeaders, Buffer.concat(chunks).toString('latin1')].join(' ');
    const oneLine = said.replaceAll(/[^\x20-\x7e]/g, ' ').slice(0, 2_000);
    response.writeHead(status, oneLine.slice(0, 500), { 'x-said': oneLine, ...headers }).end(said);
  });
  return { port: await listen(server), asked: () => asked };
}

/** The platform refuses, and shows with which secret it signed: what it may not know how to hide. */
async function tellTalePlatform(): Promise<{ url: string; asked(): number }> {
  let asked = 0;
  const secret = SECRETS['cloud.appSecret'];
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      asked += 1;
      const codes = ['1500', '1999', '1401'];
      const code = codes[(asked - 1) % codes.length];
      const hint = `signed gate_id=1001&app_secret=${secret} with ${secret}`;
      response.end(JSON.stringify({ code, message: `no, not with ${secret}`, hint }));
    });
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, asked: () => asked };
}

/** What a socket of the box says to this, byte for byte. */
function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.on('data', (bytes) => {
      answer += bytes.toString('latin1');
    });
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}

async function setUp() {
  const lane = await laneOnPty('another secret than the one of the box');
  const platform = await tellTalePlatform();
  const digest = { 'www-authenticate': 'Digest realm="cam", qop="auth", nonce="n1"' };
  const [stream, onvif, basic] = [
    await parrot(401, digest),
    await parrot(400),
    await parrot(401, { 'www-authenticate': 'Basic realm="cam"' }),
  ];
  const broker = await startBroker();
  endings.push(() => broker.close());
  const port = await freePort();
  const user = (id: string): string => `user: look, password: { secret: cameras.${id} }`;
  const cameras = `
  - { id: cam1, kind: camera-http, preset: onvif, url: "http://127.0.0.1:${onvif.port}", ${user('onvif')}, ring: { framesPerSecond: 5, seconds: 4 } }
  - { id: cam2, kind: hikvision, url: "http://127.0.0.1:${stream.port}", ${user('stream')}, receive: stream }
  - { id: cam3, kind: json-push, preset: custom, url: "http://127.0.0.1:${basic.port}/snapshot.jpg", ${user('basic')}, allowBasic: true, fields: { plate: p } }
  - { id: cam4, kind: vzenith, url: "http://127.0.0.1" }
  - { id: cam5, kind: hikvision, url: "http://127.0.0.1", ${user('picture')} }`;
  const at = `url: "mqtt://127.0.0.1:${broker.port}", user: lanewarden`;
  const more = `intake:
  http: { enabled: true, listen: "127.0.0.1:${port}", tokens: [{ name: pms, secret: intake.pms }] }
  mqtt: { enabled: true, ${at}, password: { secret: intake.broker }, grants: park/grants }
publish: { mqtt: { enabled: true, ${at}, password: { secret: publish.broker } } }
`;
  const oldCamera = readFileSync(lane.config, 'utf8').match(/\n {2}- \{ id: cam1.*/)?.[0] ?? '';
  change(lane.config, { [lane.platform.url]: platform.url, [oldCamera]: cameras }, more);
  writeSecrets(lane, SECRETS);
  return { ...lane, port, platform, stream, onvif };
}

/** Other people's requests to the box, good ones, wrong ones and broken ones: every answer is looked at. */
async function knock(port: number): Promise<void> {
  const request = (head: string, body: Buffer | string = ''): string =>
    `${head} HTTP/1.1\r\nhost: box\r\nconnection: close\r\ncontent-length: ${body.length}\r\n`;
  const token = SECRETS['intake.pms'];
  const json = 'content-type: application/json\r\n';
  const heartbeat = vzenithHeartbeat();
  const push = hikvisionPush();
  const broken = Buffer.concat([push.body.subarray(0, 300), Buffer.from(SECRETS['cameras.picture'])]);
  const bearer = (value: string): string => `authorization: Bearer ${value}\r\n`;
  const grants = 'POST /api/v1/grants';
  for (const text of [
    `${request('GET /api/openapi.json')}\r\n`,
    `${request('GET /nothing')}${bearer(token)}\r\n`,
    `${request(grants, '{}')}${json}${bearer(WRONG_TOKEN)}\r\n{}`,
    `${request(grants, '{}')}${json}authorization: Basic ${Buffer.from(`pms:${token}`).toString('base64')}\r\n\r\n{}`,
    `${request(grants, '{}')}${json}${bearer(token)}\r\n{}`,
    `${request(grants, '[[')}${json}${bearer(token)}\r\n[[`,
    `${request(grants, '{"id":1}')}content-type: text/plain\r\n${bearer(token)}\r\n{"id":1}`,
    `${request(`POST /api/v1/grants?token=${token}`, '{}')}${json}\r\n{}`,
    `${grants} HTTP/1.1\r\nhost: box\r\n${bearer(token)}content-length: 104857600\r\nconnection: close\r\n\r\n{`,
    `NONSENSE ${token}\r\n\r\n`,
    `${request('POST /api/v1/cameras/cam4', heartbeat.body)}content-type: ${heartbeat.contentType}\r\n\r\n${heartbeat.body.toString('latin1')}`,
    `${request('POST /api/v1/cameras/cam5', broken)}content-type: ${push.contentType}\r\n\r\n${broken.toString('latin1')}`,
    `${request('POST /api/v1/cameras/cam3', '{"p":')}${json}\r\n{"p":`,
  ])
    look(`the answer to ${text.slice(0, 40)}`, await exchange(port, text));
}

it('no secret leaves the program, whatever fails', async () => {
  // The method sees what it should see.
  for (const [name, secret] of Object.entries(SECRETS))
    for (const form of [secret, Buffer.from(`look:${secret}`).toString('base64')]) {
      look('the control', `x ${form} y`);
      expect(seen.pop(), `${name} as ${form}`).toBe(`${name} in the control`);
    }

  const lane = await setUp();
  const { wired, config, folder, port, platform, stream, onvif, pty } = lane;
  const running = run(config);
  await polled(wired.board, running, 20);
  await knock(port);
  await carLetOutByButton(wired, running);
  await eventually('the platform refuses', () => platform.asked() >= 1, running.output);
  await eventually('the cameras refuse', () => stream.asked() >= 2 && onvif.asked() >= 1, running.output);
  await eventually(
    'both ways to the broker are refused',
    () => (running.output().match(/does not accept user and password/g) ?? []).length >= 2,
    running.output,
  );
  await pty.socat.end('SIGKILL');
  await running.says('is not there');

  const say = async (
    words: readonly string[],
    index: number,
    what = words.slice(0, 2).join(' '),
  ): Promise<number | null> => {
    const command = program([...words, '--lang', index % 2 === 0 ? 'zh' : 'en']);
    const code = await command.ended;
    look(what, command.output());
    return code;
  };
  const commands = [
    ['check', '--config', config],
    ['queue', 'ls', '--config', config, '--json'],
    ['queue', 'show', '1', '--config', config],
    ['queue', 'show', '1', '--config', config, '--json'],
    ['queue', 'export', join(folder, 'queue.zip'), '--config', config],
    ['replay', '--config', config, '--from', '2020-01-01', '--to', '2099-01-01'],
    ['diagnose', join(folder, 'support.zip'), '--config', config, '--no-disk'],
  ];
  // Two at a time, as there are processors.
  for (let at = 0; at < commands.length; at += 2)
    await Promise.all(commands.slice(at, at + 2).map((words, index) => say(words, index)));
  expect((await running.end('SIGTERM')).code, running.output()).toBe(0);
  look('the output of run', running.output());

  // A configuration that is wrong in every way in which a secret can be in it.
  const text = readFileSync(config, 'utf8');
  const canary = SECRETS['cameras.onvif'];
  const mistakes = [
    ['password: { secret: cameras.onvif }', `password: ${canary}`],
    [`url: "${platform.url}"`, `url: "http://look:${canary}@127.0.0.1:9"`],
    ['url: "http://127.0.0.1"', `url: "http://look:${canary}@127.0.0.1"`],
    ['secret: intake.pms', `secret: "${canary}"`],
    ['mqtt://127.0.0.1', `mqtt://look:${canary}@127.0.0.1`],
    ['appSecret: { secret: cloud.appSecret }', `appSecret: "${canary}"`],
    ['user: look', `user: look, passwort: ${canary}`],
    ['secret: publish.broker', `secret: publish.broker, value: "${canary}"`],
  ] as const;
  const check = async ([from, to]: (typeof mistakes)[number], index: number): Promise<void> => {
    expect(text).toContain(from);
    const wrong = join(folder, `wrong${index}.yaml`);
    writeFileSync(wrong, text.replace(from, to));
    const what = `check with ${to.replace(canary, '…')}`;
    expect(await say(['check', '--config', wrong], index, what), what).toBe(78);
  };
  for (let at = 0; at < mistakes.length; at += 2)
    await Promise.all(mistakes.slice(at, at + 2).map((mistake, index) => check(mistake, at + index)));

  // Its folder: the database with its journal and its attempts, the frames, whatever else; not the file of the secrets itself.
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const file = join(folder, name);
    if (
      /^(near|far|secrets\.yaml|wrong\d\.yaml)$/.test(name) ||
      statSync(file, { throwIfNoEntry: false })?.isFile() !== true
    )
      continue;
    // A trial goes back to the configuration that was good, with its secrets: that copy is as closed as they are.
    if (/^state\/config\/(good|trial)\.json$/.test(name)) expect(statSync(file).mode & 0o077, name).toBe(0);
    else if (name.endsWith('.zip'))
      for (const [part, bytes] of Object.entries(unzipSync(readFileSync(file)))) look(`${name}: ${part}`, bytes);
    else look(name, readFileSync(file));
  }
  expect(readdirSync(join(folder, 'state'))).toContain('lanewarden.db');
  expect([...new Set(seen)]).toEqual([]);
});
