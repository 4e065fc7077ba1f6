/**
 * A current picture over HTTP, from any camera that serves a JPEG at a URL. It opens no gate: it only sends GET to a picture's path, and
 * with `onvif` the questions that lead there. devices.md 6.1, rules 30 and 31; reliability.md section 7 item 13.
 */
import { z } from 'zod';
import {
  type Camera,
  type CameraKind,
  type CameraPorts,
  type Clock,
  type Frame,
  LinkError,
  type PictureAddress,
  ProtocolError,
} from '../../src/driver.ts';
import { digestOf, hasForm, sentAs } from './address-forms.ts';
import { asFault, type CameraClient, createCameraClient, inTime } from './client.ts';
import { cameraKeys, checkCamera, confirmedKeys } from './config.ts';
import { wholeJpeg } from './jpeg.ts';
import { createSnapshotUri } from './snapshot-uri.ts';
import { readBody } from './stream.ts';

/** Picture path by make (devices.md 6.1); `{channel}` counts from 1 as on the camera's own page. */
const PRESETS = {
  hikvision: '/ISAPI/Streaming/channels/{channel}01/picture',
  dahua: '/cgi-bin/snapshot.cgi?channel={channel}',
  axis: '/axis-cgi/jpg/image.cgi?camera={channel}',
  uniview: '/LAPI/V1.0/Channels/{channel0}/Media/Video/Streams/0/Snapshot',
} as const;

/** Timeout of one picture. */
const SNAPSHOT_MS = 3_000;

/** `onvif`: the camera names the picture's address. `onvif-uri` and `custom`: the whole address is in `url`. */
export const preset = z.enum(['hikvision', 'dahua', 'axis', 'uniview', 'onvif', 'onvif-uri', 'custom']);
const cameraDevice = z.strictObject({ preset, ...cameraKeys, ...confirmedKeys }).superRefine(checkCamera);

export type CameraDevice = z.infer<typeof cameraDevice>;

export const cameraHttpKind: CameraKind<CameraDevice> = {
  kind: 'camera-http',
  tradeNames: ['安讯士', 'Axis', '宇视', 'Uniview', 'ONVIF'],
  schema: cameraDevice,
  create: createHttpCamera,
  address: pictureAddress,
};

/** The configured picture address, and whether it may be requested. */
export function pictureAddress(
  config: Pick<CameraDevice, 'preset' | 'url' | 'channel' | 'confirmed'>,
): PictureAddress | undefined {
  const url = cameraPictureUrl(config);
  if (url === undefined) return undefined;
  const sent = sentAs(url);
  const sha256 = digestOf(sent);
  const confirmed = config.confirmed?.sha256 === sha256;
  return { sent, sha256, state: hasForm('GET', sent) ? 'known' : confirmed ? 'confirmed' : 'unconfirmed' };
}

/** The picture's address; undefined when only the camera knows it. */
export function cameraPictureUrl(config: Pick<CameraDevice, 'preset' | 'url' | 'channel'>): URL | undefined {
  if (config.preset === 'onvif') return undefined;
  if (config.preset === 'onvif-uri' || config.preset === 'custom') return new URL(config.url);
  const path = PRESETS[config.preset]
    .replace('{channel0}', `${config.channel - 1}`)
    .replace('{channel}', `${config.channel}`);
  return new URL(path, config.url);
}

/** `client`: shared with the other requests to the same camera. */
export function createHttpCamera(
  config: CameraDevice,
  { clock, namedElsewhere }: Pick<CameraPorts, 'clock' | 'namedElsewhere'>,
  client: CameraClient = createCameraClient(config, clock),
): Camera {
  const { host } = new URL(config.url);
  const fixed = cameraPictureUrl(config);
  const uri = createSnapshotUri(config, client, clock, namedElsewhere);

  async function fetchDiscovered(signal: AbortSignal, closed: AbortSignal, room?: Uint8Array): Promise<Frame> {
    const url = await uri.find(signal, closed);
    try {
      return await fetchFrom(client, url, clock, signal, room);
    } catch (error) {
      // A camera that answers without a picture may have moved it.
      if (!isAnswer(error) || !uri.forget(url)) throw error;
      return fetchFrom(client, await uri.find(signal, closed), clock, signal, room);
    }
  }

  return {
    ...(config.ring && { ring: config.ring }),
    tryNow: () => client.tryNow(),
    snapshot: (signal, room) =>
      inTime(host, SNAPSHOT_MS, clock, signal, (ended) =>
        fixed === undefined ? fetchDiscovered(ended, signal, room) : fetchFrom(client, fixed, clock, ended, room),
      ),
  };
}

/** Fetches a picture of this camera from another of its addresses. Throws LinkError or ProtocolError; ends at once when `signal` aborts. */
export function fetchPicture(client: CameraClient, url: URL, clock: Clock, signal: AbortSignal): Promise<Frame> {
  return inTime(url.host, SNAPSHOT_MS, clock, signal, (ended) => fetchFrom(client, url, clock, ended));
}

async function fetchFrom(
  client: CameraClient,
  url: URL,
  clock: Clock,
  signal: AbortSignal,
  room?: Uint8Array,
): Promise<Frame> {
  const atMs = clock.nowMs();
  try {
    const answer = await client.get(url, 'image/jpeg', signal);
    return { bytes: wholeJpeg(await readBody(answer.body, room)), mediaType: 'image/jpeg', atMs };
  } catch (error) {
    throw asFault(error, url.host, signal.aborted);
  }
}

function isAnswer(error: unknown): boolean {
  return error instanceof ProtocolError || (error instanceof LinkError && ['notFound', 'refused'].includes(error.code));
}
