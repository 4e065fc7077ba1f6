/** The account's rows as the rest of the program sees them: kept a day and lane at a time, read for days in a row. */

import type { Observation } from '../observation.ts';

/** `rows`: JSON, as it was kept. */
export interface AccountText {
  readonly laneId: string;
  /** A Beijing day, `2026-11-25`. */
  readonly day: string;
  readonly rows: string;
}

/** A record that a person has dropped, by its release time. */
export interface DroppedMark {
  readonly laneId: string;
  readonly wallMs: number;
  readonly verdict: string;
  readonly passed: boolean;
  readonly reported: boolean;
  readonly exit: boolean;
  /** What it would have cost, in fen, and how that is known. */
  readonly owed?: { readonly by: 'told' | 'tariff'; readonly amount: number };
}

/** How many records of a span bear a plate; the most frequent first. */
export interface PlateCount {
  readonly plate: string;
  readonly count: number;
}

/** What people have said of the records of a span by now. */
export interface ReviewedCount {
  readonly records: number;
  /** Decided, and not reopened. */
  readonly closed: number;
  /** Of those: for the first time within 24 h of the release. */
  readonly inDay: number;
  /** Of those that stand open. */
  readonly oldestWallMs?: number;
}

export interface AccountStore {
  /** Replaces the lane's day. `line`: what it comes to, for the trend. */
  keep(laneId: string, day: string, rows: string, line: string): Promise<void>;
  /** Days up to this one are final, and months that end with them: what they came to enters the chain. */
  close(lastDay: string): Promise<void>;
  /** Both days included; by day, then lane. `without`: only texts that do not hold it. */
  between(fromDay: string, toDay: string, without?: string): Promise<readonly AccountText[]>;
  /** What each day comes to: `rows` is its line. */
  lines(fromDay: string, toDay: string): Promise<readonly AccountText[]>;
  /** Newest first, 20,000 at most: an older one stays in the column that it was counted in. */
  dropped(fromWallMs: number, toWallMs: number): Promise<readonly DroppedMark[]>;
  /** `lanes`: of these only. */
  reviewed(fromWallMs: number, toWallMs: number, lanes?: readonly string[]): Promise<ReviewedCount>;
  plates(fromWallMs: number, toWallMs: number, lanes?: readonly string[]): Promise<readonly PlateCount[]>;
  /** What the box testifies of itself in this time, or in a part of it; newest first, and of what has ended only the end. */
  observed(fromWallMs: number, toWallMs: number): Promise<readonly Observation[]>;
}
