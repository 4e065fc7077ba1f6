/** Runs a command of the program in a process of its own, for the page. It knows no command. */
import { fork } from 'node:child_process';
import type { Language, Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';

export interface Chore {
  /** As written after `lanewarden` on a command line. */
  readonly args: readonly string[];
  readonly language: Language;
  readonly environment: Readonly<Record<string, string>>;
  /** Of nobody who waits: every other process of the machine goes first. */
  readonly isLast?: true;
}

export interface ChoreDone {
  readonly exitCode: number;
  /** Its output. */
  readonly output: string;
  readonly error?: CommandError | undefined;
  /** What does not fit, of a command of verification. */
  readonly found: readonly Text[];
}

/** What ended the command, when it has a text in both languages. */
export interface CommandError {
  readonly code?: string | undefined;
  readonly text: Text;
}

export type ChoreCode = 'failed'; // the command failed, with its own message

export class ChoreError extends Error {
  override readonly name = 'ChoreError';
  readonly code: ChoreCode = 'failed';
  readonly text: Text;
  /** Of the error that ended it. */
  readonly errorCode: string | undefined;
  /** What does not fit; nothing: the command failed for another reason. */
  readonly found: readonly Text[];
  constructor(output: string, { error, found = [] }: Partial<ChoreDone> = {}) {
    super(output);
    this.errorCode = error?.code;
    this.found = found;
    this.text = error?.text ?? { zh: output, en: output };
  }
}

/**
 * Resolves to its output when it exits 0. Rejects with ChoreError, also when `signal` aborts, which ends the process. In a process, because malloc keeps
 * what a thread had used: the hourly verification left 16 MB behind.
 */
export async function runChore(
  chore: Chore,
  { programUrl, signal }: { readonly programUrl?: URL; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const child = fork(programUrl ?? new URL('../cli/chores.js', import.meta.url), {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const end = () => void child.kill('SIGKILL');
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted) end();
  try {
    const { exitCode, output, ...done } = await new Promise<ChoreDone>((resolve, reject) => {
      child.once('message', resolve);
      child.on('error', (error) => reject(new ChoreError(thrownText(error))));
      child.once('exit', (code, by) =>
        reject(new ChoreError(`${chore.args[0]}: the process ended with ${code ?? by}`)),
      );
      child.send(chore);
    });
    if (exitCode !== 0) throw new ChoreError(output === '' ? `${chore.args[0]}: ${exitCode}` : output, done);
    return output;
  } finally {
    signal?.removeEventListener('abort', end);
    end();
    await ended;
  }
}
