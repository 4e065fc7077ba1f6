/** Files that the box makes for the page and takes from it, as an interface that `src/box` implements. */
import type { Language } from '../text/text.ts';
import type { JobRun } from './jobs.ts';

export type MadeKind = 'backup' | 'queue' | 'support';

export interface MadeFile {
  readonly path: string;
  readonly bytes: number;
  /** Removes the file, sent or not. */
  discard(): void;
}

export interface FileControl {
  /**
   * `passphrase`: of a backup with its secrets. Rejects with an error that has a `text`. Throws Problem `busy` while another one is made.
   */
  make(
    kind: MadeKind,
    language: Language,
    options: { readonly passphrase?: string; readonly signal: AbortSignal },
  ): Promise<MadeFile>;
  /** The work of the job `restore`; takes the file at `path`, which is then removed. */
  restore(path: string, language: Language, passphrase: string | undefined, by: string): JobRun;
}
