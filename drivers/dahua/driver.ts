/**
 * Dahua cameras: pictures, plate reads from the event stream or from ITSAPI pushes, and its inputs. It knows the camera only. It sends
 * only GET of pictures, events and inputs. Its answer to a push acknowledges receipt and nothing else: with an allowed user or plate in
 * it, the camera would open its gate. devices.md 6.3, rule 9.
 */
import { z } from 'zod';
import { type Camera, type CameraKind, LinkError, ProtocolError, type PushAnswer } from '../../src/driver.ts';
import { createHttpCamera } from '../camera-http/camera.ts';
import { createCameraClient } from '../camera-http/client.ts';
import { cameraKeys, checkCamera, pushKeys } from '../camera-http/config.ts';
import { inputKeys } from '../camera-http/inputs.ts';
import { createPace } from '../camera-http/pace.ts';
import { pushReceiver } from '../camera-http/push.ts';
import { followParts, reportingParts } from '../camera-http/stream.ts';
import { createStreamReader, readDahuaPush } from './codec.ts';
import { dahuaInputs } from './inputs.ts';

/** Requests a heartbeat every five seconds. */
const STREAM_PATH =
  '/cgi-bin/snapManager.cgi?action=attachFileProc&channel={channel}&heartbeat=5&Flags[0]=Event&Events=[TrafficJunction]';
/** Without pictures; it has the events of all channels. */
const EVENTS_PATH = '/cgi-bin/eventManager.cgi?action=attach&codes=[TrafficJunction]&heartbeat=5';

const TAKEN: PushAnswer = { status: 200, mediaType: 'application/json', body: '{"Result":true}' };
const REFUSED: PushAnswer = { status: 400, mediaType: 'application/json', body: '{"Result":false}' };

const dahua = z
  .strictObject({
    ...cameraKeys,
    ...pushKeys,
    receive: z.enum(['stream', 'events', 'push']).default('push'),
    ...inputKeys,
  })
  .superRefine(checkCamera);

export const dahuaKind: CameraKind<z.infer<typeof dahua>> = {
  kind: 'dahua',
  tradeNames: ['大华', 'Dahua', 'CP Plus', 'Intelbras'],
  schema: dahua,
  create(config, ports): Camera {
    const { clock } = ports;
    const client = createCameraClient(config, clock);
    const pictures = createHttpCamera({ ...config, preset: 'dahua' }, { clock }, client);
    const url = new URL(STREAM_PATH.replace('{channel}', String(config.channel)), config.url);
    const picture = { ...pictures, inputs: dahuaInputs(config, client, ports) };
    if (config.receive === 'push') {
      // KeepAlive and DeviceInfo carry nothing for us, and may be empty.
      const push = pushReceiver(config, { taken: TAKEN, refused: REFUSED }, (body, contentType) =>
        body.length === 0 ? [] : readDahuaPush(contentType, body),
      );
      return { ...picture, push };
    }
    const pace = createPace(clock);
    return {
      ...picture,
      async events(report, signal, empty) {
        const follow = (from: URL, channel?: number): Promise<void> => {
          const read = createStreamReader(channel);
          return followParts(client, from, reportingParts(read, report, empty), pace, signal);
        };
        const eventsUrl = new URL(EVENTS_PATH, config.url);
        if (config.receive === 'events') return follow(eventsUrl, config.channel);
        try {
          return await follow(url);
        } catch (error) {
          // A camera without snapManager, or whose user may not take pictures of it, still tells its events.
          if (!isRefusal(error)) throw error;
          return follow(eventsUrl, config.channel);
        }
      },
    };
  },
};

function isRefusal(error: unknown): boolean {
  if (error instanceof ProtocolError) return error.code === 'unexpected';
  return error instanceof LinkError && ['refused', 'notFound', 'denied'].includes(error.code);
}
