/** A provisioning file over a real Mosquitto, to a running box: only of an operator it trusts already, applied once, and answered in words. */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { boxName } from '../../src/page/access/box-name.ts';
import { fileId } from '../../src/provision/spool.ts';
import { type Broker, PASSWORD, type Publisher, startBroker, USER } from '../intake/broker.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { type Operator, operator, provision, tampered } from './operator.ts';

let broker: Broker;
let desk: Operator;
let box: PageBox;
let writer: Publisher;
let key: string;
let template: string;
const answers: {
  readonly file: string;
  readonly state: string;
  readonly code?: string;
  readonly text: { en: string };
}[] = [];

beforeAll(async () => {
  broker = await startBroker('max_packet_size 20000000\nlog_type all');
  desk = await operator();
  const publish = `publish: { mqtt: { enabled: true, url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: publish.mqtt }, box: gate-1, provision: true } }\n`;
  box = await pageBox({
    provisionTrial: { provenMs: 1_000, withinMs: 6_000 },
    prepare: (file) => {
      appendFileSync(file, publish);
      appendFileSync(join(dirname(file), 'secrets.yaml'), `publish.mqtt: "${PASSWORD}"\n`);
    },
  });
  const { out } = await provision('id', '--config', box.configFile, '--store', join(box.folder, 'state'));
  [, key = ''] = /key: "([0-9a-f]{64})"/.exec(out) ?? [];
  template = readFileSync(box.configFile, 'utf8').replace(/name: .*/, 'name: $(gate)');
  await listen();
});
afterAll(async () => {
  await box?.close();
  await broker?.close();
});

async function listen() {
  writer = await broker.publisher();
  writer.client.on('message', (_, payload) => void answers.push(JSON.parse(payload.toString())));
  await writer.client.subscribeAsync('lanewarden/gate-1/provision/result', { qos: 1 });
}
const connections = () => box.lines.filter((line) => /publishing at the MQTT broker|is back after/.test(line)).length;
/** The broker gives the box once more what it retains. */
async function again() {
  const before = connections();
  await broker.kill('SIGTERM');
  await broker.start();
  await expect.poll(connections).toBe(before + 1);
  await listen();
}

const row = (gate: string, more = '') =>
  `boxes:\n  ${boxName()}:\n    key: "${key}"\n    values: { gate: "${gate}" }\n${more}`;
const gateName = (): string | undefined => box.box.host.config?.lanes[0]?.name;
const contents = (file: string): string => readFileSync(file, 'utf8');

/** Sends it and resolves to its answer. */
async function send(text: string | Buffer, topic = 'lanewarden/gate-1/provision', retain = true) {
  const from = answers.length;
  await writer.publish(topic, text, { retain });
  const id = fileId(text.toString());
  const mine = () => answers.slice(from).find(({ file, state }) => file === id && state !== 'running');
  await expect.poll(mine).toBeDefined();
  return mine();
}

it('is refused of anybody while no operator is trusted: nobody compares a key there', async () => {
  await expect.poll(() => box.box.host.app?.hasRead()).toBe(true);
  await expect.poll(() => box.lines.join('\n')).toContain('publishing at the MQTT broker');
  const file = contents(await desk.make(template, row('东口')));
  expect(await send(file)).toMatchObject({
    state: 'failed',
    code: 'noOperator',
    text: { en: expect.stringContaining(desk.key.slice(0, 4)) },
  });
  expect(gateName()).not.toBe('东口');
  writeFileSync(join(dirname(box.configFile), 'operator.pub'), `${desk.key}\n`);
});

it('is refused in words when it is of a stranger, changed, half, not for this box, or too long', async () => {
  const stranger = await operator();
  expect(await send(contents(await stranger.make(template, row('西口'))))).toMatchObject({ code: 'otherOperator' });
  const good = await desk.make(template, row('东口'));
  expect(await send(contents(tampered(good, '东口', '西口')))).toMatchObject({ code: 'signature' });
  expect(await send(contents(good).slice(0, 500))).toMatchObject({ code: 'damaged' });
  const other = await desk.make(template, 'boxes:\n  lanewarden-none: { values: { gate: a } }\n');
  expect(await send(contents(other), 'lanewarden/provision')).toMatchObject({ code: 'otherBox' });
  const from = answers.length;
  await writer.publish('lanewarden/gate-1/provision', Buffer.alloc(8_100_000, 32));
  await expect.poll(() => answers.slice(from)[0]?.text.en).toContain('8 MB');
  expect(box.lines.filter((line) => line.includes('came over MQTT')).length, 'one line a minute').toBe(1);
});

it('is applied once: with its secrets, over the connection that it replaces, whatever comes again', async () => {
  const file = contents(await desk.make(template, row('东口', 'secrets: { cloud.other: "very-secret" }\n')));
  expect(file).not.toContain('very-secret');
  expect(await send(file, 'lanewarden/provision')).toMatchObject({ state: 'done' });
  expect(gateName()).toBe('东口');
  expect(readFileSync(join(dirname(box.configFile), 'secrets.yaml'), 'utf8')).toContain('very-secret');
  expect(await send(file, 'lanewarden/gate-1/provision', false)).toMatchObject({
    state: 'done',
    text: { en: expect.stringContaining('already') },
  });
  // The retained one comes again at the next connection.
  await again();
  const seen = (await box.box.host.app?.store.looks.observations(50)) ?? [];
  expect(seen.filter(({ seen: { why } }) => why === 'provisioned').length).toBe(1);
  const older = contents(await desk.make(template, row('西口')));
  const newer = contents(await desk.make(template, row('南口')));
  expect(await send(newer)).toMatchObject({ state: 'done' });
  const audited = () =>
    readFileSync(join(box.folder, 'state/page/audit.jsonl'), 'utf8').split('made before the one that was applied last')
      .length - 1;
  expect(await send(older, 'lanewarden/gate-1/provision', false)).toMatchObject({ code: 'older' });
  expect(gateName()).toBe('南口');
  // Whoever may write at the broker can send it without end.
  const before = audited();
  expect(before).toBe(1);
  for (let times = 0; times < 3; times += 1) {
    expect(await send('no file', 'lanewarden/gate-1/provision', false)).toMatchObject({ code: 'damaged' });
    expect(await send(older, 'lanewarden/gate-1/provision', false)).toMatchObject({ code: 'older' });
  }
  expect(audited()).toBe(before);
});

it('is taken back when the box is not well with it, and is not tried again because it is retained', async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', () => resolve()));
  const { port } = taken.address() as { port: number };
  const bad = template.replace(/^intake:[\s\S]*?(?=^\w)/m, '');
  const listening = `${bad}\nintake: { http: { enabled: true, listen: '127.0.0.1:${port}' } }\n`;
  const file = contents(await desk.make(listening, row('北口')));
  expect(await send(file)).toMatchObject({ state: 'failed', code: 'notWell' });
  expect(gateName()).toBe('南口');
  const refusals = () => box.lines.filter((line) => line.includes('not well with it')).length;
  const before = refusals();
  await again();
  const from = answers.length;
  await writer.publish('lanewarden/provision', '', { retain: true });
  // After that one has been seen, whatever lay there has been seen as well.
  expect(await send('no file at all', 'lanewarden/provision', false)).toMatchObject({ code: 'damaged' });
  expect(answers.slice(from).filter(({ state }) => state === 'running')).toEqual([]);
  expect([before, refusals()]).toEqual([1, 1]);
  expect(gateName()).toBe('南口');
  taken.close();
});

it('is not asked for unless it is configured', async () => {
  const asked = () =>
    broker
      .output()
      .split('\n')
      .filter((line) => / lanewarden\/provision$/.test(line)).length;
  const [askedBefore, before] = [asked(), connections()];
  expect(askedBefore).toBeGreaterThan(0);
  await writer.publish(
    'lanewarden/gate-1/provision',
    contents(await desk.make(template.replace(', provision: true', ''), row('静口'))),
  );
  await expect.poll(gateName).toBe('静口');
  await expect.poll(connections).toBe(before + 1);
  await writer.publish('lanewarden/gate-1/provision', contents(await desk.make(template, row('北口'))));
  await box.box.host.app?.published?.view();
  expect(asked()).toBe(askedBefore);
});
