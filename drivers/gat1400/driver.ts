/**
 * Cameras and recorders that report vehicles to a GA/T 1400 view library (公安视图库): plate reads with pictures, without a maker's SDK. It is
 * the receiving end: registration, keep-alive and vehicles are acknowledged, the time is told, and no answer knows a command. Who sends is
 * known by address, as with all pushes; behind an address that several share, by the number of the device; and by a digest login where
 * one is configured.
 */
import { z } from 'zod';
import type { Camera, CameraKind, PushAnswer } from '../../src/driver.ts';
import { createSenderCheck } from '../camera-http/address.ts';
import { createHttpCamera, pictureAddress, preset } from '../camera-http/camera.ts';
import { cameraKeys, checkCamera, confirmedKeys, pushKeys } from '../camera-http/config.ts';
import { devicesOf, localTime, readVehicles } from './codec.ts';
import { isAt, Registration } from './registration.ts';

const json = (status: number, body: object): PushAnswer => ({
  status,
  mediaType: 'application/VIID+JSON',
  body: JSON.stringify(body),
});
const statusOf = (RequestURL: string) => ({ RequestURL, StatusCode: 0, StatusString: 'OK' });

const SYSTEM = ['/VIID/System/Register', '/VIID/System/UnRegister', '/VIID/System/Keepalive'];
const TIME = '/VIID/System/Time';
const DONE = new Map(SYSTEM.map((path) => [path, json(200, { ResponseStatusObject: statusOf(path) })]));
/** Of lists, whatever they list. */
const TAKEN = json(200, {
  ResponseStatusListObject: { ResponseStatusObject: [statusOf('/VIID/MotorVehicles')] },
});
/** 4: the message is not valid. */
const REFUSED = json(400, { ResponseStatusObject: { StatusCode: 4, StatusString: 'Invalid' } });
const UNREGISTERED = json(401, { ResponseStatusObject: { StatusCode: 4, StatusString: 'Unauthorized' } });
/** We have no number of our own; the field must be there. */
const NO_NUMBER = '0'.repeat(20);

const gat1400 = z
  .strictObject({
    preset: preset.default('onvif'),
    ...cameraKeys,
    ...confirmedKeys,
    ...pushKeys,
    /** Its number in the view library, where several send from one address. */
    deviceId: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
    /** What is entered in the camera as user and password of the platform. */
    register: z.strictObject({ user: z.string().min(1).max(64), password: cameraKeys.password.unwrap() }).optional(),
  })
  .superRefine(checkCamera);

export const gat1400Kind: CameraKind<z.infer<typeof gat1400>> = {
  kind: 'gat1400',
  tradeNames: ['公安视图库', 'GA/T 1400', '1400'],
  schema: gat1400,
  address: pictureAddress,
  create(config, ports): Camera {
    const { clock } = ports;
    const registration = new Registration(config.register, clock);
    return {
      ...createHttpCamera(config, ports),
      push: {
        root: '/VIID',
        asks: [TIME],
        accepts: createSenderCheck(new URL(config.url).hostname, config.pushFrom),
        refused: REFUSED,
        isOf: (request) => (config.deviceId === undefined ? undefined : devicesOf(request).includes(config.deviceId)),
        take(request) {
          if (isAt(request, 'Time')) {
            const LocalTime = localTime(clock.wallMs());
            return {
              events: [],
              answer: json(200, { SystemTimeObject: { VIIDServerID: NO_NUMBER, TimeMode: '1', LocalTime } }),
            };
          }
          if (!registration.isDone(request)) {
            const answer = { ...UNREGISTERED, challenge: registration.challenge };
            // Every registration begins without a login.
            const isFirst = isAt(request, 'Register') && request.headers.authorization === undefined;
            return { events: [], answer, ...(!isFirst && { denied: true as const }) };
          }
          if (isAt(request, 'UnRegister')) registration.forget();
          const path = SYSTEM.find((each) => isAt(request, each.slice('/VIID/System/'.length))) ?? '';
          return { events: readVehicles(request, config.deviceId), answer: DONE.get(path) ?? TAKEN };
        },
      },
    };
  },
};
