/**
 * One state folder, one program: a second one beside it would write the same numbers into the same database. The kernel holds the lock (flock on
 * the file `running`), so that whoever is killed or loses power has let go of it; the file says who holds it. Tools take none: they may work beside.
 */
import { spawn } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { give, makeFolder } from '../store/thread/owner.ts';
import { lockText } from '../text/app.ts';
import type { Text } from '../text/text.ts';

export type StateLockCode = 'running'; // another program runs on this state folder

export class StateLockError extends Error {
  override readonly name = 'StateLockError';
  readonly code: StateLockCode = 'running';
  readonly text: Text;
  constructor(folder: string, holder: LockHolder | undefined) {
    const text = lockText.running(folder, holder);
    super(text.en);
    this.text = text;
  }
}

/** Who runs on a state folder. */
export interface LockHolder {
  readonly pid: number;
  /** `run --config /etc/lanewarden/lanewarden.yaml` */
  readonly command: string;
  readonly sinceWallMs: number;
}

export interface StateLock {
  release(): void;
}

const FILE = 'running';
const HOLDER_BYTES_MAX = 2_000;
/** What flock exits with when somebody else has it; its own faults are 64 and more. */
const TAKEN = 9;

/**
 * Takes the folder for this program until it ends. Throws StateLockError when another one has it. Where no lock can be had (no such file and
 * the disk refuses to make one, no flock on this system) it goes on without: a lane is not left unwatched for that. `unlocked` is then told why.
 */
export async function lockState(
  folder: string,
  holder: LockHolder,
  unlocked: (why: string) => void,
): Promise<StateLock> {
  let handle: number;
  try {
    handle = openLock(folder);
  } catch (error) {
    unlocked((error as Error).message);
    return { release: () => undefined };
  }
  const refused = await flock(handle);
  if (refused === TAKEN) {
    const other = readHolder(handle);
    closeSync(handle);
    throw new StateLockError(folder, other);
  }
  if (refused === undefined) writeHolder(handle, holder);
  else unlocked(String(refused));
  return { release: () => closeSync(handle) };
}

function openLock(folder: string): number {
  const file = join(folder, FILE);
  try {
    makeFolder(folder);
    const handle = openSync(file, 'a+', 0o600);
    give(handle, folder);
    return handle;
  } catch (error) {
    // A disk that is read-only can be locked on all the same.
    try {
      return openSync(file, 'r');
    } catch {
      throw error;
    }
  }
}

/** The lock belongs to the open file, which the program flock shares with us for a moment: it stays when that ends. undefined: we have it. */
function flock(handle: number): Promise<number | string | undefined> {
  return new Promise((resolve) => {
    const child = spawn('flock', ['--nonblock', '--conflict-exit-code', String(TAKEN), '3'], {
      stdio: ['ignore', 'ignore', 'ignore', handle],
    });
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => {
      if (code === 0) resolve(undefined);
      else resolve(code === TAKEN ? TAKEN : `flock: ${code ?? signal}`);
    });
  });
}

function readHolder(handle: number): LockHolder | undefined {
  try {
    const bytes = Buffer.alloc(HOLDER_BYTES_MAX);
    const { pid, command, sinceWallMs } = JSON.parse(
      bytes.toString('utf8', 0, readSync(handle, bytes, 0, bytes.length, 0)),
    );
    return typeof pid === 'number' && typeof command === 'string' && typeof sinceWallMs === 'number'
      ? { pid, command, sinceWallMs }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A disk that refuses takes the lock, and not the words. */
function writeHolder(handle: number, { command, ...rest }: LockHolder): void {
  try {
    ftruncateSync(handle);
    writeSync(handle, `${JSON.stringify({ ...rest, command: command.slice(0, 500) })}\n`);
  } catch {
    // Who holds it is then not known.
  }
}
