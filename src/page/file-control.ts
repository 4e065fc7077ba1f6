/** Files that the box makes for the page and takes from it, as an interface that `src/box` implements. */
import type { Language } from '../text/text.ts';
import type { ProvisionLook, ProvisionView } from './api/api-setup.ts';
import type { JobRun } from './jobs.ts';

export type MadeKind = 'backup' | 'queue' | 'support' | 'evidence' | 'person' | 'account';

export interface MadeFile {
  readonly path: string;
  readonly bytes: number;
  /** Removes the file, sent or not. */
  discard(): void;
}

export interface FileControl {
  /**
   * `passphrase`: of a backup with its secrets. `release`: whose evidence, by its number. `plate`: whose data. `day`, `lane`: of the sheet. Rejects with an error that has a `text`. Throws Problem `busy` while another one is made.
   */
  make(
    kind: MadeKind,
    language: Language,
    options: {
      readonly passphrase?: string;
      readonly release?: number;
      readonly plate?: string;
      readonly day?: string;
      readonly lane?: string | undefined;
      readonly signal: AbortSignal;
    },
  ): Promise<MadeFile>;
  /** The work of the job `restore`; takes the file at `path`, which is then removed. */
  restore(path: string, language: Language, passphrase: string | undefined, by: string): JobRun;
  /** What is kept about one plate, in words; with `erase` it is deleted. Rejects as `make` does. */
  person(
    plate: string,
    language: Language,
    signal: AbortSignal,
    erase?: { readonly by: string; readonly why: string },
  ): Promise<readonly string[]>;
  /** The work of the job `verify`: walks the chain of evidence, with the pictures. Its result is a VerifyResult. */
  verify(language: Language): JobRun;
}

/** A provisioning file as text. Each throws Problem `invalid` with what is wrong with it. */
export interface ProvisionControl {
  view(): Promise<ProvisionView>;
  look(text: string): Promise<ProvisionLook>;
  /** The work of the job `provision`. `trust`: the operator's key as a person compared it. */
  apply(text: string, trust: string | undefined): Promise<JobRun>;
}
