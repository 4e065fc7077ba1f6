/**
 * What a lane remembers between two events: plain data that survives a round trip through JSON.
 * Absent is `null`, never a missing member, so that a copy is cheap and a difference is visible. It holds no rule.
 */
import type { Direction, Grant, LaneEvent, ObservationGap, PlateColor, PlateRead, Role, Side } from './types.ts';

/** Raised whenever the shape below changes: a snapshot of another version is not folded. */
export const STATE_VERSION = 5;

/** Where a body is. `back…` are bodies that came onto loop B first, with loop A free. */
export const PLACES = ['onA', 'onBoth', 'onB', 'between', 'backOnB', 'backOnBoth', 'backOnA', 'out'] as const;
export type Place = (typeof PLACES)[number];

export const ARM_STATES = ['closed', 'opening', 'open', 'closing', 'unknown', 'fault'] as const;
export type ArmState = (typeof ARM_STATES)[number];

export type Loop = 'approach' | 'barrier' | 'exit';
export const LOOPS: readonly Loop[] = ['approach', 'barrier', 'exit'];

export interface Read {
  readonly text: string;
  readonly confidence: number;
  readonly color: PlateColor | null;
  readonly atMs: number;
  /** It stands in the list of known vehicles. */
  readonly known: boolean;
  /** The side of the barrier that was looked at; null: not told. */
  readonly side: Side | null;
}

/** A press of the booth's button, or of a radio remote. */
export interface Press {
  readonly role: 'button' | 'remote';
  readonly atMs: number;
}

/** What one vehicle shows to the lane, from its first rise until its passage has settled. */
export interface Body {
  readonly id: number;
  place: Place;
  way: 'forward' | 'reverse';
  /** In a two-way lane it came in over loop C, which is its first loop; A is its last. */
  mirrored: boolean;
  /** Its first rise: of A, else of B. */
  readonly riseMs: number;
  aRiseMs: number | null;
  aFallMs: number | null;
  bRiseMs: number | null;
  bFallMs: number | null;
  cRiseMs: number | null;
  /** The passage was complete. */
  outMs: number | null;
  /** The body that had left A, still on B, when this one came onto A. */
  follows: number | null;
  /** Free time of A (of B in a lane that goes by B alone) between that body and this one; the longest that the looks at A allow. */
  gapMs: number | null;
  /** B has been occupied since before the body it follows left A: this one has no B edge of its own. */
  heldB: boolean;
  /** B fell while this one was on A: it may be that body, reversed. */
  ambiguousOf: number | null;
  /** It has been on B and left it backwards. */
  nosed: boolean;
  /** A and B were occupied by it at one time. */
  together: boolean;
  /** It is judged by loop B alone. */
  single: boolean;
  /** It is judged by loop A alone. */
  approachOnly: boolean;
  /** Nobody saw it pass: no loop could. */
  presumed: boolean;
  /** A loop had not been seen free since a power cut. */
  unproven: boolean;
  /** The arm was not down at some time while it was on B. */
  armUp: boolean;
  /** The arm has been down since its B rise. */
  underArm: boolean;
  ran: boolean;
  automatic: boolean;
  maintenance: boolean;
  openingId: number | null;
  /** The passage before this one in the same opening. */
  previousId: number | null;
  /** The end of the passage before it in the same opening. */
  previousOutMs: number | null;
  press: Press | null;
  captureId: string | null;
  reads: readonly Read[];
  /** Falls of A that were not its last, with the rise after each: kept drops, and parts that were taken for the same vehicle. */
  drops: readonly Drop[];
  /** Free time of B between the body before it and its own B rise. */
  bGapMs: number | null;
  /** The arm has been down since the body before it. */
  armDownBefore: boolean;
  /** It has stood on A with B free for `STOOD_MS`. */
  stood: boolean;
  /** Its verdict waits until then, for a message or for a plate. */
  waitsUntilMs: number | null;
  /** It was told by the traces of a chain: the body that they are in. */
  chain: Chain | null;
}

/** A fall of A within one body, and the rise that ended it. */
export interface Drop {
  readonly fallMs: number;
  readonly riseMs: number;
}

/** What speaks for a second vehicle in one occupancy. */
export interface Chain {
  readonly bodyId: number;
  /** ln of its length over the lane's usual one; null when that is not known. */
  readonly overLength: number | null;
  /** Falls of A in it. */
  readonly falls: number;
  /** A second plate was read after the second rise of A. */
  readonly readAfterRise: boolean;
  /** The plate before it is of a colour that short vehicles bear. */
  readonly shortColor: boolean;
  readonly yellow: boolean;
  /** What it amounts to, if the second plate does not come alone. */
  readonly amounts: 'report' | 'review';
}

/** What moved the arm: `hand` also where no command was seen though the relay is watched. */
export type Begun = 'relay' | 'hand' | 'unknown';

/** From the arm leaving down until it is down again. */
export interface Opening {
  readonly id: number;
  readonly startMs: number;
  endMs: number | null;
  /** Its beginning was observed. */
  readonly seen: boolean;
  granted: boolean;
  automatic: boolean;
  maintenance: boolean;
  press: Press | null;
  /** A pulse of the management system's relay came with it. */
  pulseMs: number | null;
  /** A command input could not be observed when it began. */
  readonly commandsBlind: boolean;
  /** The body on A at its start, and the best plate read for it. */
  readonly startBodyId: number | null;
  startPlate: Read | null;
  readonly captureId: string | null;
  /** The first passage in the lane's direction. */
  firstId: number | null;
  lastId: number | null;
  lastOutMs: number | null;
  wrongWay: boolean;
  /** Its own record, once that is out. */
  releaseId: string | null;
  sent: boolean;
  /** Its record waits until then at least: a body that holds a grant is on A or B. */
  notBeforeMs: number;
  /** There will be no record of its own any more. */
  closed: boolean;
}

export interface GrantHold {
  readonly grant: Grant;
  readonly left: number;
  readonly used: number;
  readonly issuedMs: number;
  readonly arrivedMs: number;
  /** A body that comes later than this can take it. */
  readonly sinceMs: number;
  readonly endMs: number;
  /** The body that was on A when it was issued: nobody else may take it. */
  readonly presenceId: number | null;
  /** Its end has passed, and a body in the lane holds it. */
  readonly held: boolean;
  /** A body that had it went away without passing. */
  readonly returned: boolean;
}

/** A grant that has ended: a repetition is still one, and its entry record may be asked for. */
export interface EndedGrant {
  readonly grant: Grant;
  /** When it ended with no passage at all, here or elsewhere; null when there was one. */
  readonly unusedMs: number | null;
}

/** A pulse of the management system's relay. */
export interface Pulse {
  readonly id: number;
  readonly atMs: number;
  readonly sinceMs: number;
  readonly endMs: number;
  readonly presenceId: number | null;
  readonly openingId: number | null;
  /** It counted as a grant when it came. */
  readonly isGrant: boolean;
  /** The message that it was the opening of. */
  readonly joinedBy: string | null;
}

/** A body that has been judged. */
export interface Past {
  readonly id: number;
  readonly riseMs: number;
  readonly aRiseMs: number | null;
  readonly aFallMs: number | null;
  readonly outMs: number;
  readonly plates: readonly Read[];
  readonly grantPlate: string | null;
  /** The release that came of it, unless a grant covered it. */
  readonly releaseId: string | null;
  readonly sent: boolean;
  /** A grant or a pulse let it through. */
  readonly covered: boolean;
  /** It was told by the traces of a chain only. */
  readonly chain: boolean;
}

export interface OwnedRead {
  readonly read: Read;
  readonly bodyId: number | null;
  /** The body that had it, before one came whose rise was nearer. */
  readonly beforeId: number | null;
}

export interface Mode {
  readonly sinceMs: number;
  readonly untilMs: number | null;
  readonly reason: string | null;
  readonly operator: string | null;
}

export type Cause = 'fire' | 'mainsLost' | 'keepOpen' | 'freePassage';
export const CAUSES: readonly Cause[] = ['fire', 'mainsLost', 'keepOpen', 'freePassage'];

/** While a cause of automatic release holds, and after it until the arm is down: no verdict per car. */
export interface Suspension {
  readonly sinceMs: number;
  readonly passages: number;
  readonly cause: Cause;
}

/** An intake channel of this lane. */
export interface Feed {
  readonly intake: string;
  /** Since when it has been able to receive; null while it is down. */
  readonly sinceMs: number | null;
  readonly downMs: number | null;
  readonly lastHeardMs: number | null;
  /** A grant has come through it. */
  readonly tellsGrants: boolean;
}

/** How far the clock of a sender of grants is off, from the ages of its last messages. */
export interface Sender {
  readonly source: string;
  /** Arrival less `issuedAt` of the last messages, in milliseconds. */
  readonly agesMs: readonly number[];
  readonly offsetMs: number;
}

/** Something that cannot be observed now; `passages` and `openings` are the counters at its beginning. */
export interface OpenGap {
  readonly why: ObservationGap['why'];
  readonly name: string;
  readonly fromMs: number;
  readonly roles: readonly Role[];
  readonly armBefore: string;
  readonly passages: number;
  readonly openings: number;
}

/** A plate in another lane. */
export interface Sighting {
  readonly plate: string;
  readonly what: 'onA' | 'passed' | 'granted';
  readonly lane: string;
  readonly atMs: number;
}

/** A granted vehicle that went back into the park. */
export interface FakeExit {
  readonly bodyId: number;
  readonly read: Read | null;
  readonly plate: string;
  /** That, and every read of it. */
  readonly plates: readonly string[];
  readonly grantId: string | null;
  readonly riseMs: number;
  readonly leftMs: number;
  readonly dueMs: number;
  readonly captureId: string | null;
  readonly openingId: number | null;
}

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
  past: readonly Past[];
  known: readonly EndedGrant[];
  reads: readonly OwnedRead[];
  /** Reads that no body has taken, or that contradict the body they fall to. */
  waiting: readonly Read[];
  /** Length index of the last authorised single passages. */
  lengths: Readonly<Record<Direction, readonly number[]>>;
  /** How long A and B were together in the last of them. */
  togetherMs: readonly number[];
  /** How long they then took to leave B. */
  leavingMs: readonly number[];
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
    past: [],
    known: [],
    reads: [],
    waiting: [],
    lengths: { entry: [], exit: [] },
    togetherMs: [],
    leavingMs: [],
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
    toldElsewhere: 0,
    lastPlate: null,
    bodyCount: 0,
    openingCount: 0,
    pulseCount: 0,
    releaseCount: 0,
    passages: 0,
  };
}

/** A copy that may be written to. What stands in it is shared, and copied in its turn by the one who writes to it (`work.ts`). */
export const copyLane = (state: Lane): Lane => ({ ...state });

/** A record of roles or loops with one member changed. Faster than a literal with a computed key, and edges come often. */
export function withMember<R extends object>(record: R, key: keyof R, value: R[keyof R]): R {
  const copy = { ...record };
  copy[key] = value;
  return copy;
}

export const asPlate = (read: Read): PlateRead => ({
  text: read.text,
  confidence: read.confidence,
  ...(read.color === null ? {} : { color: read.color }),
});
