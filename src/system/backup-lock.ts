/** What a passphrase encrypts in a backup: scrypt and AES-256-GCM. It knows no file. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';

/** 32 MB and a third of a second here; a passphrase may be short. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** salt (16) | nonce (12) | tag (16) | AES-256-GCM */
export function lock(bytes: Uint8Array, passphrase: string): Buffer {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, SCRYPT), nonce);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]);
}

/** undefined: another passphrase, or damaged. */
export function unlock(bytes: Buffer, passphrase: string): Buffer | undefined {
  const key = scryptSync(passphrase, bytes.subarray(0, 16), 32, SCRYPT);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(16, 28));
    decipher.setAuthTag(bytes.subarray(28, 44));
    return Buffer.concat([decipher.update(bytes.subarray(44)), decipher.final()]);
  } catch {
    return undefined;
  }
}
