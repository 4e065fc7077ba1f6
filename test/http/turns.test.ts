/** Many clients at once, as the loop of the lanes sees them: each turn begins one request or one handshake. The clients are a process of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { type AddressInfo, connect as connectPlain, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { readJson } from '../../src/http/body.ts';
import { type HttpServer, listenHttp } from '../../src/http/listener.ts';
import { openCertificate } from '../../src/page/access/certificate.ts';
import { PAGE_LIMITS } from '../../src/page/server.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

const CLIENTS = 60;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const clock = systemClock();

/** All connected and `first` sent, it waits for a word, and then sends the rest of all in one go. */
const SCRIPT = `
  const [port, first, rest] = process.argv.slice(1);
  const sockets = Array.from({ length: ${CLIENTS} }, () => require('node:net').connect(Number(port)).on('error', () => {}));
  let left = ${CLIENTS};
  for (const socket of sockets)
    socket.once('connect', () => socket.write(Buffer.from(first, 'base64'), () => --left || console.log('connected')));
  process.stdin.once('data', () => {
    for (const socket of sockets) socket.write(Buffer.from(rest, 'base64'));
  }).once('end', () => process.exit());
`;

async function clientsOf(server: HttpServer, first: Buffer, rest: Buffer): Promise<ChildProcess> {
  const words = [`${server.port}`, first.toString('base64'), rest.toString('base64')];
  const child = spawn(process.execPath, ['-e', SCRIPT, ...words], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  // What was sent first is seen: each connection takes two turns of its own.
  for (let turns = 0; server.connections < CLIENTS || turns < 10 * CLIENTS; turns += 1) await turn();
  return child;
}

/** What a client begins with. */
async function clientHello(): Promise<Buffer> {
  const server = createServer().listen(0, '127.0.0.1');
  const came = new Promise<Buffer>((resolve) =>
    server.once('connection', (socket) =>
      socket.once('data', (hello) => {
        socket.destroy();
        resolve(hello);
      }),
    ),
  );
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  connect({ port, host: '127.0.0.1', ecdhCurve: 'X25519', rejectUnauthorized: false }).on('error', () => undefined);
  const hello = await came;
  server.close();
  return hello;
}

const GET = Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
const NOTHING = Buffer.alloc(0);

async function listening(answered: (request: IncomingMessage) => void, secure: boolean): Promise<HttpServer> {
  const { key, certificate } = await openCertificate(mkdtempSync(join(tmpdir(), 'lanewarden-turns-')), clock);
  return listenHttp({
    answer: (request, response) => {
      answered(request);
      if (request.method === 'GET') response.end('here');
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

/** The most that came in one turn, until there was one for each client. `begun` calls what it is given for each. */
async function mostInATurn(
  begun: (request: IncomingMessage, one: () => void) => void,
  first: Buffer,
  rest: Buffer,
): Promise<number> {
  let [all, since, most] = [0, 0, 0];
  const one = (): void => {
    all += 1;
    since += 1;
  };
  const server = await listening((request) => begun(request, one), false);
  const child = await clientsOf(server, first, rest);
  awayWhile(child);
  while (all < CLIENTS) {
    since = 0;
    await turn();
    most = Math.max(most, since);
  }
  child.stdin?.end();
  await server.close();
  return most;
}

it('of sixty requests that are there at once, each turn begins one', async () => {
  expect(await mostInATurn((_, one) => one(), NOTHING, GET)).toBe(1);
});

it('of sixty bodies that end at once, each turn has one', async () => {
  const head = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{';
  const read = (request: IncomingMessage, one: () => void): void =>
    void readJson(request, clock, { bytesMax: 1_000 }).then(one);
  expect(await mostInATurn(read, Buffer.from(head), Buffer.from('}'))).toBe(1);
});

it('a client that has ended its side gets its answer all the same', async () => {
  const server = await listening(() => undefined, false);
  const socket = connectPlain({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.end(GET);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1.1 200 OK.*here$/s);
  await server.close();
});

it.each(['whole', 'in two pieces'])(
  'of sixty handshakes that are there at once, %s, no turn does half',
  async (how) => {
    const server = await listening(() => undefined, true);
    const hello = await clientHello();
    const at = how === 'whole' ? 0 : 1;
    const child = await clientsOf(server, hello.subarray(0, at), hello.subarray(at));
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
    expect(last - began).toBeGreaterThan(CLIENTS * 30);
    expect(largest).toBeLessThan((last - began) / 2);
  },
);

it('of the strangers of one address no more than so many have a place, and the newest has one', async () => {
  const server = await listening(() => undefined, false);
  const most = PAGE_LIMITS.strangersPerAddress;
  const gone: number[] = [];
  const sockets = Array.from({ length: most + 6 }, (_, index) =>
    connectPlain({ port: server.port, host: '127.0.0.1' })
      .on('error', () => undefined)
      .once('close', () => gone.push(index)),
  );
  await vi.waitUntil(() => gone.length >= 6, LONGEST_WAIT_MS);
  expect(gone).not.toContain(sockets.length - 1);
  expect(server.connections).toBe(most);
  for (const socket of sockets) socket.destroy();
  await server.close();
});

it('a client that left in its handshake keeps no socket of ours when its port comes again', async () => {
  const sockets = (): number => process.getActiveResourcesInfo().filter((what) => what === 'TCPSocketWrap').length;
  await vi.waitUntil(() => sockets() === 0, LONGEST_WAIT_MS);
  const server = await listening(() => undefined, true);
  const hello = await clientHello();
  const first = connectPlain({ port: server.port, host: '127.0.0.1' });
  first.write(hello);
  await once(first, 'data');
  const { localPort } = first;
  first.end();
  for (let turns = 0; turns < 10; turns += 1) await turn();
  first.resetAndDestroy();
  const again = connectPlain({ port: server.port, host: '127.0.0.1', localPort });
  await once(again, 'connect');
  again.destroy();
  await vi.waitUntil(() => server.connections === 0 && sockets() === 0, LONGEST_WAIT_MS);
  await server.close();
});
