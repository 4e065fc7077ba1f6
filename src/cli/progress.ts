/** How far a long command is, on the last line of a terminal: written over while it works, gone when it ends. A file or a pipe gets nothing of it. */
import { systemClock } from '../clock.ts';
import type { CommandContext } from './command.ts';

const CLEAR = '\r\u001b[2K';
const [COLOUR, PLAIN] = ['\u001b[36m', '\u001b[0m'];
/** More often nobody can read. */
const EVERY_MS = 100;

export interface Progress {
  /** `part`: from 0 to 1. */
  at(what: string, part: number): void;
  /** Before anything else is written. */
  clear(): void;
}

export function progressOf({ stderr, environment }: Pick<CommandContext, 'stderr' | 'environment'>): Progress {
  const isTerminal = (stderr as { readonly isTTY?: boolean }).isTTY === true && environment.TERM !== 'dumb';
  // As no-color.org has it: whatever its value, unless it is empty.
  const [before, after] = (environment.NO_COLOR ?? '') === '' ? [COLOUR, PLAIN] : ['', ''];
  const clock = systemClock();
  let shownMs: number | undefined;
  return {
    at: (what, part) => {
      const nowMs = clock.nowMs();
      if (!isTerminal || nowMs - (shownMs ?? 0) < EVERY_MS) return;
      shownMs = nowMs;
      stderr.write(`${CLEAR}${before}${what} ${Math.floor(100 * Math.min(1, part))} %${after}`);
    },
    clear: () => {
      if (shownMs !== undefined) stderr.write(CLEAR);
      shownMs = undefined;
    },
  };
}
