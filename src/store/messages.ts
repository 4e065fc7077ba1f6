/**
 * Messages between the facade and the store thread. The thread has no clock: every request carries the moment it was made and the journal entries
 * appended before it, so that both are committed together and in order.
 */
import type { BoxFact } from './chain/chain.ts';
import type { AccountText, DroppedMark, PlateCount, ReviewedCount } from './days/accounts.ts';
import type { StoreCode } from './error.ts';
import type { Moment } from './moment.ts';
import type { StoreNotice } from './notice.ts';
import type { NumberedBatch, Numbering } from './numbers.ts';
import type { Observation, Observations } from './observation.ts';
import type { OutboundCount, OutboundFact } from './outbound.ts';
import type { ParkFact, ParkFactChange, ParkFactKind } from './park-facts/park-facts.ts';
import type { NewRecord, OutboxRecord, PutRecord, TimeQuality } from './record-types.ts';
import type { SerialBoot } from './serial.ts';
import type {
  AnswerDetails,
  Boot,
  ChainHeads,
  JournalAround,
  Looks,
  Outbox,
  PlateSlice,
  RecordFilter,
  Review,
  Store,
  StoreStatus,
} from './types.ts';

/** Already JSON, so that no event changes after it was appended. */
export type JournalEntry =
  | {
      readonly kind: 'event';
      readonly laneId: string;
      readonly atMs: number;
      readonly wallMs: number;
      readonly event: string;
    }
  | { readonly kind: 'epoch'; readonly laneId: string; readonly settings: string }
  | { readonly kind: 'snapshot'; readonly laneId: string; readonly state: string }
  | { readonly kind: 'facts'; readonly changes: readonly ParkFactChange[] }
  | { readonly kind: 'gap'; readonly events: number };

/** A record about to be sent, and its picture: the bytes, or how many of them were read into the place given. */
export interface FoundRecord {
  readonly record: OutboxRecord;
  readonly picture?: number | Uint8Array;
}

/** An interface of the store as its thread has it: the same calls, answered at once. */
type Answered<Face> = {
  [Name in keyof Face]: Face[Name] extends (...given: infer Given) => Promise<infer Found>
    ? (...given: Given) => Found
    : never;
};

/** Every operation of the thread: those of the store's interfaces that bear the same name, and these. */
export interface Operations
  extends Answered<ChainHeads & Observations>,
    Answered<
      Pick<Outbox, 'attach' | 'beside' | 'picture' | 'besidePicture' | 'unsent' | 'delivered' | 'withdraw' | 'counts'>
    >,
    Answered<Omit<Review, 'count'>>,
    Answered<Pick<Looks, 'room'> & Pick<Store, 'watched' | 'addAlarm'>> {
  /**
   * A watchdog tick, and the occasion to retry what the disk refused. Comes without journal entries. Commits so far.
   * `waitsSinceMs`: what has happened since then may not be on the disk.
   */
  beat(waitsSinceMs: number | undefined): number;
  /** Commits the journal entries that come with it. */
  flush(): void;
  load(laneId: string): { state: string | undefined; rows: { seq: number; event: string }[] };
  /** `serials`: the second is used where another release has the first. */
  put(record: NewRecord, serials: { readonly first: string; readonly second: string }): PutRecord;
  due(limit: number, order: 'oldest' | 'newest', afterId: number): OutboxRecord[];
  nextDueMs(laterThanMs: number | undefined): number | undefined;
  /** Reads the picture into a place of the lending memory and returns its length; returns the bytes when there is no place or it does not fit. `none`: without a picture. */
  sending(id: number, place: number | 'none' | undefined): FoundRecord | undefined;
  retry(id: number, afterMs: number, why: string, details: AnswerDetails): void;
  settle(id: number, state: 'held' | 'parked', why: string, details: AnswerDetails): void;
  countRecords(filter: RecordFilter): number;
  plateSlice(part: string, after: string): PlateSlice;
  /** Where the newest `records` of a span begin; undefined: it has no more. */
  wallSlice(fromWallMs: number, toWallMs: number, records: number): number | undefined;
  around(laneId: string, fromMs: number, toMs: number): JournalAround<string> | undefined;
  observedBetween(fromWallMs: number, toWallMs: number): Observation[];
  keepFact(fact: BoxFact | undefined, changes: readonly ParkFactChange[]): void;
  parkFacts(kind: ParkFactKind): ParkFact[];
  keepAccount(laneId: string, day: string, rows: string, line: string): void;
  closeSheets(lastDay: string): void;
  accountLines(fromDay: string, toDay: string): AccountText[];
  account(fromDay: string, toDay: string, without?: string): AccountText[];
  reviewedRecords(fromWallMs: number, toWallMs: number, lanes?: readonly string[]): ReviewedCount;
  recordPlates(fromWallMs: number, toWallMs: number, lanes?: readonly string[]): PlateCount[];
  droppedRecords(fromWallMs: number, toWallMs: number): DroppedMark[];
  numbering(destination: string): Numbering;
  keepNumbered(destination: string, batch: NumberedBatch): boolean;
  numberedArrived(destination: string, series: string, n: number): void;
  outboundFacts(place: number, limit: number): OutboundFact[];
  outboundCount(destination: string): OutboundCount;
  outboundDestinations(): string[];
  synced(nowMs: number, wallMs: number, source: string, withinMs?: number): void;
  stepped(byMs: number): void;
  witnessed(source: string, wallMs: number, byMs: number): void;
  close(): void;
}

export type OperationName = keyof Operations;

/** As the thread carries them out: at the moment of the request. `close` is its own. */
export type ThreadOperations = {
  readonly [Name in Exclude<OperationName, 'close'>]: (
    moment: Moment,
    ...rest: Parameters<Operations[Name]>
  ) => ReturnType<Operations[Name]>;
};

/** Reads for people and for reports to them: answered even while the disk refuses. */
export const GLANCES: ReadonlySet<OperationName> = new Set([
  'nextDueMs',
  'picture',
  'besidePicture',
  'counts',
  'list',
  'countRecords',
  'plateSlice',
  'wallSlice',
  'get',
  'causes',
  'around',
  'room',
  'observations',
  'observedBetween',
  'parkFacts',
  'marks',
  'unpublished',
  'account',
  'accountLines',
  'droppedRecords',
  'recordPlates',
  'reviewedRecords',
  'compare',
  'lastSigned',
  'outboundFacts',
  'outboundCount',
  'outboundDestinations',
] satisfies OperationName[]);

/** Reads: they begin no transaction, which would block the command `queue` of another process. */
export const LOOKS: ReadonlySet<OperationName> = new Set<OperationName>([...GLANCES, 'due']);

/** Reads of the uploader: refused while the disk refuses, because it has records in memory to send meanwhile. */
export const UPLOADS: ReadonlySet<OperationName> = new Set(['due', 'sending'] satisfies OperationName[]);

/** Decisions of people: refused while the disk refuses, because a person waits at the page for the result. */
export const DECISIONS: ReadonlySet<OperationName> = new Set([
  'requeue',
  'requeueAll',
  'correct',
  'dismiss',
  'mark',
  'erase',
] satisfies OperationName[]);

/** Answered at once while the disk refuses; all but the reads for people and the watchdog tick are refused. */
export const WHILE_STALLED: ReadonlySet<OperationName> = new Set<OperationName>([
  'beat',
  ...GLANCES,
  ...DECISIONS,
  ...UPLOADS,
]);

/**
 * Answered before they are durable, and committed with the next request, at the latest with the next group of journal entries. A power cut that
 * undoes them does no harm: a delivered record is sent again under its serial, which the platform drops; a frame beside a picture is an orphan,
 * which is swept; a numbered message and an observation are published again as they were.
 */
export const LAZY: ReadonlySet<OperationName> = new Set([
  'delivered',
  'beside',
  'published',
  'numberedArrived',
] satisfies OperationName[]);

export interface ThreadRequest {
  readonly id: number;
  readonly name: OperationName;
  readonly arguments: readonly unknown[];
  readonly moment: Moment;
  readonly journal: readonly JournalEntry[];
}

export interface Limits {
  /** Deadline for the picture: after it a waiting record is sent without one. */
  readonly attachWithinMs: number;
  /** Records made before the clock was synchronised wait for it this long at most. */
  readonly clockHoldMs: number;
  /** Pictures in all; those beside others go first, then the oldest of delivered records, then the oldest of waiting ones. */
  readonly framesMaxBytes: number;
  /** How long pictures and rows of delivered records are kept, in lane time. */
  readonly keepFramesMs: number;
  readonly keepRecordsMs: number;
  /** How long the rows of a lane stay, in lane time, and what they may take; the oldest go first. What a record rests on stays with it. */
  readonly keepJournalMs: number;
  readonly journalMaxBytes: number;
  /** Journal rows in all, whatever rests on them. */
  readonly journalMaxRows: number;
  /** The reserve that lets SQLite work again on a full disk. */
  readonly ballastBytes: number;
  /** Below this much free space no new picture is kept. */
  readonly lowWaterBytes: number;
}

export interface ThreadOptions {
  readonly lending: SharedArrayBuffer;
  readonly path: string;
  readonly limits: Limits;
  /** Of the program. */
  readonly version: string;
  readonly bootId: string;
  readonly moment: Moment;
  /** The system clock is synchronised at this moment. */
  readonly wallTrusted: boolean;
  /** A tool beside a running bridge: no boot, no heartbeat, no sweep, no ballast. */
  readonly tool: boolean;
}

export type Reply =
  | {
      readonly kind: 'ready';
      readonly boot: Boot;
      /** The last ones, this one included, oldest first. */
      readonly boots: readonly SerialBoot[];
      /** Random, of this database. */
      readonly boxId: number;
      readonly wallOffsetMs: number;
      readonly quality: TimeQuality;
      /** A source confirmed the offset once in this boot. */
      readonly isConfirmed: boolean;
      /** Wall time less lane time is no less, as long as no source confirms it. */
      readonly notBeforeMs: number;
    }
  /** `why`: the disk refuses for now; the same options sent again make the thread retry. */
  | {
      readonly kind: 'unavailable';
      readonly code: StoreCode;
      readonly message: string;
      readonly why?: NonNullable<StoreStatus['stalled']>;
    }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly code: StoreCode;
      readonly message: string;
    }
  /** The thread is alive but cannot write: the answer to a watchdog tick while it is stalled. */
  | { readonly kind: 'alive'; readonly stalled: StoreStatus['stalled'] }
  | { readonly kind: 'notice'; readonly notice: StoreNotice };
