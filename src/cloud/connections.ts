/**
 * Connections to the platform, each lent to one request at a time. There are as many as requests at once: the uploader bounds them. It knows
 * no record.
 */
import type { Dispatcher } from 'undici';

export class SendConnections {
  readonly #make: () => Dispatcher;
  readonly #all = new Set<Dispatcher>();
  readonly #free: Dispatcher[] = [];

  constructor(make: () => Dispatcher) {
    this.#make = make;
  }

  /** The one that was used last, which most likely still stands. */
  take(): Dispatcher {
    const connection = this.#free.pop() ?? this.#make();
    this.#all.add(connection);
    return connection;
  }

  giveBack(connection: Dispatcher): void {
    if (this.#all.has(connection) && !this.#free.includes(connection)) this.#free.push(connection);
  }

  /** Whatever is still under way on it ends. */
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
 * Resolves when a request could leave at once: name, connection, tunnel and TLS are behind it, and not a byte of a request has left. It begins
 * a request and calls it off at the moment its first byte would leave; undici keeps the connection then, and checks it before the next.
 */
export function stands(connection: Dispatcher, url: URL): Promise<void> {
  return new Promise((resolve, reject) => {
    connection.dispatch(
      // Headers, so that a ProxyAgent adds the host's, by which undici knows that it is the same server.
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
