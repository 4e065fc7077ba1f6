/**
 * Two cameras of a lane as one to its captures: the picture of one goes with the record, that of the other is kept beside it, and stands in
 * when the first has none. It knows no lane and no store.
 */
import type { Frame } from '../../driver.ts';
import type { FramesAround, LaneFrames } from './captures.ts';
import type { Ring } from './frame-ring.ts';

type CameraFrames = Pick<Ring, 'present' | 'nearest' | 'held' | 'around'>;

export interface TwoCameras {
  readonly record: CameraFrames;
  readonly beside: CameraFrames;
  readonly failed: (which: 'record' | 'beside', error: unknown) => void;
}

export function twoCameras(cameras: TwoCameras): LaneFrames {
  const { record, beside, failed } = cameras;
  const others = new WeakMap<Frame, Promise<Frame | undefined>>();

  async function besideAt(atMs: number): Promise<Frame | undefined> {
    try {
      return await beside.nearest(atMs);
    } catch (error) {
      failed('beside', error);
      return undefined;
    }
  }

  return {
    present(on, who) {
      record.present(on, who);
      beside.present(on, who);
    },
    async nearest(atMs) {
      const other = besideAt(atMs);
      try {
        const frame = await record.nearest(atMs);
        others.set(frame, other);
        return frame;
      } catch (error) {
        const standIn = await other;
        // The caller reports the fault of a capture without any picture.
        if (standIn === undefined) throw error;
        failed('record', error);
        return standIn;
      }
    },
    held: (atMs) => record.held(atMs) ?? beside.held(atMs),
    async around(frame): Promise<FramesAround> {
      const [around, second] = await Promise.all([record.around(frame), others.get(frame)]);
      return { ...around, ...(second && { second }) };
    },
  };
}
