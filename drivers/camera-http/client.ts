/**
 * Requests to one camera, with its login: one challenge, one answer, and a back-off after a refusal. All HTTP requests to a camera share
 * one client, because the camera counts bad logins of all of them together. It knows no picture and no event, follows no redirect, and
 * has no method but GET and the questions of `onvif.ts`. `send` is the only exit to a camera; everything it sends has passed `mayAsk`.
 * devices.md 6.1, rules 10 and 30.
 */
import { randomBytes } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { type Clock, LinkError, ProtocolError, UnconfirmedError } from '../../src/driver.ts';
import { createHttpPool } from '../../src/outward/outward.ts';
import { type AllowedAddresses, cameraRule, isAllowedHost, notLocal } from './address.ts';
import { digestOf, type Method, mayAsk, sentAs } from './address-forms.ts';
import type { SecretReference } from './config.ts';
import { authorization, type Challenge, chooseChallenge, parseChallenges } from './digest.ts';
import type { Question } from './onvif.ts';

/**
 * Hikvision locks the address for half an hour after 5 to 7 bad logins: back off after the first refusal, longer after each further one.
 */
const REFUSED_WAIT_MS = 5 * 60_000;
const REFUSED_WAIT_MOST_MS = 60 * 60_000;
const CONNECT_MS = 10_000;
/** Timeout of the response headers. Event streams wait in their body, not for its headers. */
const HEADERS_MS = 10_000;
/** Longest pause within an answer to a question. */
const ANSWER_SILENCE_MS = 10_000;

export interface CameraAddress {
  readonly url: string;
  readonly user?: string | undefined;
  readonly password?: SecretReference | undefined;
  readonly allowBasic: boolean;
  readonly allowPublic: boolean;
  /** The one address outside the known forms that may be requested, because a person has checked its effect. */
  readonly confirmed?: { readonly sha256: string } | undefined;
}

export interface CameraClient {
  /**
   * Resolves with a status-200 response; read or destroy its body. `silenceMs`: longest pause within it (default five minutes). Throws
   * LinkError or ProtocolError; `asFault` converts what reading the body throws.
   */
  get(url: URL, accept: string, signal: AbortSignal, silenceMs?: number): Promise<Dispatcher.ResponseData>;
  /**
   * Answers an ONVIF question: faults stand in the body, of which at most `bytesMax` are read. Status 401 only to a question without a
   * login, where none could be given over HTTP either. `dateMs`: the camera's clock, as the head of its answer says. Throws as `get` does.
   */
  ask(
    url: URL,
    question: Question,
    signal: AbortSignal,
    bytesMax: number,
  ): Promise<{ readonly status: number; readonly body: string; readonly dateMs?: number }>;
  /** Ends the wait after a refused login: a person has mended it. */
  tryNow(): void;
  /** Starts the back-off for a login refused in a response body. Returns the error. */
  refusedLogin(url: URL, why: string): LinkError;
}

export function createCameraClient(config: CameraAddress, clock: Clock): CameraClient {
  const reach: AllowedAddresses = { host: new URL(config.url).hostname, allowPublic: config.allowPublic };
  // Connections: event stream, inputs, picture, and a second picture while the first is late. Cameras have few.
  const agent = createHttpPool(
    { purpose: 'camera', rule: cameraRule(reach) },
    { connections: 4, pipelining: 1, keepAliveTimeout: 30_000, allowH2: false },
    { timeout: CONNECT_MS },
  );
  const session = createSession(config, clock);

  async function send(url: URL, sent: Sent): Promise<Dispatcher.ResponseData> {
    if (url.hostname !== reach.host || !isAllowedHost(reach)) throw notLocal(url.hostname);
    // Judged once and sent as judged, also with a login: the caller could change its URL object meanwhile.
    const path = sentAs(url);
    if (!mayAsk(sent.method, path, config.confirmed?.sha256)) throw notAsked(sent.method, path, url.host);
    session.mustBeAllowed(url);
    const { headers, ...rest } = sent;
    const { origin } = url;
    const attempt = (login: Login | undefined): Promise<Dispatcher.ResponseData> =>
      agent.request({
        origin,
        path,
        headersTimeout: HEADERS_MS,
        headers: { ...headers, ...(login && { authorization: login.header }) },
        ...rest,
      });
    const login = session.login(url, sent.method);
    const answer = await attempt(login);
    if (answer.statusCode !== 401) return answer;
    await answer.body.dump();
    // One more request for the first challenge or a stale nonce, never a second: each wrong answer counts towards a lock-out.
    const again = session.challenged(answer.headers['www-authenticate'], login, url, sent.method);
    return again === undefined ? answer : attempt(again);
  }

  return {
    async get(url, accept, signal, silenceMs) {
      const answer = await send(url, {
        method: 'GET',
        signal,
        headers: { accept },
        ...(silenceMs !== undefined && { bodyTimeout: silenceMs }),
      });
      if (answer.statusCode !== 200) {
        await answer.body.dump();
        throw refusal(url, answer.statusCode, session);
      }
      session.accepted();
      return answer;
    },
    async ask(url, question, signal, bytesMax) {
      const { statusCode: status, headers, body } = await send(url, sentQuestion(question, signal));
      const dateMs = Date.parse(String(headers.date ?? ''));
      const date = Number.isNaN(dateMs) ? {} : { dateMs };
      if (status === 401) {
        await body.dump();
        if (!question.hasLogin && session.unsent !== undefined && config.user !== undefined)
          return { status, body: '', ...date };
        throw refusal(url, status, session);
      }
      return { status, body: await textOf(body, bytesMax), ...date };
    },
    tryNow: () => session.tryNow(),
    refusedLogin(url, why) {
      session.refused();
      return new LinkError('denied', `${url.host} refused user or password (${why})`);
    },
  };
}

/** A person can vouch for a picture's address only. */
function notAsked(method: Method, path: string, host: string): LinkError | ProtocolError {
  return method === 'GET'
    ? new UnconfirmedError(host, { sent: path, sha256: digestOf(path) })
    : new ProtocolError('unexpected', `${host}: ${path} is no known address of an ONVIF service; nothing was sent`);
}

interface Sent {
  readonly method: Method;
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bodyTimeout?: number;
}

const sentQuestion = ({ action, envelope }: Question, signal: AbortSignal): Sent => ({
  method: 'POST',
  signal,
  headers: { 'content-type': `application/soap+xml; charset=utf-8; action="${action}"` },
  body: envelope,
  bodyTimeout: ANSWER_SILENCE_MS,
});

async function textOf(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > bytesMax) throw new ProtocolError('frame', `an answer is larger than ${bytesMax} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, length).toString('utf8');
}

interface Login {
  readonly header: string;
  /** The nonce has been accepted before. */
  readonly proven: boolean;
}

/** Login state of one camera: the challenge, the uses of its nonce, and the back-off of each path. */
function createSession({ user, password, allowBasic }: CameraAddress, clock: Clock) {
  let challenge: Challenge | undefined;
  let count = 0;
  let refusedInARow = 0;
  let awayUntilMs = Number.NEGATIVE_INFINITY;
  /** Reason for not sending a requested login. */
  let unsent: string | undefined;
  /** A picture user may lack the right to event streams: that is no bad login and concerns one path. */
  const forbidden = new Map<string, number>();

  function login(url: URL, method: Sent['method']): Login | undefined {
    if (challenge === undefined || user === undefined || password === undefined) return undefined;
    count += 1;
    const clientNonce = randomBytes(12).toString('hex');
    const uri = url.pathname + url.search;
    const credentials = { user, password: password.reveal() };
    const header = authorization(challenge, credentials, { method, uri, count, clientNonce });
    return { header, proven: count > 1 };
  }

  return {
    login,
    /** The login to try next, if allowed: none has been sent yet, or the one sent had been accepted before. */
    challenged(
      header: string | string[] | undefined,
      sent: Login | undefined,
      url: URL,
      method: Sent['method'],
    ): Login | undefined {
      const offered = chooseChallenge(parseChallenges([header ?? []].flat()), allowBasic);
      challenge = offered;
      count = 0;
      if (user === undefined || password === undefined) unsent = 'asks for user and password, and none is given';
      else if (offered === undefined)
        unsent = allowBasic
          ? 'offers no login that is known here'
          : 'offers no digest login; a Basic one would send the password in clear and needs allowBasic: true';
      else unsent = undefined;
      return sent === undefined || sent.proven || offered?.stale === true ? login(url, method) : undefined;
    },
    get unsent(): string | undefined {
      return unsent;
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
    forbidden(url: URL): void {
      forbidden.set(url.pathname, clock.nowMs() + REFUSED_WAIT_MS);
    },
    /** The next refusal waits longer all the same: cameras count bad logins, whoever asked for them. */
    tryNow(): void {
      awayUntilMs = Number.NEGATIVE_INFINITY;
      forbidden.clear();
    },
    mustBeAllowed(url: URL): void {
      const waitMs = Math.max(awayUntilMs, forbidden.get(url.pathname) ?? awayUntilMs) - clock.nowMs();
      if (waitMs > 0)
        throw new LinkError(
          'denied',
          `${url.host} refused the login; not asked again for ${Math.ceil(waitMs / 1_000)} s`,
        );
    },
  };
}

function refusal(url: URL, status: number, session: ReturnType<typeof createSession>): LinkError | ProtocolError {
  if (status === 401) session.refused();
  if (status === 403) session.forbidden(url);
  if (status === 401 && session.unsent !== undefined) return new LinkError('denied', `${url.host} ${session.unsent}`);
  if (status === 401 || status === 403)
    return new LinkError('denied', `${url.host} refused user or password (${status})`);
  if (status === 404) return new LinkError('notFound', `${url.host} has nothing at ${url.pathname}`);
  if (status >= 300 && status < 400)
    return new ProtocolError('unexpected', `${url.host} redirects (${status}), which is not followed`);
  return new LinkError('refused', `${url.host} answered ${status}`);
}

/** Work of so many milliseconds at the most, or until `signal` aborts. Throws LinkError or ProtocolError of this host. */
export async function inTime<T>(
  host: string,
  mostMs: number,
  clock: Clock,
  signal: AbortSignal,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  const stop = (): void => ended.abort();
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true, signal: ended.signal });
  void clock.sleep(mostMs, ended.signal).then(stop);
  try {
    return await work(ended.signal);
  } catch (error) {
    throw asFault(error, host, ended.signal.aborted);
  } finally {
    stop();
  }
}

/** Converts transport errors to errors of the contract; our own pass unchanged. */
export function asFault(error: unknown, host: string, timedOut = false): unknown {
  if (error instanceof LinkError || error instanceof ProtocolError) return error;
  const { name, code, message } = error as { name?: string; code?: unknown; message?: string };
  const fault = (link: LinkError['code']): LinkError => new LinkError(link, `${host}: ${message}`, { cause: error });
  if (timedOut) return new LinkError('timeout', `${host}: no answer in time`, { cause: error });
  if (name === 'HTTPParserError') return new ProtocolError('frame', `${host}: ${message}`, { cause: error });
  if (typeof code !== 'string') return error;
  if (code === 'ECONNREFUSED' || /CERT|SSL|TLS/.test(code)) return fault('refused');
  if (['ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code)) return fault('notFound');
  if (code === 'ETIMEDOUT' || code.endsWith('_TIMEOUT')) return fault('timeout');
  return fault('gone');
}
