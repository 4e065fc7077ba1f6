/**
 * Registration of a device at a GA/T 1400 view library: the server's side of an HTTP digest login (RFC 2617 and 7616, MD5, as GA/T 1400.4
 * has it). It sends nothing. Without a configured password every device is registered.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock, PushRequest } from '../../src/driver.ts';
import type { SecretReference } from '../camera-http/config.ts';
import { proofOf, schemesOf } from '../camera-http/digest.ts';

const REALM = 'lanewarden';
/** An answer to a challenge is good for this long: within it the same device may register again with the same answer. */
const NONCE_MS = 300_000;

export class Registration {
  readonly #login: { readonly user: string; readonly password: SecretReference } | undefined;
  readonly #clock: Clock;
  /** Nonces are a time with its code under this key, so that none needs to be kept. */
  readonly #key = randomBytes(32);
  #isDone = false;

  constructor(login: { readonly user: string; readonly password: SecretReference } | undefined, clock: Clock) {
    this.#login = login;
    this.#clock = clock;
  }

  /** Also by a message of another kind that answers a challenge: after our start a device may first send what it has. */
  isDone(request: PushRequest): boolean {
    if (this.#login === undefined) return true;
    if (isAt(request, 'Register') || request.headers.authorization !== undefined) this.#isDone = this.#proves(request);
    return this.#isDone;
  }

  forget(): void {
    this.#isDone = false;
  }

  get challenge(): string {
    return `Digest realm="${REALM}", qop="auth", algorithm=MD5, nonce="${this.#nonceOf(this.#clock.nowMs())}"`;
  }

  #proves({ method, path, headers }: PushRequest): boolean {
    const answer = schemesOf(headers.authorization ?? '').find(({ scheme }) => scheme === 'digest')?.values;
    const value = (name: string): string => answer?.get(name) ?? '';
    const [nonce, uri, qop] = [value('nonce'), value('uri'), value('qop')];
    if (this.#login === undefined || !this.#isFresh(nonce)) return false;
    // Some devices write the whole address.
    if (!['', 'auth'].includes(qop) || !URL.canParse(uri, 'http://box') || new URL(uri, 'http://box').pathname !== path)
      return false;
    const { user, password } = this.#login;
    const proof = proofOf(
      { realm: REALM, nonce, qop: qop === 'auth' },
      { user, password: password.reveal() },
      { method, uri, count: value('nc'), clientNonce: value('cnonce') },
    );
    return value('username') === user && isEqual(value('response').toLowerCase(), proof);
  }

  #isFresh(nonce: string): boolean {
    const madeMs = Number.parseInt(nonce, 36);
    const ageMs = this.#clock.nowMs() - madeMs;
    return isEqual(nonce, this.#nonceOf(madeMs)) && ageMs >= 0 && ageMs <= NONCE_MS;
  }

  #nonceOf(ms: number): string {
    const time = Math.floor(ms).toString(36);
    return `${time}.${createHmac('sha256', this.#key).update(time).digest('hex').slice(0, 32)}`;
  }
}

/** Whether a request is for this part of `/VIID/System`. */
export const isAt = ({ path }: Pick<PushRequest, 'path'>, name: string): boolean =>
  path.replace(/\/$/, '').toLowerCase() === `/viid/system/${name.toLowerCase()}`;

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
