/**
 * The local page's server: sockets, their limits, HTTPS. On the port of HTTPS it also answers plain HTTP, with nothing but the way to HTTPS,
 * because people type an address without it. It knows no route.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import type { ListenConfig } from '../config/types.ts';
import type { Certificate } from './access/certificate.ts';
import { hostName } from './access/hosts.ts';

/** Live streams, and what browsers open beside them. */
const CONNECTIONS_MAX = 200;
const CLOSE_MS = 1_000;
const FIRST_BYTE_MS = 10_000;
/** `requestTimeout` stands behind our own limits for bodies, which can say what was wrong; restoring a backup takes longest. */
const SERVER_LIMITS = {
  headersTimeout: 10_000,
  requestTimeout: 180_000,
  keepAliveTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16_384,
};
/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 22;

export interface PageServer {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

export interface ServerParts {
  readonly answer: RequestListener;
  readonly clock: Clock;
  readonly listen: ListenConfig;
  /** undefined: plain HTTP. */
  readonly certificate?: Certificate;
  /** After it listened: the socket broke. */
  readonly broken: (error: Error) => void;
}

/** Rejects with the system's error (EADDRINUSE, EACCES). */
export async function listenPage(parts: ServerParts): Promise<PageServer> {
  const { clock, listen, certificate } = parts;
  const inner = innerServer(parts);
  const outer = certificate === undefined ? inner : sniffing(inner, redirecting(), clock);
  outer.maxConnections = CONNECTIONS_MAX;
  await new Promise<void>((resolve, reject) => {
    outer.once('error', reject);
    outer.listen(listen.port, listen.host, () => {
      outer.off('error', reject);
      outer.on('error', parts.broken);
      resolve();
    });
  });
  const { address, port, family } = outer.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    close: async () => {
      const closed = new AbortController();
      outer.close(() => closed.abort());
      inner.closeIdleConnections();
      await clock.sleep(CLOSE_MS, closed.signal);
      inner.closeAllConnections();
    },
  };
}

function innerServer({ answer, certificate }: ServerParts): Server {
  if (certificate === undefined) return createServer(SERVER_LIMITS, answer);
  const secure = { key: certificate.key, cert: certificate.certificate, minVersion: 'TLSv1.2' as const };
  return createSecureServer({ ...SERVER_LIMITS, ...secure }, answer);
}

/** Plain HTTP on the port of HTTPS. */
function redirecting(): Server {
  return createServer(SERVER_LIMITS, (request: IncomingMessage, response: ServerResponse) => {
    const { host } = request.headers;
    const isPlain = hostName(host) !== undefined && /^\/[^/\\]/.test(`${request.url}x`);
    response.writeHead(isPlain ? 308 : 400, { connection: 'close', ...(isPlain && { location: `https://${host}/` }) });
    response.end();
  });
}

/** Hands a connection to the one that understands its first byte. */
function sniffing(secure: Server, plain: Server, clock: Clock): ReturnType<typeof createSocketServer> {
  return createSocketServer((socket: Socket) => {
    const waited = new AbortController();
    const ignore = () => waited.abort();
    socket.once('error', ignore);
    socket.once('close', ignore);
    void clock.sleep(FIRST_BYTE_MS, waited.signal).then(() => {
      if (!waited.signal.aborted) socket.destroy();
    });
    socket.once('data', (chunk: Buffer) => {
      waited.abort();
      socket.off('error', ignore);
      socket.off('close', ignore);
      socket.pause();
      socket.unshift(chunk);
      if (chunk[0] === TLS_HANDSHAKE) secure.emit('connection', socket);
      else {
        plain.emit('connection', socket);
        // TLS reads the socket by itself; whoever resumes it then takes its bytes away.
        socket.resume();
      }
    });
  });
}
