/**
 * A ULID: 48 bits of wall time and 80 random bits in Crockford's base 32, 26 characters, unique without coordination. Not monotonic within a
 * millisecond and not an order: a box starts with a wrong clock, so order comes from row numbers.
 */
import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;

/** `wallMs`: any number; out of the range of 48 bits it counts as 0. */
export function ulid(wallMs: number): string {
  const time = base32(wallMs >= 0 && wallMs < 2 ** 48 ? Math.floor(wallMs) : 0, TIME_CHARACTERS);
  // Five bits of each byte: sixteen characters, eighty bits.
  let random = '';
  for (const byte of randomSlice()) random += ALPHABET.charAt(byte & 31);
  return time + random;
}

/** A whole number in Crockford's base 32, with leading zeros. */
export function base32(value: number, characters: number): string {
  let text = '';
  for (let rest = value; text.length < characters; rest = Math.floor(rest / 32))
    text = ALPHABET.charAt(rest % 32) + text;
  return text;
}

/** Fetched from the system in stock: one call for many. Each byte is used once. */
let stock: Buffer = Buffer.alloc(0);

function randomSlice(): Buffer {
  if (stock.length < RANDOM_CHARACTERS) stock = randomBytes(RANDOM_CHARACTERS * 64);
  const slice = stock.subarray(0, RANDOM_CHARACTERS);
  stock = stock.subarray(RANDOM_CHARACTERS);
  return slice;
}
