/** Password rules and hashes: scrypt with stored parameters, one at a time (each takes 16 MiB and most of a second on a small box). Knows user names only. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { Problem, tooManyRequests } from '../../http/problem.ts';
import { isGuessedFirst } from './weak-passwords.ts';

export const PASSWORD_LENGTH_MIN = 12;
/** Longer ones cost time without being better. */
export const PASSWORD_LENGTH_MAX = 128;
/** Queued hashes; more are refused. */
const WAITING_MAX = 8;
const COST = { N: 2 ** 14, r: 8, p: 5 };
export type HashCost = typeof COST;
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
  readonly #cost: HashCost;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #dummy: PasswordHash | undefined;

  constructor(cost = COST) {
    this.#cost = cost;
  }

  /** Throws Problem `tooManyRequests` when too many wait. */
  async hash(password: string): Promise<PasswordHash> {
    const salt = randomBytes(16);
    const { N, r, p } = this.#cost;
    const hash = await this.#inTurn(() => derive(password, salt, this.#cost));
    return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
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

function derive(password: string, salt: Buffer, cost: HashCost): Promise<Buffer> {
  const options = { ...cost, maxmem: 256 * cost.N * cost.r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize(), salt, HASH_BYTES, options, (error, hash) => (error ? reject(error) : resolve(hash)));
  });
}
