/**
 * A camera, or a program beside one, that posts JSON of its own form; the configuration maps its fields. Pictures are fetched as from
 * any camera. The answer is always an empty object: a configurable answer could be a command.
 */
import { z } from 'zod';
import type { Camera, CameraKind, PushAnswer } from '../../src/driver.ts';
import { createHttpCamera, pictureAddress, preset } from '../camera-http/camera.ts';
import { cameraKeys, checkCamera, complaint, confirmedKeys, pushKeys } from '../camera-http/config.ts';
import { pushReceiver } from '../camera-http/push.ts';
import { type MappingOptions, readMessage } from './codec.ts';
import { FORM_NAMES, FORMS } from './forms.ts';

const place = z
  .string()
  .regex(/^[^.[\]]+([.][^.[\]]+|\[\d{1,3}\])*$/)
  .max(100);

const NOTHING: Omit<PushAnswer, 'status'> = { mediaType: 'application/json', body: '{}' };
const ANSWERS = { taken: { status: 200, ...NOTHING }, refused: { status: 400, ...NOTHING } };

const jsonPush = z
  .strictObject({
    preset: preset.default('custom'),
    ...cameraKeys,
    ...confirmedKeys,
    ...pushKeys,
    /** A program or make whose JSON is known; `fields` then says only what differs. */
    form: z.enum(FORM_NAMES).optional(),
    fields: z
      .strictObject({
        plate: place.optional(),
        confidence: place.optional(),
        color: place.optional(),
        time: place.optional(),
        id: place.optional(),
        replayed: place.optional(),
        picture: place.optional(),
      })
      .prefault({}),
    confidenceMax: z.number().min(1).max(1_000).optional(),
    colors: z.record(z.string(), z.enum(['blue', 'yellow', 'white', 'black', 'green'])).default({}),
  })
  .superRefine(checkCamera)
  .superRefine(({ form, fields }, context) => {
    if (form === undefined && fields.plate === undefined)
      context.addIssue({
        code: 'custom',
        path: ['fields', 'plate'],
        input: undefined,
        ...complaint(
          '没有写车牌在消息里的位置',
          'the place of the plate in the message is missing',
          `写 fields.plate，或用 form 选一种已知格式：${FORM_NAMES.join('、')}`,
          `give fields.plate, or a known form: ${FORM_NAMES.join(', ')}`,
        ),
      });
  });

type JsonPushDevice = z.infer<typeof jsonPush>;

/** The known form, with what the configuration says otherwise. */
export function mappingOf({ form, fields, confidenceMax, colors }: JsonPushDevice): MappingOptions {
  const known: MappingOptions | undefined = form && FORMS[form];
  const given = Object.fromEntries(Object.entries(fields).filter(([, path]) => path !== undefined));
  return {
    ...known,
    fields: { plate: [], ...known?.fields, ...given },
    confidenceMax: confidenceMax ?? known?.confidenceMax ?? 100,
    colors: { ...known?.colors, ...colors },
  };
}

export const jsonPushKind: CameraKind<JsonPushDevice> = {
  kind: 'json-push',
  tradeNames: ['其他推送 JSON 的', 'any that posts JSON', 'Plate Recognizer', 'Frigate'],
  schema: jsonPush,
  address: pictureAddress,
  create(config, ports): Camera {
    const mapping = mappingOf(config);
    return {
      ...createHttpCamera(config, ports),
      push: pushReceiver(config, ANSWERS, (body, contentType) => readMessage(body, mapping, contentType)),
    };
  },
};
