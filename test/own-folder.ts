/** All that a run of the tests puts into the system's folder for temporary files stands in one of its own there, which goes with the run. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function setup(): () => void {
  // A short name: the paths of sockets in it have at most 107 bytes.
  const folder = mkdtempSync(join(tmpdir(), 'lw-'));
  // Some tests go on as another user.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  // A program that a test ended hard may still be writing there.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
