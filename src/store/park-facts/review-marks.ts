/** What people say of a record. Types only: it changes nothing of the record, and no word of it is removed before the record is. */

/** `checked`: it was right to let it through; `wrong`: the box erred; `owed`: money is owed for it; `recovered`: that was paid; `open`: nothing is decided after all. */
export const MARK_KINDS = ['checked', 'wrong', 'owed', 'recovered', 'open', 'answer'] as const;
/** `answer`: what the one concerned says; it decides nothing. */
export type MarkKind = (typeof MARK_KINDS)[number];

export interface Mark {
  readonly kind: MarkKind;
  readonly who: string;
  /** Network address it came from. */
  readonly from: string;
  /** One of the short list. */
  readonly reason?: string;
  readonly words?: string;
  /** Of money owed: from which plate and how much, in fen. */
  readonly plate?: string;
  readonly amount?: number;
}

export interface KeptMark extends Mark {
  readonly atWallMs: number;
}
