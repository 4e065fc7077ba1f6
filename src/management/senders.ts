/** Which addresses a management system may push from. */
import { BlockList, isIPv6 } from 'node:net';

/** An IP address, or a network as `192.0.2.0/24`. */
export const isSenderAddress = (text: string): boolean => {
  const [network = '', prefix] = text.split('/');
  const most = isIPv6(network) ? 128 : /^(\d{1,3}\.){3}\d{1,3}$/.test(network) ? 32 : -1;
  return most > 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= most));
};

/** Without any: from everywhere. */
export function senderCheck(from: readonly string[]): (address: string) => boolean {
  if (from.length === 0) return () => true;
  const list = new BlockList();
  for (const each of from) {
    const [network = '', prefix] = each.split('/');
    const family = network.includes(':') ? 'ipv6' : 'ipv4';
    list.addSubnet(network, prefix === undefined ? (family === 'ipv6' ? 128 : 32) : Number(prefix), family);
  }
  return (address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
    return list.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
  };
}
