/** The cameras of a lane: the one of its own, and perhaps a second. Pure. */
import type { LaneConfig } from './types.ts';

type LaneCameras = Pick<LaneConfig, 'camera' | 'cameraSide' | 'second'>;

/** How this camera sees the lane; undefined: it is none of the lane's. */
export function viewOf(
  { camera, cameraSide, second }: LaneCameras,
  id: string,
): Pick<NonNullable<LaneConfig['second']>, 'looks' | 'side'> | undefined {
  if (camera === id) return { looks: 'front', ...(cameraSide && { side: cameraSide }) };
  return second?.camera === id ? second : undefined;
}

export const usesCamera = (lane: LaneCameras, id: string): boolean => viewOf(lane, id) !== undefined;

/** Whose picture goes with a record, and whose is kept beside it. */
export function pictureCameras({ camera, second }: LaneCameras): {
  readonly record?: string;
  readonly beside?: string;
} {
  if (camera === undefined || second === undefined) return camera === undefined ? {} : { record: camera };
  return second.record ? { record: second.camera, beside: camera } : { record: camera, beside: second.camera };
}
