/** How far a long command is, on the last line of a terminal: written over while it works, gone when it ends. A file or a pipe gets nothing of it. */
import { systemClock } from '../clock.ts';
import type { CommandContext } from './command.ts';

const CLEAR = '\r\u001b[2K';
const [COLOUR, PLAIN] = ['\u001b[36m', '\u001b[0m'];
/** More often nobody can read. */
const EVERY_MS = 100;

export interface Progress {
  show(line: string): void;
  /** `part`: from 0 to 1. */
  at(what: string, part: number): void;
  /** Until `work`, which reads in pieces, has ended either way, or has read all of it: then it may ask. */
  reading<Done>(what: string, work: (onRead: OnRead) => Done | Promise<Done>): Promise<Done>;
  /** Before anything else is written. */
  clear(): void;
}
type OnRead = (bytes: number, whole: number) => void;

export function progressOf({ stderr, environment }: Pick<CommandContext, 'stderr' | 'environment'>): Progress {
  const isTerminal = (stderr as { readonly isTTY?: boolean }).isTTY === true && environment.TERM !== 'dumb';
  // As no-color.org has it: whatever its value, unless it is empty.
  const [before, after] = (environment.NO_COLOR ?? '') === '' ? [COLOUR, PLAIN] : ['', ''];
  const clock = systemClock();
  let shownMs: number | undefined;
  const progress: Progress = {
    show: (line) => {
      const nowMs = clock.nowMs();
      if (!isTerminal || nowMs - (shownMs ?? 0) < EVERY_MS) return;
      shownMs = nowMs;
      stderr.write(`${CLEAR}${before}${line}${after}`);
    },
    at: (what, part) => progress.show(`${what} ${Math.floor(100 * Math.min(1, part))} %`),
    reading: async (what, work) => {
      let read = 0;
      try {
        return await work((bytes, whole) => {
          read += bytes;
          if (read < whole) progress.at(what, read / whole);
          else progress.clear();
        });
      } finally {
        progress.clear();
      }
    },
    clear: () => {
      if (shownMs !== undefined) stderr.write(CLEAR);
      shownMs = undefined;
    },
  };
  return progress;
}
