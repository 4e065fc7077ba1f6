/**
 * What goes into a lane and what comes out of it: events, effects, grants, releases, facts, settings.
 * Plain data only: all of it is journalled as JSON and folded again. Terms are those of the lane logic specification.
 *
 * Times named `…AtMs` are *lane time*: whole milliseconds, monotonic, continued across restarts and reboots by the shell.
 */

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

/** Direction of one vehicle. A lane may also be `both`. */
export type Direction = 'entry' | 'exit';
export type Confidence = 'sure' | 'likely' | 'possible';

/** Permission for `count` passages. Idempotent by `id`. */
export interface Grant {
  readonly id: string;
  /** `lane`: for this lane only; `park`: paid ahead, bound to its plate, usable in any lane where that plate is read. */
  readonly scope: 'lane' | 'park';
  readonly plate?: string;
  readonly plateColor?: PlateColor;
  readonly count: number;
  readonly kind: 'paid' | 'monthly' | 'free' | 'storedValue' | 'remoteOpen' | 'relay' | 'other';
  readonly issuedAtMs: number;
  readonly expiresAtMs?: number;
  /** The management system's entry record, when it gives one. */
  readonly parkingSerial?: string;
  readonly carDesc?: string;
  readonly operator?: string;
  /** Who told us: the name of the intake. */
  readonly source: string;
}

export type PlateColor = 'blue' | 'yellow' | 'white' | 'black' | 'green';

/** What a camera read. `confidence` 0…1. */
export interface PlateRead {
  readonly text: string;
  readonly confidence: number;
  readonly color?: PlateColor;
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
  | { readonly kind: 'plate'; readonly plate: PlateRead; readonly atMs: number }
  | { readonly kind: 'grant'; readonly grant: Grant; readonly atMs: number }
  /** A grant that no longer holds here: one passage of it used in another lane, or all of it cancelled. */
  | {
      readonly kind: 'revoke';
      readonly grantId: string;
      readonly why: 'usedElsewhere' | 'cancelled';
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
  /** The record of this release has left the box: from now on it cannot be withdrawn. */
  | { readonly kind: 'sent'; readonly releaseId: string; readonly atMs: number }
  /** The process began (again); nothing was observed for `blindMs` before `atMs`. After a power cut loops may have been retuned on top of a car. */
  | { readonly kind: 'start'; readonly blindMs: number; readonly powerCut: boolean; readonly atMs: number }
  /**
   * The moment that `deadlineMs` asked for has come; or, with `aside`, a text came where a plate should be and is none. Nothing is decided by it:
   * it is kept with what happened around it, and former versions read it as a tick.
   */
  | {
      readonly kind: 'tick';
      readonly atMs: number;
      readonly aside?: { readonly text: string; readonly source: string };
    };

/** One short thing that is so, with when and how much: kept with the verdict, rendered in both languages by `src/text/lane.ts`. */
export interface Fact {
  readonly kind: string;
  readonly atMs?: number;
  readonly values?: Readonly<Record<string, string | number | boolean>>;
}

export type Verdict = 'manual' | 'automatic' | 'tailgating' | 'heldOpen' | 'wrongWay' | 'ranBarrier' | 'unknown';
/** What the record says it was; each has one fixed Chinese text on the wire (`release_method_desc`). */
export type ReleaseDesc =
  | 'button' // 按钮开闸
  | 'remote' // 遥控开闸
  | 'manual' // 手动开闸
  | 'heldOpen' // 常开放行
  | 'tailgating' // 可疑跟车
  | 'wrongWay' // 逆行
  | 'ranBarrier' // 闯杆
  | 'fire' // 消防开闸
  | 'mainsLost' // 断电开闸
  | 'keepOpen' // 平台常开
  | 'freePassage' // 免费时段
  | 'unknown'; // 原因不明

/** A passage, or an opening, that no grant covers. */
export interface Release {
  /** Unique in this lane for ever and the same whenever the same events are folded: the store puts one record for it, however often. */
  readonly id: string;
  readonly verdict: Verdict;
  /** The cloud's `release_method`: 0 unknown, 1 manual, 2 automatic, 3 suspected tailgating. */
  readonly method: 0 | 1 | 2 | 3;
  readonly desc: ReleaseDesc;
  readonly direction: Direction;
  /** The cloud's `release_time`. */
  readonly releaseAtMs: number;
  readonly plate?: PlateRead;
  /** Whether a vehicle went through. */
  readonly passed: boolean;
  readonly confidence: Confidence;
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

export type AlarmKind =
  | 'barrierStuck'
  | 'barrierFault'
  | 'barrierUnknown'
  | 'loopStuck'
  | 'ranBarrier'
  | 'heldOpen'
  | 'pointsLost';

export type LaneEffect =
  /** Take a picture now; a release may refer to it by `captureId`. */
  | {
      readonly kind: 'capture';
      readonly captureId: string;
      readonly why: 'opening' | 'passage' | 'state';
      readonly atMs: number;
    }
  | { readonly kind: 'release'; readonly release: Release; readonly atMs: number }
  /** The release was paid for after all, and has not been sent. */
  | { readonly kind: 'withdraw'; readonly releaseId: string; readonly facts: readonly Fact[]; readonly atMs: number }
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
  readonly autoCommandIsGrant: boolean;
  readonly heldOpenAfterMs: number;
  readonly manualMaxWaitMs: number;
  readonly closeTimeMs: number;
  readonly travelTimeoutMs: number;
  readonly loopStuckAfterMs: number;
  readonly reportFrom: Confidence;
  readonly reportNobodyPassed: boolean;
  readonly plateMismatch: 'note' | 'review' | 'report';
}
