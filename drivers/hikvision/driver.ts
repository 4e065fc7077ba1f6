/**
 * Hikvision cameras: pictures, plate reads from the alert stream or from the camera's own pushes, and its inputs. It knows the camera
 * only. It sends only GET, and its answers to pushes are empty: no barrier command exists here. devices.md 6.2.
 */
import { z } from 'zod';
import type { Camera, CameraKind } from '../../src/driver.ts';
import { createHttpCamera } from '../camera-http/camera.ts';
import { createCameraClient } from '../camera-http/client.ts';
import { cameraKeys, checkCamera, pushKeys } from '../camera-http/config.ts';
import { inputKeys } from '../camera-http/inputs.ts';
import { createPace } from '../camera-http/pace.ts';
import { pushReceiver } from '../camera-http/push.ts';
import { followParts, reportingParts } from '../camera-http/stream.ts';
import { createAlertReader, readHikvisionPush } from './codec.ts';
import { hikvisionInputs } from './inputs.ts';

const STREAM_PATH = '/ISAPI/Event/notification/alertStream';

const hikvision = z
  .strictObject({
    ...cameraKeys,
    /** Not written: 1, and pushes of any. */
    channel: cameraKeys.channel.unwrap().optional(),
    ...pushKeys,
    receive: z.enum(['stream', 'push']).default('push'),
    ...inputKeys,
  })
  .superRefine(checkCamera);

export const hikvisionKind: CameraKind<z.infer<typeof hikvision>> = {
  kind: 'hikvision',
  tradeNames: ['海康威视', '海康', 'Hikvision'],
  schema: hikvision,
  create(written, ports): Camera {
    const { clock } = ports;
    const config = { ...written, channel: cameraKeys.channel.parse(written.channel) };
    const client = createCameraClient(config, clock);
    const pictures = createHttpCamera({ ...config, preset: 'hikvision' }, { clock }, client);
    const url = new URL(STREAM_PATH, config.url);
    const inputs = hikvisionInputs(config, client, ports);
    const picture = { ...pictures, inputs };
    if (config.receive === 'push') {
      let first: number | undefined;
      /** Where no channel is configured: reads of two are probably of two lanes. */
      const onChannel = (channel: number): void => {
        first ??= channel;
        if (written.channel === undefined && channel !== first) ports.secondChannel?.(channel);
      };
      const nothing = { mediaType: 'text/plain', body: '' };
      const answers = { taken: { status: 200, ...nothing }, refused: { status: 400, ...nothing } };
      const push = pushReceiver(config, answers, (body, contentType) =>
        readHikvisionPush(contentType, body, written.channel, onChannel),
      );
      return { ...picture, push };
    }
    const pace = createPace(clock);
    return {
      ...picture,
      events(report, signal, empty) {
        const read = createAlertReader(config.channel);
        return followParts(client, url, reportingParts(read, report, empty), pace, signal);
      },
    };
  },
};
