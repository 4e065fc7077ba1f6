/** Serves the far end of a wire on a TCP port, as a transparent serial server or an Ethernet module does. It must not know what the bytes mean. */

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

/** More connections than anybody needs; further ones are closed. */
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
      // The port may have gone to somebody else meanwhile: then the cable stays out.
      if (server === undefined && !closed.signal.aborted) listen().catch(() => undefined);
    },
    close: async () => {
      closed.abort();
      hangUp();
    },
  };
}
