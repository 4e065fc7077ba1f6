/**
 * The TLS thread of one server: it holds the port, does the handshakes and passes on what it decrypts to the server's inner socket, so that no flood of
 * handshakes holds up the lanes. The limits of connections stay with the server, which hears of each one before its first byte.
 */
import { readlinkSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setPriority } from 'node:os';
import { createSecureContext, TLSSocket } from 'node:tls';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../clock.ts';
import type { TlsMaterial, TlsReport, TlsTask } from './tls-thread.ts';

/** For the last bytes of an answer, once the server has ended the connection, and then for what the client is still sending. */
const LAST_BYTES_MS = 10_000;
const LAST_READ_MS = 500;
const ENDING_MAX = 256;
/** Handshakes wait while the lanes need the processor. */
const NICE = 10;

const { listen, connectionsMax, inner, handshakeByte, material } = workerData as TlsTask;
const contextOf = (pem: TlsMaterial) => createSecureContext({ ...pem, minVersion: 'TLSv1.2' });
const clock = systemClock();
const report = (message: TlsReport): void => parentPort?.postMessage(message);
let secureContext = contextOf(material);

// As in Node's HTTP server, a client may end its side and still get its answer.
const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const served = connect({ path: inner.path, allowHalfOpen: true });
  served.write(`${JSON.stringify({ secret: inner.secret, address: client.remoteAddress, port: client.remotePort })}\n`);
  let outside = client;
  const leave = () => client.destroy();
  client.on('error', leave).once('end', leave);
  client.once('close', () => served.destroy());
  served.on('error', () => undefined);
  served.once('end', () => endLast(outside, served));
  served.once('close', () => served.readableEnded || outside.destroy());
  client.once('data', (first: Buffer) => {
    client.off('end', leave).pause();
    client.unshift(first);
    if (first[0] === handshakeByte) {
      served.write(Buffer.of(handshakeByte));
      outside = new TLSSocket(client, { isServer: true, secureContext, ALPNProtocols: ['http/1.1'] });
      outside.on('error', leave);
    }
    outside.pipe(served);
    served.pipe(outside, { end: false });
  });
});

/** In order of their ends; when there are too many, those that take longest make room. */
const ending = new Set<Socket>();

/** The server has ended the connection. A client that is still sending its body reads the answer only if we go on reading. */
function endLast(outside: Socket, served: Socket): void {
  const [oldest] = ending;
  if (ending.size >= ENDING_MAX) oldest?.destroy();
  ending.add(outside);
  const closed = new AbortController();
  outside.once('close', () => {
    ending.delete(outside);
    closed.abort();
  });
  outside.unpipe(served).resume();
  outside.end(() => void clock.sleep(LAST_READ_MS, closed.signal).then(() => outside.destroy()));
  served.destroy();
  void clock.sleep(LAST_BYTES_MS, closed.signal).then(() => outside.destroy());
}

parentPort?.on('message', (message: TlsMaterial | 'close') => {
  if (message !== 'close') secureContext = contextOf(message);
  else server.close(() => parentPort?.close());
});
server.on('error', ({ message, code }: NodeJS.ErrnoException) => report({ failed: { message, code } }));
server.maxConnections = connectionsMax;
server.listen(listen, () => report({ listening: server.address() as AddressInfo }));

try {
  const thread = readlinkSync('/proc/thread-self').split('/').at(-1);
  setPriority(Number(thread), NICE);
} catch {
  // Only Linux has priorities of threads.
}
