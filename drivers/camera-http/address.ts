/**
 * Where a camera may be: in the local network, unless its configuration says otherwise; and which senders may speak for it. Checked on
 * the address of the actual connection, so that a changed DNS answer cannot redirect it. It sends nothing. reliability.md section 7 item
 * 13.
 */
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { LinkError } from '../../src/driver.ts';

/**
 * RFC 1918 and RFC 4193, and the documentation networks of RFC 5737 and RFC 3849, which lead nowhere. Left out on purpose: 169.254/16
 * and fe80::/10 (metadata services), 100.64/10 (some clouds), all multicast.
 */
const LOCAL = blockList(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['192.0.2.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['fc00::', 7],
  ['2001:db8::', 32],
);
const LOOPBACK = blockList(['127.0.0.0', 8], ['::1', 128]);
/** Refused even with `allowPublic`. */
const NOWHERE = blockList(
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
);

function blockList(...subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, family(network));
  return list;
}

/** Of what is an address already: isIP would compile its expression for IPv6 in each start. */
function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, family(address));
}

/** Reduces `::ffff:192.0.2.1`, as text or hex, to 192.0.2.1, without brackets and zones. */
export function plainAddress(address: string): string {
  const bare = address
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .toLowerCase();
  const dotted = /^(?:0*:)*:?ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(bare)?.[1];
  if (dotted !== undefined) return dotted;
  const [, high, low] = /^(?:0*:)*:?ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(bare) ?? [];
  if (high === undefined || low === undefined) return bare;
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low, 16);
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join('.');
}

export interface AllowedAddresses {
  /** Host of the configured address: an IP address (in brackets when IPv6) or a name. */
  readonly host: string;
  readonly allowPublic: boolean;
}

/** Whether a camera configured as `host` may be at this IP address. Loopback only when the configuration itself names it. */
export function mayBeAt(address: string, { host, allowPublic }: AllowedAddresses): boolean {
  const plain = plainAddress(address);
  if (isIP(plain) === 0) return false;
  if (isIn(LOOPBACK, plain)) return namesLoopback(host);
  if (isIn(NOWHERE, plain)) return false;
  return allowPublic || isIn(LOCAL, plain);
}

function namesLoopback(host: string): boolean {
  const plain = plainAddress(host);
  return plain === 'localhost' || (isIP(plain) !== 0 && isIn(LOOPBACK, plain));
}

/** Checks hosts that are IP addresses, which skip the lookup. A name passes: `guardedLookup` checks its addresses. */
export function isAllowedHost(reach: AllowedAddresses): boolean {
  const plain = plainAddress(reach.host);
  return isIP(plain) === 0 || mayBeAt(plain, reach);
}

/** Resolves a name for net.connect; throws LinkError `notLocal` when any of its addresses is out of reach. */
export function guardedLookup(reach: AllowedAddresses): LookupFunction {
  return (name, options, callback) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '', 0);
      const outside = found.find(({ address }) => !mayBeAt(address, reach));
      const [first] = found;
      if (outside !== undefined || first === undefined) return callback(notLocal(name), '', 0);
      if (options.all === true) callback(null, found);
      else callback(null, first.address, first.family);
    });
  };
}

export function notLocal(host: string): LinkError {
  return new LinkError('notLocal', `${host} is outside the local network`);
}

/** An IP address, or a network as `192.0.2.0/24`. */
export function isAddressOrNetwork(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/');
  const bits = isIP(address) === 6 ? 128 : 32;
  return (
    isIP(address) !== 0 &&
    more.length === 0 &&
    (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
  );
}

/**
 * Whether a request from `address` may come from the camera: its configured address, or one of `others` (addresses, networks). A name is
 * resolved for each request; the system resolver caches it.
 */
export function createSenderCheck(host: string, others: readonly string[]): (address: string) => Promise<boolean> {
  const allowed = blockList(
    ...others.map((other) => {
      const [network = '', prefix] = other.split('/');
      return [network, prefix === undefined ? (isIP(network) === 6 ? 128 : 32) : Number(prefix)] as const;
    }),
  );
  const own = plainAddress(host);
  return async (address) => {
    const sender = plainAddress(address);
    if (isIP(sender) === 0) return false;
    if (isIn(allowed, sender)) return true;
    if (isIP(own) !== 0) return own === sender;
    return (await addressesOf(own)).includes(sender);
  };
}

function addressesOf(name: string): Promise<readonly string[]> {
  return new Promise((resolve) => {
    lookup(name, { all: true }, (error, found) =>
      resolve(error === null ? found.map(({ address }) => plainAddress(address)) : []),
    );
  });
}
