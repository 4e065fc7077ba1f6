/** How the box is connected, as the operating system has it: addresses, gateway, name servers. It asks nobody and changes nothing. */
import { readFile } from 'node:fs/promises';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

export interface BoxNetwork {
  /** IPv4 first. */
  readonly addresses: readonly { readonly on: string; readonly address: string; readonly cidr: string }[];
  readonly gateways: readonly { readonly on: string; readonly address: string }[];
  readonly nameServers: readonly string[];
}

/** Those of a stub that forwards: the servers behind it are named elsewhere. */
const STUB = '127.0.0.53';
const ROUTES = '/proc/net/route';
const RESOLVER = '/etc/resolv.conf';
const RESOLVED = '/run/systemd/resolve/resolv.conf';

/** `at`: the root of the file system. */
export async function boxNetwork(at = '', interfaces = networkInterfaces()): Promise<BoxNetwork> {
  const textOf = (path: string): Promise<string> => readFile(at + path, 'utf8').catch(() => '');
  const named = nameServersIn(await textOf(RESOLVER));
  const behind = named.includes(STUB) ? nameServersIn(await textOf(RESOLVED)) : [];
  return {
    addresses: ownAddresses(interfaces),
    gateways: gatewaysIn(await textOf(ROUTES)),
    nameServers: behind.length > 0 ? behind : named,
  };
}

/** IPv4 before IPv6; an address that the cable gave itself, because nobody else did, last. */
export function ownAddresses(interfaces = networkInterfaces()): BoxNetwork['addresses'] {
  const isSelfGiven = ({ address }: NetworkInterfaceInfo): boolean => /^(169\.254\.|fe80:)/i.test(address);
  const rank = (each: NetworkInterfaceInfo): number => Number(each.family !== 'IPv4') + 2 * Number(isSelfGiven(each));
  return Object.entries(interfaces)
    .flatMap(([on, all = []]) => all.filter(({ internal }) => !internal).map((info) => ({ on, info })))
    .sort((a, b) => rank(a.info) - rank(b.info))
    .filter(({ info }) => info.family === 'IPv4' || !isSelfGiven(info))
    .map(({ on, info: { address, cidr } }) => ({ on, address, cidr: cidr ?? address }));
}

/** Routes to everywhere, of a table whose addresses are hexadecimal in the machine's (little-endian) order. */
function gatewaysIn(table: string): BoxNetwork['gateways'] {
  return table.split('\n').flatMap((row) => {
    const [on = '', destination, gateway = ''] = row.split('\t');
    if (destination !== '00000000' || !/^[\dA-F]{8}$/i.test(gateway) || gateway === '00000000') return [];
    const bytes = gateway.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
    return [{ on, address: bytes.reverse().join('.') }];
  });
}

const nameServersIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address]) => address as string);
