/** All that a run of the tests puts into the system's folder for temporary files stands in one of its own there, which goes with the run. */
import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A short name: the paths of sockets in it have at most 107 bytes. */
const PREFIX = 'lw-';
/** What is proved of a disk (`npm run test:long`) is proved on one, or on a disk made for the test. All else waits for none. */
const MEMORY = '/dev/shm';
/** Many times what a run needs. */
const ROOM_BYTES = 2e9;

/** Another file system than that of the temporary files, as a stick is; undefined: there is none. */
export function otherFileSystem(): string | undefined {
  return [MEMORY, '/var/tmp'].find((folder) => existsSync(folder) && statSync(folder).dev !== statSync(tmpdir()).dev);
}

function place(): string {
  if (process.env.LONG === '1' || process.env.PROOF === '1' || !existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

export function setup(): () => void {
  // Each project of the configuration comes here.
  if (basename(tmpdir()).startsWith(PREFIX)) return () => {};
  const folder = mkdtempSync(join(place(), PREFIX));
  // Some tests go on as another user.
  chmodSync(folder, 0o1777);
  process.env.TMPDIR = folder;
  // A run starts hundreds of programs and threads: compiled code that is kept makes each take two thirds of the time, and one third from the sources.
  process.env.NODE_COMPILE_CACHE ??= join(folder, 'compiled');
  // A store has 16 MB for pictures. Once one was freed, glibc kept such blocks, cleared each by hand, and every program that was started took the longer.
  process.env.MALLOC_MMAP_THRESHOLD_ ??= '1048576';
  // A program that a test ended hard may still be writing there.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
