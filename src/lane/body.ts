/** What is known of one vehicle, from its first rise until its passage has settled. Plain data; it holds no rule. */
import type { PlateColor, PlateRead, Side } from './types.ts';

/** Where a body is. `back…` are bodies that came onto loop B first, with loop A free. */
export const PLACES = ['onA', 'onBoth', 'onB', 'between', 'backOnB', 'backOnBoth', 'backOnA', 'out'] as const;
export type Place = (typeof PLACES)[number];

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

/** A press of the booth's button, or of a radio remote; `hand`: the arm went up again, and no contact shows why. */
export interface Press {
  readonly role: 'button' | 'remote' | 'hand';
  readonly atMs: number;
}

/** The loop behind B, the last one of this way. */
export const lastLoopOf = (way: Body['way']): 'approach' | 'exit' => (way === 'forward' ? 'exit' : 'approach');

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
  /** The same edges come of one that passed and another that showed itself on A behind it. */
  doubtfulBack: boolean;
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
  /** Nobody watched for a time as it was here: what let it out may have gone unseen, and what it paid unheard. Not in a state of before this was noted. */
  unwatched?: boolean | undefined;
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
  /** Unread, it may have been one of the list as its verdict began to wait. Not in a state of before this was noted. */
  mayBeKnown?: boolean | undefined;
  /** Whether a message came for it has been counted. */
  counted: boolean;
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

export const asPlate = (read: Read): PlateRead => ({
  text: read.text,
  confidence: read.confidence,
  ...(read.color === null ? {} : { color: read.color }),
});
