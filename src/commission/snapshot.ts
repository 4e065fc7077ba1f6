/** One picture of a camera, now: what the wizard shows, and the fault in words when there is none. */
import type { Clock, Frame } from '../driver.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import type { SnapshotResult } from '../page/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
import { Problem } from '../page/problem.ts';
import { snapshotText } from '../text/commission.ts';
import { faultText } from '../text/fault.ts';
import { jpegSize } from './jpeg-size.ts';

export interface SnapshotParts {
  readonly clock: Clock;
  /** undefined: there is no such camera. Throws what a camera throws. */
  readonly picture: (camera: string) => Promise<Frame> | undefined;
}

/** Throws Problem: notFound, or conflict with the camera's fault. */
export async function snapshot(
  camera: string,
  { clock, picture }: SnapshotParts,
  job: JobHandle,
): Promise<SnapshotResult> {
  const beganMs = clock.nowMs();
  const taking = picture(camera);
  if (taking === undefined) throw new Problem('notFound', { detail: snapshotText.noCamera });
  job.progress(snapshotText.taking(camera));
  const { bytes } = await taking.catch((error: unknown) => {
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    throw new Problem('conflict', { detail: faultText(camera, error) });
  });
  job.picture(bytes);
  return { bytes: bytes.length, tookMs: Math.round(clock.nowMs() - beganMs), ...jpegSize(bytes) };
}
