/** What can happen to the store that a person should know of. Data only; `src/text/store.ts` words it. */

export type StoreNotice =
  /** Nothing can be written; kept in memory and tried again every second. */
  | { readonly kind: 'stalled'; readonly why: 'full' | 'readonly' | 'io' | 'busy'; readonly detail: string }
  | { readonly kind: 'recovered'; readonly afterMs: number }
  /** Events that found the journal's queue full. */
  | { readonly kind: 'gap'; readonly events: number }
  /** A record, or a picture, that found the memory full of what waits for the disk. It is lost. */
  | { readonly kind: 'refused'; readonly laneId: string; readonly detail: string }
  /** The reserve file was given up to let the database work on a full disk, or is back in place. */
  | { readonly kind: 'ballast'; readonly action: 'released' | 'restored' }
  /** Pictures or records removed to keep within the limits. */
  | {
      readonly kind: 'evicted';
      readonly what: 'besidePictures' | 'deliveredPictures' | 'deliveredRecords' | 'waitingPictures' | 'lostPictures';
      readonly count: number;
    }
  /** The database was damaged: put aside, a new one begun. `givenUp`: the folder of an earlier one that had to go before it was brought over. */
  | { readonly kind: 'quarantined'; readonly folder: string; readonly detail: string; readonly givenUp?: string }
  /** What could be saved out of a database put aside. `lostPages`: so many of it the disk could not give any more; absent: it gave all. */
  | { readonly kind: 'salvaged'; readonly records: number; readonly unreadable: number; readonly lostPages?: number }
  /**
   * What SQLite alone cannot read of a damaged database waits: the shell `sqlite3` is not installed, or the disk lacks these bytes for its work. It
   * is tried again by itself.
   */
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
