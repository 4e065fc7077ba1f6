/** Blind times as records of their own: kept on the box, never uploaded. What the rest of the program sees of them. */
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
  /** Idempotent by lane, cause, name and beginning: a journal that is folded again keeps none twice. The oldest are forgotten. */
  observe(laneId: string, gap: ObservationGap): Promise<void>;
  /** Newest first. */
  observations(limit: number): Promise<readonly Observation[]>;
}
