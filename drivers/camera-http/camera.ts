/**
 * One picture of now over HTTP, from any camera that gives a JPEG at a URL. It opens no gate: it only ever sends GET to a picture's path.
 * devices.md 6.1, rules 30 and 31; reliability.md section 7 item 13.
 */
import { randomBytes } from 'node:crypto';
import { Agent, type Dispatcher, request } from 'undici';
import { z } from 'zod';
import { type Camera, type CameraKind, type Clock, type Frame, LinkError, ProtocolError } from '../../src/driver.ts';
import { authorization, type Challenge, chooseChallenge, parseChallenges } from './digest.ts';

/** The path of a picture, by make (devices.md 6.1); `{channel}` counts from 1 as on the camera's own page. */
const PRESETS = {
  hikvision: '/ISAPI/Streaming/channels/{channel}01/picture',
  dahua: '/cgi-bin/snapshot.cgi?channel={channel}',
  axis: '/axis-cgi/jpg/image.cgi?camera={channel}',
  uniview: '/LAPI/V1.0/Channels/{channel0}/Media/Video/Streams/0/Snapshot',
} as const;

/** A picture larger than this is none we could send. */
const PICTURE_BYTES_MAX = 3 * 1024 * 1024;
/** No caller waits longer than this for a picture. */
const SNAPSHOT_MS = 3_000;
/** Hikvision locks the address after 5 to 7 bad logins, for half an hour: one refusal is enough for a while, and each next one for longer. */
const REFUSED_WAIT_MS = 5 * 60_000;
const REFUSED_WAIT_MOST_MS = 60 * 60_000;

/** A secret by reference: its value is only ever asked for where it is used. */
interface Secret {
  reveal(): string;
}
const isSecret = (value: unknown): value is Secret => typeof (value as Secret | undefined)?.reveal === 'function';

const cameraDevice = z
  .strictObject({
    /** `onvif-uri` and `custom`: the whole address of the picture stands in `url`. */
    preset: z.enum(['hikvision', 'dahua', 'axis', 'uniview', 'onvif-uri', 'custom']),
    url: z.url({ protocol: /^https?$/ }),
    channel: z.int().min(1).max(64).default(1),
    user: z.string().min(1).optional(),
    password: z.custom<Secret>(isSecret).optional(),
    /** Basic authentication sends the password in clear; digest does not. */
    allowBasic: z.boolean().default(false),
    /** Pictures kept in memory while a vehicle is present. The program keeps them; this driver only ever takes one. */
    ring: z
      .strictObject({ framesPerSecond: z.number().min(0.2).max(10), seconds: z.number().min(1).max(60) })
      .optional(),
  })
  .refine(({ user, password }) => (user === undefined) === (password === undefined), {
    path: ['password'],
    message: 'user and password belong together',
    params: {
      complaint: {
        message: { zh: 'user 与 password 必须同时填写', en: 'user and password belong together' },
        hint: { zh: '补上缺少的一项，或两项都删除', en: 'give the missing one, or neither' },
      },
    },
  });

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

export function createHttpCamera(config: CameraDevice, { clock }: { readonly clock: Clock }): Camera {
  const url = pictureUrl(config);
  // One connection: a camera has few, and a picture asked for while another is under way would only slow both.
  const agent = new Agent({ connections: 2, pipelining: 1, keepAliveTimeout: 30_000, allowH2: false });
  const session = createSession(config, clock, url);

  async function get(login: Login | undefined, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const headers = { accept: 'image/jpeg', ...(login && { authorization: login.header }) };
    return request(url, { dispatcher: agent, method: 'GET', signal, headers });
  }

  async function picture(signal: AbortSignal): Promise<Uint8Array> {
    const login = session.login();
    let answer = await get(login, signal);
    if (answer.statusCode === 401) {
      await answer.body.dump();
      // Once more for the first challenge or an old nonce, and never a second time: each wrong answer counts towards a lock-out.
      const again = session.challenged(answer.headers['www-authenticate'], login);
      if (again !== undefined) answer = await get(again, signal);
    }
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw refusal(url, answer.statusCode, session);
    }
    session.accepted();
    return body(answer);
  }

  return {
    async snapshot(signal): Promise<Frame> {
      session.mustBeAllowed();
      const atMs = clock.nowMs();
      const ended = new AbortController();
      const stop = (): void => ended.abort();
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
      void clock.sleep(SNAPSHOT_MS, ended.signal).then(stop);
      try {
        return { bytes: await picture(ended.signal), mediaType: 'image/jpeg', atMs };
      } catch (error) {
        throw asFault(error, url, ended.signal.aborted);
      } finally {
        stop();
      }
    },
  };
}

interface Login {
  readonly header: string;
  /** The nonce has been good before. */
  readonly proven: boolean;
}

/** What is remembered of a camera's login: the challenge, how often its nonce was used, and until when we keep away. */
function createSession(config: CameraDevice, clock: Clock, url: URL) {
  let challenge: Challenge | undefined;
  let count = 0;
  let refusedInARow = 0;
  let awayUntilMs = Number.NEGATIVE_INFINITY;
  const { user, password } = config;

  function login(): Login | undefined {
    if (challenge === undefined || user === undefined || password === undefined) return undefined;
    count += 1;
    const clientNonce = randomBytes(12).toString('hex');
    const uri = url.pathname + url.search;
    const credentials = { user, password: password.reveal() };
    const header = authorization(challenge, credentials, { method: 'GET', uri, count, clientNonce });
    return { header, proven: count > 1 };
  }

  return {
    login,
    /** The login to try next, if one may be tried: none had been sent yet, or the one sent had been good before. */
    challenged(header: string | string[] | undefined, sent: Login | undefined): Login | undefined {
      const offered = chooseChallenge(parseChallenges([header ?? []].flat()), config.allowBasic);
      challenge = offered;
      count = 0;
      return sent === undefined || sent.proven || offered?.stale === true ? login() : undefined;
    },
    accepted(): void {
      refusedInARow = 0;
    },
    refused(): void {
      const waitMs = Math.min(REFUSED_WAIT_MS * 2 ** refusedInARow, REFUSED_WAIT_MOST_MS);
      refusedInARow = Math.min(refusedInARow + 1, 16);
      awayUntilMs = clock.nowMs() + waitMs;
      challenge = undefined;
    },
    mustBeAllowed(): void {
      const waitMs = awayUntilMs - clock.nowMs();
      if (waitMs > 0)
        throw new LinkError(
          'denied',
          `${url.host} refused the login; not asked again for ${Math.ceil(waitMs / 1_000)} s`,
        );
    },
  };
}

function refusal(url: URL, status: number, session: ReturnType<typeof createSession>): LinkError | ProtocolError {
  if (status === 401 || status === 403) {
    session.refused();
    return new LinkError('denied', `${url.host} refused user or password (${status})`);
  }
  if (status === 404) return new LinkError('notFound', `${url.host} has no picture at ${url.pathname}`);
  if (status >= 300 && status < 400)
    return new ProtocolError('unexpected', `${url.host} redirects (${status}), which is not followed`);
  return new LinkError('refused', `${url.host} answered ${status}`);
}

/** Reads at most PICTURE_BYTES_MAX, and only takes a whole JPEG: FF D8 FF … FF D9. */
async function body(answer: Dispatcher.ResponseData): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of answer.body as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > PICTURE_BYTES_MAX)
      throw new ProtocolError('frame', `the picture is larger than ${PICTURE_BYTES_MAX} bytes`);
    parts.push(part);
  }
  const bytes = new Uint8Array(Buffer.concat(parts, length));
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8 || bytes[2] !== 0xff)
    throw new ProtocolError('frame', 'the answer is no JPEG picture');
  // Some cameras pad the end with zeros or a line break.
  let end = bytes.length;
  while (end > 3 && bytes[end - 1] !== 0xd9 && [0x00, 0x0a, 0x0d].includes(bytes[end - 1] ?? -1)) end -= 1;
  if (bytes[end - 2] !== 0xff || bytes[end - 1] !== 0xd9) throw new ProtocolError('frame', 'the picture is cut short');
  return bytes.subarray(0, end);
}

function asFault(error: unknown, url: URL, timedOut: boolean): unknown {
  if (error instanceof LinkError || error instanceof ProtocolError) return error;
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  const told = (link: LinkError['code']): LinkError => new LinkError(link, `${url.host}: ${message}`, { cause: error });
  if (timedOut) return new LinkError('timeout', `${url.host}: no picture in time`, { cause: error });
  if (name === 'HTTPParserError') return new ProtocolError('frame', `${url.host}: ${message}`, { cause: error });
  if (typeof code !== 'string') return error;
  if (code === 'ECONNREFUSED' || /CERT|SSL|TLS/.test(code)) return told('refused');
  if (['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return told('notFound');
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return told('timeout');
  return told('gone');
}
