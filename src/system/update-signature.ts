/** A package's signature: its location, and its verification by the keys in force. It knows bytes, not their content. */
import { verify } from 'node:crypto';
import { UpdateError } from './update-error.ts';
import type { UpdateKey, UpdateKeys } from './update-keys.ts';

const SIGNATURE_BYTES = 64;
/**
 * A package may carry its signature as the last member of its archive (ar), which dpkg skips: then there is one file to choose on a
 * phone. Everything before this heading is signed.
 */
const SIGNATURE_HEADING = Buffer.from(
  `${['_lanewarden-sig '.padEnd(16), '0'.padEnd(12), '0'.padEnd(6), '0'.padEnd(6), '100644'.padEnd(8), '64'.padEnd(10)].join('')}\`\n`,
);

/** Appends the signature as the last member. */
export function withSignature(bytes: Uint8Array, signature: Uint8Array): Buffer {
  return Buffer.concat([bytes, SIGNATURE_HEADING, signature]);
}

/** Splits a package from its signature. Throws UpdateError `signature` without one. */
export function signedPart(bytes: Buffer): { readonly signed: Buffer; readonly signature: Buffer } {
  const end = Math.max(0, bytes.length - SIGNATURE_BYTES);
  const start = Math.max(0, end - SIGNATURE_HEADING.length);
  if (!bytes.subarray(start, end).equals(SIGNATURE_HEADING)) throw new UpdateError('signature');
  return { signed: bytes.subarray(0, start), signature: bytes.subarray(end) };
}

/** `signature`: 64 bytes of Ed25519 over the whole file. Throws UpdateError `revoked` for a revoked key's signature, else `signature`. */
export function checkSignature(bytes: Uint8Array, signature: Uint8Array, { trusted, revoked }: UpdateKeys): void {
  const isBy = ({ key }: UpdateKey): boolean =>
    signature.length === SIGNATURE_BYTES && verify(null, bytes, key, signature);
  if (!trusted.some(isBy)) throw refusal(revoked.find(isBy));
}

/** Verifies a carried signature in a thread of its own, for a program that must not block meanwhile. */
export async function checkCarried(bytes: Buffer, { trusted, revoked }: UpdateKeys): Promise<void> {
  const { signed, signature } = signedPart(bytes);
  const isBy = ({ key }: UpdateKey): Promise<boolean> =>
    new Promise((resolve, reject) =>
      verify(null, signed, key, signature, (error, result) => (error === null ? resolve(result) : reject(error))),
    );
  for (const key of trusted) if (await isBy(key)) return;
  for (const key of revoked) if (await isBy(key)) throw refusal(key);
  throw refusal(undefined);
}

function refusal(revokedKey: UpdateKey | undefined): UpdateError {
  return revokedKey === undefined ? new UpdateError('signature') : new UpdateError('revoked', revokedKey.fingerprint);
}
