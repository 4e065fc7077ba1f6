// The keyring that a package brings: the keys whose packages a box takes from then on, and those it takes no more. Public keys only.
import { createHash, createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * `trusted`, `revoked`: files of public keys (Ed25519, PEM), each with one or several. Returns the two files of the package, with each key's text in
 * one line, as deploy/box/keep-revocations compares it; undefined where there is nothing to write. Throws RangeError for a ring that would lock boxes out.
 */
export function keyFiles(trusted, revoked) {
  const inForce = keysOf(trusted);
  const gone = keysOf(revoked);
  const both = [...inForce.keys()].filter((text) => gone.has(text));
  if (both.length > 0) throw new RangeError(`in force and revoked at once: ${both.map(fingerprint).join(', ')}`);
  if (gone.size > 0 && inForce.size === 0)
    throw new RangeError('a package that revokes a key must bring its successor: --update-key');
  return { trusted: joined(inForce), revoked: joined(gone) };
}

/** Text as it is written → key. */
function keysOf(files) {
  const blocks = files.flatMap((file) => {
    const found = readFileSync(file, 'utf8').match(/-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g);
    if (found === null) throw new RangeError(`no public key in ${file}`);
    return found;
  });
  const keys = blocks.map((block) => createPublicKey(block));
  const other = keys.find(({ asymmetricKeyType }) => asymmetricKeyType !== 'ed25519');
  if (other !== undefined) throw new RangeError(`a key is ${other.asymmetricKeyType}, not ed25519`);
  return new Map(keys.map((key) => [key.export({ type: 'spki', format: 'pem' }), key]));
}

const fingerprint = (text) =>
  createHash('sha256')
    .update(createPublicKey(text).export({ type: 'spki', format: 'der' }))
    .digest('hex');

const joined = (keys) => (keys.size === 0 ? undefined : [...keys.keys()].join(''));
