/**
 * What the store keeps and the promises it makes: journal, outbox, frames, boots.
 * Everything runs in one worker thread; every promise resolves only when a power cut could no longer undo it,
 * unless it says otherwise. Calls are carried out in the order they are made.
 */
import type { Frame } from '../driver.ts';
import type { LaneEvent, Release, ReleaseDesc } from '../lane/types.ts';
import type { ChainHead, HeadFound, HeadWithKey, SignedHead } from './chain/chain.ts';
import type { AccountStore } from './days/accounts.ts';
import type { Adopted, ForeignPictures, ForeignRecord } from './files/exported-record.ts';
import type { Stall, StoreNotice } from './notice.ts';
import type { Numbers } from './numbers.ts';
import type { Observations } from './observation.ts';
import type { ParkFacts } from './park-facts/park-facts.ts';
import type { KeptMark, Mark, MarkKind } from './park-facts/review-marks.ts';
import type {
  AcceptedAnswer,
  Attempt,
  BesidePlace,
  Corrections,
  Erased,
  NewRecord,
  OpenState,
  OutboxRecord,
  PlatformAnswer,
  PutRecord,
  RecordState,
  TimeQuality,
} from './record-types.ts';
import type { LentPicture } from './thread/picture-buffers.ts';

/** This boot of the machine as the store knows it. Lane time = Clock.nowMs + `laneOffsetMs`: it goes on where the last boot stopped. */
export interface Boot {
  readonly bootSeq: number;
  readonly bootId: string;
  readonly laneOffsetMs: number;
  /** Clock.nowMs of this start: nothing was observed for `blindMs` before it, as far as is known. */
  readonly startMs: number;
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
  /**
   * Appends in memory at once and to disk within 250 ms what lets a vehicle through, all else with that or within ten seconds (urgency.ts). Returns false when its queue is full (see `StoreStatus`): the event is then not journalled, and the gap itself becomes a
   * record (`gap`) as soon as there is room.
   */
  append(laneId: string, event: LaneEvent): boolean;
  /** Resolves when all appended so far would survive a power cut. */
  flush(): Promise<void>;
  /** Records the settings in force from here on, so that a replay can use them. */
  epoch(laneId: string, settings: unknown): void;
  /** Keeps the engine's state as of the last appended event. */
  snapshot(laneId: string, state: unknown): void;
  /** The last snapshot and what came after it; state undefined when there is none. */
  load(laneId: string): Promise<{ readonly state: unknown; readonly rows: readonly JournalRow[] }>;
}

export interface SendingRecord {
  readonly record: OutboxRecord;
  readonly picture?: LentPicture;
}

export interface Outbox {
  /**
   * Keeps the record, with its serial. Idempotent by (laneId, release.id): a second put returns the first record. A release that is not to be
   * reported gets state `review`.
   */
  put(record: NewRecord): Promise<PutRecord>;
  /** The same, but while the disk refuses it resolves nevertheless (`kept`): the record is sent from memory, and a power cut loses it. */
  submit(record: NewRecord): Promise<PutRecord>;
  /** Adds the picture, or the fact that there is none. Without a call, a waiting record is sent without one after `attachWithinMs`. */
  attach(id: number, picture: Frame | { readonly none: string }): Promise<void>;
  /**
   * Keeps a frame from just before or after the picture beside it, on the box only; it is never sent. Resolves false without room: such frames are
   * evicted first, and none of them displaces a picture. Durable within 250 ms, not at once.
   */
  beside(id: number, place: BesidePlace, frame: Frame): Promise<boolean>;
  /** Waiting records that are due and whose picture is settled, at most `limit`, oldest first by default. `afterId`: only those above it. */
  due(limit: number, order?: 'oldest' | 'newest', afterId?: number): Promise<readonly OutboxRecord[]>;
  /** Clock.nowMs of the earliest moment, later than `laterThanMs`, at which `due` may have something; undefined when there is none. */
  nextDueMs(laterThanMs?: number): Promise<number | undefined>;
  /** The bytes of the picture; undefined when there is none or its file is damaged (then the record says so). */
  picture(id: number): Promise<Uint8Array | undefined>;
  /** The same for a frame beside it; the row of a damaged one is removed. */
  besidePicture(id: number, place: BesidePlace): Promise<Uint8Array | undefined>;
  /**
   * Call it when a connection is open and before the first byte leaves: from here on, also after a power cut, a withdrawal comes too late, and
   * until `delivered`, `retry`, `hold` or `park` so does a correction. Journal entries appended before this call are durable as well. Resolves to
   * the record as it is to be sent, undefined when it no longer waits; its picture is in memory that is reused, so it must be given back.
   */
  sending(id: number, withPicture?: boolean): Promise<SendingRecord | undefined>;
  /** After `sending`: it is not sent now, and not a byte of it has left. A first mark is removed before the next request. */
  unsent(id: number): Promise<void>;
  /** On the disk within 250 ms, not at once: after a cut in between the record is sent again, under its serial. */
  delivered(id: number, answer: AcceptedAnswer): Promise<void>;
  /** `unknownCode`: the platform's code is in no table; counted in `unknownAnswers`. */
  retry(id: number, afterMs: number, why: string, details?: AnswerDetails): Promise<void>;
  hold(id: number, why: string, details?: AnswerDetails): Promise<void>;
  park(id: number, why: string, details?: AnswerDetails): Promise<void>;
  /**
   * It turned out otherwise: withdraws a record that has not been sent, or that the platform refused. One that may have reached the platform says so
   * from now on, as does every message about it; resolves false then, and when it is unknown.
   */
  withdraw(laneId: string, releaseId: string, why: string): Promise<boolean>;
  counts(): Promise<Readonly<Record<RecordState, number>>>;
  /**
   * Calls `listener` whenever a record may have become due (put, attached, retried, reported), and as soon as a change of one is requested
   * (withdrawn, corrected, dropped): a record fetched before is stale then. Returns the function that unsubscribes.
   */
  onChange(listener: () => void): () => void;
}

export interface AnswerDetails {
  readonly answer?: PlatformAnswer;
  readonly unknownCode?: boolean;
  /** No byte of the record can have left in this attempt: there was no connection. */
  readonly unsent?: boolean;
}

/** Decisions of people on records: the command `queue` and the page. */
export interface Review {
  /** Newest first. */
  list(filter: RecordFilter): Promise<readonly OutboxRecord[]>;
  /** How many there are, `limit` at most. */
  count(filter: RecordFilter): Promise<number>;
  get(id: number): Promise<Reviewed | undefined>;
  /** Why records are still on the box, by state and cause; the most frequent first. */
  causes(): Promise<readonly WaitingCause[]>;
  /** Held, parked, review or waiting → waiting, due at once. Resolves false in any other state. */
  requeue(id: number, who: string): Promise<boolean>;
  /**
   * The same for all of these states at once; resolves to the count. Of waiting records only those that have been tried: the others wait for their
   * picture or for the clock.
   */
  requeueAll(states: readonly OpenState[], who: string): Promise<number>;
  /**
   * Corrects a record and sends it again at once, under its serial; its former content stays in it. Resolves false for one that is no longer open,
   * or in flight at this moment.
   */
  correct(id: number, changes: Corrections, who: string, why: string): Promise<boolean>;
  /**
   * A person wishes away a record that is neither delivered nor in flight. What only waits for review, or is damaged, is `dropped`: its row stays, its
   * picture is removed by retention. Any other `goesOut` at once and names the person and the reason, unless a second person, who
   * `agrees`, wishes it too before it has left: then it is dropped. undefined: its state does not allow it, or there is nothing to agree to.
   * `states`: those in which it is meant, of the open ones; all when left out.
   */
  dismiss(
    id: number,
    who: string,
    why: string,
    voice: DismissalVoice,
    states?: readonly OpenState[],
  ): Promise<Dismissed | undefined>;
  /**
   * Says what a person makes of these records, whatever their state; nothing of them changes. Resolves to those of which it is kept, once a power cut
   * could not undo it: not those that do not exist, nor those of which this person has said 100 things already.
   */
  mark(ids: readonly number[], mark: Mark): Promise<readonly number[]>;
  /** All that was said of a record, oldest first. */
  marks(id: number): Promise<readonly KeptMark[]>;
  /** A record of another box, as `queue export` wrote it. A known one that is still open only gets the pictures it has not. */
  /** Deletes what is kept about this plate; `plate` as records hold it. What stays for now is counted in `left`. */
  erase(plate: string, who: string, why: string): Promise<Erased>;
  adopt(record: ForeignRecord, pictures: ForeignPictures): Promise<Adopted>;
}

export type Dismissed = 'dropped' | 'goesOut';
/** Of somebody who wishes a record away: first, second to another, or either. */
export type DismissalVoice = 'asks' | 'agrees' | 'both';

export interface Reviewed {
  readonly record: OutboxRecord;
  readonly attempts: readonly Attempt[];
  /** Who dropped it, and the second person where two had to, while the incident is kept; the reason is its `lastWhy`. */
  readonly droppedBy?: string;
}

export interface WaitingCause {
  readonly state: OpenState;
  /** The code that `lastWhy` begins with; absent for what has not been tried. */
  readonly why?: string;
  readonly count: number;
  readonly oldestWallMs: number;
  /** Clock.nowMs of the earliest next try of those waiting; may be past. */
  readonly nextTryMs?: number;
}

/** Of the records with a part of a plate. `next`: after which plate to go on. */
export interface PlateSlice {
  readonly ids: readonly number[];
  readonly next?: string;
}

export interface RecordFilter {
  readonly states?: readonly RecordState[];
  readonly laneId?: string;
  /** Of one of these lanes. */
  readonly laneIds?: readonly string[];
  /** Release time, from this moment and before that one. */
  readonly fromWallMs?: number;
  readonly toWallMs?: number;
  readonly method?: Release['method'];
  readonly desc?: ReleaseDesc;
  /** Part of the plate; spaces, separators and case do not matter. */
  readonly plateContains?: string;
  readonly ids?: readonly number[];
  /** Of the lane: the releases as its engine numbers them. */
  readonly releaseIds?: readonly string[];
  /** `open`: nobody has decided on it, or it was reopened. */
  readonly marked?: Exclude<MarkKind, 'answer'>;
  /** What waits for this person; of what was reported only what is no older. */
  readonly inbox?: { readonly who: string; readonly voice: DismissalVoice; readonly fromWallMs?: number };
  /** Only records older than this id. */
  readonly beforeId?: number;
  /** Only newer ones. */
  readonly aboveId?: number;
  /** Only this one and newer ones: with `beforeId` a slice, which costs no more than its records whatever else is asked. */
  readonly fromId?: number;
  readonly limit: number;
}

/** What the page shows beside records. */
export interface Looks extends Observations {
  /** The events of a lane with lane times in [fromMs, toMs]; undefined: they are not in the journal any more. */
  around(laneId: string, fromMs: number, toMs: number): Promise<JournalAround<LaneEvent> | undefined>;
  room(): Promise<Room>;
}

export interface JournalAround<Event> {
  /** The last edge or loss of each role before, within the rows searched. */
  readonly before: readonly Event[];
  readonly rows: readonly Event[];
}

/** Estimated: files/card-wear.ts. */
export interface CardWear {
  readonly bytesPerDay: number;
  readonly years: number;
}

export interface Room {
  readonly freeBytes: number;
  readonly wear?: CardWear;
  /** Of all pictures. */
  readonly framesBytes: number;
  /** By the rate of the last ones; absent: there are too few. */
  readonly bytesPerDay?: number;
  /** Of the record with the oldest picture. */
  readonly oldestWallMs?: number;
  readonly damage?: Damage;
}

/** The database was found damaged within `DAMAGE_TOLD_MS` (history-rows.ts) and a new one begun. */
export interface Damage {
  readonly agoMs: number;
  /** What was brought over; absent: that is still in progress. `lostPages`: pages that the disk cannot read; what was on them is unknown. */
  readonly saved?: { readonly records: number; readonly unreadable: number; readonly lostPages: number };
}

/** What the store knows of wall time, and who reports it. Sources: `clock-watch.ts`, the HTTPS Date of the platform. */
export interface TimeKeeping {
  readonly quality: TimeQuality;
  /** Of `manual`: how far the time may be off, either way. */
  readonly errorMs: number | undefined;
  /** A source said what time it is, in this boot. Before, a wall time is what the clock of the system says, hours or years off. */
  readonly isConfirmed: boolean;
  /** No wall time of that moment is before it; `wallMsAt` once it is confirmed. */
  earliestMsAt(nowMs: number): number;
  /** Wall time that belongs to a Clock.nowMs, by the best knowledge of now. */
  wallMsAt(nowMs: number): number;
  /**
   * A trusted source reports that `wallMs` belongs to `nowMs`, give or take `uncertaintyMs`. Corrects every unsent record of this boot made before,
   * once; a later report within the uncertainty only confirms. `source`: a name for people; `https` is the coarse one, which never contradicts the
   * time service of the system; `phone:NAME` is what that person's phone said, which contradicts neither.
   */
  synced(nowMs: number, wallMs: number, uncertaintyMs: number, source: string): void;
  /** The system clock was stepped: until a source confirms one of the readings, records keep the former offset, marked. */
  stepped(byMs: number): void;
}

/** The state of the store without waiting. */
export interface StoreStatus {
  /** Why nothing can be written at the moment; requests are kept in memory, within its limits, and retried every second. */
  readonly stalled?: Stall;
  /** Records in memory only because the disk refuses, and how many of them the platform has accepted. */
  readonly unkept?: { readonly records: number; readonly delivered: number } | undefined;
  /** Clock.nowMs of the last answer of the thread, for a watchdog. */
  readonly answeredAtMs: number;
  readonly queuedEvents: number;
  readonly queuedCalls: number;
  readonly queuedBytes: number;
  /** Events lost to a full queue since the start. */
  readonly eventsNotJournalled: number;
  /** Since the database was opened, as of the last second. */
  readonly commits: number;
}

/** The chain over all that the store keeps (chain.ts). */
export interface ChainHeads {
  /** A head over all that was written before. undefined: nothing was. */
  seal(): Promise<ChainHead | undefined>;
  /** Keeps a head that was signed, before it leaves. */
  signed(head: SignedHead): Promise<void>;
  /** It is outside, by this way: `mqtt`, `webhook`, `chat`, `ping`. */
  left(last: number, way: string): Promise<void>;
  /** Against one that comes back from outside. */
  compare(head: HeadWithKey): Promise<HeadFound>;
  lastSigned(): Promise<SignedHead | undefined>;
}

export interface Store {
  readonly boot: Boot;
  /** All lanes have begun, and have said since when they saw nothing. A run that ends before has seen nothing, either. */
  watched(): Promise<void>;
  readonly journal: Journal;
  readonly outbox: Outbox;
  readonly review: Review;
  readonly looks: Looks;
  readonly parkFacts: ParkFacts;
  readonly accounts: AccountStore;
  readonly chain: ChainHeads;
  /** Of what leaves over this destination: `mqtt`, or its name in the configuration. */
  numbers(destination: string): Numbers;
  /** Those that `numbers` was ever opened for. */
  destinations(): Promise<readonly string[]>;
  /** An alarm of a lane, for destinations that are told of them; kept only while there is one. */
  addAlarm(alarm: unknown): Promise<void>;
  readonly time: TimeKeeping;
  status(): StoreStatus;
  /** Events of the store that a person should know, from now on. `src/text/store.ts` words them. Returns the function that unsubscribes. */
  onNotice(listener: (notice: StoreNotice) => void): () => void;
  /** Flushes everything, marks a clean stop, ends the thread. When the disk refuses, gives up after 5 s and rejects. */
  close(): Promise<void>;
  /** Rejects when the thread died or has not answered for 20 s: the program then ends, to be started again. */
  readonly failed: Promise<never>;
}
