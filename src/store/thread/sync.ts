/** Flushes a file, or the names in a folder, to the disk. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { isWindows } from '../../small-file.ts';

export function sync(path: string): void {
  if (isWindows) return;
  const handle = openSync(path, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
