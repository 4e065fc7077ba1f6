/**
 * The pool of connections to the platform, one request each at a time. As many as concurrent requests, which the uploader limits. It
 * knows no record.
 */
import type { Dispatcher } from 'undici';
import { isConnectedTo } from '../../outward/http-agent.ts';

export class ConnectionPool {
  readonly #make: () => Dispatcher;
  readonly #all = new Set<Dispatcher>();
  readonly #free: Dispatcher[] = [];

  constructor(make: () => Dispatcher) {
    this.#make = make;
  }

  /** The most recently used one, which is most likely still open. */
  take(): Dispatcher {
    const connection = this.#free.pop() ?? this.#make();
    this.#all.add(connection);
    return connection;
  }

  giveBack(connection: Dispatcher): void {
    if (this.#all.has(connection) && !this.#free.includes(connection)) this.#free.push(connection);
  }

  /** Aborts whatever is in progress on it. */
  drop(connection: Dispatcher): void {
    this.#all.delete(connection);
    connection.destroy().catch(() => undefined);
  }

  async close(): Promise<void> {
    const all = [...this.#all];
    this.#all.clear();
    this.#free.length = 0;
    await Promise.all(all.map((connection) => connection.destroy()));
  }
}

const STANDS = new Error('the connection stands');

/**
 * Resolves when a request could be sent at once: name, connection, tunnel and TLS are done, and not a byte of a request has been sent. It
 * starts a request and cancels it just before its first byte; undici keeps the connection then, and checks it before the next.
 */
export function untilReady(connection: Dispatcher, url: URL): Promise<void> {
  // So that a drain need not begin each request twice.
  if (isConnectedTo(connection, url.origin)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    connection.dispatch(
      // Headers, so that a ProxyAgent adds the host's, by which undici recognises the same server.
      { origin: url.origin, path: '/', method: 'GET', headers: {} },
      {
        onRequestStart: () => {
          throw STANDS;
        },
        onResponseError: (_, error) => (error === STANDS ? resolve() : reject(error)),
      },
    );
  });
}
