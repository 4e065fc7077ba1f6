/** The bundle that is shipped, not the compiled files beside it: what it loads only when it is asked for, with a real broker. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, PASSWORD, startBroker, USER } from '../intake/broker.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { bundled } from './as-shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bundle-mqtt-'));
let main: string;
let broker: Broker;
let program: ChildProcess | undefined;
beforeAll(async () => {
  main = await bundled(folder);
  broker = await startBroker();
}, LONGEST_WAIT_MS);
afterAll(async () => {
  program?.kill('SIGKILL');
  await broker?.close();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'publishes to a broker and hears its messages',
  async () => {
    const login = `url: "mqtt://127.0.0.1:${broker.port}", user: ${USER}, password: { secret: mqtt.password }`;
    const config = join(folder, 'lanewarden.yaml');
    writeFileSync(
      config,
      `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "http://127.0.0.1:9", appSecret: { secret: cloud.appSecret } }
page: { enabled: false }
intake: { mqtt: { enabled: true, ${login}, plates: park/plates } }
publish: { mqtt: { enabled: true, clientId: bundle-publish, ${login} } }
lines: [{ id: bus, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }]
lanes: [{ id: "1001", name: 出口, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io.di1, up: io.di2 } }]
store: { path: "${join(folder, 'state')}" }
`,
    );
    writeFileSync(join(folder, 'secrets.yaml'), `cloud.appSecret: x\nmqtt.password: "${PASSWORD}"\n`, { mode: 0o600 });
    const { client } = await broker.publisher();
    const topics = new Set<string>();
    const isHeard = new Promise<string>((done) =>
      client.on('message', (topic) => topics.add(topic).size > 1 && done('heard')),
    );
    await client.subscribeAsync('#');
    let said = '';
    program = spawn(process.execPath, [main, 'run', '--config', config], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [program.stdout, program.stderr]) stream?.on('data', (bytes) => (said += String(bytes)));
    const hasEnded = new Promise<string>((done) =>
      program?.once('exit', (code) => done(`ended with ${code}: ${said}`)),
    );
    expect(await Promise.race([isHeard, hasEnded])).toBe('heard');
    // Each of its two connections: what is published, and what is listened to.
    expect(broker.output()).toMatch(/as bundle-publish /);
    await expect.poll(broker.output, { timeout: LONGEST_WAIT_MS }).toMatch(/as lanewarden[0-9a-f]+ /);
  },
  LONGEST_WAIT_MS,
);
