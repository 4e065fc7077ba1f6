/**
 * What the store keeps and the promises it makes: journal, outbox, frames, boots.
 * Everything runs in one worker thread; every promise resolves only when a power cut could no longer undo it,
 * unless it says otherwise. Calls are carried out in the order they are made.
 */
import type { Frame } from '../driver.ts';
import type { LaneEvent, Release } from '../lane/types.ts';

/** How far a wall time can be trusted. */
export type TimeQuality = 'synced' | 'corrected' | 'estimated' | 'unknown';

/** This boot of the machine as the store knows it. Lane time = Clock.nowMs + `laneOffsetMs`: it goes on where the last boot stopped. */
export interface Boot {
  readonly bootSeq: number;
  readonly bootId: string;
  readonly laneOffsetMs: number;
  /** Nothing was observed for this long before this start, as far as is known. */
  readonly blindMs: number;
  /** The machine, not only the process, started again since the last run. */
  readonly newBoot: boolean;
  /** The last run did not end by `close`. */
  readonly unclean: boolean;
}

export interface JournalRow {
  readonly seq: number;
  readonly event: LaneEvent;
}

export interface Journal {
  /** Appends in memory at once and to disk in groups at most 250 ms old. Says `false` when its queue is full (see `Store.pressure`). */
  append(laneId: string, event: LaneEvent): boolean;
  /** Resolves when all appended so far would survive a power cut. */
  flush(): Promise<void>;
  /** Notes the settings in force from here on, so that a replay can use those of then. */
  epoch(laneId: string, settings: unknown): void;
  /** Keeps the engine's state as of the last appended event. */
  snapshot(laneId: string, state: unknown): void;
  /** The last snapshot and what came after it; state undefined when there is none. */
  load(laneId: string): Promise<{ readonly state: unknown; readonly rows: readonly JournalRow[] }>;
}

/** What the lane decided, with the names the lane had then. */
export interface NewRecord {
  readonly laneId: string;
  readonly gateId: string;
  readonly gateName: string;
  readonly release: Release;
  /** Clock.wallMs that belongs to `release.releaseAtMs`, by today's knowledge. */
  readonly releaseWallMs: number;
  /** Short text for `reason`. */
  readonly reason: string;
}

export type RecordState =
  | 'waiting' // to be sent
  | 'held' // answered with a hint in integration mode: not delivered, shown
  | 'parked' // refused for good, or too many unknown answers: kept, shown, exportable
  | 'delivered'
  | 'withdrawn' // paid for after all, before it was sent
  | 'review'; // not to be reported unless a person says so

export interface OutboxRecord extends NewRecord {
  readonly id: number;
  /** `parking_serial`, fixed in `put`. */
  readonly serial: string;
  readonly state: RecordState;
  readonly attempts: number;
  readonly picture: 'pending' | 'attached' | 'none';
  /** Why there is no picture, when there is none. */
  readonly pictureWhy?: string;
  readonly lastWhy?: string;
  readonly seqno?: string;
}

export interface Outbox {
  /**
   * Keeps the record, with its serial. Idempotent by (laneId, release.id): a second put returns the first record.
   * A release that is not to be reported goes in as `review`.
   */
  put(record: NewRecord): Promise<OutboxRecord>;
  /** Adds the picture, or the fact that there is none. Without a call, a waiting record goes out bare after `attachWithinMs`. */
  attach(id: number, picture: Frame | { readonly none: string }): Promise<void>;
  /** Waiting records whose time has come and whose picture is settled, oldest first, at most `limit`. */
  due(limit: number): Promise<readonly OutboxRecord[]>;
  /** Clock.nowMs of the earliest moment at which `due` may have something; undefined when nothing waits. */
  nextDueMs(): Promise<number | undefined>;
  /** The picture's bytes; undefined when there is none or its file is damaged (then it says so in the record). */
  picture(id: number): Promise<Uint8Array | undefined>;
  /** Called before the first byte leaves: from here on a withdrawal comes too late. Resolves false when it was withdrawn meanwhile. */
  sending(id: number): Promise<boolean>;
  delivered(id: number, answer: { readonly seqno?: string; readonly warning?: string }): Promise<void>;
  retry(id: number, afterMs: number, why: string): Promise<void>;
  hold(id: number, why: string): Promise<void>;
  park(id: number, why: string): Promise<void>;
  /** Takes back a record that has not been sent. Resolves false when it had. */
  withdraw(laneId: string, releaseId: string, why: string): Promise<boolean>;
  counts(): Promise<Readonly<Record<RecordState, number>>>;
}

export interface Store {
  readonly boot: Boot;
  readonly journal: Journal;
  readonly outbox: Outbox;
  /** Flushes everything, marks a clean stop, ends the thread. */
  close(): Promise<void>;
  /** Rejects when the thread died or the database cannot be used any more: the program then ends, to be started again. */
  readonly failed: Promise<never>;
}
