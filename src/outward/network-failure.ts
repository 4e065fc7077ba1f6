/** Why there was no answer: the code of a network error as one category of ours, followed by the system's message. */
import { errors } from 'undici';
import { UnconfirmedPeerError } from './written-peer.ts';

const CATEGORIES: readonly (readonly [category: string, codes: RegExp])[] = [
  ['dns', /^(ENOTFOUND|EAI_AGAIN|EAI_.*)$/],
  ['refused', /^(ECONNREFUSED)$/],
  ['unreachable', /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/],
  ['timeout', /^(UND_ERR_ABORTED|UND_ERR_.*TIMEOUT|ETIMEDOUT)$/],
  ['reset', /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_INFO)$/],
  ['clock', /^(CERT_NOT_YET_VALID|CERT_HAS_EXPIRED)$/],
  ['tlsName', /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/],
  ['tls', /^(ERR_TLS_.*|ERR_SSL_.*|CERT_.*|SELF_SIGNED_CERT.*|DEPTH_ZERO_.*|UNABLE_TO_.*|EPROTO)$/],
  ['notHttp', /^UND_ERR_HEADERS_OVERFLOW$/],
];

/** Proxy errors by the category of their cause. A wrong clock is wrong for the proxy too; any other cause: unreachable. */
const PROXY_CATEGORIES: Readonly<Record<string, string>> = {
  clock: 'clock',
  unconfirmed: 'unconfirmed',
  tls: 'proxyTls',
  tlsName: 'proxyTls',
  reset: 'proxy',
  timeout: 'proxyTimeout',
};

/** A proxy opened no tunnel, so nothing has been sent: it answered `status`, or `cause` is why there was no answer. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  readonly status: number | undefined;
  constructor({ status, cause }: { readonly status?: number; readonly cause?: unknown }) {
    super('no tunnel', { cause });
    this.status = status;
  }
}

/**
 * `code: DETAIL` for an error of sending or receiving; undefined for an internal error. An expired certificate is a fault of our clock
 * while that is not synchronised (`clockKnown` false), and of the certificate otherwise.
 */
export function failureOf(error: unknown, clockKnown: boolean): string | undefined {
  if (error instanceof ProxyError) return proxyFailure(error, clockKnown);
  if (error instanceof UnconfirmedPeerError) return `unconfirmed: ${error.message}`;
  if (error instanceof errors.InvalidArgumentError || !(error instanceof Error)) return undefined;
  if (error instanceof errors.HTTPParserError) return `notHttp: ${error.code ?? error.message}`;
  const code = codeOf(error);
  if (code === undefined) {
    if (error.name === 'AbortError') return 'timeout';
    return error instanceof errors.UndiciError ? `network: ${error.message}` : undefined;
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'tooLarge';
  const category = CATEGORIES.find(([, codes]) => codes.test(code))?.[0] ?? 'network';
  return `${category === 'clock' && clockKnown ? 'tls' : category}: ${code}`;
}

function proxyFailure({ status, cause }: ProxyError, clockKnown: boolean): string | undefined {
  if (status !== undefined) return `${status === 407 ? 'proxyLogin' : 'proxy'}: HTTP ${status}`;
  const [category = '', ...detail] = failureOf(cause, clockKnown)?.split(': ') ?? [];
  if (category === '') return undefined;
  return [PROXY_CATEGORIES[category] ?? 'proxyDown', ...detail].join(': ');
}

/** The innermost code: undici wraps the socket's error. */
function codeOf(error: Error): string | undefined {
  const { cause } = error;
  const inner = cause instanceof Error ? codeOf(cause) : undefined;
  const { code } = error as { code?: unknown };
  return inner ?? (typeof code === 'string' ? code : undefined);
}
