/**
 * Which names the box is called by, and whether a request was made by its own page: the guard against names that are bound to its address
 * afterwards (DNS rebinding) and against other sites. An address is no proof of who asks; it only says that no name was tricked.
 */
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';

/** `host` without its port, lower case, IPv6 without brackets; undefined when it is no such thing. */
export function hostName(host: string | undefined): string | undefined {
  const [, bracketed, plain] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#@[\]]+))(?::\d{1,5})?$/i.exec(host ?? '') ?? [];
  return (bracketed ?? plain)?.toLowerCase().replace(/\.$/, '');
}

/** Whether the box may be called so: its own addresses, localhost, its host name (also with `.local`), and `extra`. */
export function isOwnName(name: string, extra: readonly string[]): boolean {
  if (name === 'localhost' || extra.some((each) => each.toLowerCase() === name)) return true;
  if (isIP(name) === 0) {
    const own = hostname().toLowerCase();
    return name === own || name === `${own}.local`;
  }
  if (/^127\./.test(name) || name === '::1') return true;
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === name));
}

/** Whether a request that changes something comes from a page of the box itself; browsers always say so, other programs say nothing. */
export function isOwnRequest({ headers }: IncomingMessage, secure: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  const { origin } = headers;
  return origin === undefined || origin === `${secure ? 'https' : 'http'}://${headers.host}`;
}
