/**
 * What a lane remembers between two events: plain data that survives a round trip through JSON.
 * Absent is `null`, never a missing member, so that a copy is cheap and a difference is visible. It holds no rule.
 */
import type { Body, Press, Read } from './body.ts';
import type { SenseHealth } from './health-kept.ts';
import type {
  Between,
  Cause,
  EndedGrant,
  FakeExit,
  Feed,
  Flash,
  GrantHold,
  Lent,
  Mode,
  OpenGap,
  Opening,
  OwnedRead,
  Past,
  Pulse,
  Sender,
  Sighting,
  Suspension,
} from './opening.ts';
import type { Direction, LaneEvent, Role } from './types.ts';

/** Raised whenever the shape below changes: a snapshot of another version is not folded. */
export const STATE_VERSION = 5;

export const ARM_STATES = ['closed', 'opening', 'open', 'closing', 'unknown', 'fault'] as const;
export type ArmState = (typeof ARM_STATES)[number];

export type Loop = 'approach' | 'barrier' | 'exit';
export const LOOPS: readonly Loop[] = ['approach', 'barrier', 'exit'];

export type PerRole<T> = Readonly<Record<Role, T>>;
export type PerLoop<T> = Readonly<Record<Loop, T>>;

/** What has come in: cheap to copy, because every event changes it. */
export interface Inbox {
  /** Every moment before this one is closed. */
  nowMs: number;
  /** What is not acted on yet, in the order in which it will be. */
  pending: readonly LaneEvent[];
  captures: readonly { readonly id: string; readonly atMs: number }[];
  captureCount: number;
}

/** Everything between two events. */
export interface LaneState {
  readonly inbox: Inbox;
  readonly lane: Lane;
}

type LastFalls = Readonly<Partial<Record<'approach' | 'exit', number>>>;

/** What is known of the lane: everything that has been acted on. */
export interface Lane {
  /** The last moment acted on. */
  actedMs: number;
  levels: PerRole<boolean | null>;
  /** When the level last changed, or was last lost. */
  changedMs: PerRole<number>;
  /** Loop A may have become free so much earlier than was seen: the time between two looks at it. */
  approachDoubtMs: number;
  /** The time between two looks at A or B, as of their last edge. */
  loopPollMs: number;
  /** When B last became free. */
  barrierFellMs: number | null;
  /** The same of A and C. Absent in a snapshot of before it was kept. */
  lastFellMs?: LastFalls;
  arm: ArmState;
  armSinceMs: number;
  bothLimitsSinceMs: number | null;
  openings: readonly Opening[];
  openingId: number | null;
  bodies: readonly Body[];
  kept: Kept;
}

/** What changes seldom, and is copied only when it does. */
export interface Kept {
  lost: PerRole<boolean>;
  /** Until when a point of arm or loops was last not good. */
  badUntilMs: number | null;
  /** The same of button, remote and auto. */
  commandsBadUntilMs: number | null;
  stuck: PerLoop<boolean>;
  unproven: PerLoop<boolean>;
  /** Since when a loop has been out of use, and when it last came back. */
  outSinceMs: PerLoop<number | null>;
  backMs: PerLoop<number | null>;
  grants: readonly GrantHold[];
  /** The earliest end of a grant that is not held. */
  grantsDueMs: number | null;
  pulses: readonly Pulse[];
  /** How long the relay's last pulses were; noise is not among them. Absent in a snapshot of before it was learned. */
  pulseLengthsMs?: readonly number[];
  /** The last that was too short, until the arm rises. Absent in a snapshot of before it was kept. */
  flash?: Flash | null;
  past: readonly Past[];
  known: readonly EndedGrant[];
  /** What vehicles with nearly the right plate have used. Absent in a snapshot of before it was kept. */
  lent?: readonly Lent[];
  reads: readonly OwnedRead[];
  /** Reads that no body has taken, or that contradict the body they fall to. */
  waiting: readonly Read[];
  /** Length index of the last authorised single passages. */
  lengths: Readonly<Record<Direction, readonly number[]>>;
  /** Their median, as of the last few: sorting them for each passage would cost more than all else. */
  usualLength: Readonly<Record<Direction, number | null>>;
  /** How long A and B were together in the last of them. */
  togetherMs: readonly number[];
  /** How long they then took to leave B. */
  leavingMs: readonly number[];
  /** When the camera read the last ones that paid on A, after they came onto it; before is negative. Absent in a snapshot of before it was learned. */
  readAfterMs?: readonly number[];
  /** Absent in a snapshot of before it was learned. */
  health?: SenseHealth | null;
  presses: readonly Press[];
  maintenance: Mode | null;
  keepOpen: Mode | null;
  freePassage: Mode | null;
  causes: Readonly<Record<Cause, number | null>>;
  suspension: Suspension | null;
  alarms: readonly string[];
  feeds: readonly Feed[];
  /** Since when this program has listened without a break. */
  listeningSinceMs: number | null;
  /** Until when the feeds count as down because they have not been heard since the start; null when they have. */
  unheardUntilMs: number | null;
  /** Of the last openings that a message should have been received for: 1 received, 0 not; the newest last. */
  received: string;
  /** When the last grant was received. */
  grantHeardMs: number | null;
  senders: readonly Sender[];
  /** Of the last pulses of the relay that let somebody through: 1 a message joined it, 0 none did; the newest last. */
  joined: string;
  /** The lane's feed has proved complete. */
  feedProved: boolean;
  gaps: readonly OpenGap[];
  elsewhere: readonly Sighting[];
  fakeExits: readonly FakeExit[];
  /** The last on A, until another comes there. Absent in a snapshot of before it was kept. */
  between?: Between | null;
  /** Passages in a row whose payment was told for another lane. */
  toldElsewhere: number;
  lastPlate: Read | null;
  bodyCount: number;
  openingCount: number;
  pulseCount: number;
  releaseCount: number;
  passages: number;
}

const perRole = <T>(value: T): PerRole<T> => ({
  down: value,
  up: value,
  approach: value,
  barrier: value,
  exit: value,
  auto: value,
  button: value,
  remote: value,
  fire: value,
  mains: value,
});
const perLoop = <T>(value: T): PerLoop<T> => ({ approach: value, barrier: value, exit: value });

/** A lane of which nothing is known yet. */
export function emptyState(): LaneState {
  return { inbox: { nowMs: 0, pending: [], captures: [], captureCount: 0 }, lane: emptyLane() };
}

function emptyLane(): Lane {
  return {
    actedMs: 0,
    levels: perRole<boolean | null>(null),
    changedMs: perRole(0),
    approachDoubtMs: 0,
    loopPollMs: 0,
    barrierFellMs: null,
    lastFellMs: {},
    arm: 'unknown',
    armSinceMs: 0,
    bothLimitsSinceMs: null,
    openings: [],
    openingId: null,
    bodies: [],
    kept: nothingKept(),
  };
}

function nothingKept(): Kept {
  return {
    lost: perRole(false),
    badUntilMs: null,
    commandsBadUntilMs: null,
    stuck: perLoop(false),
    unproven: perLoop(false),
    outSinceMs: perLoop<number | null>(null),
    backMs: perLoop<number | null>(null),
    grants: [],
    grantsDueMs: null,
    pulses: [],
    pulseLengthsMs: [],
    flash: null,
    past: [],
    known: [],
    lent: [],
    reads: [],
    waiting: [],
    lengths: { entry: [], exit: [] },
    usualLength: { entry: null, exit: null },
    togetherMs: [],
    leavingMs: [],
    readAfterMs: [],
    health: null,
    presses: [],
    maintenance: null,
    keepOpen: null,
    freePassage: null,
    causes: { fire: null, mainsLost: null, keepOpen: null, freePassage: null },
    suspension: null,
    alarms: [],
    feeds: [],
    listeningSinceMs: null,
    unheardUntilMs: null,
    received: '',
    grantHeardMs: null,
    senders: [],
    joined: '',
    feedProved: false,
    gaps: [],
    elsewhere: [],
    fakeExits: [],
    between: null,
    toldElsewhere: 0,
    lastPlate: null,
    bodyCount: 0,
    openingCount: 0,
    pulseCount: 0,
    releaseCount: 0,
    passages: 0,
  };
}

/** A list with one more at its end; beyond `most` the oldest goes. Long ones are copied no more often than they must be. */
export const withLast = <T>(list: readonly T[], one: T, most: number): readonly T[] =>
  (list.length < most ? list : list.slice(1 - most)).concat([one]);

/** A record of roles, loops or causes with one member changed. */
export const withMember = <R extends object>(record: R, key: keyof R, value: R[keyof R]): R => ({
  ...record,
  [key]: value,
});
