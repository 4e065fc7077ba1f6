/** What a passphrase encrypts: the secrets in a backup, or the whole file of one. scrypt and AES-256-GCM. It knows no backup. */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';

/** 32 MB and a third of a second here; a passphrase may be short. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** salt (16) | nonce (12) | tag (16) | AES-256-GCM */
export function lock(bytes: Uint8Array, passphrase: string): Buffer {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(passphrase, salt), nonce);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]);
}

/** undefined: another passphrase, or damaged. */
export function unlock(bytes: Buffer, passphrase: string): Buffer | undefined {
  const key = keyOf(passphrase, bytes.subarray(0, 16));
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(16, 28));
    decipher.setAuthTag(bytes.subarray(28, 44));
    return Buffer.concat([decipher.update(bytes.subarray(44)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/**
 * A file of any size: MARK | salt (16) | pieces of tag (16) | AES-256-GCM of PIECE_BYTES, the last one shorter. The nonce is the piece's number, and whether
 * it is the last: none can be left out, put elsewhere or cut off.
 */
const MARK = Buffer.from('lanewarden-locked 1\n');
const HEAD_BYTES = MARK.length + 16;
const PIECE_BYTES = 1_048_576;

function nonceOf(piece: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeUInt8(isLast ? 1 : 0, 0);
  nonce.writeUInt32BE(piece, 8);
  return nonce;
}

const keyOf = (passphrase: string, salt: Uint8Array): Buffer => scryptSync(passphrase, salt, 32, SCRYPT);

export function isLockedFile(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(MARK.length);
    return readSync(handle, head, 0, head.length, 0) === head.length && head.equals(MARK);
  } finally {
    closeSync(handle);
  }
}

/** A full disk takes a part of it at first, and only then refuses. */
export function writeWhole(handle: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

/** Each piece of a file from a place on, and whether it is the last. */
function* piecesOf(handle: number, fromByte: number, bytes: number): Generator<readonly [Buffer, boolean]> {
  const { size } = fstatSync(handle);
  for (let at = fromByte; ; at += bytes) {
    const piece = Buffer.alloc(Math.max(0, Math.min(bytes, size - at)));
    for (let got = 0; got < piece.length; ) {
      const more = readSync(handle, piece, got, piece.length - got, at + got);
      if (more === 0) break;
      got += more;
    }
    yield [piece, at + bytes >= size];
    if (at + bytes >= size) return;
  }
}

/** Flushed when it returns. */
export function lockFile(from: string, to: string, passphrase: string): void {
  const salt = randomBytes(16);
  const key = keyOf(passphrase, salt);
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w', 0o600)];
  try {
    writeWhole(target, Buffer.concat([MARK, salt]));
    let number = 0;
    for (const [piece, isLast] of piecesOf(source, 0, PIECE_BYTES)) {
      const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number++, isLast));
      const sealed = Buffer.concat([cipher.update(piece), cipher.final()]);
      writeWhole(target, Buffer.concat([cipher.getAuthTag(), sealed]));
    }
    fsyncSync(target);
  } finally {
    closeSync(source);
    closeSync(target);
  }
}

/** False: another passphrase, or damaged; what was written until then is worth nothing. */
export function unlockFile(from: string, to: string, passphrase: string): boolean {
  const [source, target] = [openSync(from, 'r'), openSync(to, 'w', 0o600)];
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(source, head, 0, HEAD_BYTES, 0);
    const key = keyOf(passphrase, head.subarray(MARK.length));
    let number = 0;
    for (const [piece, isLast] of piecesOf(source, HEAD_BYTES, PIECE_BYTES + 16)) {
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number++, isLast), { authTagLength: 16 });
      decipher.setAuthTag(piece.subarray(0, 16));
      writeWhole(target, Buffer.concat([decipher.update(piece.subarray(16)), decipher.final()]));
    }
    return true;
  } catch (error) {
    // A disk that refuses says so itself.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) throw error;
    return false;
  } finally {
    closeSync(source);
    closeSync(target);
  }
}
