/**
 * Stand-ins for the tools of libgpiod (2.2.1) as shell scripts in a folder to be put first on PATH: gpiodetect, gpioget, gpiomon.
 * Levels and edges come from whoever made them. It must not know the lane, nor the program that runs the scripts.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../../clock.ts';

export const CHIP_LABEL = 'simulated-gpio';

export interface GpioTools {
  readonly folder: string;
  /** A line's level; a change is an edge with the stamp of now. */
  set(offset: number, level: boolean): void;
  close(): void;
}

const SCRIPTS: Readonly<Record<string, string>> = {
  gpiodetect: `echo 'gpiochip0 [${CHIP_LABEL}] (58 lines)'`,
  // The offsets are the words that are numbers; those behind -c and -b are not.
  gpioget: `levels=; for word; do case $word in *[!0-9]*) ;; *) levels="$levels $(cat level.$word 2>/dev/null || echo 0)" ;; esac; done; echo $levels`,
  gpiomon: `if [ "$1" = --version ]; then echo 'gpiomon (libgpiod) v2.2.1'; exit; fi
echo $$ > pid
echo "Monitoring lines 'all'..."
exec cat edges`,
};

export function createGpioTools(folder: string, clock: Clock): GpioTools {
  mkdirSync(folder, { recursive: true });
  execFileSync('mkfifo', [join(folder, 'edges')]);
  // Held open at both ends: neither side ever sees the end of it, and a write never waits for a reader.
  const edges = openSync(join(folder, 'edges'), 'r+');
  for (const [name, body] of Object.entries(SCRIPTS)) {
    writeFileSync(
      join(folder, name),
      `#!/bin/sh\n# Simulated: see lanewarden simulate --help\ncd '${folder}'\n${body}\n`,
    );
    chmodSync(join(folder, name), 0o755);
  }
  const levels = new Map<number, boolean>();
  return {
    folder,
    set: (offset, level) => {
      if (levels.get(offset) === level) return;
      levels.set(offset, level);
      writeFileSync(join(folder, `level.${offset}`), level ? '1\n' : '0\n');
      // Nobody watches: an edge that waited in the pipe would come with the stamp of then.
      if (isWatched(folder)) writeSync(edges, `${offset} ${level ? 1 : 2} ${(clock.nowMs() / 1000).toFixed(9)}\n`);
    },
    close: () => closeSync(edges),
  };
}

function isWatched(folder: string): boolean {
  try {
    return process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 0);
  } catch {
    return false;
  }
}
