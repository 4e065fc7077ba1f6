/** The block of addresses that counts as one client. It is no proof of identity. */
import { isIPv6 } from 'node:net';

const GROUPS = 8;
/** A host may take any address of its /64. */
const NETWORK_GROUPS = 4;

/** One IPv4 address (also in its IPv6 form), or the /64 of an IPv6 one. */
export function addressBlock(address: string | undefined): string {
  if (address === undefined) return 'unknown';
  const [plain = ''] = address.split('%');
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(plain)) return plain;
  const [head = [], tail = []] = plain.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = plain.includes('::') ? Array<string>(GROUPS - head.length - tail.length).fill('0') : [];
  const network = [...head, ...zeros, ...tail].slice(0, NETWORK_GROUPS);
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
