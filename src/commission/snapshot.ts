/** One picture of a camera, now: what the wizard shows, and the fault in words when there is none. */
import type { Clock, Frame } from '../driver.ts';
import { LinkError, ProtocolError } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import type { SnapshotResult } from '../page/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
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
  const taking = picture(camera);
  if (taking === undefined) throw new Problem('notFound', { detail: snapshotText.noCamera });
  job.progress(snapshotText.taking(camera));
  const taken = await pictureOf(taking, clock).catch((error: unknown) => {
    if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) throw error;
    throw new Problem('conflict', { detail: faultText(camera, error, 1, 'camera') });
  });
  job.picture(taken.picture);
  return taken.result;
}

/** A picture that was asked for just now, with what there is to say of it. Throws what a camera throws. */
export async function pictureOf(
  taking: Promise<Frame>,
  clock: Clock,
): Promise<{ readonly picture: Uint8Array; readonly result: SnapshotResult }> {
  const beganMs = clock.nowMs();
  const { bytes } = await taking;
  const tookMs = Math.round(clock.nowMs() - beganMs);
  return { picture: bytes, result: { bytes: bytes.length, tookMs, ...jpegSize(bytes) } };
}
