/** The heartbeat of a whole box, at a real Mosquitto. */
import { createHash } from 'node:crypto';
import { appendFileSync, chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { headText, isSigned } from '../../src/store/chain/chain.ts';
import { type Broker, PASSWORD, startBroker, USER } from '../intake/broker.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';

let broker: Broker;
let box: PageBox;
beforeAll(async () => {
  broker = await startBroker();
  box = await pageBox({ prepare: publishing });
});
afterAll(async () => {
  await box?.close();
  await broker?.close();
});

function publishing(file: string): void {
  const mqtt = `{ enabled: true, url: 'mqtt://127.0.0.1:${broker.port}', user: ${USER}, password: { secret: publish.mqtt } }`;
  writeFileSync(file, `${readFileSync(file, 'utf8')}\npublish:\n  heartbeat: 10s\n  mqtt: ${mqtt}\n`);
  const secrets = join(dirname(file), 'secrets.yaml');
  appendFileSync(secrets, `\npublish.mqtt: ${PASSWORD}\n`);
  chmodSync(secrets, 0o600);
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
  expect(Date.parse(String(second.at)) - Date.parse(String(first.at))).toBeGreaterThanOrEqual(9_000);
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
