/**
 * The keyring of updates: whose packages this box takes, and whose it takes no more. Files hold public keys (Ed25519, PEM, SPKI), one below the
 * other. A key that was ever revoked counts nowhere, whatever file names it. It knows keys, and nothing of packages.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UpdateError } from './update-error.ts';

export interface UpdateKey {
  /** SHA-256 of the key (SPKI, DER), by which people compare it. */
  readonly fingerprint: string;
  readonly key: KeyObject;
  readonly file: string;
}

export interface UpdateKeys {
  /** None of them revoked. */
  readonly trusted: readonly UpdateKey[];
  readonly revoked: readonly UpdateKey[];
}

export interface KeyPlaces {
  readonly trusted: readonly string[];
  readonly revoked: readonly string[];
}

/**
 * Those of the site and those that the package brings. Not in /etc/lanewarden: the service may write there, and whoever breaks into it must not be
 * able to choose whose packages are taken. What a package revokes is kept in /etc by deploy/box/release, so that no later package undoes it.
 */
export const KEY_PLACES: KeyPlaces = {
  trusted: ['/etc/lanewarden-update.pub', '/usr/lib/lanewarden/update.pub'],
  revoked: ['/etc/lanewarden-update-revoked.pub', '/usr/lib/lanewarden/update-revoked.pub'],
};

/** Each costs a hash of the whole package. */
const KEYS_MAX = 16;
const BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/** Files that are not there hold no keys. Throws UpdateError `noKey` when no key is in force, `badKeys` for a file that cannot be read. */
export function readKeys(places: KeyPlaces = KEY_PLACES): UpdateKeys {
  const revoked = distinct(places.revoked.flatMap(keysIn));
  const isRevoked = ({ fingerprint }: UpdateKey): boolean => revoked.some((key) => key.fingerprint === fingerprint);
  const trusted = distinct(places.trusted.flatMap(keysIn)).filter((key) => !isRevoked(key));
  if (trusted.length === 0) throw new UpdateError('noKey');
  return { trusted, revoked };
}

/** A file that says less than it should is no smaller ring but a fault: a revocation might be the part that is missing. */
function keysIn(file: string): UpdateKey[] {
  const text = textOf(file);
  if (text === undefined) return [];
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length > KEYS_MAX) throw new UpdateError('badKeys', `${file}: ${blocks.length} > ${KEYS_MAX}`);
  if (/[^\s#]/.test(text.replace(BLOCK, '').replaceAll(/^#.*$/gm, ''))) throw new UpdateError('badKeys', file);
  return blocks.map((block) => {
    const key = publicKey(block, file);
    return { fingerprint: fingerprintOf(key), key, file };
  });
}

function publicKey(block: string, file: string): KeyObject {
  try {
    const key = createPublicKey(block);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below.
  }
  throw new UpdateError('badKeys', file);
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UpdateError('badKeys', `${file}: ${(error as Error).message}`);
  }
}

export function fingerprintOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function distinct(keys: readonly UpdateKey[]): UpdateKey[] {
  return [...new Map([...keys].reverse().map((key) => [key.fingerprint, key])).values()].reverse();
}
