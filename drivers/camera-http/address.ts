/**
 * Where a camera may be: in the local network, unless its configuration says otherwise; and which senders may speak for it. Checked on
 * the address of the actual connection, so that a changed DNS answer cannot redirect it. It sends nothing. reliability.md section 7 item
 * 13.
 */
import { BlockList, isIP } from 'node:net';
import { LinkError } from '../../src/driver.ts';
import { isInNetwork, plainAddress } from '../../src/outward/network-class.ts';
import { addressesOf, type PeerRule } from '../../src/outward/outward.ts';

export interface AllowedAddresses {
  /** Host of the configured address: an IP address (in brackets when IPv6) or a name. */
  readonly host: string;
  readonly allowPublic: boolean;
}

/** Whether a camera configured as `host` may be at this IP address. Loopback only when the configuration itself names it. */
export function mayBeAt(address: string, { host, allowPublic }: AllowedAddresses): boolean {
  const plain = plainAddress(address);
  if (isIP(plain) === 0) return false;
  if (isInNetwork('loopback', plain)) return namesLoopback(host);
  if (isInNetwork('nowhere', plain)) return false;
  return allowPublic || isInNetwork('local', plain);
}

function namesLoopback(host: string): boolean {
  const plain = plainAddress(host);
  return plain === 'localhost' || (isIP(plain) !== 0 && isInNetwork('loopback', plain));
}

/** Checks hosts that are IP addresses, which skip the lookup. A name passes: the door checks its addresses. */
export function isAllowedHost(reach: AllowedAddresses): boolean {
  const plain = plainAddress(reach.host);
  return isIP(plain) === 0 || mayBeAt(plain, reach);
}

/** Of its connections: none of the addresses of a name may be out of reach. Faults are LinkError `notLocal`. */
export const cameraRule = (reach: AllowedAddresses): PeerRule => ({
  mayConnect: (address) => mayBeAt(address, reach),
  refusal: notLocal,
});

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
  const allowed = new BlockList();
  for (const other of others) {
    const [network = '', prefix] = other.split('/');
    const isSix = isIP(network) === 6;
    allowed.addSubnet(network, prefix === undefined ? (isSix ? 128 : 32) : Number(prefix), isSix ? 'ipv6' : 'ipv4');
  }
  const own = plainAddress(host);
  return async (address) => {
    const sender = plainAddress(address);
    if (isIP(sender) === 0) return false;
    if (allowed.check(sender, sender.includes(':') ? 'ipv6' : 'ipv4')) return true;
    if (isIP(own) !== 0) return own === sender;
    return (await addressesOf(own).catch(() => [])).some((each) => plainAddress(each) === sender);
  };
}
