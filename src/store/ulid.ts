/**
 * A ULID: 48 bits of wall time and 80 random bits in Crockford's base 32, 26 characters, unique without anybody's help.
 * Not monotonic within a millisecond and not an order: a box starts with a wrong clock, so order comes from row numbers.
 */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_BYTES = 10;

/** `wallMs`: any number; out of the range of 48 bits it counts as 0. */
export function ulid(wallMs: number): string {
  let time = '';
  let rest = wallMs >= 0 && wallMs < 2 ** 48 ? Math.floor(wallMs) : 0;
  for (let index = 0; index < TIME_CHARACTERS; index += 1) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  let bits = 0n;
  for (const byte of randomBytes(RANDOM_BYTES)) bits = (bits << 8n) | BigInt(byte);
  let random = '';
  for (let index = 0; index < 16; index += 1) {
    random = ALPHABET.charAt(Number(bits & 31n)) + random;
    bits >>= 5n;
  }
  return time + random;
}
