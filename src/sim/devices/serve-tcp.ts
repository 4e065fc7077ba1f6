/**
 * Serves the far end of a wire on a TCP port, like a transparent serial server or an Ethernet module. It must not know the meaning of
 * the bytes.
 */

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { type FarEnd, serveOnStream } from './far-end.ts';

export interface TcpWire {
  readonly port: number;
  /** Pulls the network cable: connections end, new ones are refused until `plug`. */
  unplug(): void;
  plug(): void;
  close(): Promise<void>;
}

/** Further connections are closed. */
const CONNECTIONS_MAX = 8;

/** `farEndFor`: of each connection; the same for all on a serial server. `characterMs`: time of one character on the wire behind it. */
export async function serveTcp(options: {
  readonly farEndFor: () => FarEnd;
  readonly characterMs: number;
  readonly port?: number;
}): Promise<TcpWire> {
  const closed = new AbortController();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = options.port ?? 0;
  const listen = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = createServer((socket) => {
        sockets.add(socket);
        socket.setNoDelay(true);
        socket.on('error', () => socket.destroy());
        socket.once('close', () => sockets.delete(socket));
        serveOnStream(socket, options.farEndFor(), closed.signal, options.characterMs);
      });
      next.maxConnections = CONNECTIONS_MAX;
      next.once('error', reject);
      next.listen(port, '127.0.0.1', () => {
        port = (next.address() as AddressInfo).port;
        resolve();
      });
      server = next;
    });
  const hangUp = (): void => {
    server?.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
  };
  await listen();
  return {
    get port() {
      return port;
    },
    unplug: hangUp,
    plug: () => {
      // Another process may have taken the port meanwhile: the cable then stays out.
      if (server === undefined && !closed.signal.aborted) listen().catch(() => undefined);
    },
    close: async () => {
      closed.abort();
      hangUp();
    },
  };
}
