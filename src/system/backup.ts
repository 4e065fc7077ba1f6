/**
 * Backup and restore of a box as one zip file: its configuration with profiles and certificates, its database with the pictures that are
 * still to be delivered, what people did and found (audit log, history, commissioning), and, encrypted by a passphrase, its secrets, users
 * and key. It streams, so that a large database needs no memory. It knows files, not their content.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import { editYaml } from '../config/edit.ts';
import { type CopyCount, copyDatabase, countCopy, putBackDatabase } from '../store/files/copy.ts';
import { waitingPictures } from '../store/files/waiting-pictures.ts';
import { ZipFile } from '../store/files/zip-file.ts';
import { unlessLost } from '../store/repair/unless-lost.ts';
import { give, makeFolder } from '../store/thread/owner.ts';
import { backupText } from '../text/commands/backup.ts';
import type { Text } from '../text/text.ts';
import { isLockedFile, lock, lockFile, unlock, unlockFile, writeWhole } from './backup-lock.ts';
import {
  type BoxFiles,
  CONFIG_PART,
  certificatePlaces,
  DATABASE_PART,
  partForm,
  partPlace,
  smallParts,
} from './backup-parts.ts';

export type BackupCode =
  | 'notBackup' // no file of `backup`, or damaged
  | 'noRoom' // what it says it has does not fit on the disk
  | 'newerBackup' // written by a newer version of the program
  | 'noSpace' // the disk of the box, or the place of its backups, is too full to make one
  | 'sameDisk' // the place of the nightly backups is on the disk of the box: nothing is mounted there
  | 'noPlace' // it is not there
  | 'otherCount' // of records and rows than when it was made
  | 'notLocked' // though it stands for one of a night, or a passphrase was given: anybody could have made it
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

const FORMAT = 'lanewarden-backup';
/** 2: the whole box. Program 0.1 wrote 1: configuration, database, and the secrets alone in `secrets.locked`. */
const VERSION = 2;
const MANIFEST = 'backup.json';
const LOCKED = 'locked.bin';
const LOCKED_IN_1 = 'secrets.locked';
const SECRETS = 'secrets.yaml';
const USERS = 'page/users.json';
const SETUP_CODE = 'page/setup-code';
const HISTORY = /^config\/history\//;
const PICTURE = /^frames\//;
/** Folders in which one is made or opened. */
const WORK = '.backup-';
/** `NAME-2026-12-01.backup`, of a night: several boxes may share a folder. Such a file is locked, or it is none. */
export const SUFFIX = '.backup';
/** After the name of one that is not whole yet. */
export const NOT_WHOLE = '.new';
const CHUNK_BYTES = 262_144;
const MANIFEST_MAX_BYTES = 12_000_000;
const LOCKED_MAX_BYTES = 24_000_000;
/** Space that a backup leaves free: more than the store itself keeps, whose records go on meanwhile. */
const ROOM_LEFT_BYTES = 96_000_000;

/** So many more, of so many. */
type OnRead = (bytes: number, whole: number) => void;

interface Manifest {
  readonly format: string;
  readonly version: number;
  readonly program: string;
  /** SHA-256 of each other file. */
  readonly files: Readonly<Record<string, string>>;
  /** Of the database; earlier ones lack it. */
  readonly count?: CopyCount;
}

/** What was saved or restored. */
export interface BackupContents {
  readonly database: boolean;
  /** With the users and the key of the page. */
  readonly secrets: boolean;
  readonly pictures: number;
  /** Pictures that did not fit; `queue export` has them. */
  readonly left: number;
}

/**
 * Writes `file` (mode 0600). `passphrase`: includes what must not be read by others, encrypted by it. `isLocked`: the file as a whole is, and nothing of it
 * is ever readable where it is kept. `sized`: hears how large it will be before anything of it is there.
 */
export function writeBackup(
  box: BoxFiles,
  file: string,
  options: {
    readonly program: string;
    readonly passphrase?: string;
    readonly isLocked?: boolean;
    readonly sized?: (bytes: number) => void;
    readonly onRead?: OnRead;
  },
): BackupContents {
  const isLocked = options.isLocked === true && options.passphrase !== undefined;
  const work = mkdtempSync(join(isLocked ? box.stateFolder : dirname(file), WORK));
  try {
    requireRoom(work, [join(box.stateFolder, DATABASE_PART)]);
    const { open, locked } = smallParts(box, readFileSync(box.configFile, 'utf8'));
    const parts = new Map([[CONFIG_PART, box.configFile], ...open]);
    const copy = join(work, DATABASE_PART);
    const hasDatabase = copyDatabase(box.stateFolder, copy);
    if (hasDatabase) parts.set(DATABASE_PART, copy);
    const { files, left } = hasDatabase ? waitingPictures(copy) : { files: [], left: 0 };
    for (const name of files.map((file) => `frames/${file}`)) parts.set(name, partPlace(box, name));
    const secrets = options.passphrase !== undefined && locked.size > 0;
    if (options.passphrase !== undefined && secrets) {
      const kept = Object.fromEntries([...locked].map(([name, from]) => [name, readFileSync(from, 'base64')]));
      writeFileSync(join(work, LOCKED), lock(Buffer.from(JSON.stringify(kept)), options.passphrase), { mode: 0o600 });
      parts.set(LOCKED, join(work, LOCKED));
    }
    requireRoom(work, parts.values());
    const count = isLocked && hasDatabase ? countCopy(copy, false) : undefined;
    const zip = join(work, 'zip');
    const names = writeZip(parts, zip, { program: options.program, ...(count && { count }) }, options.onRead);
    if (isLocked) {
      options.sized?.(statSync(zip).size);
      lockFile(zip, `${file}${NOT_WHOLE}`, options.passphrase as string);
      renameSync(`${file}${NOT_WHOLE}`, file);
    } else renameSync(zip, file);
    return { database: hasDatabase, secrets, pictures: names.filter((name) => PICTURE.test(name)).length, left };
  } finally {
    rmSync(work, { recursive: true, force: true });
    if (isLocked) rmSync(`${file}${NOT_WHOLE}`, { force: true });
  }
}

/** Opens, verifies and counts it, on the disk of the box. Throws BackupError. */
export async function testBackup(stateFolder: string, file: string, passphrase: string): Promise<CopyCount> {
  const work = mkdtempSync(join(stateFolder, WORK));
  try {
    // With the passphrase that it was made with.
    const { parts, manifest } = await opened(file, work, passphrase).catch((error: unknown) => {
      throw error instanceof BackupError && error.code === 'passphrase' ? new BackupError('notBackup') : error;
    });
    await unlocked(parts, work, async () => passphrase);
    const database = parts.get(DATABASE_PART);
    const count = database === undefined ? { records: 0, rows: 0 } : countCopy(database, true);
    if (count === undefined) throw new BackupError('notBackup');
    const { records, rows } = manifest.count ?? count;
    if (count.records !== records || count.rows !== rows) throw new BackupError('otherCount');
    return count;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The folder of a backup that a kill left behind. */
export function removeUnfinished(stateFolder: string): void {
  for (const name of readdirSync(stateFolder))
    if (name.startsWith(WORK)) rmSync(join(stateFolder, name), { recursive: true, force: true });
}

/** The parts of a file as files in `folder`, verified. Throws BackupError. */
async function opened(file: string, folder: string, passphrase: string | undefined, onRead?: OnRead) {
  if (!isLockedFile(file)) {
    if (passphrase !== undefined || file.endsWith(SUFFIX)) throw new BackupError('notLocked');
    return readZip(file, folder, onRead);
  }
  const zip = join(folder, 'zip');
  requireRoom(folder, [file]);
  if (!unlockFile(file, zip, passphrase ?? '')) throw new BackupError('passphrase');
  return readZip(zip, folder, onRead);
}

/** For as many bytes as these files have. Throws BackupError `noSpace`. */
function requireRoom(folder: string, files: Iterable<string>): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bytesOf(files) > bavail * bsize - ROOM_LEFT_BYTES) throw new BackupError('noSpace');
}

const bytesOf = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);

/**
 * Verifies the whole file before anything changes. `passphrase` is requested when it contains secrets; `mustOpen`: it was given, and one that it opens
 * nothing of is refused. The former configuration stays as `….before-restore`. What it makes belongs to the owner of the folder it is in, whoever runs it.
 */
export async function restoreBackup(
  box: BoxFiles,
  file: string,
  passphrase: () => Promise<string | undefined>,
  mustOpen = false,
  onRead?: OnRead,
): Promise<BackupContents> {
  makeFolder(box.stateFolder);
  const work = mkdtempSync(join(box.stateFolder, '.restore-'));
  try {
    // A FIFO would wait for a writer.
    if (!statSync(file).isFile()) throw new BackupError('notBackup');
    const said = isLockedFile(file) ? await passphrase() : undefined;
    const { parts: found } = await opened(file, work, said, onRead);
    if (mustOpen && said === undefined && !isPartLocked(found)) throw new BackupError('notLocked');
    const secret = await unlocked(found, work, said === undefined ? passphrase : async () => said);
    const pictures = [...found.keys()].filter((name) => PICTURE.test(name));
    // The database last but for the configuration: before it nothing refers to the pictures, and without either the box is as it was.
    for (const name of pictures) put(found.get(name) as string, partPlace(box, name), false);
    if ([...found.keys()].some((name) => HISTORY.test(name)))
      rmSync(partPlace(box, 'config/history'), { recursive: true, force: true });
    const config = readFileSync(found.get(CONFIG_PART) as string, 'utf8');
    const small = [...found].filter(([name]) => isPlaced(name));
    for (const [name, from] of [...small, ...secret])
      put(from, partPlace(box, name), partForm(name, false) !== undefined);
    if (secret.has(USERS)) rmSync(partPlace(box, SETUP_CODE), { force: true });
    const database = found.get(DATABASE_PART);
    if (database !== undefined) putBackDatabase(box.stateFolder, database, false);
    writeFileSync(join(work, 'config'), withCertificates(box, config, found), { mode: 0o600 });
    put(join(work, 'config'), box.configFile, true);
    return { database: database !== undefined, secrets: secret.size > 0, pictures: pictures.length, left: 0 };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Neither placed apart (database, configuration, certificates, pictures) nor about the backup itself. */
function isPlaced(name: string): boolean {
  const apart = name === CONFIG_PART || name === DATABASE_PART || PICTURE.test(name) || name.startsWith('ca/');
  return !apart && partForm(name, false) !== undefined;
}

const isPartLocked = (found: ReadonlyMap<string, string>): boolean => found.has(LOCKED) || found.has(LOCKED_IN_1);

/** The parts that the passphrase opens, as files in `folder`. Throws BackupError `passphrase`. */
async function unlocked(
  found: ReadonlyMap<string, string>,
  folder: string,
  passphrase: () => Promise<string | undefined>,
): Promise<ReadonlyMap<string, string>> {
  const file = found.get(LOCKED) ?? found.get(LOCKED_IN_1);
  if (file === undefined) return new Map();
  const bytes = unlock(readFileSync(file), (await passphrase()) ?? '');
  if (bytes === undefined) throw new BackupError('passphrase');
  const kept: Readonly<Record<string, string>> = found.has(LOCKED)
    ? JSON.parse(bytes.toString('utf8'))
    : { [SECRETS]: bytes.toString('base64') };
  const parts = new Map<string, string>();
  for (const [name, content] of Object.entries(kept)) {
    if (partForm(name, true) === undefined) continue;
    const part = join(folder, `locked-${parts.size}`);
    writeFileSync(part, Buffer.from(content, 'base64'), { mode: 0o600 });
    parts.set(name, part);
  }
  return parts;
}

/** Puts the certificates where the configuration names them; those of another folder beside it, where the service may write. */
function withCertificates(box: BoxFiles, yaml: string, found: ReadonlyMap<string, string>): string {
  let text = yaml;
  for (const { name, key, path, isOwn, moved } of certificatePlaces(box, yaml)) {
    const from = found.get(name);
    if (from === undefined) continue;
    if (isOwn) put(from, path, true);
    else if (!existsSync(path) || !readFileSync(path).equals(readFileSync(from))) {
      put(from, join(dirname(box.configFile), moved), true);
      text = editYaml(text, key, moved) ?? text;
    }
  }
  return text;
}

/** Returns the names of what is in it. */
function writeZip(
  parts: ReadonlyMap<string, string>,
  file: string,
  about: Pick<Manifest, 'program' | 'count'>,
  onRead?: OnRead,
): readonly string[] {
  const whole = bytesOf(parts.values());
  const handle = openSync(file, 'w', 0o600);
  try {
    const zip = new Zip((error, chunk) => {
      if (error !== null) throw error;
      writeWhole(handle, chunk);
    });
    const files: Record<string, string> = {};
    for (const [name, from] of parts) {
      const sha256 = addFile(zip, name, from, (bytes) => onRead?.(bytes, whole));
      if (sha256 !== undefined) files[name] = sha256;
    }
    const manifest: Manifest = { format: FORMAT, version: VERSION, ...about, files };
    const entry = new ZipDeflate(MANIFEST);
    zip.add(entry);
    entry.push(Buffer.from(`${JSON.stringify(manifest, undefined, 1)}\n`), true);
    zip.end();
    give(handle, dirname(dirname(file)));
    fsyncSync(handle);
    return Object.keys(files);
  } finally {
    closeSync(handle);
  }
}

/** Returns its SHA-256; undefined: a picture that was delivered or evicted since the copy of the database. */
function addFile(zip: Zip, name: string, from: string, onBytes: (bytes: number) => void): string | undefined {
  const handle = PICTURE.test(name) ? unlessLost(() => openSync(from, 'r')) : openSync(from, 'r');
  if (handle === undefined) return undefined;
  const hash = createHash('sha256');
  // A JPEG does not get smaller.
  const entry = name.endsWith('.jpg') ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 3 });
  zip.add(entry);
  try {
    for (;;) {
      // A new buffer for each: the library retains it.
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const length = readSync(handle, chunk);
      hash.update(chunk.subarray(0, length));
      onBytes(length);
      entry.push(chunk.subarray(0, length), length === 0);
      if (length === 0) return hash.digest('hex');
    }
  } finally {
    closeSync(handle);
  }
}

/** Unpacks the known parts into `folder` and verifies them. By name, where each is. */
async function readZip(file: string, folder: string, onRead?: OnRead) {
  const zip = ZipFile.open(file);
  if (zip === undefined) throw new BackupError('notBackup');
  try {
    // A name is never followed as a path: it is one of ours, or the file is none.
    const isOurs = (name: string): boolean => (zip.bytesOf(name) ?? 0) <= bytesMaxOf(name);
    if (!zip.names.every(isOurs) || !zip.has(MANIFEST) || !zip.has(CONFIG_PART)) throw new BackupError('notBackup');
    const bytes = zip.names.reduce((sum, name) => sum + (zip.bytesOf(name) ?? 0), 0);
    const { bavail, bsize } = statfsSync(folder);
    // Unpacked once, and the database once more in its place.
    if (bytes + (zip.bytesOf(DATABASE_PART) ?? 0) > bavail * bsize - ROOM_LEFT_BYTES) throw new BackupError('noRoom');
    const parts = new Map(zip.names.map((name, index) => [name, join(folder, `part-${index}`)]));
    const hashes = new Map<string, string>();
    for (const [name, to] of parts) hashes.set(name, await unpack(zip, name, to, (piece) => onRead?.(piece, bytes)));
    const manifest = manifestOf(readFileSync(parts.get(MANIFEST) as string, 'utf8'));
    hashes.delete(MANIFEST);
    for (const [name, hash] of hashes) if (manifest.files[name] !== hash) throw new BackupError('notBackup');
    for (const name of Object.keys(manifest.files)) if (!hashes.has(name)) throw new BackupError('notBackup');
    parts.delete(MANIFEST);
    return { parts, manifest };
  } finally {
    zip.close();
  }
}

function bytesMaxOf(name: string): number {
  if (name === MANIFEST) return MANIFEST_MAX_BYTES;
  if (name === LOCKED || name === LOCKED_IN_1) return LOCKED_MAX_BYTES;
  return partForm(name, false)?.bytesMax ?? -1;
}

/** Returns its SHA-256. */
async function unpack(zip: ZipFile, name: string, to: string, onPiece: (bytes: number) => void): Promise<string> {
  const hash = createHash('sha256');
  const handle = openSync(to, 'wx', 0o600);
  try {
    const isWhole = await zip.stream(name, (piece) => {
      writeWhole(handle, piece);
      hash.update(piece);
      onPiece(piece.length);
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

/** Flushed, then renamed. `keepsFormer`: one former version stays beside it. */
function put(from: string, to: string, keepsFormer: boolean): void {
  const folder = dirname(to);
  makeFolder(folder);
  const unfinished = `${to}.new`;
  moveFile(from, unfinished);
  chmodSync(unfinished, 0o600);
  const handle = openSync(unfinished, 'r+');
  try {
    give(handle, folder);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  if (keepsFormer && existsSync(to)) renameSync(to, `${to}.before-restore`);
  renameSync(unfinished, to);
}

function moveFile(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // The configuration may be on another file system than the state.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
  }
}
