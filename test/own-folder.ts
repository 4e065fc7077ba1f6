/** All that a run of the tests puts into the system's folder for temporary files stands in one of its own there, which goes with the run. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A short name: the paths of sockets in it have at most 107 bytes. */
const PREFIX = 'lw-';

export function setup(): () => void {
  // Each project of the configuration comes here.
  if (basename(tmpdir()).startsWith(PREFIX)) return () => {};
  const folder = mkdtempSync(join(tmpdir(), PREFIX));
  // Some tests go on as another user.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  // A run starts hundreds of programs and threads: compiled code that is kept makes each take two thirds of the time, and one third from the sources.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  // A program that a test ended hard may still be writing there.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
