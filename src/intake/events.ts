/** What a message of a management system or a camera means. Lanes are known by id only; times are lane time. */
import type { Grant, PlateRead, Side } from '../lane/types.ts';

/** One thing told from outside. Times are lane time. */
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
  /** Paid for a lane that is none of this box: perhaps its name is wrong. */
  | { readonly kind: 'elsewhere'; readonly laneId: string; readonly plate: string; readonly grantId: string }
  /** What stood where a plate should be and is none: evidence of nothing, kept aside. */
  | { readonly kind: 'text'; readonly laneId: string; readonly text: string; readonly source: string }
  /** The platform keeps a barrier open on purpose, or no longer. */
  | { readonly kind: 'keepOpen'; readonly laneId: string; readonly on: boolean; readonly reason?: string };

/** Its time was over before it came: it lets nobody out, and may still have paid for a passage of then. */
export interface Expired {
  readonly kind: 'expired';
  /** When it was over, and when it came, by the box's clock. */
  readonly endedWallMs: number;
  readonly receivedWallMs: number;
}

/** `full`: the journal cannot take it now, and it has not been acted on. */
export type IntakeOutcome = 'accepted' | 'full' | Expired;

export type Elsewhere = Extract<IntakeEvent, { kind: 'elsewhere' }>;

/** A message that has been understood. */
export interface Understood {
  /** Idempotence goes by it; undefined: nothing to tell a repetition by. */
  readonly id?: string;
  /** The id is the same message only for this long; for ever when undefined. */
  readonly sameForMs?: number;
  /** What must be the same when the same id comes again, by field. */
  readonly content: Readonly<Record<string, string>>;
  /** undefined: nothing to do for this box. With `ignored` as well it is only kept. */
  readonly event?: IntakeEvent;
  readonly ignored?: 'otherLane' | 'noPlate' | 'notPlate';
  /** Of an ignored one: the lanes are told all the same. */
  readonly elsewhere?: Elsewhere;
}
