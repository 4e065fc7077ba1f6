/**
 * The one request to an address of no known form that a person may ask for, with the arm clear and the lane in maintenance; and, when a
 * picture came of it, the confirmation that makes it this camera's. It judges no lane: whoever calls it has seen to that.
 */

import type { Confirmation } from '../config/camera-address.ts';
import type { CameraConfig } from '../config/types.ts';
import type { Clock, Frame, PictureAddress } from '../driver.ts';

export interface TriedAddress {
  readonly frame: Frame;
  readonly confirmed: Confirmation;
}

/**
 * `sha256`: of the address that the person was shown; at no other is anything asked. `wallMs`: now. Throws what a camera throws,
 * UnconfirmedError when the camera names another address by now.
 */
export async function tryAddress(
  { kind, config }: Pick<CameraConfig, 'kind' | 'config'>,
  { sha256 }: Pick<PictureAddress, 'sha256'>,
  by: string,
  { clock, wallMs }: { readonly clock: Clock; readonly wallMs: number },
  signal: AbortSignal,
): Promise<TriedAddress> {
  const confirmed = { sha256, by, at: new Date(wallMs).toISOString() };
  // A camera of its own, for this request: the running one is told of nothing.
  const camera = kind.create({ ...(config as object), confirmed }, { clock });
  return { frame: await camera.snapshot(signal), confirmed };
}
