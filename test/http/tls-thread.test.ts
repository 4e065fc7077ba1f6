/** HTTPS as its clients and the lanes see it: handshakes cost the lanes' thread nothing, and nothing is lost on the way through the TLS thread. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import type { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { HttpServer } from '../../src/http/listener.ts';
import { openCertificate } from '../../src/page/access/certificate.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

/** Threads that the server starts, to end one as a fault would. */
const threads: Worker[] = [];
const module = createRequire(import.meta.url)('node:worker_threads') as { Worker: typeof Worker };
const clock = systemClock();
const ANSWER_BYTES = 3_000_000;
const broken: string[] = [];
let server: HttpServer;
let seen: IncomingMessage | undefined;

beforeAll(async () => {
  const Original = module.Worker;
  module.Worker = class extends Original {
    constructor(...parameters: ConstructorParameters<typeof Worker>) {
      super(...parameters);
      threads.push(this);
    }
  };
  syncBuiltinESMExports();
  const { listenHttp } = await import('../../src/http/listener.ts');
  const { PAGE_LIMITS } = await import('../../src/page/server.ts');
  const { key, certificate } = await openCertificate(mkdtempSync(join(tmpdir(), 'lanewarden-tls-')), clock);
  server = await listenHttp({
    answer: (incoming, outgoing) => {
      seen = incoming;
      if (incoming.url === '/large') outgoing.end(Buffer.alloc(ANSWER_BYTES));
      else if (incoming.method === 'GET') outgoing.end('here');
      else outgoing.writeHead(413, { connection: 'close' }).end('too much');
    },
    clock,
    host: '127.0.0.1',
    port: 0,
    limits: { ...PAGE_LIMITS, strangersPerAddress: 200 },
    secure: { key, cert: certificate, plain: (_request, response) => response.writeHead(308).end() },
    broken: ({ message }) => broken.push(message),
    onShed: () => undefined,
  });
});

afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly bytes: number;
}

function ask(path: string, body?: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { port: server.port, path, agent: false, rejectUnauthorized: false } as const;
    const asked = request({ ...options, method: body ? 'POST' : 'GET' }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.once('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
      response.once('error', reject);
    });
    asked.once('error', reject);
    asked.end(body);
  });
}

it('a request has the address and port of its client', async () => {
  const ports: (number | undefined)[] = [];
  const socket = connectTls({ port: server.port, rejectUnauthorized: false }, () => {
    ports.push(socket.localPort);
    socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  });
  await new Promise((resolve) => socket.once('data', resolve));
  expect([seen?.socket.remoteAddress, seen?.socket.remotePort]).toEqual(['127.0.0.1', ports[0]]);
  socket.destroy();
});

it('a large answer arrives whole, and so does the refusal of a body that is still being sent', async () => {
  expect(await ask('/large')).toEqual({ status: 200, bytes: ANSWER_BYTES });
  for (let round = 0; round < 20; round += 1)
    expect((await ask('/', Buffer.alloc(ANSWER_BYTES))).status, `round ${round}`).toBe(413);
});

it('plain HTTP on its port is answered as such', async () => {
  const socket = connect({ port: server.port });
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const [head] = (await new Promise<Buffer>((resolve) => socket.once('data', resolve))).toString().split('\r\n');
  expect(head).toBe('HTTP/1.1 308 Permanent Redirect');
  socket.destroy();
});

it('another program of this machine, which does not know the secret, is cut off', async () => {
  const names = [...readFileSync('/proc/net/unix', 'utf8').matchAll(/@(lanewarden-\w+)/g)].map(([, name]) => name);
  expect(names).not.toEqual([]);
  seen = undefined;
  for (const name of new Set(names)) {
    const socket = connect({ path: `\0${name}` });
    socket.on('error', () => undefined);
    socket.write('{"secret":"?","address":"127.0.0.1","port":1}\n\x16GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
  }
  expect(seen).toBeUndefined();
});

describe('a flood of handshakes', () => {
  const client = (): string => `const { connect } = require('node:tls');
    let left = 300;
    const next = () => {
      if (left-- <= 0) return;
      const socket = connect({ port: ${server.port}, rejectUnauthorized: false }, () => socket.destroy());
      socket.on('error', () => undefined).once('close', next);
    };
    for (let at = 0; at < 32; at += 1) next();`;

  it('costs the lanes’ thread less than a third of what it costs in all', async () => {
    const [all, own] = [process.cpuUsage(), process.threadCpuUsage()];
    await promisify(execFile)(process.execPath, ['-e', client()]);
    const [allAfter, ownAfter] = [process.cpuUsage(all), process.threadCpuUsage(own)];
    expect((ownAfter.user + ownAfter.system) / (allAfter.user + allAfter.system)).toBeLessThan(1 / 3);
  });
});

it('a thread that dies is said, and its port is served again', async () => {
  expect(broken).toEqual([]);
  await threads.at(-1)?.terminate();
  await expect(ask('/')).rejects.toThrow();
  const status = (): Promise<number> =>
    ask('/').then(
      (answer) => answer.status,
      () => 0,
    );
  await expect.poll(status, { timeout: LONGEST_WAIT_MS }).toBe(200);
  expect(threads).toHaveLength(2);
  expect(broken).toHaveLength(1);
});
