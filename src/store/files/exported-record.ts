/** Records on their way from one box to another: what `queue export` writes of each and `Review.adopt` takes. */
import type { Attempt, BesidePlace, NewRecord, OpenState, OutboxRecord, TimeQuality } from '../record-types.ts';

/** A record as it travels between boxes: its release time is a wall time, its state one that still needs the platform or a person. */
export type ForeignRecord = NewRecord & {
  readonly serial: string;
  readonly state: OpenState;
  readonly timeQuality: TimeQuality;
  readonly sent: boolean;
  /** What had come of it so far. Absent in what older versions exported. */
  readonly tries?: readonly Attempt[];
} & Partial<Pick<OutboxRecord, 'attempts' | 'unknownAnswers' | 'lastWhy' | 'pictureWhy'>>;

export interface Adopted {
  readonly isNew: boolean;
  /** So many of its pictures were kept, and so many found no room. */
  readonly pictures: number;
  readonly noRoom: number;
}

/** What travels with it. */
export interface ForeignPictures {
  readonly picture?: Uint8Array;
  readonly beside?: readonly {
    readonly place: BesidePlace;
    readonly offsetMs: number;
    readonly picture: Uint8Array;
  }[];
}
