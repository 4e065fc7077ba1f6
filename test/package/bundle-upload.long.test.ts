/** The bundle that is shipped has only a part of undici (deploy/undici.cjs): it delivers a record over TLS, and the part has all that is imported. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';
import { open } from '../store/open.ts';
import { sources } from '../tidy/sources.ts';
import { makeCertificate } from '../upload/platform.ts';
import { putRecords } from '../upload/records.ts';
import { bundled } from './as-shipped.ts';

const folder = mkdtempSync(join(tmpdir(), 'lanewarden-bundle-upload-'));
let program: ChildProcess | undefined;
let server: Server | undefined;
afterAll(() => {
  program?.kill('SIGKILL');
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a waiting record with its picture arrives at the platform', { timeout: LONGEST_WAIT_MS }, async () => {
  const main = await bundled(folder);
  const state = join(folder, 'state');
  const store = await open({ path: state });
  await putRecords(store.outbox, 0, 1);
  await store.close();
  const { key, cert } = makeCertificate(folder);
  const platform = createServer({ key: readFileSync(key), cert: readFileSync(cert) });
  server = platform;
  const delivered = new Promise<string>((resolve) => {
    platform.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json').end('{"code":"1001","message":"ok","seqno":"1"}');
        if (request.method === 'POST') resolve(Buffer.concat(parts).toString('latin1'));
      });
    });
  });
  await new Promise<void>((resolve) => platform.listen(0, '127.0.0.1', resolve));
  const { port } = platform.address() as AddressInfo;
  const config = join(folder, 'lanewarden.yaml');
  writeFileSync(
    config,
    `version: 1
park: { uuid: "49f0cc52-e8c7-41e3-b54d-af666b8cc11a" }
cloud: { url: "https://localhost:${port}", ca: "${cert}", appSecret: { secret: cloud.appSecret } }
page: { enabled: false }
lines: [{ id: bus, port: "tcp://127.0.0.1:9", devices: [{ id: io, kind: modbus, profile: waveshare-modbus-rtu-io-8ch }] }]
lanes: [{ id: "1001", name: 出口, direction: exit, reporting: { by: tester, reason: nothing tells of payments }, points: { down: io.di1, up: io.di2 } }]
store: { path: "${state}" }
`,
  );
  writeFileSync(join(folder, 'secrets.yaml'), 'cloud.appSecret: x\n', { mode: 0o600 });
  let said = '';
  program = spawn(process.execPath, [main, 'run', '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
  for (const stream of [program.stdout, program.stderr]) stream?.on('data', (bytes) => (said += String(bytes)));
  const hasEnded = new Promise<string>((done) => program?.once('exit', (code) => done(`ended with ${code}: ${said}`)));
  const body = await Promise.race([delivered, hasEnded]);
  expect(body).toContain('name="capture_image"');
  expect(body).toContain('\xff\xd8\xff');
});

test('what the sources import from undici is there', () => {
  const there = Object.keys(createRequire(import.meta.url)('../../deploy/undici.cjs'));
  const imported = sources.flatMap(({ text }) =>
    [...text.matchAll(/^import \{([^}]*)\} from 'undici';/gm)].flatMap(([, names = '']) =>
      names.split(',').map((name) => name.trim()),
    ),
  );
  const values = imported.filter((name) => !name.startsWith('type '));
  expect(values).toContain('Agent');
  expect(there).toEqual(expect.arrayContaining(values));
});
