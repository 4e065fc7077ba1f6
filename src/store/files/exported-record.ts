/** Records that move from one box to another: what `queue export` writes and `Review.adopt` takes. */
import type { Attempt, BesidePlace, NewRecord, OpenState, OutboxRecord, TimeQuality } from '../record-types.ts';

/** An exported record: its release time is a wall time, its state an open one. */
export type ForeignRecord = NewRecord & {
  readonly serial: string;
  readonly state: OpenState;
  readonly timeQuality: TimeQuality;
  readonly sent: boolean;
  /** Its attempts so far. Absent in exports of older versions. */
  readonly tries?: readonly Attempt[];
} & Partial<Pick<OutboxRecord, 'attempts' | 'unknownAnswers' | 'lastWhy' | 'pictureWhy'>>;

export interface Adopted {
  readonly isNew: boolean;
  /** Pictures kept, and pictures without room. */
  readonly pictures: number;
  readonly noRoom: number;
}

/** Its pictures. */
export interface ForeignPictures {
  readonly picture?: Uint8Array;
  readonly beside?: readonly {
    readonly place: BesidePlace;
    readonly offsetMs: number;
    readonly picture: Uint8Array;
  }[];
}
