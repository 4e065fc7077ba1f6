/**
 * Reads small files of the state folder and beside the configuration. Whoever had the card may have put anything in their places: a FIFO would block a
 * thread for ever, a huge file would take all memory. Only a regular file up to a size is read; it knows no content.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';

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
export async function readSmallFile(path: string, most = SMALL_BYTES): Promise<Buffer> {
  const file = await open(path, FLAGS);
  try {
    const found = await file.stat();
    requireSmall(found, path, most);
    const bytes = Buffer.alloc(found.size);
    let done = 0;
    for (let got = -1; got !== 0 && done < bytes.length; done += got)
      ({ bytesRead: got } = await file.read(bytes, done, bytes.length - done, done));
    return bytes.subarray(0, done);
  } finally {
    await file.close();
  }
}
