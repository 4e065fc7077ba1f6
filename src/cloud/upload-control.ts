/** Sending as a whole: how it stands, and what a person may do to it. It knows no record. */

export interface UploaderStatus {
  /** Signature or access refused: one record is tried now and then, the others wait. */
  readonly paused?: { readonly why: string; readonly hint?: string; readonly sinceMs: number };
  /** A person stopped sending. */
  readonly stopped?: { readonly who: string; readonly sinceMs: number };
  /** Tries in a row that did not bring a record to the platform, though nothing was wrong with the record. */
  readonly failures: number;
  /** Of these: what the last one was, and when the first was. */
  readonly failing?: { readonly why: string; readonly sinceMs: number };
  readonly inFlight: number;
  /** Clock.nowMs of the last look for work: the heartbeat for a watchdog. */
  readonly lookedAtMs: number;
  /** Clock.nowMs of the last answer that was one, whatever it said. */
  readonly answeredAtMs?: number;
}

/**
 * In a word: `paused` by a person, `refused` by the platform's 401 or 403 (one record probes), `offline`: nothing gets through, `working`:
 * a record is on the wire, `idle`.
 */
export type UploaderState = 'paused' | 'refused' | 'offline' | 'working' | 'idle';

/** What a person may do to sending as a whole. */
export interface UploadControl {
  /**
   * Nothing leaves from here on; what is on the wire ends. Until `resume`, or until the program starts again: a pause that somebody forgot
   * must not hold records for ever.
   */
  pause(who: string): void;
  /** Ends a pause. Credentials changed, or a person is impatient: also forgets every wait that is not a record's own. */
  resume(): void;
  state(): UploaderState;
  status(): UploaderStatus;
}
