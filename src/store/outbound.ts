/** What destinations beside the platform are told of, in the order in which it was kept. Types only. */
import type { ChainRow } from './chain/chain.ts';
import type { Observation } from './observation.ts';
import type { OutboxRecord } from './record-types.ts';

export interface OutboundFact {
  /** Without gaps but where the oldest had to go. */
  readonly id: number;
  readonly kind:
    | 'release' // a record was put
    | 'reported' // a person sends it again, or for the first time when it was under review
    | 'withdrawal' // it was paid for after all
    | 'picture' // it got its picture
    | 'observation' // a blind time, a report, a mark or a correction of a person
    | 'alarm'; // of a lane; `body` has it
  readonly wallMs: number;
  /** As it is now. Absent: deleted since, or the fact is none of a record. */
  readonly record?: OutboxRecord;
  readonly observation?: Observation;
  /** Of a release or a withdrawal: what the chain has of it. Absent in facts of a version before. */
  readonly row?: ChainRow;
  readonly body?: unknown;
}

/** What waits for one destination. */
export interface OutboundCount {
  readonly waiting: number;
  readonly oldestWallMs?: number;
}
