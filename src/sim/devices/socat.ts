/** A serial port that is really there: socat makes a pty and joins it to a TCP port. It must not know what is at that port. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import type { Clock } from '../../clock.ts';

export const hasSocat = (): boolean => spawnSync('socat', ['-V'], { stdio: 'ignore' }).status === 0;

export interface Pty {
  readonly path: string;
  /** Pulls the adapter out: who has the port open sees it hang up, and the path is gone until `plug`. */
  unplug(): void;
  plug(): void;
  close(): void;
}

const LOOK_EVERY_MS = 20;
const MADE_WITHIN_MS = 3_000;

/** @returns undefined when socat does not make it */
export async function openPty(path: string, tcpPort: number, clock: Clock): Promise<Pty | undefined> {
  let child: ChildProcess | undefined;
  const plug = (): void => {
    if (child !== undefined) return;
    rmSync(path, { force: true });
    // With forever and retry it joins again when the TCP side hangs up.
    const next = spawn('socat', [`pty,raw,echo=0,link=${path}`, `tcp:127.0.0.1:${tcpPort},nodelay,forever`], {
      stdio: 'ignore',
    });
    next.once('error', () => undefined);
    next.once('exit', () => {
      if (child === next) child = undefined;
    });
    child = next;
  };
  const unplug = (): void => {
    child?.kill('SIGKILL');
    child = undefined;
    rmSync(path, { force: true });
  };
  plug();
  const limitMs = clock.nowMs() + MADE_WITHIN_MS;
  while (!existsSync(path) && clock.nowMs() < limitMs) await clock.sleep(LOOK_EVERY_MS);
  if (!existsSync(path)) {
    unplug();
    return undefined;
  }
  return { path, unplug, plug, close: unplug };
}
