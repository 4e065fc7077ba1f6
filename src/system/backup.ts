/**
 * A backup of a box in one zip file, and back: the configuration, the database, and the secrets when a passphrase locks them. Pictures are not in
 * it. It streams, so that a large database needs no memory. It knows files and nothing of what they say.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Zip, ZipDeflate } from 'fflate';
import { copyDatabase, putBackDatabase } from '../store/files/copy.ts';
import { ZipFile } from '../store/files/zip-file.ts';
import { backupText } from '../text/commands/backup.ts';
import type { Text } from '../text/text.ts';

export type BackupCode =
  | 'notBackup' // no file of `backup`, or damaged
  | 'noRoom' // what it says it has does not fit on the disk
  | 'newerBackup' // written by a newer version of the program
  | 'passphrase'; // wrong, or missing

export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly code: BackupCode;
  readonly text: Text;
  constructor(code: BackupCode) {
    super(code);
    this.code = code;
    this.text = backupText[code];
  }
}

/** Where a box keeps what is worth a backup. */
export interface BoxFiles {
  readonly configFile: string;
  readonly stateFolder: string;
}

const FORMAT = 'lanewarden-backup';
const VERSION = 1;
const MANIFEST = 'backup.json';
const CONFIG = 'lanewarden.yaml';
const SECRETS = 'secrets.locked';
const DATABASE = 'lanewarden.db';
const CHUNK_BYTES = 262_144;
/** Nothing in a backup is larger; a zip could claim anything. */
const PART_MAX_BYTES: ReadonlyMap<string, number> = new Map([
  [MANIFEST, 64_000],
  [CONFIG, 4_000_000],
  [SECRETS, 4_000_000],
  [DATABASE, 4_000_000_000],
]);
/** The disk is not filled to its end for a backup. */
const ROOM_LEFT_BYTES = 32_000_000;
/** 32 MB and a third of a second here; a passphrase may be short. */
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

interface Manifest {
  readonly format: string;
  readonly version: number;
  readonly program: string;
  /** SHA-256 of each file beside this one. */
  readonly files: Readonly<Record<string, string>>;
}

/** What went in, or came back. */
export interface BackupContents {
  readonly database: boolean;
  readonly secrets: boolean;
}

/** Writes `file` (mode 0600). `passphrase`: also the secrets, locked by it. */
export function writeBackup(
  box: BoxFiles,
  file: string,
  options: { readonly program: string; readonly passphrase?: string },
): BackupContents {
  const work = mkdtempSync(join(dirname(file), '.backup-'));
  try {
    const parts = new Map<string, string>([[CONFIG, box.configFile]]);
    const copy = join(work, DATABASE);
    if (copyDatabase(box.stateFolder, copy)) parts.set(DATABASE, copy);
    const secrets = secretsBeside(box.configFile);
    if (options.passphrase !== undefined && existsSync(secrets)) {
      const locked = join(work, SECRETS);
      writeFileSync(locked, lock(readFileSync(secrets), options.passphrase), { mode: 0o600 });
      parts.set(SECRETS, locked);
    }
    writeZip(parts, join(work, 'zip'), options.program);
    renameSync(join(work, 'zip'), file);
    return { database: parts.has(DATABASE), secrets: parts.has(SECRETS) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Reads the whole file and checks it before anything is changed. `passphrase` is asked for when it holds secrets. The former configuration is kept beside as `….before-restore`. */
export async function restoreBackup(
  box: BoxFiles,
  file: string,
  passphrase: () => Promise<string | undefined>,
): Promise<BackupContents> {
  mkdirSync(box.stateFolder, { recursive: true, mode: 0o700 });
  const work = mkdtempSync(join(box.stateFolder, '.restore-'));
  try {
    const found = await readZip(file, work);
    const secrets = found.has(SECRETS)
      ? unlock(readFileSync(join(work, SECRETS)), (await passphrase()) ?? '')
      : undefined;
    if (found.has(DATABASE)) putBackDatabase(box.stateFolder, join(work, DATABASE), false);
    replace(box.configFile, readFileSync(join(work, CONFIG)));
    if (secrets) replace(secretsBeside(box.configFile), secrets);
    return { database: found.has(DATABASE), secrets: secrets !== undefined };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const secretsBeside = (configFile: string): string => join(dirname(configFile), 'secrets.yaml');

function writeZip(parts: ReadonlyMap<string, string>, file: string, program: string): void {
  const handle = openSync(file, 'w', 0o600);
  try {
    const zip = new Zip((error, chunk) => {
      if (error !== null) throw error;
      writeSync(handle, chunk);
    });
    const files: Record<string, string> = {};
    for (const [name, from] of parts) files[name] = addFile(zip, name, from);
    const manifest: Manifest = { format: FORMAT, version: VERSION, program, files };
    const entry = new ZipDeflate(MANIFEST);
    zip.add(entry);
    entry.push(Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`), true);
    zip.end();
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Its SHA-256. */
function addFile(zip: Zip, name: string, from: string): string {
  const hash = createHash('sha256');
  const entry = new ZipDeflate(name, { level: 3 });
  zip.add(entry);
  const handle = openSync(from, 'r');
  try {
    for (;;) {
      // Not one buffer for all: the library keeps what it is given.
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(handle, chunk);
      hash.update(chunk.subarray(0, length));
      entry.push(chunk.subarray(0, length), length === 0);
      if (length === 0) return hash.digest('hex');
    }
  } finally {
    closeSync(handle);
  }
}

/** Unpacks the parts we know into `folder` and checks them. */
async function readZip(file: string, folder: string): Promise<ReadonlySet<string>> {
  const zip = ZipFile.open(file);
  if (zip === undefined) throw new BackupError('notBackup');
  try {
    // A name we do not write is none we read: no path of a zip is ever followed.
    const isOurs = (name: string): boolean => (zip.bytesOf(name) ?? 0) <= (PART_MAX_BYTES.get(name) ?? -1);
    if (!zip.names.every(isOurs) || !zip.has(MANIFEST) || !zip.has(CONFIG)) throw new BackupError('notBackup');
    const bytes = zip.names.reduce((sum, name) => sum + (zip.bytesOf(name) ?? 0), 0);
    const { bavail, bsize } = statfsSync(folder);
    // Unpacked once, and the database once more in its place.
    if (bytes * 2 > bavail * bsize - ROOM_LEFT_BYTES) throw new BackupError('noRoom');
    const hashes = new Map<string, string>();
    for (const name of zip.names) hashes.set(name, await unpack(zip, name, folder));
    const manifest = manifestOf(readFileSync(join(folder, MANIFEST), 'utf8'));
    hashes.delete(MANIFEST);
    for (const [name, hash] of hashes) if (manifest.files[name] !== hash) throw new BackupError('notBackup');
    for (const name of Object.keys(manifest.files)) if (!hashes.has(name)) throw new BackupError('notBackup');
    return new Set(hashes.keys());
  } finally {
    zip.close();
  }
}

/** Its SHA-256. */
async function unpack(zip: ZipFile, name: string, folder: string): Promise<string> {
  const hash = createHash('sha256');
  const handle = openSync(join(folder, name), 'wx', 0o600);
  try {
    const isWhole = await zip.stream(name, (piece) => {
      writeSync(handle, piece);
      hash.update(piece);
    });
    if (!isWhole) throw new BackupError('notBackup');
    return hash.digest('hex');
  } finally {
    closeSync(handle);
  }
}

function manifestOf(text: string): Manifest {
  let manifest: Manifest;
  try {
    manifest = JSON.parse(text) as Manifest;
  } catch {
    throw new BackupError('notBackup');
  }
  if (manifest.format !== FORMAT || typeof manifest.files !== 'object') throw new BackupError('notBackup');
  if (manifest.version > VERSION) throw new BackupError('newerBackup');
  return manifest;
}

/** salt (16) | nonce (12) | tag (16) | AES-256-GCM */
function lock(bytes: Uint8Array, passphrase: string): Buffer {
  const salt = randomBytes(16);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', scryptSync(passphrase, salt, 32, SCRYPT), nonce);
  const sealed = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([salt, nonce, cipher.getAuthTag(), sealed]);
}

function unlock(bytes: Buffer, passphrase: string): Buffer {
  const key = scryptSync(passphrase, bytes.subarray(0, 16), 32, SCRYPT);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(16, 28));
    decipher.setAuthTag(bytes.subarray(28, 44));
    return Buffer.concat([decipher.update(bytes.subarray(44)), decipher.final()]);
  } catch {
    throw new BackupError('passphrase');
  }
}

/** What was there is kept once; the file belongs to whom its folder belongs. */
function replace(file: string, bytes: Uint8Array): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, bytes, { mode: 0o600, flush: true });
  if (process.getuid?.() === 0) {
    const { uid, gid } = statSync(dirname(file));
    chownSync(unfinished, uid, gid);
  }
  if (existsSync(file)) renameSync(file, `${file}.before-restore`);
  renameSync(unfinished, file);
}
