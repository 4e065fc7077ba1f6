/** One current picture of a camera for the wizard, or its fault in words. */

import type { App } from '../app/app.ts';
import { usesCamera } from '../config/lane-cameras.ts';
import type { CameraConfig } from '../config/types.ts';
import type { Clock, Frame } from '../driver.ts';
import { LinkError, ProtocolError, UnconfirmedError } from '../driver.ts';
import { Problem } from '../http/problem.ts';
import type { UserRole } from '../page/api/api.ts';
import type { SnapshotResult, UnconfirmedResult } from '../page/api/api-setup.ts';
import type { JobHandle } from '../page/jobs.ts';
import { trialText } from '../text/commands/snapshot.ts';
import { snapshotText } from '../text/commission.ts';
import { faultText } from '../text/fault.ts';
import { jpegSize } from './jpeg-size.ts';
import { tryAddress } from './try-address.ts';

export interface SnapshotParts {
  readonly clock: Clock;
  /** undefined: no such camera. Throws what a camera throws. */
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
  const taken = await takeSnapshot(taking, clock).catch((error: unknown) => {
    if (error instanceof UnconfirmedError) job.soFar({ unconfirmed: error.address } satisfies UnconfirmedResult);
    throw problemOf(camera, error);
  });
  job.picture(taken.picture);
  return taken.result;
}

function problemOf(camera: string, error: unknown): unknown {
  if (!(error instanceof LinkError) && !(error instanceof ProtocolError)) return error;
  return new Problem('conflict', { detail: faultText(camera, error, 1, 'camera') });
}

export interface TrialRequest {
  readonly camera: CameraConfig;
  readonly sha256: string;
  readonly by: string;
}

/**
 * The person's request to an address without a known form; undefined when there is none. Throws Problem: `forbidden` for all but
 * installers, `invalid` without the confirmation that the arm is clear, `conflict` while a lane of the camera is at work.
 */
export function trialRequest(
  input: Readonly<Record<string, unknown>>,
  who: { readonly user: string; readonly role: UserRole },
  { config, bridges }: Pick<App, 'config' | 'bridges'>,
): TrialRequest | undefined {
  const { armClear, sha256 } = input;
  const camera = config.cameras.find(({ id }) => id === input.camera);
  if ((armClear === undefined && sha256 === undefined) || camera === undefined) return undefined;
  if (who.role !== 'installer') throw new Problem('forbidden');
  if (armClear !== true) throw new Problem('invalid', { errors: [{ field: 'armClear', message: trialText.armClear }] });
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256))
    throw new Problem('invalid', { errors: [{ field: 'sha256', message: trialText.whichAddress }] });
  const atWork = config.lanes.filter(
    (lane) => usesCamera(lane, camera.id) && bridges.get(lane.id)?.state.lane.kept.maintenance === null,
  );
  if (atWork.length > 0)
    throw new Problem('conflict', { detail: trialText.notInMaintenance(atWork.map(({ name }) => name)) });
  return { camera, sha256, by: who.user };
}

export const triedPeer = ({ camera, sha256 }: TrialRequest) => ({ use: 'camera', name: camera.id, sha256 }) as const;

/** Returns the picture and the confirmation to be written. Throws Problem `conflict` with the camera's fault. */
export async function tryPicture(
  { camera, sha256, by }: TrialRequest,
  clock: Clock,
  wallMs: number,
  job: JobHandle,
): Promise<SnapshotResult> {
  job.progress(snapshotText.taking(camera.id));
  const beganMs = clock.nowMs();
  const { frame, confirmed } = await tryAddress(camera, { sha256 }, by, { clock, wallMs }, job.signal).catch(
    (error) => {
      throw problemOf(camera.id, error);
    },
  );
  const { result, picture } = await takeSnapshot(Promise.resolve(frame), clock);
  job.picture(picture);
  return { ...result, tookMs: Math.round(clock.nowMs() - beganMs), confirmed };
}

/** Takes a picture and describes it. Throws what a camera throws. */
export async function takeSnapshot(
  taking: Promise<Frame>,
  clock: Clock,
): Promise<{ readonly picture: Uint8Array; readonly result: SnapshotResult }> {
  const beganMs = clock.nowMs();
  const { bytes } = await taking;
  const tookMs = Math.round(clock.nowMs() - beganMs);
  return { picture: bytes, result: { bytes: bytes.length, tookMs, ...jpegSize(bytes) } };
}
