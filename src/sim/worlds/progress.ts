/** What becomes true of a vehicle as it moves: on the first loop, on B, through. It moves nothing. */
import { type Mover, metalFrontM, moverRear } from '../movers.ts';
import type { Way } from './site.ts';
import type { OpeningTruth, VehicleTruth } from './truth.ts';

/** A vehicle ahead is near when it is within this. */
const NEAR_M = 8;
/** Farther back than this it has left B again. */
const OFF_AGAIN_M = 0.3;

export function noteProgress(
  { mover, truth }: { readonly mover: Mover; readonly truth: VehicleTruth },
  { first, barrier }: Way,
  ahead: { readonly mover: Mover } | undefined,
  opening: OpeningTruth | undefined,
  nowMs: number,
): void {
  const metalM = metalFrontM(mover);
  if (metalM > first.fromM) truth.onAMs ??= nowMs;
  if (truth.onBMs === undefined && metalM > barrier.fromM) {
    truth.onBMs = nowMs;
    const gapM = ahead && moverRear(ahead.mover) - mover.frontM;
    if (gapM !== undefined && gapM < NEAR_M) truth.gapM = gapM;
  }
  if (truth.onBMs !== undefined && truth.offBMs === undefined && metalM < barrier.fromM - OFF_AGAIN_M) {
    delete truth.onBMs;
    delete truth.gapM;
  }
  if (truth.offBMs !== undefined || moverRear(mover) <= barrier.toM) return;
  truth.offBMs = nowMs;
  if (opening === undefined) return;
  truth.opening = opening.id;
  opening.vehicles.push(truth.id);
}
