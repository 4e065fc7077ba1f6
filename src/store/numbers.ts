/**
 * Numbers without gaps for what leaves the box over one destination, so that whoever receives it sees what is missing. A message has its number on the
 * disk before it leaves, and is kept until the destination has it; messages are made of facts of the store, so few of them are enough.
 */
import type { OutboundCount, OutboundFact } from './outbound.ts';

export interface NumberedMessage {
  /** Random; a new one begins with each chain of evidence, with numbers from 1. */
  readonly series: string;
  readonly n: number;
  readonly topic: string;
  readonly payload: string;
  /** The number of the record it tells of; 0: of none. Of a watch report its id, negative. */
  readonly record: number;
  /** When that happened. */
  readonly wallMs: number;
}

export interface Numbering {
  readonly series: string;
  /** The last number given. */
  readonly used: number;
  /** Kept and not known to have arrived, oldest first. */
  readonly waiting: readonly NumberedMessage[];
  /** Facts up to here have become messages, or are none for this destination. */
  readonly place: number;
  /** The newest Beijing day whose sheet was sent; empty: none. */
  readonly day: string;
}

export interface NumberedBatch {
  readonly series: string;
  /** The place and the last number before; where they are others by now, nothing is kept. */
  readonly after: Pick<Numbering, 'place' | 'used'>;
  readonly place: number;
  readonly day?: string;
  readonly messages: readonly NumberedMessage[];
}

export interface Numbers {
  /** A destination that is new begins with what comes from now on. */
  open(): Promise<Numbering>;
  /** Oldest first, behind `place`. */
  facts(place: number, limit: number): Promise<readonly OutboundFact[]>;
  /** Together, once a power cut could not undo it. false: the database was replaced, or another run has kept some: open it anew. */
  keep(batch: NumberedBatch): Promise<boolean>;
  /** The destination has it. */
  arrived(message: NumberedMessage): Promise<void>;
  count(): Promise<OutboundCount>;
}
