/** The heartbeat of a whole box, at a real Mosquitto and at a webhook. */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { headText, isSigned } from '../../../src/store/chain/chain.ts';
import { confirmConfigured } from '../../confirmed-peers.ts';
import { type Broker, PASSWORD, startBroker, USER } from '../../intake/broker.ts';
import { type PageBox, pageBox } from '../../page/page-box.ts';

let broker: Broker;
let box: PageBox;
let hook: Server;
const KEY = randomBytes(32);
const hooked: { readonly signed: boolean; readonly event: Record<string, unknown> }[] = [];
beforeAll(async () => {
  broker = await startBroker();
  hook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = request.headers;
      const mac = createHmac('sha256', KEY).update(`${id}.${at}.`).update(body).digest('base64');
      hooked.push({ signed: signature === `v1,${mac}`, event: JSON.parse(body.toString()) });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', () => resolve()));
  box = await pageBox({ prepare: publishing });
});
afterAll(async () => {
  await box?.close();
  await broker?.close();
  hook?.close();
});

async function publishing(file: string): Promise<void> {
  const mqtt = `{ enabled: true, url: 'mqtt://127.0.0.1:${broker.port}', user: ${USER}, password: { secret: publish.mqtt } }`;
  const { port } = hook.address() as AddressInfo;
  const centre = `{ kind: webhook, name: centre, url: 'http://127.0.0.1:${port}/hook', secret: { secret: destinations.centre } }`;
  const written = `${readFileSync(file, 'utf8')}\ndestinations: [${centre}]`;
  writeFileSync(file, `${written}\npublish:\n  heartbeat: 10s\n  mqtt: ${mqtt}\n`);
  const secrets = join(dirname(file), 'secrets.yaml');
  appendFileSync(secrets, `\npublish.mqtt: ${PASSWORD}\ndestinations.centre: whsec_${KEY.toString('base64')}\n`);
  chmodSync(secrets, 0o600);
  await confirmConfigured(file);
}

it('says what a centre wants to know, again and again, and stays at the broker', async () => {
  const { client } = await broker.publisher();
  const beats: { readonly retained: boolean; readonly beat: Record<string, unknown> }[] = [];
  client.on('message', (_topic, payload, { retain }) =>
    beats.push({ retained: retain, beat: JSON.parse(payload.toString()) }),
  );
  await client.subscribeAsync('lanewarden/1001/heartbeat', { qos: 1 });
  await expect.poll(() => beats.length).toBeGreaterThan(1);
  const [first, second] = beats.slice(-2).map(({ beat }) => beat) as [Record<string, unknown>, Record<string, unknown>];
  // A beat that took long to gather is followed the sooner.
  expect(Date.parse(String(second.at))).toBeGreaterThan(Date.parse(String(first.at)));
  expect(second).toMatchObject({ box: '1001', version: '0.0.0', waiting: 0, oldestSeconds: null });
  expect(second.config).toBe(createHash('sha256').update(readFileSync(box.configFile)).digest('hex'));
  expect(second.blindSecondsToday).toBeGreaterThanOrEqual(0);
  const evidence = second.evidence as Parameters<typeof headText>[0] & Record<'key' | 'signature' | 'wallMs', never>;
  expect(isSigned(headText(evidence, evidence.wallMs), evidence.key, evidence.signature)).toBe(true);
  client.end(true);
  const { client: late } = await broker.publisher();
  const kept = new Promise((resolve) => late.on('message', (_topic, _payload, { retain }) => resolve(retain)));
  await late.subscribeAsync('lanewarden/1001/heartbeat', { qos: 1 });
  expect(await kept, 'retained').toBe(true);
  late.end(true);
});

it('goes to a webhook as well, signed, and is counted as what that destination has', async () => {
  const beats = () => hooked.filter(({ event }) => event.type === 'lanewarden.heartbeat');
  await expect.poll(() => beats().length).toBeGreaterThan(0);
  const [beat] = beats();
  expect(beat).toMatchObject({ signed: true, event: { specversion: '1.0', source: 'lanewarden/1001' } });
  expect(beat?.event.data).toMatchObject({ box: '1001', version: '0.0.0' });
  const cookie = await box.as('installer');
  const { text } = await box.ask('GET', '/metrics', { cookie });
  expect(text).toMatch(/^lanewarden_uploads_total\{destination="centre",result="accepted"\} [1-9]/m);
  expect(text).toMatch(/^lanewarden_destination_waiting\{destination="mqtt"\} \d/m);
});
