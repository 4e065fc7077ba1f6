/** Many clients at once, as the loop of the lanes sees them: each turn begins one request or one handshake. The clients are a process of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { type HttpServer, listenHttp } from '../../src/http/listener.ts';
import { openCertificate } from '../../src/page/access/certificate.ts';
import { PAGE_LIMITS } from '../../src/page/server.ts';

const CLIENTS = 60;
const clock = systemClock();

/** All connected, it waits for a word, and then sends what each begins with in one go. */
const SCRIPT = `
  const [port, secure] = process.argv.slice(1);
  const sockets = Array.from({ length: ${CLIENTS} }, () => require('node:net').connect(Number(port)).on('error', () => {}));
  let left = ${CLIENTS};
  for (const socket of sockets) socket.once('connect', () => --left || console.log('connected'));
  process.stdin.once('data', () => {
    for (const socket of sockets)
      if (secure === 'true') require('node:tls').connect({ socket, rejectUnauthorized: false }).on('error', () => {});
      else socket.write('GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n');
  }).once('end', () => process.exit());
`;

async function clientsOf(server: HttpServer, secure: boolean): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', SCRIPT, `${server.port}`, `${secure}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}

async function listening(answered: () => void, secure: boolean): Promise<HttpServer> {
  const { key, certificate } = await openCertificate(mkdtempSync(join(tmpdir(), 'lanewarden-turns-')), clock);
  return listenHttp({
    answer: (_request, response) => {
      answered();
      response.end('here');
    },
    clock,
    host: '127.0.0.1',
    port: 0,
    limits: PAGE_LIMITS,
    ...(secure && { secure: { key, cert: certificate, plain: (_request, response) => response.end() } }),
    broken: (error) => expect.unreachable(error.message),
    onShed: () => undefined,
  });
}

/** The thread is away while the clients send, as under any load: all of it is there when it comes back. */
function awayWhile(child: ChildProcess): void {
  child.stdin?.write('now\n');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('of sixty requests that are there at once, each turn begins one', async () => {
  let [all, since, most] = [0, 0, 0];
  const server = await listening(() => {
    all += 1;
    since += 1;
  }, false);
  const child = await clientsOf(server, false);
  awayWhile(child);
  while (all < CLIENTS) {
    since = 0;
    await turn();
    most = Math.max(most, since);
  }
  child.stdin?.end();
  await server.close();
  expect(most).toBe(1);
});

it('of sixty handshakes that are there at once, no turn does a fifth', async () => {
  const server = await listening(() => undefined, true);
  const child = await clientsOf(server, true);
  awayWhile(child);
  const spent = (): number => {
    const { user, system } = process.threadCpuUsage();
    return user + system;
  };
  const began = spent();
  let [last, largest] = [began, 0];
  for (let quiet = 0; quiet < 1_000; ) {
    await turn();
    const now = spent();
    quiet = now - last > 100 ? 0 : quiet + 1;
    largest = Math.max(largest, now - last);
    last = now;
  }
  child.stdin?.end();
  await server.close();
  // A signature each: it cannot have been less.
  expect(last - began).toBeGreaterThan(CLIENTS * 100);
  expect(largest).toBeLessThan((last - began) / 5);
});
