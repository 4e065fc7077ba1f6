/** What the page may do with the configuration, as an interface: `src/host` answers it. Nothing here gives away the value of a secret. */
import type { Language } from '../text/text.ts';
import type { ConfigCheck, ConfigView, HistoryRow } from './api/api-setup.ts';
import type { JobRun } from './jobs.ts';

export interface SaveRequest {
  readonly yaml: string;
  /** Names the text it was made from. */
  readonly base: string;
  /** To be set; null removes one. */
  readonly secrets: Readonly<Record<string, string | null>>;
}

export interface ConfigControl {
  view(): Promise<ConfigView>;
  schema(language: Language): unknown;
  /** With the secrets that are there, and those that would be. */
  check(yaml: string, secrets: SaveRequest['secrets']): Promise<ConfigCheck>;
  /** The work of the job `apply`. Throws Problem: `conflict` (somebody changed the file since), `invalid`. */
  save(request: SaveRequest, by: string): Promise<JobRun>;
  /** The same with a text of before. Throws Problem: `notFound`. */
  rollback(id: string, by: string): Promise<JobRun>;
  /** Throws Problem `conflict` when there is no trial. */
  keep(by: string): Promise<void>;
  revert(): Promise<void>;
  history(): Promise<readonly HistoryRow[]>;
  historyText(id: string): Promise<string | undefined>;
}
