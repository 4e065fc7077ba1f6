/**
 * HTTP digest access authentication for one camera: picks a challenge, answers it, and keeps its nonce per path. It sends nothing.
 * Sources: RFC 7616 (MD5, SHA-256, qop=auth), RFC 2617 (without qop).
 */
import { createHash } from 'node:crypto';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

export interface Challenge {
  readonly scheme: 'digest' | 'basic';
  readonly realm: string;
  readonly nonce?: string;
  readonly opaque?: string;
  readonly algorithm?: Algorithm;
  /** Whether the server offers qop=auth; false is RFC 2617. */
  readonly qop?: boolean;
  readonly stale?: boolean;
}

const HASHES = { MD5: 'md5', 'MD5-SESS': 'md5', 'SHA-256': 'sha256', 'SHA-256-SESS': 'sha256' } as const;
export type Algorithm = keyof typeof HASHES;
/** Strongest first. */
const PREFERRED: readonly Algorithm[] = ['SHA-256', 'SHA-256-SESS', 'MD5', 'MD5-SESS'];
/** No camera sends a longer header. */
const HEADER_MOST = 8_192;

/** Supported challenges of all WWW-Authenticate headers; unknown schemes, algorithms and qops are skipped. */
export function parseChallenges(headers: readonly string[]): readonly Challenge[] {
  return schemesOf(headers.join(', ')).flatMap(({ scheme, values }) => toChallenge(scheme, values) ?? []);
}

/** Schemes of a header with their values, by names in lower case: challenges, or the answer to one. */
export function schemesOf(header: string): readonly { scheme: string; values: ReadonlyMap<string, string> }[] {
  const text = header.slice(0, HEADER_MOST);
  // `scheme name=value, name="value", … , scheme …`: a word without a following `=` starts a new challenge.
  const tokens = text.matchAll(/([A-Za-z][\w!#$%&'*+.^`|~-]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+)))?/g);
  const found: { scheme: string; values: Map<string, string> }[] = [];
  for (const [, word = '', quoted, plain] of tokens) {
    const value = quoted?.replaceAll(/\\(.)/g, '$1') ?? plain;
    if (value === undefined) found.push({ scheme: word.toLowerCase(), values: new Map() });
    else found.at(-1)?.values.set(word.toLowerCase(), value);
  }
  return found;
}

function toChallenge(scheme: string, values: ReadonlyMap<string, string>): Challenge | undefined {
  const realm = values.get('realm') ?? '';
  if (scheme === 'basic') return { scheme, realm };
  const nonce = values.get('nonce');
  const algorithm = (values.get('algorithm') ?? 'MD5').toUpperCase();
  const qops = values.get('qop')?.split(/\s*,\s*/);
  if (scheme !== 'digest' || nonce === undefined || !(algorithm in HASHES)) return undefined;
  if (qops !== undefined && !qops.includes('auth')) return undefined;
  const opaque = values.get('opaque');
  return {
    scheme,
    realm,
    nonce,
    algorithm: algorithm as Algorithm,
    qop: qops !== undefined,
    stale: values.get('stale')?.toLowerCase() === 'true',
    ...(opaque !== undefined && { opaque }),
  };
}

/** The strongest challenge; basic only when allowed, because it sends the password in clear text. */
export function chooseChallenge(challenges: readonly Challenge[], allowBasic: boolean): Challenge | undefined {
  const digests = challenges.filter(({ scheme }) => scheme === 'digest');
  const best = PREFERRED.flatMap((wanted) => digests.find(({ algorithm }) => algorithm === wanted) ?? [])[0];
  return best ?? (allowBasic ? challenges.find(({ scheme }) => scheme === 'basic') : undefined);
}

/** The Authorization header. `count`: uses of this nonce, from 1. `clientNonce`: fresh and random. */
export function authorization(
  challenge: Challenge,
  credentials: Credentials,
  request: { readonly method: string; readonly uri: string; readonly count: number; readonly clientNonce: string },
): string {
  const { user, password } = credentials;
  if (challenge.scheme === 'basic') return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const { realm, nonce = '', algorithm = 'MD5', opaque, qop } = challenge;
  const { uri, clientNonce } = request;
  const count = request.count.toString(16).padStart(8, '0');
  const response = proofOf(challenge, credentials, { ...request, count });
  const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
  const fields = [
    `username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `algorithm=${algorithm === 'MD5-SESS' || algorithm === 'SHA-256-SESS' ? algorithm.replace('SESS', 'sess') : algorithm}`,
    `response="${response}"`,
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
    ...(qop || algorithm.endsWith('-SESS') ? [`cnonce="${clientNonce}"`] : []),
    ...(qop ? ['qop=auth', `nc=${count}`] : []),
  ];
  return `Digest ${fields.join(', ')}`;
}

/** The `response` to a digest challenge. `count`: as written. */
export function proofOf(
  { realm, nonce = '', algorithm = 'MD5', qop }: Omit<Challenge, 'scheme'>,
  { user, password }: Credentials,
  request: { readonly method: string; readonly uri: string; readonly count: string; readonly clientNonce: string },
): string {
  const { method, uri, count, clientNonce } = request;
  const hash = (text: string): string => createHash(HASHES[algorithm]).update(text).digest('hex');
  const secret = hash(`${user}:${realm}:${password}`);
  const first = algorithm.endsWith('-SESS') ? hash(`${secret}:${nonce}:${clientNonce}`) : secret;
  const second = hash(`${method}:${uri}`);
  return hash(qop ? `${first}:${nonce}:${count}:${clientNonce}:auth:${second}` : `${first}:${nonce}:${second}`);
}
