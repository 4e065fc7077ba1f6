/**
 * 华夏智信 (Huaxia) cameras: plate reads from the pushes of HTTP mode 5; pictures come with them, and are fetched over ONVIF otherwise. It
 * knows the camera only. Its answer acknowledges receipt and nothing else: with `gpio_data` in it the camera would open its gate, with
 * `rs485_data`, `triger_data` or `whitelist_data` it would do other things.
 */
import { z } from 'zod';
import type { Camera, CameraKind, PushAnswer } from '../../src/driver.ts';
import { createHttpCamera, pictureAddress, preset } from '../camera-http/camera.ts';
import { cameraKeys, checkCamera, confirmedKeys, pushKeys } from '../camera-http/config.ts';
import { pushReceiver } from '../camera-http/push.ts';
import { readHuaxiaPush } from './codec.ts';

/** Also to what was not understood: a camera that is refused sends the same again and again. */
const TAKEN: PushAnswer = { status: 200, mediaType: 'application/json', body: '{"error_num":0,"error_str":""}' };

const huaxia = z
  .strictObject({ preset: preset.default('onvif'), ...cameraKeys, ...confirmedKeys, ...pushKeys })
  .superRefine(checkCamera);

export const huaxiaKind: CameraKind<z.infer<typeof huaxia>> = {
  kind: 'huaxia',
  tradeNames: ['华夏智信', '华夏', '智信', 'Huaxia'],
  schema: huaxia,
  address: pictureAddress,
  create(config, { clock }): Camera {
    return { ...createHttpCamera(config, { clock }), push: pushReceiver(config, { taken: TAKEN }, readHuaxiaPush) };
  },
};
