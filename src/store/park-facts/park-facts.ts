/** What the box was told beside the lanes, as the rest of the program sees it: kept under a kind and a key, the newest counts. */
import type { BoxFact } from '../chain/chain.ts';

/**
 * `car`: what was told of a plate by payments and passes; `left`: when a vehicle was last seen to leave whose stay or charge was open; `grant`: what
 * became of a payment; `cursor`: how far a management system was read; `pulled`: its rows that were counted and may be read again;
 * `reporting`: how far a lane has earned it (src/app/reporting.ts); `peer`: where a person lets the box send (src/app/confirmed-peers.ts); `caused`: by lane,
 * what followed the box's own outputs (src/app/watch/causality.ts); `file`: digests of the files that say who may do what (src/box/kept-files.ts).
 */
export type ParkFactKind =
  | 'entry'
  | 'vehicle'
  | 'shift'
  | 'car'
  | 'charge'
  | 'left'
  | 'grant'
  | 'cursor'
  | 'pulled'
  | 'reporting'
  | 'peer'
  | 'caused'
  | 'file';

/** Rows kept of each kind; the oldest go first. */
export const PARK_FACTS_MOST: Readonly<Record<ParkFactKind, number>> = {
  entry: 20_000,
  vehicle: 100_000,
  shift: 5_000,
  car: 20_000,
  charge: 20_000,
  left: 20_000,
  // A day of four lanes at 200 vehicles an hour, some 3 MB in memory.
  grant: 10_000,
  cursor: 100,
  pulled: 50_000,
  reporting: 1_000,
  peer: 1_000,
  caused: 1_000,
  file: 100,
};

export interface ParkFact {
  readonly key: string;
  /** JSON. */
  readonly body: string;
}

export interface ParkFactChange {
  readonly kind: ParkFactKind;
  readonly key: string;
  /** Lane time. */
  readonly atMs: number;
  /** JSON; undefined: it holds no longer. */
  readonly body?: string;
}

export interface ParkFacts {
  /** The fact goes into the chain in the same transaction. */
  keep(fact: BoxFact | undefined, changes: readonly ParkFactChange[]): Promise<void>;
  /** What follows from the journal of a lane: with what is committed next, within ten seconds. */
  along(changes: readonly ParkFactChange[]): void;
  /** Oldest first. */
  rows(kind: ParkFactKind): Promise<readonly ParkFact[]>;
}
