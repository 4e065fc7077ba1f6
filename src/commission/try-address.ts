/**
 * The one request to an address without a known form that a person may trigger, with the arm clear and the lane in maintenance; a
 * picture yields the confirmation of the address. The caller checks the lane.
 */

import type { Confirmation } from '../config/camera-address.ts';
import type { CameraConfig } from '../config/types.ts';
import type { Clock, Frame, PictureAddress } from '../driver.ts';

export interface TriedAddress {
  readonly frame: Frame;
  readonly confirmed: Confirmation;
}

/**
 * `sha256`: of the address shown to the person; no other is requested. `wallMs`: now. Throws what a camera throws, UnconfirmedError when
 * the camera names another address by now.
 */
export async function tryAddress(
  { kind, config }: Pick<CameraConfig, 'kind' | 'config'>,
  { sha256 }: Pick<PictureAddress, 'sha256'>,
  by: string,
  { clock, wallMs }: { readonly clock: Clock; readonly wallMs: number },
  signal: AbortSignal,
): Promise<TriedAddress> {
  const confirmed = { sha256, by, at: new Date(wallMs).toISOString() };
  // A camera instance for this request only: the running one stays unconfirmed.
  const camera = kind.create({ ...(config as object), confirmed }, { clock });
  return { frame: await camera.snapshot(signal), confirmed };
}
