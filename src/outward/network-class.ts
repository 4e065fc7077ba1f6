/** Addresses by the network they are in: public, or one of those near the box. Pure. */
import { BlockList, isIP } from 'node:net';

/** RFC 1918 and RFC 4193. */
const PRIVATE = [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['fc00::', 7],
] as const;
/** RFC 5737 and RFC 3849, which lead nowhere. */
const DOCUMENTATION = [
  ['192.0.2.0', 24],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['2001:db8::', 32],
] as const;
const LOOPBACK = [
  ['127.0.0.0', 8],
  ['::1', 128],
] as const;
/** Links, multicast and the unspecified addresses. */
const NOWHERE = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
  ['::', 128],
  ['fe80::', 10],
  ['ff00::', 8],
] as const;
/**
 * Behind a carrier's NAT, and prefixes that carry an IPv4 address or a network of the site's own: NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), Teredo
 * (RFC 4380), compatible addresses (RFC 4291), site-local (RFC 3879), benchmarks (RFC 2544), protocol assignments (RFC 6890).
 */
const TRANSLATED = [
  ['100.64.0.0', 10],
  ['192.0.0.0', 24],
  ['198.18.0.0', 15],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['2001::', 32],
  ['::', 96],
  ['fec0::', 10],
] as const;

function blockList(...lists: readonly (readonly (readonly [string, number])[])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of lists.flat()) list.addSubnet(network, prefix, family(network));
  return list;
}

/** Of what is an address already: isIP would compile its expression for IPv6 in each start. */
function family(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

const LISTS = {
  /** Where devices of a site are; the documentation networks lead nowhere. */
  local: blockList(PRIVATE, DOCUMENTATION),
  loopback: blockList(LOOPBACK),
  nowhere: blockList(NOWHERE),
  /** Everything that is not plainly public. */
  near: blockList(PRIVATE, DOCUMENTATION, LOOPBACK, NOWHERE, TRANSLATED),
} as const;

/** `address`: an IP address as `plainAddress` gives it. */
export function isInNetwork(network: keyof typeof LISTS, address: string): boolean {
  return LISTS[network].check(address, family(address));
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

/** Not an IP address: no network is known, so it is not public either. */
export function isPublicAddress(address: string): boolean {
  const plain = plainAddress(address);
  return isIP(plain) !== 0 && !isInNetwork('near', plain);
}
