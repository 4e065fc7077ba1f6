/** State of uploads as a whole, and what a person may do to them. It knows no record. */

export interface UploaderStatus {
  /** Signature or access refused: one record is tried now and then, the others wait. */
  readonly paused?: {
    readonly why: string;
    readonly hint?: string;
    readonly sinceMs: number;
    /** Clock.nowMs of the next try. */
    readonly nextMs: number;
  };
  /** A person paused uploads; until then at most. */
  readonly stopped?: { readonly who: string; readonly sinceMs: number; readonly untilMs?: number };
  /** Failures in a row that were not the record's own. */
  readonly failures: number;
  /** Reason of the last of them, and time of the first. */
  readonly failing?: { readonly why: string; readonly sinceMs: number };
  readonly inFlight: number;
  /** Clock.nowMs of the last poll for work: the heartbeat for a watchdog. */
  readonly lookedAtMs: number;
  /** Clock.nowMs of the last answer of the platform, whatever its content. */
  readonly answeredAtMs?: number;
}

/**
 * `paused` by a person, `refused` by the platform's 401 or 403 (one record probes), `offline`: nothing gets through, `working`: a record
 * is on the wire, `idle`.
 */
export type UploaderState = 'paused' | 'refused' | 'offline' | 'working' | 'idle';

/** Actions of a person on uploads as a whole. */
export interface UploadControl {
  /**
   * Nothing is sent from here on; requests in flight end. Until `resume`, until its longest time is over, or until the program restarts: a
   * forgotten pause must not hold records for ever.
   */
  pause(who: string): void;
  /** Ends a pause. After changed credentials, or on request: also clears every wait that is not a record's own. */
  resume(): void;
  state(): UploaderState;
  status(): UploaderStatus;
}
