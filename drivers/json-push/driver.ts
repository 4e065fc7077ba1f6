/**
 * A camera, or a program beside one, that posts JSON of its own form; the configuration maps its fields. Pictures are fetched as from
 * any camera. The answer is always an empty object: a configurable answer could be a command.
 */
import { z } from 'zod';
import type { Camera, CameraKind, PushAnswer } from '../../src/driver.ts';
import { createSenderCheck } from '../camera-http/address.ts';
import { createHttpCamera, pictureAddress, preset } from '../camera-http/camera.ts';
import { cameraKeys, checkCamera, confirmedKeys, pushKeys } from '../camera-http/config.ts';
import { readMessage } from './codec.ts';

const place = z
  .string()
  .regex(/^[^.[\]]+([.][^.[\]]+|\[\d{1,3}\])*$/)
  .max(100);

const NOTHING: Omit<PushAnswer, 'status'> = { mediaType: 'application/json', body: '{}' };

const jsonPush = z
  .strictObject({
    preset: preset.default('custom'),
    ...cameraKeys,
    ...confirmedKeys,
    ...pushKeys,
    fields: z.strictObject({
      plate: place,
      confidence: place.optional(),
      color: place.optional(),
      time: place.optional(),
      id: place.optional(),
      replayed: place.optional(),
      picture: place.optional(),
    }),
    confidenceMax: z.number().min(1).max(1_000).default(100),
    colors: z.record(z.string(), z.enum(['blue', 'yellow', 'white', 'black', 'green'])).default({}),
  })
  .superRefine(checkCamera);

export const jsonPushKind: CameraKind<z.infer<typeof jsonPush>> = {
  kind: 'json-push',
  tradeNames: ['JSON'],
  schema: jsonPush,
  address: pictureAddress,
  create(config, { clock }): Camera {
    return {
      ...createHttpCamera(config, { clock }),
      push: {
        accepts: createSenderCheck(new URL(config.url).hostname, config.pushFrom),
        refused: { status: 400, ...NOTHING },
        take: ({ body }) => ({ events: readMessage(body, config), answer: { status: 200, ...NOTHING } }),
      },
    };
  },
};
