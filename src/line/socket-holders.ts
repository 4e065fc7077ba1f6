/** Whether a program of this machine is connected to an address already: from the kernel's own table, which covers every user. */
import { readFile } from 'node:fs/promises';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { addressesOf } from '../outward/outward.ts';

const ESTABLISHED = '01';
const TABLES = ['proc/net/tcp', 'proc/net/tcp6'];
/** Prefix of an IPv4 address in the table of IPv6. */
const MAPPED = '0000000000000000FFFF0000';

/** `root` is `/`, or a folder with a copy of `proc/net` in a test. */
export async function isConnected(host: string, port: number, root = '/'): Promise<boolean> {
  const addresses = await addressesOf(host, 4).catch(() => []);
  const wanted = new Set(addresses.map((address) => `${hexAddress(address)}:${hex(port, 4)}`));
  for (const table of TABLES) {
    const text = await readFile(join(root, table), 'utf8').catch(() => '');
    for (const row of text.split('\n').slice(1)) {
      const [, , remote = '', state] = row.trim().split(/\s+/);
      if (state === ESTABLISHED && wanted.has(remote.replace(MAPPED, ''))) return true;
    }
  }
  return false;
}

/** As the kernel prints it: four bytes as one number in host byte order. */
function hexAddress(address: string): string {
  const bytes = address.split('.').map((byte) => hex(Number(byte), 2));
  return (endianness() === 'LE' ? bytes.reverse() : bytes).join('');
}

const hex = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');
