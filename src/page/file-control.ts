/** Files that the box makes for the page and takes from it, as an interface that `src/box` implements. */
import type { Language } from '../text/text.ts';
import type { JobRun } from './jobs.ts';

export type MadeKind = 'backup' | 'queue' | 'support' | 'evidence';

export interface MadeFile {
  readonly path: string;
  readonly bytes: number;
  /** Removes the file, sent or not. */
  discard(): void;
}

export interface FileControl {
  /**
   * `passphrase`: of a backup with its secrets. `release`: whose evidence, by its number. Rejects with an error that has a `text`. Throws Problem `busy` while another one is made.
   */
  make(
    kind: MadeKind,
    language: Language,
    options: { readonly passphrase?: string; readonly release?: number; readonly signal: AbortSignal },
  ): Promise<MadeFile>;
  /** The work of the job `restore`; takes the file at `path`, which is then removed. */
  restore(path: string, language: Language, passphrase: string | undefined, by: string): JobRun;
  /** The work of the job `verify`: walks the chain of evidence, with the pictures. Its result is a VerifyResult. */
  verify(language: Language): JobRun;
}
