/**
 * Cameras that report plates by ONVIF events: from a pull point that this box asks, or by `wsnt:Notify` where something else has subscribed this
 * box; pictures by ONVIF. It sends the questions of `camera-http/onvif.ts` only: none changes a setting, and a pull point ends by itself. Its answer
 * to a push is empty.
 */
import { z } from 'zod';
import type { Camera, CameraEvent, CameraKind, Clock } from '../../src/driver.ts';
import { createHttpCamera } from '../camera-http/camera.ts';
import { asFault, type CameraClient, createCameraClient } from '../camera-http/client.ts';
import { cameraKeys, checkCamera, pushKeys } from '../camera-http/config.ts';
import {
  askEnd,
  askEvents,
  askMessages,
  askPullPoint,
  askRenewal,
  type PullPoint,
  readEventService,
  readPullPoint,
} from '../camera-http/onvif.ts';
import { type OnvifSession, openOnvif, servicePlace } from '../camera-http/onvif-session.ts';
import { createPace, type Pace } from '../camera-http/pace.ts';
import { pushReceiver } from '../camera-http/push.ts';
import { readOnvifMessages } from './codec.ts';

/** A pull point that nobody renews ends: cameras have few, and this box may lose its power. */
const LASTS_S = 120;
const RENEW_MS = 40_000;
/** Longest wait of the camera for a message; an answer has to begin within 10 s. */
const WAITS_S = 5;
const MESSAGES = 30;
/** Some cameras answer at once when they have nothing. */
const PAUSE_MS = 200;
/** For taking leave at the end. */
const END_MS = 1_000;

const onvif = z
  .strictObject({ ...cameraKeys, ...pushKeys, receive: z.enum(['stream', 'push']).default('push') })
  .superRefine(checkCamera);

type OnvifDevice = z.infer<typeof onvif>;

export const onvifKind: CameraKind<OnvifDevice> = {
  kind: 'onvif',
  tradeNames: ['ONVIF 车牌事件', 'ONVIF plate events'],
  schema: onvif,
  create(config, ports): Camera {
    const { clock } = ports;
    const client = createCameraClient(config, clock);
    const pictures = createHttpCamera({ ...config, preset: 'onvif' }, ports, client);
    const nothing = { mediaType: 'application/soap+xml', body: '' };
    const answers = { taken: { status: 200, ...nothing }, refused: { status: 400, ...nothing } };
    if (config.receive === 'push') return { ...pictures, push: pushReceiver(config, answers, readOnvifMessages) };
    const pace = createPace(clock);
    return {
      ...pictures,
      events: (report, signal, empty = () => {}) => pull(config, client, clock, signal, { report, empty, pace }),
    };
  },
};

interface Told {
  readonly report: (event: CameraEvent) => void;
  readonly empty: () => void;
  readonly pace: Pace;
}

/** A pull point as the camera names it, and where it is reached. */
interface ReachedPoint {
  readonly point: PullPoint;
  readonly at: URL;
}

/** Until `signal` aborts. Throws LinkError or ProtocolError. */
async function pull(
  config: OnvifDevice,
  client: CameraClient,
  clock: Clock,
  signal: AbortSignal,
  told: Told,
): Promise<void> {
  try {
    const session = await openOnvif(config, client, clock, signal);
    const reached = await subscribe(session);
    try {
      await follow(session, reached, clock, signal, told);
    } finally {
      await leave(session, reached, clock);
    }
  } catch (error) {
    if (!signal.aborted) throw asFault(error, new URL(config.url).host);
  }
}

async function subscribe({ device, ask, token }: OnvifSession): Promise<ReachedPoint> {
  const service = servicePlace(readEventService(await ask(device, askEvents(token()))), device);
  const point = readPullPoint(await ask(service, askPullPoint(LASTS_S, token())));
  return { point, at: servicePlace(point.address, device) };
}

async function follow(
  { ask, token }: OnvifSession,
  { point, at }: ReachedPoint,
  clock: Clock,
  signal: AbortSignal,
  { report, empty, pace }: Told,
): Promise<void> {
  let renewedMs = clock.nowMs();
  while (!signal.aborted) {
    if (clock.nowMs() - renewedMs >= RENEW_MS) {
      await ask(at, askRenewal(point, LASTS_S, token()));
      renewedMs = clock.nowMs();
    }
    const answer = await ask(at, askMessages(point, WAITS_S, MESSAGES, token()));
    const events = readOnvifMessages(Buffer.from(answer));
    for (const event of events) {
      await pace(signal);
      if (signal.aborted) return;
      report(event);
    }
    if (events.length === 0 && answer.includes('NotificationMessage')) empty();
    await clock.sleep(PAUSE_MS, signal);
  }
}

/** A camera that does not hear it lets the pull point end by itself. */
async function leave({ ask, token }: OnvifSession, { point, at }: ReachedPoint, clock: Clock): Promise<void> {
  const late = new AbortController();
  const done = new AbortController();
  void clock.sleep(END_MS, done.signal).then(() => late.abort());
  await ask(at, askEnd(point, token()), late.signal).catch(() => undefined);
  done.abort();
}
