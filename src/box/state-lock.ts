/**
 * One program per state folder: a second one would write the same numbers into the same database. The kernel holds the lock (flock on the
 * file `running`), so it ends with a killed process or a power cut; the file names the holder. Tools take none: they may work at the same
 * time.
 */
import { spawn } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { give, makeFolder } from '../store/thread/owner.ts';
import { lockText } from '../text/app.made.ts';
import { beijingTime, type Text } from '../text/text.ts';

export type StateLockCode = 'running'; // another program runs on this state folder

export class StateLockError extends Error {
  override readonly name = 'StateLockError';
  readonly code: StateLockCode = 'running';
  readonly text: Text;
  constructor(folder: string, holder: LockHolder | undefined) {
    const text = lockText.running(
      folder,
      holder && lockText.holder({ ...holder, since: beijingTime(holder.sinceWallMs).slice(0, 19).replace('T', ' ') }),
    );
    super(text.en);
    this.text = text;
  }
}

/** The program on a state folder. */
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
/** Exit code of flock when another process has the lock; its own faults are 64 and more. */
const TAKEN = 9;

/**
 * Locks the folder for this program until it ends. Throws StateLockError when another one has it. Where no lock is possible (no such file
 * and a read-only disk, no flock on this system) it continues without: that is no reason to leave a lane unobserved. `unlocked` then gets
 * the reason.
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

/** The program on the folder, without touching its lock; undefined: none runs. A number that another program has by now does not count. */
export function runningHolder(folder: string): LockHolder | undefined {
  try {
    const handle = openSync(join(folder, FILE), constants.O_RDONLY | constants.O_NONBLOCK);
    const holder = readHolder(handle);
    closeSync(handle);
    const [first = ''] = holder?.command.split(' ') ?? [];
    const words = readFileSync(`/proc/${holder?.pid}/cmdline`, 'utf8').split('\0');
    return words.includes(first) ? holder : undefined;
  } catch {
    return undefined;
  }
}

function openLock(folder: string): number {
  const file = join(folder, FILE);
  try {
    makeFolder(folder);
    const handle = openSync(file, 'a+', 0o600);
    give(handle, folder);
    return handle;
  } catch (error) {
    // A read-only disk can hold a lock too.
    try {
      return openSync(file, 'r');
    } catch {
      throw error;
    }
  }
}

/**
 * The lock belongs to the open file, which the program flock shares with us for a moment: it outlives that program. undefined: acquired.
 */
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

/** A read-only disk takes the lock, and not the text. */
function writeHolder(handle: number, { command, ...rest }: LockHolder): void {
  try {
    ftruncateSync(handle);
    writeSync(handle, `${JSON.stringify({ ...rest, command: command.slice(0, 500) })}\n`);
  } catch {
    // The holder is then unknown.
  }
}
