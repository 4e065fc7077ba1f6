/**
 * The update keyring: trusted and revoked signing keys. Files contain public keys (Ed25519, PEM, SPKI), one below the other. A key that
 * was ever revoked is never trusted, whatever file contains it. It knows keys, not packages.
 */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { UpdateError } from './update-error.ts';

export interface UpdateKey {
  /** SHA-256 of the key (SPKI, DER), for comparison by people. */
  readonly fingerprint: string;
  readonly key: KeyObject;
  readonly file: string;
}

export interface UpdateKeys {
  /** Without revoked keys. */
  readonly trusted: readonly UpdateKey[];
  readonly revoked: readonly UpdateKey[];
}

export interface KeyPlaces {
  readonly trusted: readonly string[];
  readonly revoked: readonly string[];
}

/**
 * Keys of the site and of the package. Not in /etc/lanewarden: the service may write there, and an intruder in it must not choose whose
 * packages are accepted. deploy/box/keep-revocations stores revocations of a package in /etc, so that no later package undoes them.
 */
export const KEY_PLACES: KeyPlaces = {
  trusted: ['/etc/lanewarden-update.pub', '/usr/lib/lanewarden/update.pub'],
  revoked: ['/etc/lanewarden-update-revoked.pub', '/usr/lib/lanewarden/update-revoked.pub'],
};

/** Each costs a hash of the whole package. */
const KEYS_MAX = 16;
const BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;

/** Missing files contain no keys. Throws UpdateError `noKey` when no key is in force, `badKeys` for an unreadable file. */
export function readKeys(places: KeyPlaces = KEY_PLACES): UpdateKeys {
  const revoked = distinct(places.revoked.flatMap(keysIn));
  const isRevoked = ({ fingerprint }: UpdateKey): boolean => revoked.some((key) => key.fingerprint === fingerprint);
  const trusted = distinct(places.trusted.flatMap(keysIn)).filter((key) => !isRevoked(key));
  if (trusted.length === 0) throw new UpdateError('noKey');
  return { trusted, revoked };
}

/** A truncated file is a fault, not a smaller keyring: the missing part might be a revocation. */
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
    // Reported below.
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
