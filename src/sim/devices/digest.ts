/** The far side of an HTTP digest login (RFC 7616, MD5, qop auth), with its own reading of the header. It must not know the program's own. */
import { createHash } from 'node:crypto';

export interface DigestLogin {
  readonly user: string;
  readonly password: string;
}

const REALM = 'simulated camera';
const NONCE = '7a6f1c02b4d85e93';
export const DIGEST_CHALLENGE = `Digest realm="${REALM}", qop="auth", algorithm=MD5, nonce="${NONCE}"`;

/** Whether an `authorization` header is the right answer to DIGEST_CHALLENGE. */
export function isLoggedIn(header: string | undefined, method: string, { user, password }: DigestLogin): boolean {
  if (header === undefined || !header.startsWith('Digest ')) return false;
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, bare] of header.slice(7).matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g))
    fields.set(name, quoted ?? bare ?? '');
  const field = (name: string): string => fields.get(name) ?? '';
  const secret = md5(`${user}:${REALM}:${password}`);
  const request = md5(`${method}:${field('uri')}`);
  const proof = md5([secret, NONCE, field('nc'), field('cnonce'), field('qop'), request].join(':'));
  return field('username') === user && field('nonce') === NONCE && field('response') === proof;
}

const md5 = (text: string): string => createHash('md5').update(text, 'utf8').digest('hex');
