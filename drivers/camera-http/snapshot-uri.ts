/**
 * The picture's address, asked of the camera over ONVIF: cached, and asked again when it stops working. Requests only go to the
 * configured camera, whatever address it gives itself. devices.md 6.1.
 */
import { type Clock, LinkError } from '../../src/driver.ts';
import { createSenderCheck } from './address.ts';
import { type CameraAddress, type CameraClient, inTime } from './client.ts';
import { askMedia, askProfiles, askSnapshotUri, readMedia, readProfileToken, readSnapshotUri } from './onvif.ts';
import { namedUrl, openOnvif, servicePlace } from './onvif-session.ts';

/** Timeout of all four questions. Longer than a picture's: that picture fails, the next finds the address. */
const DISCOVERY_MS = 10_000;

export interface SnapshotUri {
  /** `signal` ends the wait; `closed` also ends the requests. Throws LinkError or ProtocolError. */
  find(signal: AbortSignal, closed: AbortSignal): Promise<URL>;
  /** Discards an address that failed. Returns whether it was cached, so that asking again may help. */
  forget(url: URL): boolean;
}

export function createSnapshotUri(
  config: CameraAddress & { readonly channel: number },
  client: CameraClient,
  clock: Clock,
  elsewhere: (host: string) => void = () => {},
): SnapshotUri {
  let known: { readonly url: URL; isOld: boolean } | undefined;
  let asking: Promise<URL> | undefined;

  const discover = (closed: AbortSignal): Promise<URL> =>
    inTime(new URL(config.url).host, DISCOVERY_MS, clock, closed, (ended) =>
      askForUri(config, client, clock, ended, elsewhere),
    );

  return {
    async find(signal, closed) {
      if (known !== undefined) {
        known.isOld = true;
        return known.url;
      }
      asking ??= discover(closed)
        .then((url) => {
          known = { url, isOld: false };
          return url;
        })
        .finally(() => {
          asking = undefined;
        });
      // The caller may have stopped waiting when it fails.
      asking.catch(() => undefined);
      return untilAborted(asking, signal);
    },
    forget(url) {
      const isOld = known?.url === url && known.isOld;
      if (known?.url === url) known = undefined;
      return isOld;
    },
  };
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void =>
      reject(new LinkError('timeout', 'the camera has not named the address of its picture in time'));
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

async function askForUri(
  config: CameraAddress & { readonly channel: number },
  client: CameraClient,
  clock: Clock,
  signal: AbortSignal,
  elsewhere: (host: string) => void,
): Promise<URL> {
  const { device, ask, token } = await openOnvif(config, client, clock, signal);
  const media = servicePlace(readMedia(await ask(device, askMedia(token()))), device);
  const profile = readProfileToken(await ask(media, askProfiles(token())), config.channel);
  return ownPlace(readSnapshotUri(await ask(media, askSnapshotUri(profile, token()))), device, elsewhere);
}

/**
 * The picture's address on the configured camera, whatever address the camera gives itself: behind NAT it knows none of ours. Only its path
 * counts then, at the port that is configured. Nothing is ever sent to another host.
 */
async function ownPlace(address: string, device: URL, elsewhere: (host: string) => void): Promise<URL> {
  const named = namedUrl(address);
  const isOwn = named.hostname === device.hostname || (await createSenderCheck(device.hostname, [])(named.hostname));
  if (!isOwn) {
    elsewhere(named.hostname);
    return new URL(named.pathname + named.search, device);
  }
  named.hostname = device.hostname;
  // We have our own credentials, and addresses are displayed.
  named.username = '';
  named.password = '';
  named.hash = '';
  return named;
}
