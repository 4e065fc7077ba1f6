/**
 * Vzenith cameras: pictures over TCP 8131, and plate reads from there, from the camera's HTTP pushes or from a broker. It knows the
 * camera only. Every
 * answer to a push is the one that opens no gate, byte for byte (devices.md 6.4, rule 9); the heartbeat's body, which contains the
 * camera's password, is never read. Over TCP it only subscribes, requests pictures and reads inputs; over HTTP it gets pictures that a
 * push has named.
 */
import { z } from 'zod';
import {
  type Camera,
  type CameraEvent,
  type CameraKind,
  type Clock,
  LinkError,
  type PushAnswer,
} from '../../src/driver.ts';
import { fetchPicture } from '../camera-http/camera.ts';
import { createCameraClient } from '../camera-http/client.ts';
import { cameraKeys, checkCamera, pushKeys } from '../camera-http/config.ts';
import { inputKeys } from '../camera-http/inputs.ts';
import { createPace, type Pace } from '../camera-http/pace.ts';
import { pushReceiver } from '../camera-http/push.ts';
import { createBrokerCamera } from './broker.ts';
import { encodeRequest, readPacket, readSnapshot, readVzenithPush } from './codec.ts';
import { openVzenithSocket } from './connection.ts';
import { vzenithInputs } from './inputs.ts';

/** Timeout of one picture. */
const SNAPSHOT_MS = 3_000;
/** After this silence the camera is queried; silence again means that it is gone. */
const SILENCE_MS = 20_000;

/** With `info: ok` the camera would open; without this object some firmwares repeat the same plate for ever. */
const SAFE: PushAnswer = {
  status: 200,
  mediaType: 'application/json',
  body: '{"Response_AlarmInfoPlate":{"info":"no","content":"retransfer_stop","is_pay":"false","serialData":[]}}',
};

/** `+` is one level; all below (`#`) would be everything a broker has. */
const TOPIC = /^(?:[^$+#/\p{Cc}][^+#/\p{Cc}]*|\+)(?:\/(?:[^+#/\p{Cc}]*|\+))*$/u;

const { url, allowPublic, ring } = cameraKeys;
const vzenith = z
  .strictObject({
    url,
    allowPublic,
    ring,
    ...pushKeys,
    /** Port of the camera's own protocol. */
    port: z.int().min(1).max(65_535).default(8131),
    receive: z.enum(['stream', 'push', 'mqtt']).default('push'),
    /** Serial number, under which it publishes with `receive: mqtt`. */
    sn: z
      .string()
      .regex(/^[\w-]{1,64}$/)
      .optional(),
    /** Topics entered in the camera in place of the maker's. */
    topics: z.array(z.string().regex(TOPIC).max(200)).min(1).max(8).optional(),
    ...inputKeys,
  })
  .superRefine(checkCamera)
  .superRefine(checkSerial);

type VzenithDevice = z.infer<typeof vzenith>;

export const vzenithKind: CameraKind<VzenithDevice> = {
  kind: 'vzenith',
  tradeNames: ['臻识', 'VZenith', 'Alphadigi'],
  schema: vzenith,
  create(config, ports): Camera {
    const { clock } = ports;
    const host = new URL(config.url).hostname;
    const client = createCameraClient({ ...config, allowBasic: false }, clock);
    const target = { host, port: config.port, allowPublic: config.allowPublic };
    const picture = {
      ...(config.ring && { ring: config.ring }),
      snapshot: (signal: AbortSignal) => snapshot(target, clock, signal),
      pictureAt: async (path: string, signal: AbortSignal) =>
        (await fetchPicture(client, new URL(path, config.url), clock, signal)).bytes,
    };
    const { receive, sn = '', topics, inputsMs } = config;
    if (receive === 'mqtt') return { ...picture, ...createBrokerCamera({ sn, topics, inputsMs }, clock) };
    const pace = createPace(clock);
    return {
      ...picture,
      inputs: vzenithInputs(target, inputsMs, ports),
      ...(receive === 'stream'
        ? { events: (report, signal, empty) => follow(target, clock, { report, empty, pace }, signal) }
        : { push: pushReceiver(config, { taken: SAFE }, readPush) }),
    };
  },
};

function readPush(body: Uint8Array, contentType: string): readonly CameraEvent[] {
  const isForm = /^(multipart\/|application\/x-www-form-urlencoded)/i.test(contentType);
  // Some firmwares call their JSON a form.
  const isHeartbeat = isForm && body[0] !== 0x7b;
  return isHeartbeat || body.length === 0 ? [] : readVzenithPush(body);
}

function checkSerial(
  { receive, sn }: { readonly receive: string; readonly sn?: string | undefined },
  context: z.core.$RefinementCtx,
): void {
  if (receive !== 'mqtt' || sn !== undefined) return;
  const complaint = {
    message: { zh: '写了 receive: mqtt，但没有写 sn', en: 'there is receive: mqtt and no sn' },
    hint: {
      zh: '写相机的序列号（相机网页和标签上都有），例如 sn: 320dc55b-d6d6c442',
      en: 'give the serial number of the camera, which is on its page and its label: sn: 320dc55b-d6d6c442',
    },
  };
  context.addIssue({
    code: 'custom',
    path: ['sn'],
    message: complaint.message.en,
    params: { complaint },
    input: undefined,
  });
}

type Target = Parameters<typeof openVzenithSocket>[0];

async function snapshot(target: Target, clock: Clock, signal: AbortSignal): ReturnType<Camera['snapshot']> {
  const atMs = clock.nowMs();
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
  void clock.sleep(SNAPSHOT_MS, ended.signal).then(stop);
  const late = new LinkError('timeout', `${target.host}: no picture in time`);
  try {
    const socket = await openVzenithSocket(target, clock, ended.signal);
    socket.send(encodeRequest({ cmd: 'get_snapshot', id: 'lanewarden' }));
    for (;;) {
      const packet = await socket.next(SNAPSHOT_MS);
      if (packet === undefined) throw late;
      const bytes = readSnapshot(packet);
      if (bytes !== undefined) return { bytes, mediaType: 'image/jpeg', atMs };
    }
  } catch (error) {
    throw ended.signal.aborted ? late : error;
  } finally {
    stop();
  }
}

interface Told {
  readonly report: Parameters<NonNullable<Camera['events']>>[0];
  readonly empty: (() => void) | undefined;
  readonly pace: Pace;
}

async function follow(target: Target, clock: Clock, { report, empty, pace }: Told, signal: AbortSignal): Promise<void> {
  try {
    const socket = await openVzenithSocket(target, clock, signal);
    try {
      socket.send(encodeRequest({ cmd: 'ivsresult', enable: true, format: 'json', image: true, image_type: 0 }));
      for (let silent = 0; silent < 2; ) {
        const packet = await socket.next(SILENCE_MS);
        if (packet !== undefined) await pace(signal);
        if (signal.aborted) return;
        silent = packet === undefined ? silent + 1 : 0;
        const events = packet && readPacket(packet);
        events?.forEach(report);
        if (events?.length === 0) empty?.();
        if (events === undefined) socket.send(encodeRequest({ cmd: 'get_gpio_value', gpio: 0 }));
      }
      throw new LinkError('timeout', `${target.host} went silent`);
    } finally {
      socket.close();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
