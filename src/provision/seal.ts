/**
 * Sealing for one box: X25519 with a key made for this message, HKDF-SHA256, AES-256-GCM. Whoever has the sealed text and not the box's private key
 * learns its length. The key of the box stands beside that of the evidence, 0600.
 */
import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { join } from 'node:path';
import { makeFolderDurably, readText, writeDurably } from '../small-file.ts';

export const SEAL_KEY_FILE = 'seal-key.pem';
/** The bytes before a raw X25519 key in DER (RFC 8410). */
const DER = Buffer.from('302a300506032b656e032100', 'hex');
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSE = 'lanewarden provision seal 1';

export interface SealKey {
  /** 32 bytes in hex: what the operator seals for. */
  readonly publicKey: string;
  /** undefined: not sealed for this key and name, or changed. */
  open(sealed: string, name: string): string | undefined;
}

/** Reads it, or makes it where there is none. */
export async function openSealKey(folder: string): Promise<SealKey> {
  await makeFolderDurably(folder);
  const file = join(folder, SEAL_KEY_FILE);
  const kept = privateKeyIn(await readText(file));
  if (kept !== undefined) return sealKeyOf(kept);
  const { privateKey } = generateKeyPairSync('x25519');
  await writeDurably(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return sealKeyOf(privateKey);
}

/** `key`: of the box, in hex. `name`: of its row; what is sealed for one row opens in no other. */
export function seal(key: string, name: string, text: string): string {
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const once = rawOf(publicKey);
  const iv = randomBytes(IV_BYTES);
  const secret = secretOf(privateKey, publicKeyOf(key), once, Buffer.from(key, 'hex'));
  const cipher = createCipheriv('aes-256-gcm', secret, iv).setAAD(Buffer.from(name));
  const bytes = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([once, iv, cipher.getAuthTag(), bytes]).toString('base64');
}

export const isSealKey = (key: string): boolean => /^[0-9a-f]{64}$/.test(key);

function sealKeyOf(privateKey: KeyObject): SealKey {
  const own = rawOf(createPublicKey(privateKey));
  return {
    publicKey: own.toString('hex'),
    open: (sealed, name) => {
      try {
        const bytes = Buffer.from(sealed, 'base64');
        const once = bytes.subarray(0, KEY_BYTES);
        const iv = bytes.subarray(KEY_BYTES, KEY_BYTES + IV_BYTES);
        const tag = bytes.subarray(KEY_BYTES + IV_BYTES, KEY_BYTES + IV_BYTES + TAG_BYTES);
        const secret = secretOf(privateKey, publicKeyOf(once.toString('hex')), once, own);
        const cipher = createDecipheriv('aes-256-gcm', secret, iv, { authTagLength: TAG_BYTES });
        cipher.setAAD(Buffer.from(name)).setAuthTag(tag);
        const rest = bytes.subarray(KEY_BYTES + IV_BYTES + TAG_BYTES);
        return Buffer.concat([cipher.update(rest), cipher.final()]).toString('utf8');
      } catch {
        return undefined;
      }
    },
  };
}

function secretOf(privateKey: KeyObject, publicKey: KeyObject, once: Buffer, box: Buffer): Buffer {
  const shared = diffieHellman({ privateKey, publicKey });
  return Buffer.from(hkdfSync('sha256', shared, Buffer.concat([once, box]), PURPOSE, KEY_BYTES));
}

const publicKeyOf = (hex: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([DER, Buffer.from(hex, 'hex')]), format: 'der', type: 'spki' });

const rawOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' }).subarray(-KEY_BYTES);

function privateKeyIn(pem: string | undefined): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem ?? '');
    return key.asymmetricKeyType === 'x25519' ? key : undefined;
  } catch {
    return undefined;
  }
}
