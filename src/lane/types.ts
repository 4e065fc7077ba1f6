/**
 * What goes into a lane and what comes out of it: events, effects, grants, releases, facts, settings.
 * Plain data only: all of it is journalled as JSON and folded again. Terms are those of the lane logic specification.
 *
 * Times named `…AtMs` are *lane time*: whole milliseconds, monotonic, continued across restarts and reboots by the shell.
 */

import type {
  AlarmKind,
  Direction,
  Fact,
  GrantKind,
  PlateColor,
  ReleaseDesc,
  VERDICT_ROWS,
  Verdict,
} from '../kinds.ts';
import type { Counted } from './counted.ts';

export type { AlarmKind, Direction, Fact, PlateColor, ReleaseDesc, Verdict } from '../kinds.ts';

export const ROLES = [
  'down',
  'up',
  'approach',
  'barrier',
  'exit',
  'auto',
  'button',
  'remote',
  'fire',
  'mains',
] as const;
/** What a point means to the lane. `approach` is loop A, `barrier` loop B, `exit` loop C. */
export type Role = (typeof ROLES)[number];
/** Of the arm and the loops; the others are commands and states of the house. */
export const FIELD_ROLES: readonly Role[] = ['down', 'up', 'approach', 'barrier', 'exit'];
/** Of the barrier: loop A of an exit lane lies inside, loop A of an entry lane outside. */
export type Side = 'inside' | 'outside';
export type Confidence = 'sure' | 'likely' | 'possible';

/** Permission for `count` passages. Idempotent by `id`. */
export interface Grant {
  readonly id: string;
  /** `lane`: for this lane only; `park`: paid ahead, bound to its plate, usable in any lane where that plate is read. */
  readonly scope: 'lane' | 'park';
  readonly plate?: string;
  readonly plateColor?: PlateColor;
  readonly count: number;
  /** `relay`: an opening of the system itself, which no message tells of. */
  readonly kind: GrantKind | 'relay';
  readonly issuedAtMs: number;
  readonly expiresAtMs?: number;
  /** Nobody had confirmed our clock when it came: how long it lives is known, not when that began. */
  readonly undated?: true;
  /** Its times as its sender wrote them, whatever our clock made of them. Absent: none, or in a snapshot of before they were kept. */
  readonly written?: { readonly issuedWallMs?: number; readonly endsWallMs?: number };
  /** The management system's entry record, when it gives one. */
  readonly parkingSerial?: string;
  readonly carType?: string;
  readonly carDesc?: string;
  readonly operator?: string;
  /** Where it was paid: each till has a clock of its own. */
  readonly till?: string;
  /** In a two-way lane: the way it is for. Absent: either. */
  readonly direction?: Direction;
  /** What was paid, in fen. */
  readonly amount?: number;
  readonly currency?: string;
  /** Who told us: the name of the intake. */
  readonly source: string;
  /** Whether the platform's own signature is on it, where a message of the platform was forwarded. */
  readonly signed?: 'right' | 'wrong' | 'missing';
}

/** What a management system says it tells of, each by name; `complete` is all of them. */
export const REPORTED_KINDS = ['paid', 'free', 'season', 'stored', 'remote'] as const;
export type ReportedKind = (typeof REPORTED_KINDS)[number];

/** What a camera read. `confidence` 0…1. */
export interface PlateRead {
  readonly text: string;
  readonly confidence: number;
  readonly color?: PlateColor;
}

/** The entry of a plate in the list of known vehicles, valid when it was read. */
export interface KnownVehicle {
  readonly kind: 'season' | 'free' | 'storedValue' | 'other';
  readonly carType?: string;
  readonly carDesc?: string;
}

/** The one input path of a lane. Events come in order of processing; their times may run back by less than a second. */
export type LaneEvent =
  /** A conditioned level of a role. The first one ever, or after `lost`, is a level and not an edge. */
  | {
      readonly kind: 'edge';
      readonly role: Role;
      readonly on: boolean;
      readonly atMs: number;
      readonly uncertaintyMs: number;
    }
  /** The role can no longer be observed, until its next edge. */
  | { readonly kind: 'lost'; readonly role: Role; readonly atMs: number }
  | {
      readonly kind: 'plate';
      readonly plate: PlateRead;
      /** The plate stands in the list of known vehicles and is valid today. */
      readonly known?: KnownVehicle;
      /** The side of the barrier that the camera looks at; absent: not told. */
      readonly side?: Side;
      /** The camera gives no confidence: `plate.confidence` is a stand-in and not compared. */
      readonly unrated?: boolean;
      /** A tail plate, read from behind. */
      readonly behind?: boolean;
      readonly atMs: number;
    }
  | { readonly kind: 'grant'; readonly grant: Grant; readonly atMs: number }
  /** A grant that no longer holds here: one passage of it used in another lane, or all of it cancelled, or its number told for another. */
  | {
      readonly kind: 'revoke';
      readonly grantId: string;
      readonly why: 'usedElsewhere' | 'cancelled' | 'idReused';
      readonly atMs: number;
    }
  | {
      readonly kind: 'mode';
      readonly mode: 'maintenance' | 'keepOpen' | 'freePassage';
      readonly on: boolean;
      readonly untilMs?: number;
      readonly reason?: string;
      readonly operator?: string;
      readonly atMs: number;
    }
  /**
   * An intake channel of this lane: `up` it can receive (again), `heard` something valid came in from it, `down` its connection is lost,
   * `gone` it is no longer configured.
   */
  | {
      readonly kind: 'feed';
      readonly intake: string;
      readonly state: 'up' | 'heard' | 'down' | 'gone';
      readonly atMs: number;
    }
  /** A camera of this lane can be reached (again), or not; with `view`, its pictures show something (again), or not: covered, or always the same. */
  | {
      readonly kind: 'camera';
      readonly camera: string;
      readonly on: boolean;
      readonly view?: 'covered' | 'frozen';
      readonly atMs: number;
    }
  /** A plate in another lane of this park: it was read on loop A there, passed there, or was told a grant for that lane. */
  | {
      readonly kind: 'elsewhere';
      readonly plate: string;
      readonly what: 'onA' | 'passed' | 'granted';
      readonly lane: string;
      readonly grantId?: string;
      readonly atMs: number;
    }
  /** The record of this release has left the box: from now on it cannot be withdrawn. */
  | { readonly kind: 'sent'; readonly releaseId: string; readonly atMs: number }
  /** Not a byte of it left after all: it can be withdrawn again. */
  | { readonly kind: 'unsent'; readonly releaseId: string; readonly atMs: number }
  /** The process began (again); nothing was observed for `blindMs` before `atMs`. After a power cut loops may have been retuned on top of a car. */
  | {
      readonly kind: 'start';
      readonly blindMs: number;
      readonly powerCut: boolean;
      /** This lane is watched for the first time: nothing has been listened to before. */
      readonly first?: true;
      readonly atMs: number;
    }
  /**
   * The moment that `deadlineMs` asked for has come; or, with `aside`, a text came where a plate should be and is none; or, with `witness`, a
   * camera says of itself that a car follows, turns back or stays, or where the arm is: nothing is decided by these, they are kept with what
   * happened around them. Former versions read all of them as ticks.
   */
  | {
      readonly kind: 'tick';
      readonly atMs: number;
      readonly aside?: { readonly text: string; readonly source: string };
      readonly witness?: {
        readonly what: 'follows' | 'turnsBack' | 'stays' | 'armUp' | 'armDown';
        readonly plate?: string;
        readonly source: string;
        /** Lane time of what it says; the event's own is that of its arrival. */
        readonly atMs: number;
      };
      /** The lane has been accepted: what its senses do is learned anew. */
      readonly accepted?: true;
    };

/**
 * Why records are kept for review together: no message could be received; pulses that nothing joined while they count as grants; a sense that
 * it rests on has changed; set by the shell: the lane has not proved that it hears of payments.
 */
export type ReviewGroup = 'feedDown' | 'unverifiedPulses' | 'senseSick' | 'unproven';

/** A passage, or an opening, that no grant covers. */
export interface Release {
  /** Unique in this lane for ever and the same whenever the same events are folded: the store puts one record for it, however often. */
  readonly id: string;
  readonly verdict: Verdict;
  /** The cloud's `release_method`, of the row of its verdict. */
  readonly method: (typeof VERDICT_ROWS)[Verdict]['method'];
  readonly desc: ReleaseDesc;
  readonly direction: Direction;
  /** The cloud's `release_time`. */
  readonly releaseAtMs: number;
  readonly plate?: PlateRead;
  /** Whether a vehicle went through. */
  readonly passed: boolean;
  readonly confidence: Confidence;
  /** 0…100, from the table of the engine's version (`score.ts`): how often such evidence was right in simulated truth. Absent in records of earlier versions. */
  readonly score?: number;
  /** Kept for review with others of one cause: shown as one row. */
  readonly group?: ReviewGroup;
  /** A point that mattered was not good at some time; such a verdict is never `sure`. */
  readonly degraded: boolean;
  /** false: kept on the box for review (below `reportFrom`, or maintenance mode), where one click reports it. */
  readonly reported: boolean;
  /** The entry record of the vehicle, where a paid exit told one for it (`entry-record.ts`). */
  readonly parkingSerial?: string;
  /** The capture effect whose picture shows this release, when there was one. */
  readonly captureId?: string;
  readonly openingId?: string;
  readonly facts: readonly Fact[];
}

type CameraGap = 'camera' | 'cameraCovered' | 'cameraFrozen';
/** Nothing, or not all, could be observed from `fromMs` to `toMs`: a record of its own on the box, never in the upload queue. */
export interface ObservationGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly why: 'points' | 'notRunning' | 'powerCut' | 'mains' | CameraGap | 'feed' | 'maintenance';
  /** The roles that could not be seen; for a camera or feed, none. */
  readonly roles: readonly Role[];
  /** The name of the camera or intake. */
  readonly name?: string;
  readonly armBefore: string;
  readonly armAfter: string;
  /** Passages and openings counted by what remained. */
  readonly passages: number;
  readonly openings: number;
  /** Of maintenance: by whom, and what for. */
  readonly who?: string;
  readonly reason?: string;
  /** Told while it lasts: it has no end yet. */
  readonly lasts?: true;
}

/**
 * Why a record was wrong: paid, told after the verdict; its plate came alone, and there was no second vehicle; of an opening that nobody seemed to
 * have passed, its first vehicle had a right without a payment (relay, known vehicle).
 */
export type TurnedOut = 'paidLate' | 'notASecondVehicle';

export type LaneEffect =
  /** Take a picture now; a release may refer to it by `captureId`. */
  | {
      readonly kind: 'capture';
      readonly captureId: string;
      readonly why: 'opening' | 'passage' | 'state';
      readonly atMs: number;
    }
  | { readonly kind: 'release'; readonly release: Release; readonly atMs: number }
  /**
   * The release turned out otherwise: `withdraw`, one that has not been sent; `correct`, one that has: a destination that can take a correction gets
   * one.
   */
  | {
      readonly kind: 'withdraw' | 'correct';
      readonly releaseId: string;
      readonly why: TurnedOut;
      readonly facts: readonly Fact[];
      readonly atMs: number;
    }
  | { readonly kind: 'gap'; readonly gap: ObservationGap; readonly atMs: number }
  | { readonly kind: 'count'; readonly counted: Counted; readonly atMs: number }
  | {
      readonly kind: 'alarm';
      readonly alarm: AlarmKind;
      readonly role?: Role;
      readonly on: boolean;
      readonly facts: readonly Fact[];
      readonly atMs: number;
    }
  /** Something worth a line on the page: a paid passage, a grant unused, a turn-away. Its fact says what. */
  | {
      readonly kind: 'note';
      readonly fact: Fact;
      readonly plate?: PlateRead;
      readonly grantId?: string;
      readonly atMs: number;
    };

/** All durations in milliseconds. Names without `Ms` are those of the configuration and of scenario files. */
export interface LaneSettings {
  readonly direction: Direction | 'both';
  /** The roles this lane has wired; the others do not exist for it. */
  readonly roles: readonly Role[];
  readonly settleMs: number;
  readonly transitMs: number;
  readonly drawbarGapMs: number;
  readonly mergeGapMs: number;
  /** Flicker limit of loop B while the arm travels. */
  readonly mergeGapTravelMs: number;
  readonly mergeGapSingleMs: number;
  readonly minDwellMs: number;
  readonly plateWindowMs: number;
  readonly laneGrantTtlMs: number;
  readonly paidAheadTtlMs: number;
  readonly autoJoinMs: number;
  /** `auto`: not where `tells` is complete and has proved so. */
  readonly autoCommandIsGrant: 'auto' | boolean;
  /** What the management system tells of (`intake.tells`); of the configuration, not a setting of a lane. */
  readonly tells: readonly ReportedKind[];
  readonly flickerMs: number;
  readonly chainWaitMs: number;
  readonly systemOpenWaitMs: number;
  readonly fakeExitWaitMs: number;
  readonly fakeExit: 'local' | 'report';
  readonly heldOpenAfterMs: number;
  readonly manualMaxWaitMs: number;
  readonly closeTimeMs: number;
  readonly travelTimeoutMs: number;
  readonly loopStuckAfterMs: number;
  readonly reportFrom: Confidence;
  readonly reportNobodyPassed: boolean;
  readonly plateMismatch: 'note' | 'review' | 'report';
}
