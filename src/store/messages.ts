/**
 * What passes between the facade and the store thread. The thread has no clock: every request carries the moment it was made,
 * and every request carries the journal entries appended before it, so that both are committed together and in order.
 */
import type { Frame } from '../driver.ts';
import type { ObservationGap } from '../lane/types.ts';
import type { StoreCode } from './error.ts';
import type { Adopted, ForeignPictures, ForeignRecord } from './files/exported-record.ts';
import type { StoreNotice } from './notice.ts';
import type { Observation } from './observation.ts';
import type {
  BesidePlace,
  Corrections,
  NewRecord,
  OutboxRecord,
  PutRecord,
  RecordState,
  TimeQuality,
} from './record-types.ts';
import type { SerialBoot } from './serial.ts';
import type { FoundRecord } from './thread/outbox-rows.ts';
import type {
  AnswerDetails,
  Boot,
  JournalAround,
  OpenState,
  RecordFilter,
  Reviewed,
  Room,
  StoreStatus,
  WaitingCause,
} from './types.ts';

export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** Already JSON, so that nobody can change an event after it was appended. */
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
  | { readonly kind: 'gap'; readonly events: number };

/** Everything the thread can be asked for. */
export interface Operations {
  /** A sign of life, and the thread's chance to try again what the disk refused. Comes without journal entries. */
  beat(): void;
  /** Commits the journal entries that come with it. */
  flush(): void;
  load(laneId: string): { state: string | undefined; rows: { seq: number; event: string }[] };
  /** `serials`: the second where another release has the first. */
  put(record: NewRecord, serials: { readonly first: string; readonly second: string }): PutRecord;
  attach(id: number, picture: Frame | { readonly none: string }): void;
  beside(id: number, place: BesidePlace, frame: Frame): boolean;
  due(limit: number, order: 'oldest' | 'newest', afterId: number): OutboxRecord[];
  nextDueMs(laterThanMs: number | undefined): number | undefined;
  picture(id: number): Uint8Array | undefined;
  besidePicture(id: number, place: BesidePlace): Uint8Array | undefined;
  /** Reads the picture into a place of the lending memory and says how long it is; gives the bytes when there is no place or it does not fit. `none`: without. */
  sending(id: number, place: number | 'none' | undefined): FoundRecord | undefined;
  unsent(id: number): void;
  delivered(id: number, answer: { readonly seqno?: string; readonly warning?: string }): void;
  retry(id: number, afterMs: number, why: string, details: AnswerDetails): void;
  settle(id: number, state: 'held' | 'parked', why: string, details: AnswerDetails): void;
  withdraw(laneId: string, releaseId: string, why: string): boolean;
  counts(): Record<RecordState, number>;
  list(filter: RecordFilter): OutboxRecord[];
  get(id: number): Reviewed | undefined;
  causes(): WaitingCause[];
  requeue(id: number, who: string): boolean;
  requeueAll(states: readonly OpenState[], who: string): number;
  correct(id: number, changes: Corrections, who: string, why: string): boolean;
  drop(id: number, who: string, why: string): boolean;
  adopt(record: ForeignRecord, pictures: ForeignPictures): Adopted;
  around(laneId: string, fromMs: number, toMs: number): JournalAround<string> | undefined;
  room(): Room;
  observe(laneId: string, gap: ObservationGap): void;
  observations(limit: number): Observation[];
  synced(nowMs: number, wallMs: number, source: string): void;
  stepped(byMs: number): void;
  close(): void;
}

export type OperationName = keyof Operations;

/** Looks of people, and of what tells them: they are answered also while the disk refuses. */
export const GLANCES: ReadonlySet<OperationName> = new Set([
  'nextDueMs',
  'picture',
  'besidePicture',
  'counts',
  'list',
  'get',
  'causes',
  'around',
  'room',
  'observations',
] satisfies OperationName[]);

/** Looks only: they begin no transaction, because that would keep the command `queue` of another process waiting. */
export const LOOKS: ReadonlySet<OperationName> = new Set<OperationName>([...GLANCES, 'due']);

/** What the uploader asks: refused while the disk refuses, because it has records in memory to send meanwhile. */
export const UPLOADS: ReadonlySet<OperationName> = new Set(['due', 'sending'] satisfies OperationName[]);

/** What people decide: refused while the disk refuses, for somebody waits at a page to be told. */
export const DECISIONS: ReadonlySet<OperationName> = new Set([
  'requeue',
  'requeueAll',
  'correct',
  'drop',
] satisfies OperationName[]);

/** Answered at once while the disk refuses; what is neither a look of people nor a beat is refused. */
export const WHILE_STALLED: ReadonlySet<OperationName> = new Set<OperationName>([
  'beat',
  ...GLANCES,
  ...DECISIONS,
  ...UPLOADS,
]);

/**
 * Answered before they are durable, and committed with whatever comes next, at the latest with the next group of journal entries. What a
 * cut undoes of them does no harm: a delivered record is sent again under its serial, which the platform drops, and a frame beside a
 * picture is an orphan, which is swept.
 */
export const LAZY: ReadonlySet<OperationName> = new Set(['delivered', 'beside'] satisfies OperationName[]);

export interface ThreadRequest {
  readonly id: number;
  readonly name: OperationName;
  readonly arguments: readonly unknown[];
  readonly moment: Moment;
  readonly journal: readonly JournalEntry[];
}

export interface Limits {
  /** Without a picture by then, a waiting record goes out bare. */
  readonly attachWithinMs: number;
  /** Records of before the clock was known wait at most this long for it. */
  readonly clockHoldMs: number;
  /** Pictures in all; those beside others go first, then the oldest of delivered records, then the oldest of waiting ones. */
  readonly framesMaxBytes: number;
  /** How long pictures and rows of delivered records are kept, in lane time. */
  readonly keepFramesMs: number;
  readonly keepRecordsMs: number;
  /** Journal rows in all; the oldest go first. */
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
  readonly bootId: string;
  readonly moment: Moment;
  /** The system clock is known to be right at this moment. */
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
      /** Somebody vouched for the offset once in this boot. */
      readonly vouched: boolean;
    }
  /** `why`: the disk refuses just now; told again, the thread tries again. */
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
  /** The thread is alive but cannot write: the answer to a beat while it is stalled. */
  | { readonly kind: 'alive'; readonly stalled: StoreStatus['stalled'] }
  | { readonly kind: 'notice'; readonly notice: StoreNotice };
