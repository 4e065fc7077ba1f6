/**
 * Host names of the box, and whether a request comes from its own page: protection against DNS rebinding and cross-site requests. It proves no
 * identity.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { boxName } from './box-name.ts';

/** Whether the name is one of the box: its own addresses, localhost, its name and its host name (also with `.local`), and `extra`. */
export function isOwnName(name: string, extra: readonly string[]): boolean {
  if (name === 'localhost' || extra.some((each) => each.toLowerCase() === name)) return true;
  if (isIP(name) === 0) {
    return [hostname().toLowerCase(), boxName()].some((own) => name === own || name === `${own}.local`);
  }
  if (isLoopback(name)) return true;
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === name));
}

/** Whether it is this machine that asks, by its address. */
export const isLoopback = (address: string): boolean => /^(::ffff:)?127\.|^::1$/.test(address);

/** Whether a changing request is same-origin; browsers always state it, other programs send no such header. */
export function isOwnRequest({ headers }: IncomingMessage, secure: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || origin === `${secure ? 'https' : 'http'}://${headers.host}`;
}
