/**
 * The operator's one command: a file to every box at the centre's broker, with its own list of rights, and who has it.
 * CENTRE_BROKER=nats: at NATS instead of Mosquitto.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { fileId } from '../../src/provision/spool.ts';
import { freePort } from '../intake/broker.ts';
import { missing } from '../line/tools.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

const FLEET = resolve(import.meta.dirname, '../../deploy/fleet');
const BOXES = ['gate-1', 'gate-2', 'gate-3'];
const isNats = process.env.CENTRE_BROKER === 'nats';
const endings: (() => unknown)[] = [];
let folder: string;
let port: number;
let environment: NodeJS.ProcessEnv;
const passwords = new Map<string, string>();

function startMosquitto(mosquitto: string) {
  copyFileSync(join(FLEET, 'broker/boxes.acl'), join(mosquitto, 'boxes.acl'));
  const conf = readFileSync(join(FLEET, 'broker/centre.conf'), 'utf8')
    .replaceAll('/etc/mosquitto', mosquitto)
    .replace('listener 8883', `listener ${port} 127.0.0.1`);
  writeFileSync(join(mosquitto, 'test.conf'), `user root\n${conf}`);
  return spawn('mosquitto', ['-c', join(mosquitto, 'test.conf')], { stdio: 'ignore' });
}

function startNats(nats: string) {
  const conf = readFileSync(join(FLEET, 'broker/nats.conf'), 'utf8')
    .replaceAll('/etc/lanewarden-centre/nats', nats)
    .replace('/var/lib/lanewarden-nats', join(folder, 'stored'))
    .replace('127.0.0.1:4222', '127.0.0.1:-1')
    .replace('0.0.0.0:8883', `127.0.0.1:${port}`);
  writeFileSync(join(nats, 'nats.conf'), conf);
  return spawn('nats-server', ['-c', join(nats, 'nats.conf')], { stdio: 'ignore' });
}

const isListening = (): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    endings.push(() => socket.destroy());
  });

const isMissing = missing('mosquitto', 'mosquitto_pub', 'jq');

beforeAll(async () => {
  if (isMissing) return;
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-fleet-provision-'));
  const mosquitto = join(folder, 'mosquitto');
  mkdirSync(mosquitto);
  port = await freePort();
  environment = { ...process.env, CENTRE: join(folder, 'centre'), MOSQUITTO: mosquitto, BROKER: `localhost:${port}` };
  const identity = (...words: string[]) =>
    execFileSync(join(FLEET, 'identity.sh'), words, { env: environment, encoding: 'utf8', stdio: 'pipe' });
  identity('centre', 'localhost');
  identity('operator');
  for (const box of BOXES) passwords.set(box, /"([0-9a-f]{48})"/.exec(identity('box', box, 'park'))?.[1] ?? '');
  expect(() => identity('box', 'provision', 'park')).toThrow(/not the name/);
  const broker = isNats ? startNats(join(folder, 'centre/nats')) : startMosquitto(mosquitto);
  endings.push(() => broker.kill());
  await vi.waitUntil(() => isListening(), LONGEST_WAIT_MS);
});
afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

/** As a box, with what has come to it. */
async function box(name: string): Promise<{ readonly client: MqttClient; readonly came: string[] }> {
  const came: string[] = [];
  const ca = [readFileSync(join(folder, 'centre/ca.pem'))];
  const client = await connectAsync(`mqtts://localhost:${port}`, {
    ...{ username: name, password: passwords.get(name) ?? '', ca },
  });
  endings.push(() => client.endAsync(true));
  client.on('message', (topic, payload) => void came.push(`${topic} ${payload.length}`));
  // More than it may: Mosquitto grants it and sends nothing, NATS refuses it.
  await client.subscribeAsync('lanewarden/#').catch(() => undefined);
  await client.subscribeAsync([`lanewarden/${name}/provision`, 'lanewarden/provision']);
  return { client, came };
}

const operator = (...words: string[]) => {
  const { status, stdout, stderr } = spawnSync(join(FLEET, 'provision.sh'), words, {
    env: environment,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout;
};

it.skipIf(isMissing)('lets in nobody without an identity, also while there is none', async () => {
  const ca = [readFileSync(join(folder, 'centre/ca.pem'))];
  const stranger = (more: object) => connectAsync(`mqtts://localhost:${port}`, { ca, reconnectPeriod: 0, ...more });
  await expect(stranger({})).rejects.toThrow(/refused/);
  await expect(stranger({ username: 'gate-1', password: '0' })).rejects.toThrow(/refused/);
  const environmentOfNew = { ...environment, CENTRE: join(folder, 'new') };
  execFileSync(join(FLEET, 'identity.sh'), ['centre', 'localhost'], { env: environmentOfNew });
  // An empty list would let in everybody at NATS.
  expect(readFileSync(join(folder, 'new/nats/users.conf'), 'utf8')).toMatch(/users: \[\n\{user: "no box"/);
});

it.skipIf(isMissing)('reaches one box, then all, also those that come later; and lists who has it', async () => {
  const file = join(folder, 'fleet.lwp');
  writeFileSync(file, 'x'.repeat(2_000_000));
  const [first, second] = [await box('gate-1'), await box('gate-2')];
  operator('send', file, 'gate-1');
  await expect.poll(() => first.came).toContain('lanewarden/gate-1/provision 2000000');
  operator('send', file);
  await expect.poll(() => [...new Set(second.came)]).toEqual(['lanewarden/provision 2000000']);
  const late = await box('gate-3');
  await expect.poll(() => [...new Set(late.came)]).toEqual(['lanewarden/provision 2000000']);
  const answer = (each: typeof first, name: string, more: object) =>
    each.client.publishAsync(
      `lanewarden/${name}/provision/result`,
      JSON.stringify({ file: fileId(readFileSync(file, 'utf8')), text: { zh: '没有这一行', en: 'no row' }, ...more }),
      { qos: 1, retain: true },
    );
  await answer(first, 'gate-1', { state: 'done' });
  await answer(second, 'gate-2', { state: 'failed', code: 'otherBox' });
  await answer(late, 'gate-3', { state: 'done', file: '00' });
  expect(operator('result', file).split('\n')).toEqual([
    'gate-1\tdone\t',
    'gate-2\tfailed\t没有这一行',
    '= done 1',
    '= failed 1',
    '',
  ]);
  // A box neither reads what others answered, nor writes to others or to all.
  await second.client.publishAsync('lanewarden/provision', 'mine', { qos: 1, retain: true });
  await second.client.publishAsync('lanewarden/gate-1/provision', 'mine', { qos: 1, retain: true });
  operator('clear', 'gate-1');
  operator('clear');
  await expect.poll(() => late.came).toContain('lanewarden/provision 0');
  expect([...first.came, ...second.came].filter((each) => / 4$|result/.test(each))).toEqual([]);
});
