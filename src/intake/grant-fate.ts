/** What became of a payment, and of those of a day, as it is kept and answered. Plain data. */
export const GRANT_STATUSES = [
  'waiting',
  'used',
  'late',
  'unused',
  'expired',
  'repeated',
  'replaced',
  'cancelled',
] as const;
export type GrantStatus = (typeof GRANT_STATUSES)[number];

/** One passage that it covered. */
export interface GrantUse {
  readonly lane: string;
  /** How the vehicle came to it: `exact`, `fuzzy`, `presence`, `next`, `further`, `mismatch`, `late`. */
  readonly way: string;
  readonly atWallMs: number;
}

/** As it is kept. */
export interface TrackedGrant {
  readonly id: string;
  readonly source: string;
  readonly till?: string;
  readonly plate?: string;
  /** Absent: for the park. */
  readonly lane?: string;
  readonly kind: string;
  readonly count: number;
  /** In fen. */
  readonly amount?: number;
  readonly toldWallMs: number;
  readonly uses: readonly GrantUse[];
  /** How what was left of it ended, in the words of the account. */
  readonly ended?: { readonly fate: string; readonly atWallMs: number };
}

/** The answer. */
export interface GrantFateAnswer {
  readonly id: string;
  readonly status: GrantStatus;
  readonly why: string;
  readonly sender: string;
  readonly till?: string;
  readonly lane?: string;
  readonly plate?: string;
  readonly amount?: number;
  readonly count: number;
  /** Passages that it may still cover. */
  readonly left: number;
  readonly toldAt: string;
  readonly uses: readonly { readonly lane: string; readonly way: string; readonly at: string }[];
  readonly endedAt?: string;
}

/** So many payments, and their sum in fen. */
export interface PaymentSum {
  readonly count: number;
  readonly amount: number;
}

/** "Told versus counted" of a sender and till on a day: every payment told in exactly one column. */
export interface PaymentLine {
  readonly sender: string;
  readonly till?: string;
  readonly told: PaymentSum;
  readonly by: Readonly<Record<GrantStatus, PaymentSum>>;
}

export interface PaymentSheet {
  /** A Beijing day. */
  readonly day: string;
  readonly lines: readonly PaymentLine[];
  /** Told and not counted, oldest first. */
  readonly notCounted: readonly GrantFateAnswer[];
  /** Beyond those. */
  readonly moreNotCounted: number;
}
