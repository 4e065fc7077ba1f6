/** Commissioning for the page: its jobs and the acceptance sheets, as an interface that `src/commission` implements. */
import type { AcceptanceSheet, CommissioningChoices, SheetWords } from './api/api-wizard.ts';
import type { JobMakers } from './jobs.ts';

export interface Commissioning {
  /** scan, learn, teach, snapshot, rehearse, diagnose. */
  readonly jobs: JobMakers;
  choices(): Promise<CommissioningChoices>;
  /** undefined: no such lane in the configuration in force. */
  sheet(lane: string): Promise<AcceptanceSheet | undefined>;
  note(lane: string, words: SheetWords, who: string): Promise<void>;
  clear(lane: string): Promise<void>;
  /** A JPEG. */
  picture(lane: string): Promise<Uint8Array | undefined>;
}
