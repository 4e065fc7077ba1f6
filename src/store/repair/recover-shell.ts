/**
 * Runs `.recover` of SQLite's command-line shell: it reads every page of a damaged database and replays what it finds into a new one. A release ships
 * the shell beside its program; from the source tree the one on PATH is used.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PAGE } from './wal.ts';

/** 91 MB take 11 s on a busy core; a slow card and a slow core a hundred times as long would still make it. */
const LIMIT_MS = 30 * 60_000;
/** Rows outside of their table take more room than in it, but never twice as much. */
export const GROWTH = 2;
const WORDS_MAX = 500;

/** undefined: no shell is installed. */
export function findShell(path = process.env.PATH ?? ''): string | undefined {
  const shipped = fileURLToPath(new URL('../../../sqlite3', import.meta.url));
  const places = [shipped, ...path.split(delimiter).map((folder) => join(folder, 'sqlite3'))];
  return places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

export class RecoverShell {
  /** What went wrong; undefined: nothing. Never rejects. */
  readonly ended: Promise<string | undefined>;
  readonly #children: readonly ChildProcess[];

  /** Reads `source`, of this many pages, and writes `target`, which must not exist. One shell feeds the other: no SQL passes through this process. */
  constructor(shell: string, source: string, target: string, pages: number) {
    const options = {
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      // Its temporary files belong on the disk, not into the memory of a tmpfs.
      env: { PATH: process.env.PATH, LC_ALL: 'C', SQLITE_TMPDIR: dirname(resolve(target)) },
    } as const;
    // Settings in a home folder must not change the shell. The new file needs no flush: a cut begins it anew.
    const flags = ['-batch', '-init', '/dev/null'];
    const bounds = `PRAGMA synchronous = OFF; PRAGMA page_size = ${PAGE}; PRAGMA max_page_count = ${GROWTH * pages + 64};`;
    const writer = spawn(shell, [...flags, '-cmd', bounds, resolve(target)], {
      ...options,
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    if (writer.pid === undefined) {
      this.#children = [writer];
      this.ended = endOf(writer).then(({ words }) => words);
      return;
    }
    const reader = spawn(shell, ['-readonly', ...flags, resolve(source), '.recover --ignore-freelist'], {
      ...options,
      stdio: ['ignore', writer.stdin, 'pipe'],
    });
    // The reader has its own end now; as long as ours is open, the writer waits for more.
    writer.stdin.destroy();
    this.#children = [reader, writer];
    this.ended = Promise.all([endOf(reader), endOf(writer)]).then(([read, written]) => {
      // A row that does not fit a table any more makes the writer complain and go on: only these end it before everything is written.
      const isCut = /disk is full|disk I\/O error|^signal/.exec(written.words) !== null;
      return read.code !== 0 ? read.words : isCut ? written.words : undefined;
    });
  }

  stop(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly words: string }> {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-WORDS_MAX);
  });
  return new Promise((done) => {
    child.once('error', ({ message }) => done({ code: -1, words: `signal: ${message}` }));
    child.once('close', (code, signal) => done({ code, words: signal === null ? words.trim() : `signal ${signal}` }));
  });
}
