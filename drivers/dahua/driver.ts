/**
 * Dahua cameras: pictures, plate reads from the event stream or from ITSAPI pushes, and its inputs. It knows the camera only. It sends
 * only GET of pictures, events and inputs. Its answer to a push acknowledges receipt and nothing else: with an allowed user or plate in
 * it, the camera would open its gate. devices.md 6.3, rule 9.
 */
import { z } from 'zod';
import type { Camera, CameraKind, PushAnswer } from '../../src/driver.ts';
import { createSenderCheck } from '../camera-http/address.ts';
import { createHttpCamera } from '../camera-http/camera.ts';
import { createCameraClient } from '../camera-http/client.ts';
import { cameraKeys, checkCamera, pushKeys } from '../camera-http/config.ts';
import { jsonOf } from '../camera-http/content.ts';
import { inputKeys } from '../camera-http/inputs.ts';
import { followParts } from '../camera-http/stream.ts';
import { createStreamReader, readTollgate } from './codec.ts';
import { dahuaInputs } from './inputs.ts';

/** Requests a heartbeat every five seconds. */
const STREAM_PATH =
  '/cgi-bin/snapManager.cgi?action=attachFileProc&channel={channel}&heartbeat=5&Flags[0]=Event&Events=[TrafficJunction]';
const PLATES_PATH = '/NotificationInfo/TollgateInfo';

const TAKEN: PushAnswer = { status: 200, mediaType: 'application/json', body: '{"Result":true}' };
const REFUSED: PushAnswer = { status: 400, mediaType: 'application/json', body: '{"Result":false}' };

const dahua = z
  .strictObject({ ...cameraKeys, ...pushKeys, receive: z.enum(['stream', 'push']).default('push'), ...inputKeys })
  .superRefine(checkCamera);

export const dahuaKind: CameraKind<z.infer<typeof dahua>> = {
  kind: 'dahua',
  tradeNames: ['大华', 'Dahua', 'CP Plus', 'Intelbras'],
  schema: dahua,
  create(config, ports): Camera {
    const { clock } = ports;
    const client = createCameraClient(config, clock);
    const { snapshot, ring } = createHttpCamera({ ...config, preset: 'dahua' }, { clock }, client);
    const url = new URL(STREAM_PATH.replace('{channel}', String(config.channel)), config.url);
    const picture = { snapshot, inputs: dahuaInputs(config, client, ports), ...(ring && { ring }) };
    if (config.receive === 'push') {
      return {
        ...picture,
        push: {
          accepts: createSenderCheck(url.hostname, config.pushFrom),
          refused: REFUSED,
          take({ path, body }) {
            if (path.startsWith(PLATES_PATH) || path === '/') return { events: readTollgate(body), answer: TAKEN };
            // KeepAlive and DeviceInfo carry nothing for us, and may be empty.
            if (body.length > 0) jsonOf(body);
            return { events: [], answer: TAKEN };
          },
        },
      };
    }
    return {
      ...picture,
      events(report, signal) {
        const read = createStreamReader();
        return followParts(client, url, (part) => read(part).forEach(report), signal);
      },
    };
  },
};
