/**
 * Password rules and hashes: scrypt with stored parameters, one at a time, because each takes 16 MiB and a good part of a second on a small box.
 * It knows users by name only.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem, tooManyRequests } from '../../http/problem.ts';
import { isGuessedFirst } from './weak-passwords.ts';

export const PASSWORD_LENGTH_MIN = 12;
/** Longer ones cost time without being better. */
export const PASSWORD_LENGTH_MAX = 128;
/** Queued hashes; more are refused. */
const WAITING_MAX = 8;
const COST = { N: 2 ** 14, r: 8, p: 5 };
const HASH_BYTES = 32;

/** `scrypt$N$r$p$salt$hash`, base64url. */
export type PasswordHash = string;

/** Throws Problem `weakPassword`. */
export function requireGood(password: string, user: string): void {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH_MIN || length > PASSWORD_LENGTH_MAX || isGuessedFirst(password, user))
    throw new Problem('weakPassword');
}

export class Passwords {
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #dummy: PasswordHash | undefined;

  /** Throws Problem `tooManyRequests` when too many wait. */
  async hash(password: string): Promise<PasswordHash> {
    const salt = randomBytes(16);
    const hash = await this.#inTurn(() => derive(password, salt, COST));
    return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
  }

  /** Takes as long for a user that does not exist (`kept` undefined). Throws Problem `tooManyRequests`. */
  async matches(password: string, kept: PasswordHash | undefined): Promise<boolean> {
    this.#dummy ??= await this.hash(randomBytes(16).toString('hex'));
    const [, N, r, p, salt = '', hash = ''] = (kept ?? this.#dummy).split('$');
    const cost = { N: Number(N), r: Number(r), p: Number(p) };
    const found = await this.#inTurn(() => derive(password, Buffer.from(salt, 'base64url'), cost));
    const wanted = Buffer.from(hash, 'base64url');
    return kept !== undefined && found.length === wanted.length && timingSafeEqual(found, wanted);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= WAITING_MAX) throw tooManyRequests(5);
    this.#waiting += 1;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting -= 1;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  const maxmem = 256 * cost.N * cost.r;
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, HASH_BYTES, { ...cost, maxmem }, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
