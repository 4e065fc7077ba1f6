/** A small proxy for tests: a real HTTP(S) server that opens tunnels, or does what the test tells it to when it is asked for one. */
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { endings } from '../../endings.ts';

/** `open` opens the tunnel that was asked for. */
type Behaviour = (socket: net.Socket, open: (status?: number) => void, login: string | undefined) => unknown;

export interface TestProxy {
  readonly address: string;
  /** `host:port` of each tunnel that was asked for. */
  readonly asked: string[];
  /** `user:password` of each, as far as there was one. */
  readonly logins: (string | undefined)[];
  /** Of those that have not ended. */
  readonly connections: () => number;
}

export async function testProxy(
  behave: Behaviour = (_socket, open) => open(),
  tls?: { key: string; cert: string },
): Promise<TestProxy> {
  const asked: string[] = [];
  const logins: (string | undefined)[] = [];
  const open = new Set<net.Socket>();
  const proxy = tls === undefined ? http.createServer() : https.createServer(tls);
  proxy.on('connection', (socket: net.Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  proxy.on('connect', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) => {
    asked.push(request.url ?? '');
    const [, login] = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '') ?? [];
    logins.push(login && Buffer.from(login, 'base64').toString());
    const { hostname, port } = new URL(`http://${request.url}`);
    socket.on('error', () => socket.destroy());
    behave(
      socket,
      (status = 200) => {
        const far = net.connect(Number(port), hostname, () => {
          socket.write(`HTTP/1.1 ${status} Connection established\r\n\r\n`);
          far.write(head);
          far.pipe(socket).pipe(far);
        });
        far.on('error', () => socket.destroy());
        socket.on('close', () => far.destroy());
      },
      logins.at(-1),
    );
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    for (const socket of open) socket.destroy();
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  return {
    address: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    asked,
    logins,
    connections: () => open.size,
  };
}

/** Refuses every tunnel with a status. */
export function refusing(status: number): Behaviour {
  return (socket) => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 3\r\n\r\nNo.`);
}

/** Opens a tunnel for whoever knows `user:password`. */
export function asking(login: string): Behaviour {
  return (socket, open, given) => (given === login ? open() : refusing(407)(socket, open, given));
}

/** Where nobody listens. */
export async function nobody(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** Takes connections and says nothing. */
export async function silent(): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
