/** A socket as a port: a transparent serial server (`tcp://`) or a Modbus TCP device (`modbus-tcp://`). It knows no frame. */
import type { NetConnectOpts, Socket } from 'node:net';
import { LinkError } from '../driver.ts';
import { OutwardSocket } from '../outward/outward.ts';
import { thrownText } from '../text/thrown.ts';
import {
  characterMs,
  frameGapMs,
  type Port,
  type PortListener,
  type PortOptions,
  type PortSettings,
  transportOf,
} from './port-contract.ts';

/** Connection timeout of a host that does not answer. */
const CONNECT_MS = 5_000;
/** The kernel probes a silent peer after this long. */
const KEEP_ALIVE_MS = 5_000;
/** Default port of Modbus TCP. */
const MODBUS_TCP_PORT = 502;

/** Throws LinkError: notFound, refused, timeout; closed when `signal` aborted. */
export async function openSocket(settings: PortSettings, options: PortOptions): Promise<Port> {
  const where = settings.port;
  const socket = new OutwardSocket({ purpose: 'board' });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  let listener: PortListener | undefined;
  let ended: LinkError | undefined;
  const end = (error: LinkError): void => {
    if (ended !== undefined) return;
    ended = error;
    socket.destroy();
    listener?.closed(error);
  };
  socket.on('data', (chunk) => {
    if (ended === undefined) listener?.bytes(chunk);
  });
  socket.on('error', (error) => end(socketError(where, error)));
  socket.on('end', () => end(new LinkError('gone', `${where}: closed by the peer`)));
  socket.on('close', () => end(new LinkError('gone', `${where}: closed`)));
  await connect(socket, where, options);

  return {
    transport: transportOf(where),
    characterMs: characterMs(settings),
    gapMs: frameGapMs(settings),
    get isOpen() {
      return ended === undefined;
    },
    listen(next) {
      listener = next;
      if (ended !== undefined) next.closed(ended);
    },
    async write(bytes) {
      if (settings.listenOnly) throw new LinkError('listenOnly', `${where}: this wire is listen-only`);
      if (ended !== undefined) throw ended;
      await new Promise<void>((resolve, reject) =>
        socket.write(bytes, (error) => (error ? reject(ended ?? socketError(where, error)) : resolve())),
      );
    },
    // One turn in which the event loop delivers what the kernel holds; the bus drops it.
    discard: () => options.clock.sleep(1),
    async close() {
      end(new LinkError('closed', `${where}: closed`));
    },
  };
}

/** `tcp://192.0.2.10:4196`, `modbus-tcp://[2001:db8::1]:502` */
function address(where: string): NetConnectOpts {
  const { hostname, port } = new URL(where);
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? MODBUS_TCP_PORT : Number(port) };
}

async function connect(socket: Socket, where: string, options: PortOptions): Promise<void> {
  const settled = new AbortController();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(socketError(where, error)));
      const giveUp = (error: LinkError): void => {
        socket.destroy();
        reject(error);
      };
      const stop = (): void => giveUp(new LinkError('closed', `${where}: aborted while opening`));
      if (options.signal?.aborted) return stop();
      options.signal?.addEventListener('abort', stop, { once: true, signal: settled.signal });
      void options.clock.sleep(CONNECT_MS, settled.signal).then(() => {
        if (!settled.signal.aborted) giveUp(new LinkError('timeout', `${where}: no connection in ${CONNECT_MS} ms`));
      });
      socket.connect(address(where));
    });
  } finally {
    settled.abort();
  }
}

function socketError(where: string, error: NodeJS.ErrnoException): LinkError {
  const text = `${where}: ${thrownText(error)}`;
  switch (error.code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return new LinkError('notFound', text, { cause: error });
    case 'ECONNREFUSED':
      return new LinkError('refused', text, { cause: error });
    case 'EACCES':
      return new LinkError('denied', text, { cause: error });
    case 'ETIMEDOUT':
      return new LinkError('timeout', text, { cause: error });
    default:
      return new LinkError('gone', text, { cause: error });
  }
}
