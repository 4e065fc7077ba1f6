/** What is known beside the vehicles: openings, grants, pulses, the judged, feeds. Plain data; it holds no rule. */
import type { Press, Read } from './body.ts';
import type { CountedPassage } from './counted.ts';
import type { Grant, LaneEvent, ObservationGap, Release } from './types.ts';

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
  /** As its stamp says, of however doubtful a clock. Absent in a snapshot of before it was kept. */
  readonly datedMs?: number;
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
  /** One use of it was given back by a vehicle with nearly its plate, and stands in the account already. Absent: no. */
  readonly counted?: boolean;
  /** The vehicle whose accusation it has cancelled: it speaks for no other. Absent: none, or in a snapshot of before that was kept. */
  readonly cancelled?: number;
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
  /** When the relay last repeated it. Absent: never, or in a snapshot of before that was kept. */
  readonly againMs?: number;
}

/** A pulse so short that it is noise, unless the arm rises now. */
export interface Flash {
  readonly pulse: Pulse;
  readonly lengthMs: number;
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
  /** What covered its passage, if anything. Not in a state of before that was kept. */
  readonly how?: CountedPassage['how'];
  /** Only of one that may yet lose its payment: what its passage is called then, and how it was counted. */
  readonly unpaidAs?:
    | (Pick<Release, 'verdict' | 'desc' | 'direction'> & {
        readonly openingId: number;
        readonly counted: CountedPassage;
      })
    | undefined;
}

/** A payment that its own vehicle may yet come for: one with nearly its plate has used it, here (`bodyId`) or in another lane, or that one went back. */
export interface Lent {
  readonly hold: GrantHold;
  readonly bodyId: number | null;
  readonly wentBack: boolean;
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

/** How far the clock of a till is off, from the ages of its last messages. */
export interface Sender {
  readonly source: string;
  /** The till, else the operator. Absent: neither was told. */
  readonly till?: string;
  /** Arrival, and arrival less `issuedAt`, of the last messages. Absent in a snapshot of before they had times. */
  readonly ages?: readonly { readonly atMs: number; readonly ageMs: number }[];
  /** Their median; 0 until ten are known. */
  readonly offsetMs: number;
  /** When the clock was last seen to be set. */
  readonly setMs?: number;
}

/** Something that cannot be observed now; `passages` and `openings` are the counters at its beginning. */
export interface OpenGap extends Omit<ObservationGap, 'toMs' | 'armAfter' | 'lasts'> {
  readonly name: string;
}

/** A plate in another lane. */
export type Sighting = Omit<Extract<LaneEvent, { kind: 'elsewhere' }>, 'kind' | 'grantId'>;

/** It left A and did not come to B in time: it went back, or is small and stands between the loops. */
export interface Between {
  readonly aRiseMs: number;
  readonly aFallMs: number;
  readonly reads: readonly Read[];
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
