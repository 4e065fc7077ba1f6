/**
 * A keep-alive connection for HTTP, direct or through the tunnel of a proxy. A failed tunnel is a ProxyError, so that it is not
 * taken for an answer of the far end. It knows no record.
 */
import { isIP } from 'node:net';
import { Agent, type buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { ProxyError } from './network-failure.ts';
import { connectorFor, createHttpPool, type Exit, type OutwardConnector } from './outward.ts';
import type { ProxyAddress } from './proxy.ts';
import { tlsTrust } from './tls-trust.ts';

export interface AgentSettings {
  /** Of a proxy: its rule is for the proxy's address. */
  readonly exit: Exit;
  readonly timeoutMs: number;
  readonly answerMaxBytes: number;
  /** PEM certificates, trusted in addition to the well-known ones. */
  readonly ca?: string;
}

/** One connection, opened on demand and reopened after a loss. */
export function createConnection(settings: AgentSettings, proxy: ProxyAddress | undefined): Dispatcher {
  const { exit } = settings;
  const connect = { timeout: settings.timeoutMs, ...tlsTrust(settings.ca) };
  const options = {
    connections: 1,
    pipelining: 1,
    allowH2: false,
    // The limit of a whole attempt is ours, by our own clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: settings.answerMaxBytes,
  };
  if (proxy?.url === undefined) return createHttpPool(exit, options, connect);
  return new ProxyAgent({
    ...options,
    connect,
    uri: proxy.url.href,
    ...(proxy.authorization !== undefined && { token: proxy.authorization }),
    requestTls: connect,
    clientFactory: (origin) =>
      tunnels(origin, { connect: connectorTo(exit, connect), headersTimeout: settings.timeoutMs }),
  });
}

/** Of a connection through a proxy the library does not say it. */
export function isConnectedTo(connection: Dispatcher, origin: string): boolean {
  return connection instanceof Agent && connection.stats[origin]?.connected === true;
}

/** To the proxy itself. Undici sends its host name as SNI even where it is an address, which RFC 6066, 3 forbids. */
function connectorTo(exit: Exit, options: buildConnector.BuildOptions): OutwardConnector {
  const connect = connectorFor(exit, options);
  return ({ servername = '', ...rest }, callback) =>
    connect({ ...rest, servername: isIP(servername) === 0 ? servername : '' }, callback);
}

/**
 * The pool that opens tunnels. A refused or broken tunnel fails the attempt; as UND_ERR_SOCKET or UND_ERR_INFO undici would take it for a
 * used connection and retry at once, thousands of times a second.
 */
function tunnels(origin: URL, options: Pool.Options): Pool {
  const pool = new Pool(origin, options);
  const connect = pool.connect as (options: Dispatcher.ConnectOptions) => Promise<Dispatcher.ConnectData>;
  const open = async (target: Dispatcher.ConnectOptions): Promise<Dispatcher.ConnectData> => {
    const data = await connect.call(pool, target).catch((error: unknown) => {
      throw new ProxyError({ cause: error });
    });
    const { statusCode, socket } = data;
    // Any 2xx opens a tunnel (RFC 9110, 9.3.6); undici accepts 200 only.
    if (statusCode >= 200 && statusCode < 300) return { ...data, statusCode: 200 };
    socket.on('error', () => undefined).destroy();
    throw new ProxyError({ status: statusCode });
  };
  return Object.assign(pool, { connect: open });
}
