/** Five hundred clients that do nothing hold a place at either server: who has something to say is answered all the same. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { get as secureGet } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, test } from 'vitest';
import { pacedClock, systemClock } from '../../src/clock.ts';
import { openCertificate } from '../../src/page/access/certificate.ts';
import { listenPage } from '../../src/page/server.ts';
import { type Gate, openGate, TOKEN } from '../intake/gate.ts';
import { type PageBox, pageBox } from '../page/page-box.ts';
import { bytesOf, type Slowness, slowSockets } from './slow-sockets.ts';

const COUNT = 500;
const VISITOR_MS = 2_000;
const GRANT_MS = 1_000;
const clock = systemClock();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** How long the kernel let this thread wait for a processor though it had something to do: what other programs take is not the server's. */
function waitedForProcessorMs(): number {
  return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6;
}

async function tookMs(work: () => Promise<unknown>): Promise<number> {
  const [startMs, waitedMs] = [clock.nowMs(), waitedForProcessorMs()];
  await work();
  return clock.nowMs() - startMs - (waitedForProcessorMs() - waitedMs);
}

async function attack(port: number, connected: number, kinds: readonly Slowness[], path: string): Promise<void> {
  const payloads = kinds.map((kind) => bytesOf(kind, path));
  endings.push(await slowSockets(port, COUNT, connected, payloads));
}

describe('the page', () => {
  test.each<{ secure: boolean; kinds: Slowness[] }>([
    { secure: true, kinds: ['half head', 'half handshake', 'nothing'] },
    { secure: false, kinds: ['half body', 'half head'] },
  ])('(TLS: $secure) answers a visitor, and one who is logged in, beside 500 of $kinds', async ({ secure, kinds }) => {
    const box: PageBox = await pageBox({ secure });
    endings.push(() => box.close());
    const cookie = await box.as('installer');
    let events = 0;
    let isCut = false;
    const live = (secure ? secureGet : get)(
      `${box.url}/api/v1/live?signals=1`,
      { agent: false, rejectUnauthorized: false, headers: { cookie } },
      (response) => {
        response.on('data', () => {
          events += 1;
        });
        response.on('error', () => undefined);
        response.on('close', () => {
          isCut = true;
        });
      },
    );
    live.on('error', () => undefined);
    endings.push(() => live.destroy());
    await expect.poll(() => events).toBeGreaterThan(0);
    await attack(Number(new URL(box.url).port), 200, kinds, '/api/v1/login');
    let worstMs = 0;
    // Also from an address from which fifty of them come.
    for (const from of ['127.0.0.1', '127.0.0.77', '127.0.0.3', '127.0.0.77', '127.0.0.1']) {
      const visitor = async () => expect((await box.ask('GET', '/', { from })).status).toBe(200);
      const visitorMs = await tookMs(visitor);
      expect(visitorMs, from).toBeLessThan(VISITOR_MS);
      const user = async () => expect((await box.ask('GET', '/api/v1/overview', { cookie, from })).status).toBe(200);
      const userMs = await tookMs(user);
      expect(userMs, from).toBeLessThan(VISITOR_MS);
      worstMs = Math.max(worstMs, visitorMs, userMs);
      await clock.sleep(500);
    }
    process.stdout.write(`TLS ${secure}, 500 slow sockets: the slowest answer took ${Math.round(worstMs)} ms\n`);
    const seen = events;
    await expect.poll(() => events).toBeGreaterThan(seen);
    expect(isCut).toBe(false);
    expect(box.lines.join('')).toContain('too many connections');
  });
});

it('the intake takes a grant within a second beside 500 without a token', async () => {
  const gate: Gate = await openGate();
  endings.push(() => gate.close());
  await attack(Number(new URL(gate.url).port), 100, ['half head', 'nothing', 'half body'], '/api/v1/grants');
  let worstMs = 0;
  for (let count = 0; count < 10; count += 1) {
    const grant = async () =>
      expect(
        (await gate.post('/api/v1/grants', { id: `g${count}`, lane: '1001' }, { connection: 'close' })).status,
      ).toBe(202);
    const ms = await tookMs(grant);
    expect(ms).toBeLessThan(GRANT_MS);
    worstMs = Math.max(worstMs, ms);
    await clock.sleep(300);
  }
  process.stdout.write(`500 slow sockets: the slowest grant took ${Math.round(worstMs)} ms\n`);
  expect(gate.events).toHaveLength(10);
});

/** The clock of the server runs ten times as fast. */
test.each<[Slowness]>([['nothing'], ['half head'], ['half handshake']])(
  '%s is held for ten seconds, no longer',
  async (slowness) => {
    const fast = pacedClock(10);
    endings.push(() => fast.close());
    const folder = mkdtempSync(join(tmpdir(), 'lanewarden-slow-'));
    endings.push(() => rmSync(folder, { recursive: true, force: true }));
    const server = await listenPage({
      answer: (_, response) => void response.end('hello'),
      clock: fast,
      listen: { host: '127.0.0.1', port: 0 },
      certificate: await openCertificate(folder, clock),
      broken: () => undefined,
      onShed: () => undefined,
    });
    endings.push(() => server.close());
    const startMs = fast.nowMs();
    const socket = connect(server.port, '127.0.0.1');
    endings.push(() => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.write(bytesOf(slowness, '/'));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(fast.nowMs() - startMs).toBeGreaterThanOrEqual(10_000);
    await expect.poll(() => server.connections).toBe(0);
  },
);

it('requests that do not wait for their answers are not all taken: a connection is one request at a time', async () => {
  const gate = await openGate();
  endings.push(() => gate.close());
  const socket = connect(Number(new URL(gate.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.on('data', () => undefined);
  const grant = (n: number): string => {
    const body = JSON.stringify({ id: `p${n}`, lane: '1001' });
    return `POST /api/v1/grants HTTP/1.1\r\nHost: box\r\nAuthorization: Bearer ${TOKEN}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  socket.write([1, 2, 3, 4].map(grant).join(''));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(gate.events.length).toBeLessThanOrEqual(1);
});
