/** A pair of pseudo terminals by socat: a real serial path with a far end, and a cable to pull. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';

export interface PtyPair {
  /** Our end. */
  readonly near: string;
  /** The device's end. */
  readonly far: string;
  /** Both ends vanish. */
  pull(): Promise<void>;
  /** They are back, under the same names. */
  plug(): Promise<void>;
  /** Pulls, and clears up. */
  end(): Promise<void>;
}

export async function ptyPair(): Promise<PtyPair> {
  const clock = systemClock();
  const folder = mkdtempSync(join(tmpdir(), 'lanewarden-pty-'));
  const near = join(folder, 'near');
  const far = join(folder, 'far');
  let socat: ChildProcess | undefined;
  const plug = async (): Promise<void> => {
    rmSync(near, { force: true });
    rmSync(far, { force: true });
    socat = spawn('socat', [`pty,raw,echo=0,link=${near}`, `pty,raw,echo=0,link=${far}`], { stdio: 'ignore' });
    const failed = new Promise<never>((_, reject) => socat?.once('error', reject));
    for (let waitedMs = 0; !existsSync(near) || !existsSync(far); waitedMs += 10) {
      if (waitedMs > 10_000) throw new Error('socat made no terminals');
      await Promise.race([clock.sleep(10), failed]);
    }
  };
  const pull = async (): Promise<void> => {
    const ended = new Promise((resolve) => socat?.once('exit', resolve));
    if (socat === undefined || socat.exitCode !== null || socat.signalCode !== null) return;
    socat.kill('SIGKILL');
    await ended;
  };
  await plug();
  return {
    near,
    far,
    pull,
    plug,
    end: async () => {
      await pull();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
