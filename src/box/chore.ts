/** Runs a command of the program in a thread of its own, for the page. It knows no command. */
import { Worker } from 'node:worker_threads';
import type { Language, Text } from '../text/text.ts';
import { thrownText } from '../text/thrown.ts';

export interface Chore {
  /** As written after `lanewarden` on a command line. */
  readonly args: readonly string[];
  readonly language: Language;
  readonly environment: Readonly<Record<string, string>>;
  /** Of nobody who waits: every other thread of the machine goes first. */
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

/** Message of the thread: its code is loaded, and then how the command ended. */
export type ChoreMessage = 'loaded' | ChoreDone;

/** Resolves to its output when it exits 0. Rejects with ChoreError, and when `signal` aborts, which terminates the thread. */
export async function runChore(
  chore: Chore,
  { workerUrl, signal }: { readonly workerUrl?: URL; readonly signal?: AbortSignal } = {},
): Promise<string> {
  const worker = new Worker(workerUrl ?? new URL('../cli/chores.js', import.meta.url), { workerData: chore });
  let isLoaded = false;
  // Node leaks the files being loaded by a thread that is terminated meanwhile.
  const end = () => isLoaded && void worker.terminate();
  signal?.addEventListener('abort', end, { once: true });
  try {
    const done = await new Promise<ChoreDone>((resolve, reject) => {
      worker.on('message', (message: ChoreMessage) => {
        if (message !== 'loaded') return resolve(message);
        isLoaded = true;
        if (signal?.aborted) reject(new ChoreError(''));
        else worker.postMessage('go');
      });
      // An error of a native module loses its message between threads.
      worker.once('error', (error) => reject(new ChoreError(thrownText(error))));
      worker.once('exit', (code) => reject(new ChoreError(`${chore.args[0]}: the thread ended with ${code}`)));
    });
    const { exitCode, output } = done;
    if (exitCode !== 0) throw new ChoreError(output === '' ? `${chore.args[0]}: ${exitCode}` : output, done);
    return output;
  } finally {
    signal?.removeEventListener('abort', end);
    await worker.terminate();
  }
}
