/**
 * A server's socket, plain or with TLS: limits of its connections (`connections.ts`) and one listener for all requests. The HTTPS port also
 * answers plain HTTP, with a redirect only, because people type addresses without a scheme. It knows no route.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { type ConnectionLimits, Connections, HEAD_MS, STALLED_MS } from './connections.ts';
import { Problem, problemDetails } from './problem.ts';
import { loopTurns } from './turns.ts';

const CLOSE_MS = 2_000;
/** Connections the kernel holds before we accept them; above it clients retry after one and three seconds. */
const BACKLOG = 4_096;
const HEADER_BYTES_MAX = 16_384;
/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 22;
const TLS_LEAST = 'TLSv1.2' as const;
const [CLIENT_HELLO, HELLO_HEAD_BYTES, TLS_RECORD_MOST] = [1, 9, 16_384];
/** Those that every client has; a larger one that a client could ask for costs ten times as much. */
const TLS_CURVES = 'X25519:prime256v1';

/** PEM. */
export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
}

export interface HttpServer {
  readonly url: string;
  readonly port: number;
  /** Number of open connections. */
  readonly connections: number;
  /** Waits up to two seconds for requests in flight, then closes every connection. */
  close(): Promise<void>;
  /** For the connections to come. Throws when key and certificate do not belong together; of plain HTTP it does nothing. */
  renew(material: TlsMaterial): void;
}

export interface ListenParts {
  readonly answer: RequestListener;
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  readonly limits: ConnectionLimits;
  /** undefined: plain HTTP. `plain` answers plain HTTP on the same port. */
  readonly secure?: TlsMaterial & { readonly plain: RequestListener };
  /** A client begins a handshake where no TLS is spoken; it then gets the answer of a plain server, 400. */
  readonly onTlsAtPlain?: (from: string) => void;
  /** What a client sent is no HTTP; it is answered 400. */
  readonly onMalformed?: (from: string) => void;
  /** The listening socket broke. */
  readonly broken: (error: Error) => void;
  readonly onShed: (block: string, count: number) => void;
}

/** Rejects with the system's error (EADDRINUSE, EACCES). */
export async function listenHttp(parts: ListenParts): Promise<HttpServer> {
  const { clock, secure, limits } = parts;
  const connections = new Connections(clock, limits, parts.onShed);
  const plain = innerServer(createServer(optionsOf(limits), guarded(secure?.plain ?? parts.answer, connections)));
  const tls = secure && secureServer(secure);
  const hand = tls
    ? sniffing((socket) => loopTurns.take(() => socket.destroyed || tls.emit('connection', socket)), plain, helloIn)
    : parts.onTlsAtPlain
      ? sniffing(tlsAtPlain, plain, () => 'whole')
      : handTo(plain);
  // As in Node's HTTP server, a client may end its side and still get its answer.
  const outer = createSocketServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (connections.admit(socket)) hand(socket);
  });
  await new Promise<void>((resolve, reject) => {
    outer.once('error', reject);
    outer.listen({ port: parts.port, host: parts.host, backlog: BACKLOG }, () => {
      outer.off('error', reject);
      outer.on('error', parts.broken);
      resolve();
    });
  });
  const { address, port, family } = outer.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `${secure === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    get connections() {
      return connections.count;
    },
    close: async () => {
      const closed = new AbortController();
      outer.close(() => closed.abort());
      connections.end('idle');
      await clock.sleep(CLOSE_MS, closed.signal);
      connections.end('all');
    },
    renew: (material) => tls?.setSecureContext({ ...material, minVersion: TLS_LEAST, ecdhCurve: TLS_CURVES }),
  };

  function tlsAtPlain(socket: Socket): void {
    parts.onTlsAtPlain?.(socket.remoteAddress ?? 'unknown');
    plain.emit('connection', socket);
    socket.resume();
  }

  function innerServer<S extends Server>(server: S): S {
    server.timeout = STALLED_MS;
    Object.assign(server, ANSWERS_HALF_OPEN);
    server.on('timeout', (socket: Socket) => connections.stalled(socket));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      // What follows a request that is being answered is not its body, by its own head: the answer says so, and ends the connection.
      if (connections.isAnswering(socket)) return;
      if (UNREADABLE.test(error.code ?? '')) parts.onMalformed?.(socket.remoteAddress ?? 'unknown');
      if (socket.writable) socket.end(MALFORMED_ANSWER);
      else socket.destroy();
    });
    return server;
  }

  function secureServer({ key, cert }: TlsMaterial): SecureServer {
    const options = {
      ...optionsOf(limits),
      key,
      cert,
      minVersion: TLS_LEAST,
      ecdhCurve: TLS_CURVES,
      handshakeTimeout: HEAD_MS,
    };
    return innerServer(createSecureServer(options, guarded(parts.answer, connections)));
  }
}

/**
 * `Connections` times head and handshake: Node's own checks run only in a server that listens itself. A request without `Host` is for the
 * application, which can say why: Node would refuse it without a word.
 */
function optionsOf({ idleMs }: ConnectionLimits) {
  return { keepAliveTimeout: idleMs, maxHeaderSize: HEADER_BYTES_MAX, requireHostHeader: false };
}

/** Of Node's server, not in its types: a client that has ended its side still gets its answer. */
const ANSWERS_HALF_OPEN = { httpAllowHalfOpen: true };
/** Of Node's parser of HTTP. */
const UNREADABLE = /^HPE_/;
const MALFORMED_BODY = JSON.stringify(problemDetails(new Problem('malformed'), 'en'));
const MALFORMED_ANSWER = [
  'HTTP/1.1 400 Bad Request',
  'Connection: close',
  'Content-Type: application/problem+json',
  `Content-Length: ${Buffer.byteLength(MALFORMED_BODY)}`,
  '',
  MALFORMED_BODY,
].join('\r\n');

/** Every request passes here, so that the error of a stream cut by its client always has a listener. */
function guarded(answer: RequestListener, connections: Connections): RequestListener {
  return (request, response) => {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    if (connections.begin(request, response)) loopTurns.take(() => request.destroyed || answer(request, response));
  };
}

function handTo(server: Server): (socket: Socket) => void {
  return (socket) => server.emit('connection', socket);
}

/** Passes a connection on by its first byte: a handshake to `secure`, once what `hello` waits for is there, all else to the plain server. */
function sniffing(
  secure: (socket: Socket) => void,
  plain: Server,
  hello: (bytes: Buffer) => ReturnType<typeof helloIn>,
): (socket: Socket) => void {
  return (socket) => {
    const leave = (): void => void socket.destroy();
    let bytes: Buffer = Buffer.alloc(0);
    const sniff = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const found = bytes[0] === TLS_HANDSHAKE ? hello(bytes) : 'plain';
      if (found === 'more') return;
      socket.off('data', sniff).off('end', leave).pause();
      socket.unshift(bytes);
      if (found === 'broken') leave();
      else if (found === 'whole') secure(socket);
      else {
        plain.emit('connection', socket);
        // TLS reads the socket itself; resuming it here would lose its bytes.
        socket.resume();
      }
    };
    socket.once('end', leave).on('data', sniff);
  };
}

/** The handshake is computed when its first message is whole, and only then is it its turn. No client spreads that message over two records. */
function helloIn(bytes: Buffer): 'more' | 'whole' | 'broken' {
  if (bytes.length < HELLO_HEAD_BYTES) return 'more';
  const record = bytes.readUInt16BE(3);
  const isWithinRecord = bytes[5] === CLIENT_HELLO && bytes.readUIntBE(6, 3) + 4 <= record;
  if (!isWithinRecord || record > TLS_RECORD_MOST) return 'broken';
  return bytes.length < record + 5 ? 'more' : 'whole';
}
