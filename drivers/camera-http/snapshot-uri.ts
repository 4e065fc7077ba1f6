/**
 * The picture's address, asked of the camera over ONVIF: cached, and asked again when it stops working. Requests only go to the
 * configured camera, whatever address it gives itself. devices.md 6.1.
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

/** Timeout of all four questions. Longer than a picture's: that picture fails, the next finds the address. */
const DISCOVERY_MS = 10_000;
/** Some cameras describe dozens of profiles. */
const ANSWER_BYTES_MAX = 1_000_000;

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

  async function discover(closed: AbortSignal): Promise<URL> {
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    if (closed.aborted) stop();
    closed.addEventListener('abort', stop, { once: true, signal: ended.signal });
    void clock.sleep(DISCOVERY_MS, ended.signal).then(stop);
    try {
      return await askForUri(config, client, clock, ended.signal, elsewhere);
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
  const { user, password } = config;
  const device = new URL(config.url);
  if (device.pathname === '/') device.pathname = DEVICE_PATH;
  const ask = (url: URL, question: Question): Promise<string> => put(client, url, question, signal);

  let offsetMs = 0;
  // The camera's clock may be years off, and tokens go by it. Its answer dates from the middle of the exchange.
  async function learn(work: Promise<number | undefined>): Promise<void> {
    const beganMs = clock.wallMs();
    const cameraMs = await work;
    if (cameraMs !== undefined) offsetMs = cameraMs - (beganMs + clock.wallMs()) / 2;
  }
  const token = (): Token | undefined =>
    user === undefined || password === undefined
      ? undefined
      : { credentials: { user, password: password.reveal() }, cameraWallMs: clock.wallMs() + offsetMs };

  let isDenied = false;
  await learn(
    client.ask(device, askTime(), signal, ANSWER_BYTES_MAX).then((answer) => {
      isDenied = user !== undefined && (answer.status === 401 || isLoginFault(readFault(answer.body)));
      // The head of the refusal has the time as well, if only to the second.
      return isDenied ? answer.dateMs : readTime(understood(client, device, askTime(), answer));
    }),
  );
  if (isDenied) await learn(ask(device, askTime(token())).then(readTime));

  const media = servicePlace(readMedia(await ask(device, askMedia(token()))), device);
  const profile = readProfileToken(await ask(media, askProfiles(token())), config.channel);
  return ownPlace(readSnapshotUri(await ask(media, askSnapshotUri(profile, token()))), device, elsewhere);
}

async function put(client: CameraClient, url: URL, question: Question, signal: AbortSignal): Promise<string> {
  return understood(client, url, question, await client.ask(url, question, signal, ANSWER_BYTES_MAX));
}

const isLoginFault = (fault: string | undefined): boolean =>
  fault === 'NotAuthorized' || fault === 'FailedAuthentication' || fault === 'InvalidSecurity';

function understood(
  client: CameraClient,
  url: URL,
  question: Question,
  { status, body }: { readonly status: number; readonly body: string },
): string {
  const fault = readFault(body);
  // A wrong password or token is reported as a fault and counts as a bad login in the camera.
  if (fault !== undefined && isLoginFault(fault)) throw client.refusedLogin(url, fault);
  if (fault !== undefined) throw new LinkError('refused', `${url.host} answered ${fault} to ${name(question)}`);
  if (status === 404) throw new LinkError('notFound', `${url.host} has no ONVIF at ${url.pathname}`);
  if (status !== 200) throw new LinkError('refused', `${url.host} answered ${status} to ${name(question)}`);
  return body;
}

const name = ({ action }: Question): string => action.slice(action.lastIndexOf('/') + 1);

/** A camera often names itself by an address of another network: only its path counts, and its port where the address is ours. */
function servicePlace(address: string, device: URL): URL {
  const named = parsed(address);
  const place = new URL(named.pathname + named.search, device);
  if (named.hostname === device.hostname && named.protocol === device.protocol) place.port = named.port;
  return place;
}

/**
 * The picture's address on the configured camera, whatever address the camera gives itself: behind NAT it knows none of ours. Only its path
 * counts then, at the port that is configured. Nothing is ever sent to another host.
 */
async function ownPlace(address: string, device: URL, elsewhere: (host: string) => void): Promise<URL> {
  const named = parsed(address);
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

function parsed(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new ProtocolError('unexpected', 'the camera names an address other than HTTP');
  return url;
}
