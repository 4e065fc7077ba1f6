/** The pictures of a lane: of its one camera, or of two. A part of the composition root. */
import { pictureCameras } from '../../config/lane-cameras.ts';
import type { LaneConfig } from '../../config/types.ts';
import type { AppOptions } from '../events.ts';
import type { LaneCamera } from './cameras.ts';
import type { LaneFrames } from './captures.ts';
import { twoCameras } from './two-cameras.ts';

export function laneFrames(
  lane: LaneConfig,
  cameras: ReadonlyMap<string, LaneCamera>,
  on: AppOptions['on'],
): LaneFrames | undefined {
  const { record, beside } = pictureCameras(lane);
  const first = record === undefined ? undefined : cameras.get(record)?.ring;
  const second = beside === undefined ? undefined : cameras.get(beside)?.ring;
  if (first === undefined || second === undefined) return first;
  const names = { record: record ?? '', beside: beside ?? '' };
  return twoCameras({
    record: first,
    beside: second,
    failed: (which, error) => on({ kind: 'camera', lane, camera: names[which], error }),
  });
}
