/**
 * Reachability of the platform, step by step: name, connection, certificate, answer. It sends no record; one HEAD request, and only over
 * a trusted certificate. No network fault throws.
 */
import type { Socket } from 'node:net';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import type { Clock } from '../../clock.ts';
import { addressesOf, openTcp, openTls } from '../../outward/outward.ts';
import type { ProxyAddress } from '../../outward/proxy.ts';
import { tlsTrust } from '../../outward/tls-trust.ts';

export interface ReachSettings {
  readonly url: string;
  /** PEM certificates, trusted in addition to the well-known ones, for the platform and a proxy. */
  readonly ca?: string;
  /** Its name is resolved instead, and it opens the tunnel. */
  readonly proxy?: ProxyAddress;
  /** A port of the box itself, whose certificate is its own: any is taken. */
  readonly own?: true;
}

export interface Reach {
  /** Of the platform, or of the proxy; and its addresses. */
  readonly host: string;
  readonly addresses: readonly string[];
  readonly certificate?: PlatformCertificate;
  readonly answer?: {
    readonly status: number;
    readonly dateWallMs?: number;
    readonly atWallMs: number;
    readonly tookMs: number;
  };
  /** The first failed step, with the system's code. */
  readonly failed?: { readonly step: Step; readonly code: string };
}

/** Steps that may fail. Of a proxy: unusable address, unreachable, its certificate, login required, or another refusal. */
export type Step =
  | 'badProxy'
  | 'proxyDown'
  | 'proxyTls'
  | 'proxyLogin'
  | 'proxy'
  | 'dns'
  | 'connect'
  | 'tls'
  | 'answer';

export interface PlatformCertificate {
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

/** A failed step, with the system's own code. */
class StepFailed {
  readonly step: Step;
  readonly code: string;
  constructor(step: Step, error: unknown) {
    this.step = step;
    const { code, message } = error as { code?: unknown; message?: unknown };
    this.code = typeof code === 'string' ? code : String(message ?? error);
  }
}

export async function reach({ url: address, ca, proxy, own }: ReachSettings, clock: Clock): Promise<Reach> {
  const url = new URL(address);
  const first = proxy === undefined ? url : proxy.url;
  let found: Reach = { host: bare((first ?? url).hostname), addresses: [] };
  let socket: Socket | undefined;
  try {
    if (first === undefined) throw new StepFailed('badProxy', { code: 'ERR_INVALID_URL' });
    const addresses = await within(proxy ? 'proxyDown' : 'dns', clock, addressesOf(found.host));
    found = { ...found, addresses };
    socket = await opened(
      first,
      { step: proxy ? 'proxyDown' : 'connect', purpose: own ? 'itself' : 'platform' },
      clock,
    );
    if (proxy !== undefined) {
      // No password before its certificate is verified.
      if (first.protocol === 'https:')
        socket = believedOnly(await secured(socket, first, 'proxyTls', ca, clock), 'proxyTls');
      await throughProxy(socket, url, proxy, clock);
    }
    if (url.protocol === 'https:') {
      const secure = await secured(socket, url, 'tls', ca, clock);
      socket = secure;
      found = { ...found, certificate: certificateOf(secure) };
      if (own === undefined) believedOnly(secure, 'tls');
    }
    return { ...found, answer: await headAnswer(socket, url, clock) };
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

async function opened(
  url: URL,
  { step, purpose }: { readonly step: Step; readonly purpose: 'platform' | 'itself' },
  clock: Clock,
): Promise<Socket> {
  const socket = openTcp({ purpose }, { host: bare(url.hostname), port: portOf(url) });
  const ready = new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.on('error', reject);
  });
  try {
    await within(step, clock, ready);
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return socket;
}

async function throughProxy(socket: Socket, url: URL, { authorization }: ProxyAddress, clock: Clock): Promise<void> {
  const target = `${url.hostname}:${portOf(url)}`;
  const login = authorization === undefined ? '' : `Proxy-Authorization: ${authorization}\r\n`;
  const head = await headOf(socket, `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${login}\r\n`, 'proxy', clock);
  const status = /^HTTP\/1\.\d (\d{3})/.exec(head)?.[1];
  if (status === undefined) throw new StepFailed('proxy', { code: 'not HTTP' });
  if (!status.startsWith('2'))
    throw new StepFailed(status === '407' ? 'proxyLogin' : 'proxy', { code: `HTTP ${status}` });
}

function believedOnly(secure: TLSSocket, step: Step): TLSSocket {
  if (!secure.authorized) throw new StepFailed(step, { code: String(secure.authorizationError) });
  return secure;
}

async function secured(socket: Socket, url: URL, step: Step, ca: string | undefined, clock: Clock): Promise<TLSSocket> {
  const host = bare(url.hostname);
  const secure = openTls(
    { purpose: 'platform' },
    {
      socket,
      port: portOf(url),
      // The expected name in the certificate; without it Node would check a numeric address as localhost.
      host,
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      ...tlsTrust(ca),
      // Verified by us afterwards: an untrusted certificate is what a person wants to see. Nothing is sent over it.
      rejectUnauthorized: false,
    },
  );
  const ready = new Promise<void>((resolve, reject) => {
    secure.once('secureConnect', resolve);
    secure.on('error', reject);
  });
  await within(step, clock, ready);
  return secure;
}

function certificateOf(secure: TLSSocket): PlatformCertificate {
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

async function headAnswer(socket: Socket, url: URL, clock: Clock): Promise<NonNullable<Reach['answer']>> {
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

/** The head of the answer to `request`. */
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
