/** Configured picture addresses, and the confirmations of those without a known form. Pure; it contacts no camera. */
import type { PictureAddress } from '../driver.ts';
import { cameraText } from '../text/camera.ts';
import type { Text } from '../text/text.ts';
import type { CameraConfig } from './types.ts';

/** `by` of a confirmation made by the update instead of a person: this address gave pictures before forms existed. */
export const BY_UPDATE = 'update';

/** The key `confirmed` of the configuration. */
export interface Confirmation {
  readonly sha256: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** undefined: an address of its make, or one that only the camera knows. */
export function pictureAddressOf({ kind, config }: CameraConfig): PictureAddress | undefined {
  return kind.address?.(config);
}

/** An address for a person to check: unconfirmed, so never requested, or confirmed by the update only. */
export interface UncertainAddress {
  readonly camera: string;
  readonly sent: string;
  readonly sha256: string;
  readonly why: 'unconfirmed' | 'byUpdate';
}

export function doubtfulAddress(camera: CameraConfig): UncertainAddress | undefined {
  const address = pictureAddressOf(camera);
  if (address === undefined || address.state === 'known') return undefined;
  const { confirmed } = camera.config as { readonly confirmed?: Confirmation };
  if (address.state === 'confirmed' && confirmed?.by !== BY_UPDATE) return undefined;
  const { sent, sha256, state } = address;
  return { camera: camera.id, sent, sha256, why: state === 'confirmed' ? 'byUpdate' : 'unconfirmed' };
}

/** The note for the log, `check` and the page. A query may contain a password; a person who decides sees all of it. */
export function addressNote(camera: CameraConfig): Text | undefined {
  const doubtful = doubtfulAddress(camera);
  if (doubtful === undefined) return undefined;
  const { unconfirmed, confirmedByUpdate } = cameraText;
  const say = doubtful.why === 'unconfirmed' ? unconfirmed : confirmedByUpdate;
  return say(camera.id, doubtful.sent.replaceAll(/=[^&]+/g, '=…'));
}
