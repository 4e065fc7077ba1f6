/** Observation gaps as the rest of the program sees them: kept on the box, never uploaded. */
import type { ObservationGap } from '../lane/types.ts';

export interface Observation {
  readonly id: number;
  readonly laneId: string;
  /** By the best knowledge of when it was kept. */
  readonly fromWallMs: number;
  readonly toWallMs: number;
  readonly gap: ObservationGap;
}

export interface Observations {
  /** Idempotent by lane, cause, name and beginning: folding the journal again adds none twice. The oldest are removed. */
  observe(laneId: string, gap: ObservationGap): Promise<void>;
  /** Newest first. */
  observations(limit: number): Promise<readonly Observation[]>;
}
