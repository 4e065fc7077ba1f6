/**
 * Reads and writes small files of the state folder and beside the configuration. Whoever had the card may have put anything in their places: a FIFO would
 * block a thread for ever, a huge file would take all memory. Only a regular file up to a size is read. A write is atomic: temporary file, fsync, rename,
 * fsync of the folder. It knows no content.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, lchown, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/** On the desk of a vendor, for the demonstration: Windows has no file modes and flushes nothing that was opened for reading, a folder least of all. */
export const isWindows = process.platform === 'win32';

/** The program writes none that is longer. */
export const SMALL_BYTES = 8_000_000;

const FLAGS = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** What stands there is no small file: of a code of its own, as the system's are shown. */
const NOT_SMALL: ReadonlySet<string | undefined> = new Set(['ENOTREG', 'EFBIG', 'EISDIR', 'ELOOP', 'ENXIO', 'ENODEV']);

/** Nothing that could be read ever: as good as missing, and may be written over. */
export const isNoSmallFile = (error: unknown): boolean => NOT_SMALL.has((error as NodeJS.ErrnoException).code);

function requireSmall(found: Stats, path: string, most: number): void {
  const other = found.isDirectory() ? 'EISDIR' : 'ENOTREG';
  const code = found.isFile() ? (found.size > most ? 'EFBIG' : undefined) : other;
  if (code !== undefined) throw Object.assign(new Error(`${code}: no small regular file, '${path}'`), { code, path });
}

/** Throws what the system says, `EISDIR`, `ENOTREG` or `EFBIG`. */
export function readSmallFileSync(path: string, most = SMALL_BYTES): string {
  const handle = openSync(path, FLAGS);
  try {
    const found = fstatSync(handle);
    requireSmall(found, path, most);
    const bytes = Buffer.alloc(found.size);
    let done = 0;
    for (let got = -1; got !== 0 && done < bytes.length; done += got)
      got = readSync(handle, bytes, done, bytes.length - done, done);
    return bytes.toString('utf8', 0, done);
  } finally {
    closeSync(handle);
  }
}

/** The same without holding up the loop. */
export const readSmallFile = async (path: string, most = SMALL_BYTES): Promise<Buffer> =>
  withFile(await open(path, FLAGS), async (file) => {
    const found = await file.stat();
    requireSmall(found, path, most);
    const bytes = Buffer.alloc(found.size);
    let done = 0;
    for (let got = -1; got !== 0 && done < bytes.length; done += got)
      ({ bytesRead: got } = await file.read(bytes, done, bytes.length - done, done));
    return bytes.subarray(0, done);
  });

type Writing = (path: string, content: string | Uint8Array) => Promise<void>;
const watches = new Set<{ readonly writing: Writing; readonly written: () => void }>();

/** Who is to know what this process writes: `writing` before it is in place, `written` after. Returns how to end it. */
export function onWritten(writing: Writing, written: () => void): () => void {
  const watch = { writing, written };
  watches.add(watch);
  return () => void watches.delete(watch);
}

/** Once it resolves, a power cut leaves the new content; before, the old or the new one. The folder must exist. */
export async function writeDurably(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  const beside = `${path}.new`;
  await rm(beside, { force: true, recursive: true });
  try {
    await withFile(await open(beside, 'wx', mode), async (file) => {
      await file.chmod(mode);
      await giveToFolder(file, dirname(path));
      await file.writeFile(content);
      await file.sync();
    });
  } catch (error) {
    // A half-written file would take space on a full disk.
    await rm(beside, { force: true }).catch(() => undefined);
    throw error;
  }
  for (const { writing } of watches) await writing(path, content);
  await rename(beside, path).catch(async (error: NodeJS.ErrnoException) => {
    // A folder that somebody put in its place.
    if (error.code !== 'EISDIR') throw error;
    await rm(path, { force: true, recursive: true });
    await rename(beside, path);
  });
  await syncFolder(dirname(path));
  for (const { written } of watches) written();
}

/** What root writes for the service (`passwd`) must be the service's to read. */
export async function giveToFolder(file: FileHandle, folder: string): Promise<void> {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(folder);
  await file.chown(uid, gid);
}

/** Once it resolves, the file is gone for good; it may have been missing. */
export async function removeDurably(path: string): Promise<void> {
  await rm(path, { force: true, recursive: true });
  await syncFolder(dirname(path));
}

/** undefined: no such file, or nothing that could be one (a FIFO, a folder, a huge file). */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return (await readSmallFile(path)).toString('utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || isNoSmallFile(error)) return undefined;
    throw error;
  }
}

/** With its parent folders. They belong to the owner of the first one that was there. */
export async function makeFolderDurably(path: string): Promise<void> {
  const whole = resolve(path);
  const first = await mkdir(whole, { recursive: true, mode: 0o700 });
  if (first === undefined || process.getuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(first));
  for (let made = whole; made.length >= first.length; made = dirname(made)) await lchown(made, uid, gid);
}

async function syncFolder(path: string): Promise<void> {
  if (!isWindows) await withFile(await open(path, 'r'), (folder) => folder.sync());
}

async function withFile<T>(file: FileHandle, use: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
