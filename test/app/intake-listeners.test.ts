/** The two ports of the intake on real sockets: what they share, whom each refuses, the certificate of the TLS one, and a port that is taken. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Agent, fetch } from 'undici';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { IncomingOptions } from '../../src/app/incoming.ts';
import { type IntakePorts, openIntakePorts } from '../../src/app/intake-listeners.ts';
import type { IntakeFault } from '../../src/app/intake-port.ts';
import { type PacedClock, pacedClock } from '../../src/clock.ts';
import { Secret } from '../../src/config/secrets.ts';
import type { Config } from '../../src/config/types.ts';
import { Channels } from '../../src/intake/channels.ts';
import { Deduplication } from '../../src/intake/deduplication.ts';
import type { IntakeEvent } from '../../src/intake/events.ts';
import { openCertificate } from '../../src/page/access/certificate.ts';
import { TOKEN, timesOf } from '../intake/gate.ts';
import { LONGEST_WAIT_MS } from '../longest-wait.ts';

const LOCAL = { host: '127.0.0.1', port: 0 };
/** The certificate is looked at four times a second. */
const SPEED = 60;

let folder: string;
let clock: PacedClock;
let endings: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lanewarden-ports-'));
  clock = pacedClock(SPEED);
});
afterEach(async () => {
  for (const end of endings.reverse()) await end();
  endings = [];
  clock.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Opened {
  readonly ports: IntakePorts;
  readonly events: IntakeEvent[];
  readonly lines: string[];
  readonly faults: IntakeFault[];
  readonly channels: Channels;
  readonly tls: string;
  readonly plain: string;
}

async function opened({ http = true, https = LOCAL } = {}): Promise<Opened> {
  const events: IntakeEvent[] = [];
  const lines: string[] = [];
  const faults: IntakeFault[] = [];
  const write = ({ zh, en }: { zh: string; en: string }) => void lines.push(`${zh} ${en}`);
  const log = { debug: write, info: write, warn: write, error: write };
  const channels = new Channels(
    ['pms'],
    () => clock.nowMs(),
    () => undefined,
  );
  const incoming: IncomingOptions = {
    ...{ clock, log, channels, memory: new Deduplication(clock), parkUuid: 'park', booths: [] },
    lanes: [{ id: '1001', name: '通道A' }],
    ...timesOf(clock),
    accept: async (event) => {
      events.push(event);
      return 'accepted';
    },
  };
  const tokens = [{ name: 'pms', secret: new Secret(TOKEN) }];
  const config = {
    intake: { http: { enabled: http, listen: LOCAL, tokens }, https },
    store: { path: folder },
  } as unknown as Config;
  const failed = (fault: IntakeFault): void => void faults.push(fault);
  const ports = await openIntakePorts({ config, clock, log, version: '0', incoming, cameras: new Map(), failed });
  const stopped = new AbortController();
  const running = ports.run(stopped.signal);
  endings.push(() => {
    stopped.abort();
    return running;
  });
  const by = (scheme: string) => ports.urls.find((url) => url.startsWith(`${scheme}:`)) ?? '';
  return { ports, events, lines, faults, channels, tls: by('https'), plain: by('http') };
}

const file = (): string => join(folder, 'page/certificate.pem');
const grant = (id: string) => ({ id, lane: '1001', plate: '粤B12345' });

async function post(url: string, body: unknown, token = TOKEN) {
  // Node's own checks of the name and the chain, with the certificate as the only authority.
  const dispatcher = new Agent({ connect: url.startsWith('https:') ? { ca: readFileSync(file()) } : {} });
  try {
    const { status, headers, ...answer } = await fetch(`${url}/api/v1/grants`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'accept-language': 'en' },
      body: JSON.stringify(body),
      dispatcher,
      redirect: 'manual',
    }).then(async (response) => ({
      ...{ status: response.status, headers: response.headers },
      // biome-ignore lint/suspicious/noExplicitAny: what a test expects is checked by the test.
      json: (await response.json()) as any,
    }));
    return { status, headers, ...answer };
  } finally {
    await dispatcher.destroy();
  }
}

it('takes a grant over either port, and one over both counts once', async () => {
  const { ports, tls, plain, events } = await opened();
  expect(ports.urls).toEqual([tls, plain]);
  expect(await post(tls, grant('both'))).toMatchObject({ status: 202, json: { status: 'accepted' } });
  expect(await post(plain, grant('both'))).toMatchObject({ status: 202, json: { status: 'duplicate' } });
  expect(await post(plain, grant('plain'))).toMatchObject({ status: 202, json: { status: 'accepted' } });
  expect(events).toHaveLength(2);
});

it('refuses the same over TLS: a wrong token, and more than the rate of the token over both ports together', async () => {
  const { tls, plain } = await opened();
  expect(await post(tls, grant('a'), 'a-token-of-nobody-here')).toMatchObject({ status: 401 });
  const many = (of: string) => Array.from({ length: 500 }, (_, at) => grant(`${of}${at}`));
  const answers = await Promise.all([post(plain, many('a')), post(tls, many('b')), post(tls, many('c'))]);
  expect(answers.map(({ status }) => status)).toContain(429);
});

it('answers plain HTTP on the TLS port by saying so, never by a redirect, and takes nothing', async () => {
  const { tls, events, lines } = await opened();
  const answer = await post(tls.replace('https:', 'http:'), grant('clear'));
  expect(answer).toMatchObject({ status: 400, json: { code: 'plainHttp', title: 'This port speaks TLS only' } });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(events).toEqual([]);
  expect(lines.join('\n')).toMatch(/refused a message from 127\.0\.0\.1: This port speaks TLS only/);
});

it('refuses TLS on the plain port as every web server does, names the sender, and goes on', async () => {
  const { plain, lines } = await opened();
  await openCertificate(join(folder, 'page'), clock);
  const failed = await post(plain.replace('http:', 'https:'), grant('a')).catch((error: Error) => error.cause);
  expect(failed).toMatchObject({ message: expect.stringMatching(/wrong version number|packet length too long/) });
  expect(lines.join('\n')).toMatch(/refused a message from 127\.0\.0\.1: it speaks TLS to the plain port/);
  expect(await post(plain, grant('b'))).toMatchObject({ status: 202 });
});

it('has the certificate of the page, and says its fingerprint and pin', async () => {
  const own = await openCertificate(join(folder, 'page'), clock);
  const { ports, tls } = await opened();
  expect(ports.certificate).toEqual({ fingerprint: own.fingerprint, pin: own.pin });
  expect(await served(tls)).toBe(own.fingerprint);
});

it('one certificate is made when page and intake both begin without', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => openCertificate(join(folder, 'page'), clock)));
  expect(one).toEqual(other);
});

it('takes up a changed certificate while it runs; one that is none is said once, and the former stays', async () => {
  const { ports, tls, lines } = await opened();
  const first = ports.certificate?.fingerprint;
  writeFileSync(file(), 'half a certif');
  const said = () => lines.filter((line) => line.includes('cannot be used')).length;
  await vi.waitUntil(() => said() > 0, LONGEST_WAIT_MS);
  expect(await served(tls)).toBe(first);
  const users = await openCertificate(join(folder, 'elsewhere'), clock);
  const foreign = readFileSync(join(folder, 'elsewhere/certificate.pem'), 'utf8');
  const stray = (await openCertificate(join(folder, 'third'), clock)).key;
  writeFileSync(file(), `${stray}\n${users.certificate}\n`);
  await vi.waitUntil(() => said() > 1, LONGEST_WAIT_MS);
  expect(await served(tls)).toBe(first);
  writeFileSync(file(), foreign);
  await vi.waitUntil(() => ports.certificate?.fingerprint === users.fingerprint, LONGEST_WAIT_MS);
  expect(await served(tls)).toBe(users.fingerprint);
  expect(await post(tls, grant('after'))).toMatchObject({ status: 202 });
  expect(said()).toBe(2);
});

it('serves the authorities that stand in the file behind the certificate', async () => {
  const own = await openCertificate(join(folder, 'page'), clock);
  const authority = (await openCertificate(join(folder, 'authority'), clock)).certificate;
  writeFileSync(file(), `${own.certificate}\n${own.key}\n${authority}\n`);
  expect(await openCertificate(join(folder, 'page'), clock)).toEqual({
    ...own,
    certificate: `${own.certificate}\n${authority}`,
  });
});

it('a port that is taken is a fault of its own: the other one works, the channel waits, and it is tried again', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const https = { host: '127.0.0.1', port: (holder.address() as AddressInfo).port };
  const { ports, faults, channels, plain } = await opened({ https });
  expect(ports.faults).toMatchObject([{ key: 'intake.https.listen', why: expect.stringContaining('EADDRINUSE') }]);
  expect(faults).toHaveLength(1);
  expect(ports).toMatchObject({ urls: [plain], certificate: undefined });
  // What a sender has pushed to the TLS port did not arrive.
  expect(channels.all()).toMatchObject([{ up: false }]);
  expect(await post(plain, { id: '', lane: 'none' })).toMatchObject({ status: 422 });
  await new Promise((resolve) => holder.close(resolve));
  await vi.waitUntil(() => ports.faults.length === 0, LONGEST_WAIT_MS);
  await vi.waitUntil(() => channels.all()[0]?.up, LONGEST_WAIT_MS);
  const [tls = ''] = ports.urls;
  expect(await post(tls, grant('late'))).toMatchObject({ status: 202 });
});

it('without the plain port it is TLS alone, with the same tokens', async () => {
  const { ports, tls, channels } = await opened({ http: false });
  expect(ports.urls).toEqual([tls]);
  expect(channels.all()).toMatchObject([{ up: true }]);
  expect(await post(tls, grant('only'))).toMatchObject({ status: 202 });
});

/** The fingerprint of what a new connection is shown. */
function served(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate().fingerprint256);
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
