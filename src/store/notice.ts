/** Events of the store that a person should know of. Data only; `src/text/store.ts` words them. */

/** Why nothing can be written. */
export type Stall = 'full' | 'readonly' | 'io' | 'busy';

export type StoreNotice =
  /** Nothing can be written: requests are kept in memory and retried every second. */
  | { readonly kind: 'stalled'; readonly why: Stall; readonly detail: string }
  | { readonly kind: 'recovered'; readonly afterMs: number }
  /** Events lost because the queue of the journal was full. */
  | { readonly kind: 'gap'; readonly events: number }
  /** A record or a picture lost because the memory for requests that wait for the disk is full. */
  | { readonly kind: 'refused'; readonly laneId: string; readonly detail: string }
  /** The reserve file was released to let the database work on a full disk, or is restored. */
  | { readonly kind: 'ballast'; readonly action: 'released' | 'restored' }
  /** Pictures or records removed to keep within the limits. */
  | {
      readonly kind: 'evicted';
      readonly what: 'besidePictures' | 'deliveredPictures' | 'deliveredRecords' | 'waitingPictures' | 'lostPictures';
      readonly count: number;
    }
  /** The database is damaged: quarantined, and a new one begun. `givenUp`: the folder of an earlier one removed before it was brought over. */
  | { readonly kind: 'quarantined'; readonly folder: string; readonly detail: string; readonly givenUp?: string }
  /** What was recovered from a quarantined database. `lostPages`: pages that the disk cannot read; absent: none. */
  | { readonly kind: 'salvaged'; readonly records: number; readonly unreadable: number; readonly lostPages?: number }
  /** The recovery of what SQLite alone cannot read waits: the shell `sqlite3` is not installed, or the disk lacks these bytes for its work. It resumes by itself. */
  | {
      readonly kind: 'recoveryWaits';
      readonly missing: 'shell' | 'room';
      readonly folder: string;
      readonly bytes: number;
    }
  /** The shell failed on it: only what SQLite alone reads was brought over. */
  | { readonly kind: 'recoveryFailed'; readonly folder: string; readonly detail: string }
  /** Files without a row (a cut between the two), removed at the start. */
  | { readonly kind: 'swept'; readonly files: number }
  /** Pictures whose records were lost with a damaged database: kept beside it. */
  | { readonly kind: 'keptPictures'; readonly files: number; readonly folder: string }
  | { readonly kind: 'migrated'; readonly from: number; readonly to: number; readonly copy?: string }
  /** Unsent records whose release time was corrected when the clock became known. */
  | { readonly kind: 'corrected'; readonly records: number; readonly byMs: number; readonly source: string }
  | { readonly kind: 'clockStep'; readonly byMs: number };
