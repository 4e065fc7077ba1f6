/**
 * The key that the box signs heads of its chain with: Ed25519, made at the first start. It stands beside the key of the page's certificate, 0600, and
 * is in no backup: whoever has it can sign in the box's name.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { makeFolderDurably, readText, writeDurably } from '../small-file.ts';

export interface BoxKey {
  /** 32 bytes in hex, as docs/en/evidence-format.md shows them. */
  readonly publicKey: string;
  /** Of the text as UTF-8, in hex. */
  sign(text: string): string;
}

export const BOX_KEY_FILE = 'evidence-key.pem';

/** Reads it, or makes it at the first start and where the file is not usable. Rejects with what the disk says. */
export async function openBoxKey(folder: string): Promise<BoxKey> {
  await makeFolderDurably(folder);
  const file = join(folder, BOX_KEY_FILE);
  const kept = await readText(file);
  const found = kept === undefined ? undefined : privateKeyIn(kept);
  if (found !== undefined) return keyOf(found);
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeDurably(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return keyOf(privateKey);
}

/** Without making one: for a command beside the program. undefined: there is none, or it may not be read. */
export async function readBoxKey(folder: string): Promise<BoxKey | undefined> {
  const kept = await readText(join(folder, BOX_KEY_FILE)).catch(() => undefined);
  const found = kept === undefined ? undefined : privateKeyIn(kept);
  return found && keyOf(found);
}

/** undefined: it is none. */
function privateKeyIn(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function keyOf(privateKey: KeyObject): BoxKey {
  const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return {
    // The raw key is the end of its DER form.
    publicKey: der.subarray(-32).toString('hex'),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString('hex'),
  };
}
