/**
 * Creates files and folders with the owner of the parent folder, also as root: what `sudo lanewarden queue import` creates must be readable by the
 * service. Without root the system does that by itself.
 */
import {
  closeSync,
  fchownSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';

const isRoot = process.getuid?.() === 0;

/** With every folder above it that is not there yet. */
export function makeFolder(path: string): void {
  const whole = resolve(path);
  const first = mkdirSync(whole, { recursive: true, mode: 0o700 });
  if (first === undefined || !isRoot) return;
  const { uid, gid } = statSync(dirname(first));
  // A user who may rename the new file must not redirect root by a link.
  for (let made = whole; made.length >= first.length; made = dirname(made)) lchownSync(made, uid, gid);
}

/** An empty file, unless there is one of this name. SQLite takes it for a new database, and its owner for that of the files beside it. */
export function makeFile(path: string): void {
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  try {
    give(handle, dirname(path));
  } finally {
    closeSync(handle);
  }
}

/** A file that a person asked for, in a folder of theirs: what `sudo` writes there is theirs to read and to send. Replaces one of this name. */
export function openForOwner(file: string): number {
  const found = isRoot ? lstatSync(file, { throwIfNoEntry: false }) : undefined;
  // A device or a link is written to and stays whose it is: a link must not make root give away what it leads to.
  if (!isRoot || (found !== undefined && !found.isFile())) return openSync(file, 'w', 0o600);
  rmSync(file, { force: true });
  const handle = openSync(file, 'wx', 0o600);
  give(handle, dirname(file));
  return handle;
}

export function writeForOwner(file: string, content: string | Uint8Array): void {
  const handle = openForOwner(file);
  try {
    writeFileSync(handle, content);
  } finally {
    closeSync(handle);
  }
}

/** Leaves an open file in `folder` to the owner of the folder. */
export function give(handle: number, folder: string): void {
  if (!isRoot) return;
  const { uid, gid } = statSync(folder);
  fchownSync(handle, uid, gid);
}
