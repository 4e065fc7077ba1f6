/** Why there was no answer: the code of a network error as one word of ours, with what the system said behind it. */
import { errors } from 'undici';

const WORDS: readonly (readonly [word: string, codes: RegExp])[] = [
  ['dns', /^(ENOTFOUND|EAI_AGAIN|EAI_.*)$/],
  ['refused', /^(ECONNREFUSED)$/],
  ['unreachable', /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/],
  ['timeout', /^(UND_ERR_ABORTED|UND_ERR_.*TIMEOUT|ETIMEDOUT)$/],
  ['reset', /^(ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|UND_ERR_INFO)$/],
  ['clock', /^(CERT_NOT_YET_VALID|CERT_HAS_EXPIRED)$/],
  ['tlsName', /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/],
  ['tls', /^(ERR_TLS_.*|ERR_SSL_.*|CERT_.*|SELF_SIGNED_CERT.*|DEPTH_ZERO_.*|UNABLE_TO_.*|EPROTO)$/],
  ['notHttp', /^UND_ERR_HEADERS_OVERFLOW$/],
  ['proxy', /^(UND_ERR_PRX_TLS)$/],
];

/**
 * `code: DETAIL` for an error of sending or receiving; undefined for a mistake of ours. A certificate out of its dates is a fault of our
 * clock while nobody vouches for it (`clockKnown` false), and of the certificate otherwise.
 */
export function failureOf(error: unknown, clockKnown: boolean): string | undefined {
  if (error instanceof errors.InvalidArgumentError || !(error instanceof Error)) return undefined;
  if (error instanceof errors.HTTPParserError) return `notHttp: ${error.code ?? error.message}`;
  const code = codeOf(error);
  if (code === undefined) {
    // A proxy that refuses the tunnel answers with a plain abort error; so does our own time limit.
    if (error.name === 'AbortError') return 'timeout';
    return error instanceof errors.UndiciError ? `network: ${error.message}` : undefined;
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') return 'tooLarge';
  if (/proxy response/i.test(error.message)) return `proxy: ${error.message}`;
  const word = WORDS.find(([, codes]) => codes.test(code))?.[0] ?? 'network';
  return `${word === 'clock' && clockKnown ? 'tls' : word}: ${code}`;
}

/** A certificate that is not believed. Other TLS errors may also come when the record has left already. */
const CERTIFICATE =
  /^(CERT_.*|SELF_SIGNED_CERT.*|DEPTH_ZERO_.*|UNABLE_TO_.*|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** There was no connection: no name, nobody there, or a certificate that was not believed. No byte of the record can have left. */
export function isBeforeSending(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // One error for several addresses, all of which were tried.
  if (error instanceof AggregateError) return error.errors.length > 0 && error.errors.every(isBeforeSending);
  if (error.cause !== undefined) return isBeforeSending(error.cause);
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  return syscall === 'connect' || syscall === 'getaddrinfo' || CERTIFICATE.test(code);
}

/** The innermost code: undici wraps what the socket said. */
function codeOf(error: Error): string | undefined {
  const { cause } = error;
  const inner = cause instanceof Error ? codeOf(cause) : undefined;
  const { code } = error as { code?: unknown };
  return inner ?? (typeof code === 'string' ? code : undefined);
}
