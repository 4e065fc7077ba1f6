/** Operations of the page on the configuration, as an interface that `src/box` implements. None returns the value of a secret. */
import type { Language } from '../text/text.ts';
import type { HistoryRow } from './api/api-setup.ts';
import type { JobRun } from './jobs.ts';

/** A value changed at its place; undefined: removed. */
export interface ValueChange {
  readonly path: readonly (string | number)[];
  readonly value?: unknown;
}

export interface SaveRequest {
  readonly yaml: string;
  /** Identifies the text it was made from. */
  readonly base: string;
  /** To be set; null removes one. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

/** Instead of a text, changes of the one there is. */
export interface ChangeRequest extends Pick<SaveRequest, 'secrets'> {
  readonly changes: readonly ValueChange[];
}

export interface ConfigControl {
  /** A ConfigView, and the schema of the form, as JSON. */
  view(): Promise<string>;
  schema(language: Language): Promise<string>;
  /** A ConfigCheck, as JSON: with the secrets that are there, and those that would be. */
  check(yaml: string, secrets: SaveRequest['secrets']): Promise<string>;
  /**
   * The work of the job `readRow`: reads one row of a system of this text, and counts nothing. Throws Problem `invalid`: the text has faults, or no such
   * system that is read.
   */
  rehearse(request: Omit<SaveRequest, 'base'>, system: string): Promise<JobRun>;
  /** An EditedYaml, as JSON: the text with one value changed; undefined: it is no YAML, or has no such place. */
  edit(yaml: string, change: ValueChange): Promise<string | undefined>;
  /** The work of the job `apply`; undefined: it is no YAML, or has no such place. Throws Problem: `conflict` (the file has changed since), `invalid`. */
  save(request: SaveRequest | ChangeRequest, by: string): Promise<JobRun | undefined>;
  /** The same with an earlier text. Throws Problem: `notFound`. */
  rollback(id: string, by: string): Promise<JobRun>;
  /** Throws Problem `conflict` when there is no trial. */
  keep(by: string): Promise<void>;
  revert(): Promise<void>;
  history(): Promise<readonly HistoryRow[]>;
  historyText(id: string): Promise<string | undefined>;
}
