/** Clients that take a place and do nothing with it: half a head, half a TLS handshake, half a body. Each comes back when it is thrown out. */
import { connect, type Socket } from 'node:net';

export type Slowness = 'nothing' | 'half head' | 'half handshake' | 'half body';

/** The record of a ClientHello of 512 bytes, and the first few of them. */
const HALF_HELLO = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);

export interface SlowSockets {
  /** How many are connected now. */
  readonly connected: number;
  close(): void;
}

export function bytesOf(slowness: Slowness, path: string): Buffer {
  if (slowness === 'half handshake') return HALF_HELLO;
  if (slowness === 'half head') return Buffer.from(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `);
  if (slowness === 'nothing') return Buffer.alloc(0);
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n`;
  return Buffer.from(`${head}{"user":`);
}

/** `count` of them, from the addresses 127.0.0.1 to 127.0.0.10 in turn. */
export function slowSockets(port: number, count: number, kinds: readonly Slowness[], path: string): SlowSockets {
  const sockets = new Map<number, Socket>();
  let isClosed = false;
  const open = (n: number): void => {
    if (isClosed) return;
    const socket = connect({ port, host: '127.0.0.1', localAddress: `127.0.0.${1 + (n % 10)}` });
    sockets.set(n, socket);
    socket.on('error', () => undefined);
    socket.on('data', () => undefined);
    socket.on('connect', () => socket.write(bytesOf(kinds[n % kinds.length] ?? 'half head', path)));
    socket.on('close', () => {
      sockets.delete(n);
      setTimeout(open, 250, n);
    });
  };
  for (let n = 0; n < count; n += 1) open(n);
  return {
    get connected() {
      return [...sockets.values()].filter(({ readyState }) => readyState === 'open').length;
    },
    close: () => {
      isClosed = true;
      for (const socket of sockets.values()) socket.destroy();
    },
  };
}
