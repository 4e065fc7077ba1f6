/**
 * The name of this box in its network, `lanewarden-XXXX`: the same after each boot, and different from box to box. The package has avahi answer to it
 * (deploy/box/own-network, which makes it in the same way).
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A board has a serial number of its own, which a card moved to another board does not take along; else the machine's id. */
const IDENTITIES = ['proc/device-tree/serial-number', 'etc/machine-id'];

/** Beside each other in the state folder: the key of the Wi-Fi that the box offers, and the mark that it does so no more. */
export const OWN_NETWORK_FILE = 'own-network';
export const COMMISSIONED_FILE = 'commissioned';

export interface OwnNetwork {
  readonly name: string;
  readonly key: string;
}

/** What a box without an address offers until it has been commissioned; undefined: nothing. */
export function ownNetwork(stateFolder: string): OwnNetwork | undefined {
  const key = textOf(join(stateFolder, OWN_NETWORK_FILE)).trim();
  if (key === '' || existsSync(join(stateFolder, COMMISSIONED_FILE))) return undefined;
  return { name: boxName(), key };
}

/** Tells nothing of the identity. Of a machine without one, its host name. */
export function boxName(root = '/'): string {
  for (const file of IDENTITIES) {
    const identity = textOf(root + file).replaceAll(/[\0\n]/g, '');
    if (identity !== '')
      return `lanewarden-${createHash('sha256').update(`lanewarden:${identity}`).digest('hex').slice(0, 4)}`;
  }
  return hostname().toLowerCase();
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
