/**
 * A server's socket, plain or behind a TLS thread (`tls-thread.ts`): limits of its connections (`connections.ts`) and one listener for all requests. The
 * HTTPS port also answers plain HTTP, with a redirect only, because people type addresses without a scheme. It knows no route.
 */
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type ListenOptions,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import type { Clock } from '../clock.ts';
import { type ConnectionLimits, Connections, STALLED_MS } from './connections.ts';
import { servesCertificate } from './own-address.ts';
import { Problem, problemDetails } from './problem.ts';
import { innerSocket, openTlsPort, TLS_HANDSHAKE, type TlsMaterial, takeFirstLine } from './tls-thread.ts';

const CLOSE_MS = 2_000;
/** Connections the kernel holds before we accept them; above it clients retry after one and three seconds. */
const BACKLOG = 4_096;
const HEADER_BYTES_MAX = 16_384;
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
  const { clock, secure, limits, broken } = parts;
  const connections = new Connections(clock, limits, parts.onShed);
  let cert = secure?.cert ?? '';
  const hand = handing(parts, connections, () => cert);
  const admit = (socket: Socket): void => {
    if (connections.admit(socket)) hand(socket);
  };
  const inner = secure && innerSocket();
  // As in Node's HTTP server, a client may end its side and still get its answer.
  const outer = createSocketServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    if (inner) takeFirstLine(socket, inner.secret, clock, () => admit(socket));
    else admit(socket);
  });
  const listen = { port: parts.port, host: parts.host, backlog: BACKLOG };
  await listening(outer, inner ? { path: inner.path, backlog: BACKLOG } : listen);
  outer.on('error', broken);
  const material = secure && { key: secure.key, cert: secure.cert };
  // Of those that come at once each is heard of here before older ones have made room for it.
  const connectionsMax = limits.total + limits.newAtOnce;
  const tls =
    inner &&
    material &&
    (await openTlsPort({ clock, broken, listen, connectionsMax, inner, material }).catch((error: Error) => {
      outer.close();
      throw error;
    }));
  const { address, port, family } = tls?.address ?? (outer.address() as AddressInfo);
  const host = family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `${secure === undefined ? 'http' : 'https'}://${host}:${port}`,
    port,
    get connections() {
      return connections.count;
    },
    close: async () => {
      const closed = new AbortController();
      const tlsClosed = tls?.close();
      outer.close(() => closed.abort());
      connections.end('idle');
      await clock.sleep(CLOSE_MS, closed.signal);
      connections.end('all');
      await tlsClosed;
    },
    renew: (next) => {
      tls?.renew(next);
      cert = next.cert;
    },
  };
}

function listening(server: SocketServer, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** What becomes of an admitted connection. */
function handing(parts: ListenParts, connections: Connections, cert: () => string): (socket: Socket) => void {
  const { secure, answer, onTlsAtPlain, limits } = parts;
  const serve = (listener: RequestListener): Server => {
    const server = createServer(optionsOf(limits), guarded(listener, connections));
    server.timeout = STALLED_MS;
    server.on('timeout', (socket: Socket) => connections.stalled(socket));
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
      // What follows a request that is being answered is not its body, by its own head: the answer says so, and ends the connection.
      if (connections.isAnswering(socket)) return;
      if (UNREADABLE.test(error.code ?? '')) parts.onMalformed?.(socket.remoteAddress ?? 'unknown');
      if (socket.writable) socket.end(MALFORMED_ANSWER);
      else socket.destroy();
    });
    return server;
  };
  const plain = serve(secure?.plain ?? answer);
  if (secure) {
    const decrypted = serve(answer);
    return sniffing((socket, first) => {
      servesCertificate(socket, cert());
      // The TLS thread says by the first byte what it was.
      if (first.length > 1) socket.unshift(first.subarray(1));
      // Node's server then ends its side only, and the TLS thread the whole: what it is still passing on must not cost the client its answer.
      Object.defineProperty(socket, 'destroySoon', { value: undefined });
      decrypted.emit('connection', socket);
    }, plain);
  }
  if (onTlsAtPlain === undefined) return (socket) => plain.emit('connection', socket);
  return sniffing((socket, first) => {
    onTlsAtPlain(socket.remoteAddress ?? 'unknown');
    socket.unshift(first);
    plain.emit('connection', socket);
  }, plain);
}

/**
 * `Connections` times head and handshake: Node's own checks run only in a server that listens itself. A request without `Host` is for the
 * application, which can say why: Node would refuse it without a word.
 */
function optionsOf({ idleMs }: ConnectionLimits) {
  return { keepAliveTimeout: idleMs, maxHeaderSize: HEADER_BYTES_MAX, requireHostHeader: false };
}

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
    if (connections.begin(request, response)) answer(request, response);
  };
}

/** Passes a connection on by its first byte: a handshake to `secure`, all else to the plain server. */
function sniffing(secure: (socket: Socket, first: Buffer) => void, plain: Server): (socket: Socket) => void {
  return (socket) => {
    const leave = () => socket.destroy();
    socket.once('end', leave);
    socket.once('data', (chunk: Buffer) => {
      socket.off('end', leave);
      socket.pause();
      if (chunk[0] === TLS_HANDSHAKE) secure(socket, chunk);
      else {
        socket.unshift(chunk);
        plain.emit('connection', socket);
      }
      socket.resume();
    });
  };
}
