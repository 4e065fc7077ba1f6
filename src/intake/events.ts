/** What the intake makes of a message: the event for the lanes, and what came of it. It knows no channel. */
import type { Grant, PlateRead, Side } from '../lane/types.ts';

/** One thing received from outside. Times are lane time. */
export type IntakeEvent =
  /** For one lane, or (no lane) for every lane where its plate is read. */
  | { readonly kind: 'grant'; readonly laneId?: string; readonly grant: Grant }
  | {
      readonly kind: 'plate';
      readonly laneId: string;
      readonly plate: PlateRead;
      readonly readAtMs: number;
      /** The camera gives no confidence. */
      readonly unrated?: true;
      readonly side?: Side;
    }
  /** Paid for a lane of another box: perhaps its name is wrong. */
  | { readonly kind: 'elsewhere'; readonly laneId: string; readonly plate: string; readonly grantId: string }
  /** Text in the place of a plate that is none: kept, and evidence of nothing. */
  | { readonly kind: 'text'; readonly laneId: string; readonly text: string; readonly source: string }
  /** The platform keeps a barrier open, or no longer. */
  | { readonly kind: 'keepOpen'; readonly laneId: string; readonly on: boolean; readonly reason?: string };

/** Its time was over before it came: it releases no vehicle, and may still have paid for a passage of that time. */
export interface Expired {
  readonly kind: 'expired';
  /** When it ended, and when it came, by the box's clock. */
  readonly endedWallMs: number;
  readonly receivedWallMs: number;
}

/** `full`: the journal cannot take it now, and it has not been acted on. */
export type IntakeOutcome = 'accepted' | 'full' | Expired;

export type Elsewhere = Extract<IntakeEvent, { kind: 'elsewhere' }>;

/** A message that has been understood. */
export interface Understood {
  /** Identifies a repetition; undefined: a repetition cannot be recognised. */
  readonly id?: string;
  /** The id stands for the same message for this long; for ever when undefined. */
  readonly sameForMs?: number;
  /** What must be the same when the same id comes again, by field. */
  readonly content: Readonly<Record<string, string>>;
  /** undefined: nothing to do for this box. With `ignored` it is only kept. */
  readonly event?: IntakeEvent;
  readonly ignored?: 'otherLane' | 'noPlate' | 'notPlate';
  /** Of an ignored one: still passed to the lanes, as a hint. */
  readonly elsewhere?: Elsewhere;
}
