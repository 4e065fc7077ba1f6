/**
 * The address of a camera's picture, asked of the camera itself over ONVIF: asked for once and kept, asked for again when it leads nowhere
 * any more. It goes nowhere but to the configured camera, whatever address that names. devices.md 6.1.
 */
import { type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import { createSenderCheck } from './address.ts';
import { asFault, type CameraAddress, type CameraClient } from './client.ts';
import {
  askMedia,
  askProfiles,
  askSnapshotUri,
  askTime,
  DEVICE_PATH,
  type Question,
  readFault,
  readMedia,
  readProfileToken,
  readSnapshotUri,
  readTime,
  type Token,
} from './onvif.ts';

/** All four questions together. Longer than a picture may take: who waited for that finds the address at the next one. */
const DISCOVERY_MS = 10_000;
/** Some cameras describe dozens of profiles. */
const ANSWER_BYTES_MAX = 1_000_000;

export interface SnapshotUri {
  /** `signal` ends the waiting; `closed` also the asking. Throws LinkError or ProtocolError. */
  find(signal: AbortSignal, closed: AbortSignal): Promise<URL>;
  /** The address led nowhere. Returns whether it was an old one, so that asking again may help. */
  forget(url: URL): boolean;
}

export function createSnapshotUri(
  config: CameraAddress & { readonly channel: number },
  client: CameraClient,
  clock: Clock,
): SnapshotUri {
  let known: { readonly url: URL; isOld: boolean } | undefined;
  let asking: Promise<URL> | undefined;

  async function discover(closed: AbortSignal): Promise<URL> {
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    if (closed.aborted) stop();
    closed.addEventListener('abort', stop, { once: true, signal: ended.signal });
    void clock.sleep(DISCOVERY_MS, ended.signal).then(stop);
    try {
      return await askForUri(config, client, clock, ended.signal);
    } catch (error) {
      throw asFault(error, new URL(config.url).host, ended.signal.aborted);
    } finally {
      stop();
    }
  }

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
      // Nobody may be waiting any more when it fails.
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
): Promise<URL> {
  const { user, password } = config;
  const device = new URL(config.url);
  if (device.pathname === '/') device.pathname = DEVICE_PATH;
  const ask = (url: URL, question: Question): Promise<string> => put(client, url, question, signal);

  const beganMs = clock.wallMs();
  const toldMs = readTime(await ask(device, askTime()));
  // The camera may be years off; what it calls now is what counts. Its answer is of somewhere between question and answer.
  const offsetMs = toldMs === undefined ? 0 : toldMs - (beganMs + clock.wallMs()) / 2;
  const token = (): Token | undefined =>
    user === undefined || password === undefined
      ? undefined
      : { credentials: { user, password: password.reveal() }, cameraWallMs: clock.wallMs() + offsetMs };

  const media = servicePlace(readMedia(await ask(device, askMedia(token()))), device);
  const profile = readProfileToken(await ask(media, askProfiles(token())), config.channel);
  return ownPlace(readSnapshotUri(await ask(media, askSnapshotUri(profile, token()))), device);
}

async function put(client: CameraClient, url: URL, question: Question, signal: AbortSignal): Promise<string> {
  const { status, body } = await client.ask(url, question, signal, ANSWER_BYTES_MAX);
  const fault = readFault(body);
  // A wrong password or token is told in a fault, and counts in the camera as any other bad login.
  if (fault === 'NotAuthorized' || fault === 'FailedAuthentication' || fault === 'InvalidSecurity')
    throw client.refusedLogin(url, fault);
  if (fault !== undefined) throw new LinkError('refused', `${url.host} answered ${fault} to ${name(question)}`);
  if (status === 404) throw new LinkError('notFound', `${url.host} has no ONVIF at ${url.pathname}`);
  if (status !== 200) throw new LinkError('refused', `${url.host} answered ${status} to ${name(question)}`);
  return body;
}

const name = ({ action }: Question): string => action.slice(action.lastIndexOf('/') + 1);

/** A camera often calls itself by an address of another network: what counts is the path; the port, where the address is ours. */
function servicePlace(address: string, device: URL): URL {
  const told = parsed(address);
  const place = new URL(told.pathname + told.search, device);
  if (told.hostname === device.hostname && told.protocol === device.protocol) place.port = told.port;
  return place;
}

/** The picture must be with the camera itself: `address` is what a device on the network says. Throws ProtocolError `unexpected`. */
async function ownPlace(address: string, device: URL): Promise<URL> {
  const told = parsed(address);
  const isOwn = told.hostname === device.hostname || (await createSenderCheck(device.hostname, [])(told.hostname));
  if (!isOwn)
    throw new ProtocolError(
      'unexpected',
      `${device.host} says that its picture is at ${told.hostname}, which is elsewhere`,
    );
  told.hostname = device.hostname;
  // We have a user and password of our own, and show addresses.
  told.username = '';
  told.password = '';
  told.hash = '';
  return told;
}

function parsed(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new ProtocolError('unexpected', 'the camera names an address that is none of HTTP');
  return url;
}
