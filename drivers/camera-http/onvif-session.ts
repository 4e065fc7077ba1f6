/**
 * A session with a camera over ONVIF: its clock, by which its logins go, and its answers understood. Requests only go to the configured camera,
 * whatever address it gives itself. devices.md 6.1.
 */
import { type Clock, LinkError, ProtocolError } from '../../src/driver.ts';
import type { CameraAddress, CameraClient } from './client.ts';
import { askTime, DEVICE_PATH, type Question, readFault, readTime, type Token } from './onvif.ts';

/** Some cameras describe dozens of profiles. */
const ANSWER_BYTES_MAX = 1_000_000;

export interface OnvifSession {
  /** The device service. */
  readonly device: URL;
  /** For one request; undefined without user and password. */
  token(): Token | undefined;
  /** `until`: in place of the signal of the session. Throws LinkError or ProtocolError, `denied` for a refused login. */
  ask(url: URL, question: Question, until?: AbortSignal): Promise<string>;
}

export async function openOnvif(
  config: CameraAddress,
  client: CameraClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<OnvifSession> {
  const { user, password } = config;
  const device = new URL(config.url);
  if (device.pathname === '/') device.pathname = DEVICE_PATH;
  const ask = (url: URL, question: Question, until = signal): Promise<string> => put(client, url, question, until);

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
  return { device, token, ask };
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
export function servicePlace(address: string, device: URL): URL {
  const named = namedUrl(address);
  const place = new URL(named.pathname + named.search, device);
  if (named.hostname === device.hostname && named.protocol === device.protocol) place.port = named.port;
  return place;
}

/** Throws ProtocolError `unexpected` for anything but HTTP. */
export function namedUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new ProtocolError('unexpected', 'the camera names an address other than HTTP');
  return url;
}
