/** What a record is: as the lane decides it, as the store keeps it, what a person corrected, what the platform answered. Types only. */
import type { PlateColor, Release, ReleaseDesc } from '../lane/types.ts';
import type { KeptMark } from './park-facts/review-marks.ts';
import type { RecordState, TimeQuality } from './record-states.ts';

export type { OpenState, RecordState, TimeQuality } from './record-states.ts';

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
  /** The fixed Chinese text of `release.desc` for `release_method_desc`. */
  readonly methodDesc: string;
  /** Who gave the command or was on duty, when known. */
  readonly operator?: string;
  /** How that is known: who gave this very command; else who was on duty, as told, by PIN or by the roster. */
  readonly operatorBy?: OperatorSource;
  /** What was told of its vehicle, as of when it was made. */
  readonly known?: RecordFacts;
  /** Setting `serial: entry-record`: the entry record's id becomes the serial, with a suffix when it is taken. */
  readonly entrySerial?: string;
  /** Set by `put` for a time carried over a power cut: the release may be later by this much. */
  readonly timeErrorMs?: number;
  /** Set by `put` for a time of quality `manual`: the release may be earlier or later by this much. */
  readonly timeWithinMs?: number;
  /** What a person put right before the platform accepted it, oldest first; the rest of the record is as corrected. */
  readonly corrections?: readonly Correction[];
}

export type OperatorSource = 'command' | 'message' | 'pin' | 'roster';

/** What an unpaid exit would have cost. */
export interface OwedSum {
  /** Of exactly this plate. */
  readonly plate: string;
  /** Asked for by the management system, or estimated by the park's tariff. */
  readonly by: 'told' | 'tariff';
  /** In fen. */
  readonly amount: number;
  /** When it was asked for; of an estimate when the vehicle came in. */
  readonly wallMs: number;
}

export interface RecordFacts {
  /** The operator signed on in this session, with a PIN that somebody else had set. */
  readonly signedOnBy?: string;
  readonly car?: CarFacts;
  readonly owed?: OwedSum;
  readonly entry?: {
    readonly serial?: string;
    readonly wallMs: number;
    readonly lane?: string;
    /** No payment was told for its plate since. */
    readonly unpaid: boolean;
  };
  /** No payment message at all for this long. */
  readonly quietMs?: number;
}

/** Told for exactly this plate: of no meaning for another, such as a corrected one. */
export interface CarFacts {
  readonly plate: string;
  /** The platform's code. */
  readonly carType?: string;
  readonly carDesc?: string;
  /** For a plate that was read without one. */
  readonly plateColor?: PlateColor;
  /** A pass that was over by then. */
  readonly endedWallMs?: number;
}

/** What a person may put right in a record. The serial stays: to the platform it is the same event. */
export interface Corrections {
  /** Empty text: no plate was visible. */
  readonly plate?: { readonly text: string; readonly color?: PlateColor };
  /** The corrected cause: `release_method` and `release_method_desc` follow from it. */
  readonly desc?: ReleaseDesc;
  /** The short text `reason`; when left out it says that a person corrected it, why, and what it was. */
  readonly reason?: string;
}

export interface Correction {
  readonly atWallMs: number;
  readonly who: string;
  readonly why: string;
  /** The fields that changed, as they were before; a missing plate was none. */
  readonly was: Partial<Pick<NewRecord, 'reason' | 'methodDesc'>> & Partial<Pick<Release, 'method' | 'desc' | 'plate'>>;
  /** That person wished the record away; it says so and goes out. */
  readonly dismissal?: true;
  /** The box itself: it turned out otherwise once it may have reached the platform, as by a late payment. `why` is a code. */
  readonly turnedOut?: true;
}

export interface OutboxRecord extends NewRecord {
  /** Of its corrections: that it turned out otherwise once it may have reached the platform. It accuses nobody any more. */
  readonly turnedOut?: Correction;
  readonly id: number;
  /** `parking_serial`, fixed in `put`. */
  readonly serial: string;
  readonly state: RecordState;
  readonly attempts: number;
  readonly picture: 'pending' | 'attached' | 'none';
  /** Its name in the folder of frames, when there is one. */
  readonly pictureFile?: string;
  readonly pictureBytes?: number;
  /** Why there is no picture, when there is none. */
  readonly pictureWhy?: string;
  readonly lastWhy?: string;
  readonly seqno?: string;
  /** A hint that came with an acceptance. */
  readonly warning?: string;
  readonly timeQuality: TimeQuality;
  /** Count of answers of the platform that are in no table. */
  readonly unknownAnswers: number;
  /** Its first byte may have left the box. */
  readonly sent: boolean;
  /** Its text in the database is damaged: its release is meaningless, and nothing can be sent for it. */
  readonly damaged?: true;
  /** Frames kept beside the picture, earlier ones first. Only in what `Review` returns; absent: none. */
  readonly beside?: readonly BesideFrame[];
  /** Lane time of its next try while it waits, and of its delivery or other end. Only in what `Review` returns. */
  readonly dueMs?: number;
  readonly settledWallMs?: number;
  /** The last decision of a person on it. Only in what `Review` returns; absent: none. */
  readonly mark?: KeptMark;
  /** What the one concerned has said since. Likewise. */
  readonly answer?: KeptMark;
}

/** The part of a record that `put` returns: the caller has the rest. */
export interface PutRecord extends Pick<OutboxRecord, 'id' | 'serial' | 'state' | 'picture'> {
  /** The disk refuses; `id` is provisional until the disk accepts the record; resolves to its final number then. */
  readonly kept?: Promise<number>;
}

/** Where a frame stands that is kept beside a record's picture. `second`: of the lane's other camera. */
export type BesidePlace = 'before' | 'after' | 'second';

export interface BesideFrame {
  readonly place: BesidePlace;
  /** From the release's moment; negative: earlier. */
  readonly offsetMs: number;
  readonly bytes: number;
}

/** The answer of the platform as far as there was one: kept with the attempt. */
export interface PlatformAnswer {
  readonly status?: number;
  readonly code?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly seqno?: string;
}

/** What the platform said of a record that it took. */
export interface AcceptedAnswer {
  readonly seqno?: string;
  readonly warning?: string;
  /** The `Date` of its answer. */
  readonly dateMs?: number;
}

/** One attempt to deliver a record that did not end in `delivered`. `atWallMs` by the best knowledge of now. */
export interface Attempt {
  readonly atWallMs: number;
  readonly why: string;
  readonly answer?: PlatformAnswer;
}

/** What an erasure of one plate removed, and what it could not yet: records that are not settled or the newest, rows that a lane restores its state from. */
export interface Erased {
  readonly records: number;
  readonly pictures: number;
  readonly rows: number;
  /** `elsewhere`: rows that name it, by table; of `park_fact` the list of known vehicles, as `vehicle`. */
  readonly left: {
    readonly records: number;
    readonly rows: number;
    readonly elsewhere: Readonly<Record<string, number>>;
  };
}
