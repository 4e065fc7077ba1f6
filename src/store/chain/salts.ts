/** Salts of rows, drawn from the system in stock: one call for many. Each is used once. */
import { randomBytes } from 'node:crypto';
import { SALT_DIGITS } from './chain.ts';

const STOCK_BYTES = 4_096;
let stock = '';
let at = 0;

/** In hex. */
export function newSalt(): string {
  if (at >= stock.length) {
    stock = randomBytes(STOCK_BYTES).toString('hex');
    at = 0;
  }
  at += SALT_DIGITS;
  return stock.slice(at - SALT_DIGITS, at);
}
