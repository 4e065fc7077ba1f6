/**
 * What the account counts, each once: an opening when it is over, a passage when it is decided, a payment when its permissions find an end.
 * Plain data; which column it stands in is decided in `src/account`.
 */

/** How an opening began. */
export interface OpeningCommand {
  readonly begun: 'relay' | 'hand' | 'unknown';
  readonly press: 'button' | 'remote' | 'hand' | null;
}

export interface CountedOpening extends OpeningCommand {
  readonly of: 'opening';
  /** As in `Release.openingId`. */
  readonly openingId: string;
  readonly startAtMs: number;
  /** Its first passage in the lane's direction is complete. */
  readonly passed: boolean;
  readonly granted: boolean;
  readonly automatic: boolean;
  readonly maintenance: boolean;
  /** The arm bounced on its limit, or an opening nobody saw begin let nobody through: none at all. */
  readonly isNone: boolean;
  readonly captureId: string | null;
}

/** `part`: it may well be a part of the vehicle before it, or nothing can be said of it. */
export interface CountedPassage {
  readonly of: 'passage';
  readonly bodyId: number;
  /** Of an opening's first passage the opening's start, as in the records; else its own way over B. */
  readonly passedAtMs: number;
  readonly openingId: string | null;
  /** It is the first of its opening, which began so: the opening is counted with it. */
  readonly first: OpeningCommand | null;
  /** `grant`: a payment or a message; `known`: a plate of the list of known vehicles; `relay`: a pulse that counts as a grant. */
  readonly how: 'grant' | 'known' | 'relay' | 'automatic' | 'uncovered' | 'part';
  /** The claim of a grant that was used, though the passage is not covered by it. */
  readonly otherPlate: boolean;
  readonly presumed: boolean;
  readonly maintenance: boolean;
  readonly releaseId: string | null;
  readonly plate: string | null;
  readonly captureId: string | null;
  /** The payment is of a plate like its own: it may yet go to its own vehicle. */
  readonly mayLose?: true;
  /**
   * It was counted as covered before: its payment has gone to its own vehicle, which uses it here, where the payment is counted anew, or in
   * another lane.
   */
  readonly lostTo?: 'here' | 'elsewhere';
  /** The joint assignment of its minute left the payment to it: no plate and no place says so. */
  readonly assigned?: true;
}

/** What became of so many permissions of one payment. */
export const PAYMENT_FATES = [
  'told',
  'used',
  'late',
  'cameAndWent',
  'neverCame',
  'expired',
  'elsewhere',
  'repeated',
  'replaced',
  'cancelled',
  'givenUp',
] as const;
export type PaymentFate = (typeof PAYMENT_FATES)[number];

export interface CountedPayment {
  readonly of: 'payment';
  readonly fate: PaymentFate;
  readonly grantId: string;
  readonly scope: 'lane' | 'park';
  /** The grant's kind: paid, monthly, free … */
  readonly means: string;
  readonly units: number;
  /** In fen, with its first permission that finds an end, and with its arrival. */
  readonly amount: number | null;
  readonly currency: string | null;
  readonly operator: string | null;
  readonly plate: string | null;
  /** The vehicle that used it. */
  readonly bodyId: number | null;
}

export type Counted = CountedOpening | CountedPassage | CountedPayment;
