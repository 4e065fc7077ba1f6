/**
 * One picture of now over HTTP, from any camera that gives a JPEG at a URL. It opens no gate: it only ever sends GET to a picture's path.
 * devices.md 6.1, rules 30 and 31; reliability.md section 7 item 13.
 */
import { z } from 'zod';
import type { Camera, CameraKind, Clock } from '../../src/driver.ts';
import { asFault, type CameraClient, createCameraClient } from './client.ts';
import { cameraKeys, checkCamera } from './config.ts';
import { wholeJpeg } from './jpeg.ts';
import { readBody } from './stream.ts';

/** The path of a picture, by make (devices.md 6.1); `{channel}` counts from 1 as on the camera's own page. */
const PRESETS = {
  hikvision: '/ISAPI/Streaming/channels/{channel}01/picture',
  dahua: '/cgi-bin/snapshot.cgi?channel={channel}',
  axis: '/axis-cgi/jpg/image.cgi?camera={channel}',
  uniview: '/LAPI/V1.0/Channels/{channel0}/Media/Video/Streams/0/Snapshot',
} as const;

/** No caller waits longer than this for a picture. */
const SNAPSHOT_MS = 3_000;

/** `onvif-uri` and `custom`: the whole address of the picture stands in `url`. */
export const preset = z.enum(['hikvision', 'dahua', 'axis', 'uniview', 'onvif-uri', 'custom']);
const cameraDevice = z.strictObject({ preset, ...cameraKeys }).superRefine(checkCamera);

export type CameraDevice = z.infer<typeof cameraDevice>;

export const cameraHttpKind: CameraKind<CameraDevice> = {
  kind: 'camera-http',
  schema: cameraDevice,
  create: createHttpCamera,
};

/** Where the picture is. */
export function pictureUrl(config: Pick<CameraDevice, 'preset' | 'url' | 'channel'>): URL {
  if (config.preset === 'onvif-uri' || config.preset === 'custom') return new URL(config.url);
  const path = PRESETS[config.preset]
    .replace('{channel0}', `${config.channel - 1}`)
    .replace('{channel}', `${config.channel}`);
  return new URL(path, config.url);
}

/** `client`: of the same camera, when something else asks it as well. */
export function createHttpCamera(
  config: CameraDevice,
  { clock }: { readonly clock: Clock },
  client: CameraClient = createCameraClient(config, clock),
): Camera {
  const url = pictureUrl(config);
  return {
    ...(config.ring && { ring: config.ring }),
    async snapshot(signal) {
      const atMs = clock.nowMs();
      const ended = new AbortController();
      const stop = (): void => ended.abort();
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
      void clock.sleep(SNAPSHOT_MS, ended.signal).then(stop);
      try {
        const answer = await client.get(url, 'image/jpeg', ended.signal);
        return { bytes: wholeJpeg(await readBody(answer.body)), mediaType: 'image/jpeg', atMs };
      } catch (error) {
        throw asFault(error, url.host, ended.signal.aborted);
      } finally {
        stop();
      }
    },
  };
}
