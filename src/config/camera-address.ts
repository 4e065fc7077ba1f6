/** Where the configuration says that pictures are, and who has vouched for an address that has no known form. Pure; it asks no camera. */
import type { PictureAddress } from '../driver.ts';
import { cameraText } from '../text/camera.ts';
import type { Text } from '../text/text.ts';
import type { CameraConfig } from './types.ts';

/** As `by` of a confirmation: no person, but the update found that this address had given pictures before there were forms. */
export const BY_UPDATE = 'update';

/** What stands in the configuration as `confirmed`. */
export interface Confirmation {
  readonly sha256: string;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/** undefined: at an address of its make, or one that only the camera knows. */
export function pictureAddressOf({ kind, config }: CameraConfig): PictureAddress | undefined {
  return kind.address?.(config);
}

/** An address that a person should look at: nothing is asked there, or the update has vouched for it. */
export interface DoubtfulAddress {
  readonly camera: string;
  readonly sent: string;
  readonly sha256: string;
  readonly why: 'unconfirmed' | 'byUpdate';
}

export function doubtfulAddress(camera: CameraConfig): DoubtfulAddress | undefined {
  const address = pictureAddressOf(camera);
  if (address === undefined || address.state === 'known') return undefined;
  const { confirmed } = camera.config as { readonly confirmed?: Confirmation };
  if (address.state === 'confirmed' && confirmed?.by !== BY_UPDATE) return undefined;
  const { sent, sha256, state } = address;
  return { camera: camera.id, sent, sha256, why: state === 'confirmed' ? 'byUpdate' : 'unconfirmed' };
}

/** What there is to say of it, for the log, `check` and the page. What stands in a query may be a password: whoever is to decide sees all of it. */
export function addressNote(camera: CameraConfig): Text | undefined {
  const doubtful = doubtfulAddress(camera);
  if (doubtful === undefined) return undefined;
  const { unconfirmed, confirmedByUpdate } = cameraText;
  const say = doubtful.why === 'unconfirmed' ? unconfirmed : confirmedByUpdate;
  return say(camera.id, doubtful.sent.replaceAll(/=[^&]+/g, '=…'));
}
