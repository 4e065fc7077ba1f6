/**
 * How far the platform can be reached, step by step: name, connection, certificate, an answer. It sends no record; one HEAD request, and only
 * over a certificate that is believed. It never throws for what the network does.
 */
import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { type DetailedPeerCertificate, rootCertificates, type TLSSocket, connect as tlsConnect } from 'node:tls';
import type { Clock } from '../clock.ts';
import { proxyOf } from './proxy.ts';

export interface ReachSettings {
  readonly url: string;
  /** PEM certificates, believed besides the well-known ones. */
  readonly ca?: string;
  /** `http://host:port`; its name is looked up instead, and it is asked to connect. */
  readonly proxy?: string;
}

export interface Reach {
  readonly host: string;
  /** Of the platform, or of the proxy. */
  readonly addresses: readonly string[];
  readonly certificate?: Certificate;
  readonly answer?: {
    readonly status: number;
    readonly dateWallMs?: number;
    readonly atWallMs: number;
    readonly tookMs: number;
  };
  /** The first step that failed, and what the system said. */
  readonly failed?: { readonly step: 'dns' | 'connect' | 'proxy' | 'tls' | 'answer'; readonly code: string };
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly fromWallMs: number;
  readonly untilWallMs: number;
  /** Certificates in the chain, its own included. */
  readonly chain: number;
  readonly protocol: string;
}

const STEP_MS = 8_000;
const HEAD_BYTES_MAX = 16_384;

type Step = NonNullable<Reach['failed']>['step'];

/** What went wrong in a step, with the system's own word for it. */
class StepFailed {
  readonly step: Step;
  readonly code: string;
  constructor(step: Step, error: unknown) {
    this.step = step;
    const { code, message } = error as { code?: unknown; message?: unknown };
    this.code = typeof code === 'string' ? code : String(message ?? error);
  }
}

export async function reach(settings: ReachSettings, clock: Clock): Promise<Reach> {
  const url = new URL(settings.url);
  let found: Reach = { host: bare(url.hostname), addresses: [] };
  let socket: Socket | undefined;
  try {
    const first = settings.proxy === undefined ? url : proxyOf(settings)?.url;
    if (first === undefined) throw new StepFailed('proxy', { code: 'ERR_INVALID_URL' });
    const addresses = await within('dns', clock, lookup(bare(first.hostname), { all: true }));
    found = { ...found, addresses: addresses.map(({ address }) => address) };
    socket = await opened(first, clock);
    if (settings.proxy !== undefined) await throughProxy(socket, url, clock);
    if (url.protocol === 'https:') {
      const secure = await secured(socket, url, settings.ca, clock);
      socket = secure;
      found = { ...found, certificate: certificateOf(secure) };
      if (!secure.authorized) throw new StepFailed('tls', { code: String(secure.authorizationError) });
    }
    return { ...found, answer: await asked(socket, url, clock) };
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    return { ...found, failed: { step: error.step, code: error.code } };
  } finally {
    socket?.destroy();
  }
}

const bare = (hostname: string): string => hostname.replaceAll(/^\[|\]$/g, '');
const portOf = (url: URL): number => Number(url.port) || (url.protocol === 'https:' ? 443 : 80);

async function within<T>(step: Step, clock: Clock, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = clock.sleep(STEP_MS, over.signal).then(() => {
    throw new StepFailed(step, { code: 'timeout' });
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    throw error instanceof StepFailed ? error : new StepFailed(step, error);
  } finally {
    over.abort();
  }
}

async function opened(url: URL, clock: Clock): Promise<Socket> {
  const socket = connect(portOf(url), bare(url.hostname));
  const ready = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.on('error', reject);
  });
  try {
    await within('connect', clock, ready);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

async function throughProxy(socket: Socket, url: URL, clock: Clock): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  const head = await headOf(socket, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`, 'proxy', clock);
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
  if (status !== 200) throw new StepFailed('proxy', { code: `HTTP ${status}` });
}

async function secured(socket: Socket, url: URL, ca: string | undefined, clock: Clock): Promise<TLSSocket> {
  const host = bare(url.hostname);
  const secure = tlsConnect({
    socket,
    // The name that is looked for in the certificate; without it an address of numbers would be looked for as localhost.
    host,
    ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
    // It is looked at first and judged by us: a certificate that is not believed is what a person wants to see. Nothing is sent over it.
    rejectUnauthorized: false,
  });
  const ready = new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.on('error', reject);
  });
  await within('tls', clock, ready);
  return secure;
}

function certificateOf(secure: TLSSocket): Certificate {
  const own = secure.getPeerCertificate(true);
  let chain = 1;
  for (
    let at: DetailedPeerCertificate = own;
    at.issuerCertificate && at.issuerCertificate !== at && chain < 10;
    chain += 1
  )
    at = at.issuerCertificate;
  return {
    subject: String(own.subject?.CN ?? ''),
    issuer: String(own.issuer?.O ?? own.issuer?.CN ?? ''),
    fromWallMs: Date.parse(own.valid_from),
    untilWallMs: Date.parse(own.valid_to),
    chain,
    protocol: secure.getProtocol() ?? '',
  };
}

async function asked(socket: Socket, url: URL, clock: Clock): Promise<NonNullable<Reach['answer']>> {
  const beganMs = clock.nowMs();
  const request = `HEAD / HTTP/1.1\r\nHost: ${url.host}\r\nUser-Agent: lanewarden\r\nConnection: close\r\n\r\n`;
  const head = await headOf(socket, request, 'answer', clock);
  const status = Number(/^HTTP\/1\.\d (\d{3})/.exec(head)?.[1]);
  if (!Number.isFinite(status)) throw new StepFailed('answer', { code: 'not HTTP' });
  const date = Date.parse(/^date: (.*)$/im.exec(head)?.[1] ?? '');
  const tookMs = clock.nowMs() - beganMs;
  return {
    status,
    atWallMs: clock.wallMs() - tookMs / 2,
    tookMs,
    ...(Number.isFinite(date) && { dateWallMs: date + 500 }),
  };
}

/** The head of the answer to what is sent. */
function headOf(socket: Socket, request: string, step: Step, clock: Clock): Promise<string> {
  let head = '';
  const whole = new Promise<string>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      head += chunk.toString('latin1');
      if (head.includes('\r\n\r\n') || head.length > HEAD_BYTES_MAX) resolve(head);
    });
    socket.on('error', reject);
    socket.once('close', () => (head === '' ? reject(new StepFailed(step, { code: 'closed' })) : resolve(head)));
    socket.write(request);
  });
  return within(step, clock, whole).finally(() => socket.removeAllListeners('data'));
}
