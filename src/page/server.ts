/** The page's server: limits of its connections, HTTPS with the box's certificate, and the redirect of plain HTTP. It knows no route. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ListenConfig } from '../config/types.ts';
import type { ConnectionLimits } from '../http/connections.ts';
import { hostName } from '../http/host-name.ts';
import type { ListenParts } from '../http/listener.ts';
import { type HttpServer, listenHttp } from '../http/listener.ts';
import type { Certificate } from './access/certificate.ts';

/** Live streams, and six further connections of each browser. */
export const PAGE_LIMITS: ConnectionLimits = {
  total: 256,
  trusted: 224,
  strangersPerAddress: 64,
  newPerSecond: 300,
  newAtOnce: 1_000,
  idleMs: 30_000,
};

export interface ServerParts extends Pick<ListenParts, 'answer' | 'clock' | 'broken' | 'onShed'> {
  readonly listen: ListenConfig;
  /** undefined: plain HTTP. */
  readonly certificate?: Certificate;
}

/** Rejects with the system's error (EADDRINUSE, EACCES). */
export function listenPage({ listen, certificate, ...parts }: ServerParts): Promise<HttpServer> {
  return listenHttp({
    ...parts,
    ...listen,
    limits: PAGE_LIMITS,
    ...(certificate && {
      secure: { key: certificate.key, cert: certificate.certificate, plain: redirectToSecure },
    }),
  });
}

/** Plain HTTP on the port of HTTPS. */
function redirectToSecure(request: IncomingMessage, response: ServerResponse): void {
  const { host } = request.headers;
  const isPlain = hostName(host) !== undefined && /^\/[^/\\]/.test(`${request.url}x`);
  response.writeHead(isPlain ? 308 : 400, { connection: 'close', ...(isPlain && { location: `https://${host}/` }) });
  response.end();
}
