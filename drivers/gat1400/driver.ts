/**
 * Cameras and recorders that report vehicles to a GA/T 1400 view library (公安视图库): plate reads with pictures, without a maker's SDK. It is
 * the receiving end: registration, keep-alive and vehicles are acknowledged, and the acknowledgement knows no command. Who sends is
 * known by address, as with all pushes; no password is asked for at registration.
 */
import { z } from 'zod';
import type { Camera, CameraKind, PushAnswer } from '../../src/driver.ts';
import { createSenderCheck } from '../camera-http/address.ts';
import { createHttpCamera, pictureAddress, preset } from '../camera-http/camera.ts';
import { cameraKeys, checkCamera, confirmedKeys, pushKeys } from '../camera-http/config.ts';
import { readVehicles } from './codec.ts';

const STATUS = { StatusCode: 0, StatusString: 'OK' };
const json = (status: number, body: object): PushAnswer => ({
  status,
  mediaType: 'application/VIID+JSON',
  body: JSON.stringify(body),
});

const DONE = json(200, { ResponseStatusObject: STATUS });
/** Of lists. It has no time in it: a device might set its clock by ours. */
const TAKEN = json(200, { ResponseStatusListObject: { ResponseStatusObject: [STATUS] } });
/** 4: the message is not valid. */
const REFUSED = json(400, { ResponseStatusObject: { StatusCode: 4, StatusString: 'Invalid' } });

const gat1400 = z
  .strictObject({ preset: preset.default('onvif'), ...cameraKeys, ...confirmedKeys, ...pushKeys })
  .superRefine(checkCamera);

export const gat1400Kind: CameraKind<z.infer<typeof gat1400>> = {
  kind: 'gat1400',
  tradeNames: ['公安视图库', 'GA/T 1400', '1400'],
  schema: gat1400,
  address: pictureAddress,
  create(config, ports): Camera {
    return {
      ...createHttpCamera(config, ports),
      push: {
        root: '/VIID',
        accepts: createSenderCheck(new URL(config.url).hostname, config.pushFrom),
        refused: REFUSED,
        take: ({ path, body }) => ({
          events: readVehicles(path, body),
          answer: /^\/VIID\/System\b/i.test(path) ? DONE : TAKEN,
        }),
      },
    };
  },
};
