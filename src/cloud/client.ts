/**
 * One record to the platform and its receipt. `undici.request` with one body buffer and one keep-alive Agent, never fetch or FormData:
 * they cost three times the CPU. It never throws for what the network or the platform does, and every stall ends in a `retry`.
 */
import { type Dispatcher, request } from 'undici';
import type { Clock } from '../clock.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import { createConnection } from './agent.ts';
import { type CloudMode, type RawAnswer, receiptOf } from './answer.ts';
import { SendConnections, stands } from './connections.ts';
import { Deadlines } from './deadlines.ts';
import { failureOf } from './failure.ts';
import { type FieldSettings, fieldsOf } from './fields.ts';
import { type FilePart, type MultipartBody, multipart, urlEncoded } from './multipart.ts';
import { preparePicture } from './picture.ts';
import { type ProxyEnvironment, proxyOf, shownProxy } from './proxy.ts';
import { sign } from './sign.ts';
import { SigningSecrets } from './signing-secrets.ts';
import type { DeliveryReceipt } from './types.ts';

export interface CloudSettings extends FieldSettings {
  /** Base, without a slash at its end; the path is fixed by the protocol. */
  readonly url: string;
  readonly appSecret: { reveal(): string };
  /** While the platform's secret is changed: signs once the present one is refused. */
  readonly nextSecret?: { reveal(): string };
  readonly mode: CloudMode;
  /** From connecting to the whole answer, besides what the body's bytes may take. */
  readonly timeoutMs: number;
  /** The rate at which the body's bytes are allowed for on top of `timeoutMs`; 8000 when left out. */
  readonly slowestBytesPerSecond?: number;
  /** A larger picture is re-encoded smaller, where that is possible. */
  readonly maxPictureBytes: number;
  /** PEM certificates, believed besides the well-known ones, of the platform and of a proxy. */
  readonly ca?: string;
  readonly proxy?: string;
}

export interface ClientParts {
  readonly clock: Clock;
  /** For a configuration that names no proxy. */
  readonly environment?: ProxyEnvironment;
  /** The platform's clock at `nowMs`, give or take a second; only from an answer over verified TLS. */
  readonly onDate?: (nowMs: number, wallMs: number) => void;
  /** The platform has accepted a signature of `nextSecret`; told once. */
  readonly onNextSecret?: () => void;
  /** Whether our own wall clock is vouched for. */
  readonly clockKnown?: () => boolean;
}

/** A picture with free room around it (FilePart). When what was sent of it has been answered its bytes are used no more. */
export type SentPicture = Pick<FilePart, 'bytes' | 'before' | 'after'>;

export interface Prepared {
  readonly body: MultipartBody;
  /** Number of the secret, of SigningSecrets; the present one when left out. */
  readonly signedWith?: number;
  /** What was done to the picture. */
  readonly note?: string;
}

/** A connection that stands, lent for one record: either method gives it back. */
export interface LentConnection {
  /** Never rejects for what the far end does. `signal` gives up at once: a `retry` whose `why` is `stopped`. */
  post(prepared: Prepared, signal?: AbortSignal): Promise<DeliveryReceipt>;
  /** Nothing is to leave after all. */
  giveBack(): void;
}

export interface CloudClient {
  /** Makes the body, signed, so that it can leave at once. Nothing is sent yet. */
  prepare(record: OutboxRecord, picture: SentPicture | Uint8Array | undefined): Promise<Prepared>;
  /** Name, tunnel and TLS are behind it and nothing has left; or a receipt that says why there is none. */
  connect(signal?: AbortSignal): Promise<LentConnection | DeliveryReceipt>;
  /**
   * Asks the platform for the time, over verified TLS and only while nobody else has vouched for ours: the first record after a cold start is
   * then right already. Never rejects for what the far end does. `signal` gives up at once.
   */
  tellTime(signal?: AbortSignal): Promise<void>;
  /** `connect`, `prepare` and `post`. */
  send(
    record: OutboxRecord,
    picture: SentPicture | Uint8Array | undefined,
    signal?: AbortSignal,
  ): Promise<DeliveryReceipt>;
  close(): Promise<void>;
}

export const RELEASE_PATH = '/gate/1.0/parking/internal/release';
/** No answer of the platform is longer; a captive portal's page may be. */
const ANSWER_MAX_BYTES = 65_536;
/** So long a record waits for the platform's time. */
const TELL_TIME_MS = 5_000;
/** The slowest uplink that still counts as one: 64 kbit/s. */
const SLOWEST_BYTES_PER_SECOND = 8_000;

export function createClient(settings: CloudSettings, parts: ClientParts): CloudClient {
  const proxy = proxyOf(settings, parts.environment);
  const connections = new SendConnections(() =>
    createConnection({ ...settings, answerMaxBytes: ANSWER_MAX_BYTES }, proxy),
  );
  const deadlines = new Deadlines(parts.clock);
  const url = new URL(settings.url.replace(/\/+$/, '') + RELEASE_PATH);
  const isTls = url.protocol === 'https:';
  const clockKnown = parts.clockKnown ?? (() => false);
  const secrets = new SigningSecrets(settings.appSecret, settings.nextSecret, () => parts.onNextSecret?.());

  /** What `work` gives on a connection, or why it was given up; a connection that failed is not used again. */
  const within = async <Value>(
    work: (connection: Dispatcher) => Promise<Value>,
    { limitMs, signal, keeps }: { limitMs: number; signal: AbortSignal | undefined; keeps?: Dispatcher },
  ): Promise<{ readonly value: Value; readonly connection: Dispatcher } | { readonly why: string }> => {
    if (signal?.aborted === true) {
      if (keeps !== undefined) connections.giveBack(keeps);
      return { why: 'stopped' };
    }
    const limit = limitOf(deadlines, limitMs, signal);
    const connection = keeps ?? connections.take();
    try {
      return { value: await Promise.race([work(connection), limit.over]), connection };
    } catch (error) {
      connections.drop(connection);
      const why = limit.why() ?? failureOf(error, clockKnown());
      if (why === undefined) throw error;
      return { why };
    } finally {
      limit.end();
    }
  };

  const post = async (
    connection: Dispatcher,
    { body, signedWith = 0, note }: Prepared,
    signal?: AbortSignal,
  ): Promise<DeliveryReceipt> => {
    const bodyMs = (body.bytes.length / (settings.slowestBytesPerSecond ?? SLOWEST_BYTES_PER_SECOND)) * 1000;
    let hasBegun = false;
    const noting = connection.compose(atStart(() => (hasBegun = true)));
    const limitMs = settings.timeoutMs + bodyMs;
    const answered = await within(() => exchange(url, body, noting), { limitMs, signal, keeps: connection });
    if ('why' in answered) return { kind: 'retry', why: answered.why, ...(!hasBegun && { unsent: true }) };
    connections.giveBack(connection);
    const raw = { ...answered.value, verified: isTls };
    if (isTls && raw.date !== undefined) tellDate(raw.date, parts);
    const receipt = receiptOf(raw, settings.mode, (text) => secrets.mask(text));
    return withNote(secrets.judged(receipt, signedWith), note);
  };

  const client: CloudClient = {
    prepare: async (record, picture) => {
      const given = picture instanceof Uint8Array ? { bytes: picture } : picture;
      const { bytes, note } = await preparePicture(given?.bytes, settings);
      const signedWith = secrets.inUse;
      const body = bodyOf(record, settings, secrets.reveal(signedWith), partOf(bytes, isTls ? given : undefined));
      return { body, signedWith, ...(note !== undefined && { note }) };
    },
    connect: async (signal) => {
      if (proxy !== undefined && proxy.url === undefined)
        return { kind: 'retry', why: `badProxy: ${shownProxy(proxy.address)}`, unsent: true };
      const found = await within((connection) => stands(connection, url), { limitMs: settings.timeoutMs, signal });
      // While there is no connection it is the proxy that keeps us waiting, if there is one: the platform may know nothing of it.
      const replaced = proxy === undefined ? 'timeout' : 'proxyTimeout';
      if ('why' in found) return { kind: 'retry', why: found.why.replace(/^timeout/, replaced), unsent: true };
      const { connection } = found;
      return {
        post: (prepared, cut) => post(connection, prepared, cut),
        giveBack: () => connections.giveBack(connection),
      };
    },
    send: async (record, picture, signal) => {
      const once = async (): Promise<DeliveryReceipt> => {
        const connection = await client.connect(signal);
        if (!('post' in connection)) return connection;
        try {
          return await connection.post(await client.prepare(record, picture), signal);
        } catch (error) {
          connection.giveBack();
          throw error;
        }
      };
      const receipt = await once();
      return receipt.kind === 'retry' && receipt.why.startsWith('otherSecret') ? once() : receipt;
    },
    tellTime: async (signal) => {
      if (!isTls || parts.onDate === undefined || clockKnown()) return;
      if (proxy !== undefined && proxy.url === undefined) return;
      const ask = async (dispatcher: Dispatcher) => {
        const answer = await request(settings.url, { method: 'HEAD', dispatcher });
        await answer.body.dump();
        return header(answer.headers.date);
      };
      // The record that is to be sent meets the same failure, and its receipt says so.
      const asked = await within(ask, { limitMs: Math.min(settings.timeoutMs, TELL_TIME_MS), signal });
      if ('why' in asked) return;
      connections.giveBack(asked.connection);
      if (asked.value !== undefined) tellDate(asked.value, parts);
    },
    // Nothing is in flight any more, or nobody waits for it.
    close: () => {
      deadlines.close();
      return connections.close();
    },
  };
  return client;
}

/**
 * The picture with the room around it, where that may be used. Only for TLS, which has taken its own copy of everything by the time of the
 * answer; a plain socket may still be sending from this memory when the platform has answered early.
 */
function partOf(bytes: Uint8Array | undefined, given: SentPicture | undefined): SentPicture | undefined {
  if (bytes === undefined) return undefined;
  return bytes === given?.bytes ? given : { bytes };
}

/** Fields, signature and picture as they go out. */
function bodyOf(
  record: OutboxRecord,
  settings: CloudSettings,
  secret: string,
  picture: SentPicture | undefined,
): MultipartBody {
  const fields = fieldsOf(record, settings, picture?.bytes);
  const signed = { ...fields, sign: sign(fields, secret) };
  if (picture === undefined) return urlEncoded(signed);
  const name = settings.picture === 'field' ? 'capture_image' : 'capture_image_file';
  return multipart(signed, { ...picture, name });
}

/** `begun` is called when there is a connection and the first byte is about to leave over it. */
function atStart(begun: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (...words) => {
      begun();
      start?.(...words);
    };
    return dispatch(options, handler);
  };
}

async function exchange(url: URL, body: MultipartBody, dispatcher: Dispatcher): Promise<Omit<RawAnswer, 'verified'>> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': body.contentType, accept: 'application/json' },
    body: body.bytes,
    dispatcher,
  });
  const text = await answer.body.text();
  const retryAfter = header(answer.headers['retry-after']);
  const date = header(answer.headers.date);
  return {
    status: answer.statusCode,
    text,
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(date === undefined ? {} : { date }),
  };
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

interface Limit {
  /** Rejects when it is given up. */
  readonly over: Promise<never>;
  /** Why it was given up, if it was. */
  readonly why: () => 'timeout' | 'stopped' | undefined;
  readonly end: () => void;
}

function limitOf(deadlines: Deadlines, limitMs: number, signal: AbortSignal | undefined): Limit {
  let why: 'timeout' | 'stopped' | undefined;
  let reject: (error: Error) => void = () => {};
  const over = new Promise<never>((_, no) => {
    reject = no;
  });
  const giveUp = (reason: 'timeout' | 'stopped') => {
    why ??= reason;
    reject(new Error(reason));
  };
  const stop = () => giveUp('stopped');
  const unwatch = deadlines.watch(limitMs, () => giveUp('timeout'));
  signal?.addEventListener('abort', stop, { once: true });
  return {
    over,
    why: () => why,
    end: () => {
      unwatch();
      signal?.removeEventListener('abort', stop);
    },
  };
}

/** The header has whole seconds, cut off: half a second later is the best guess. */
function tellDate(date: string, { clock, onDate }: ClientParts): void {
  const wallMs = Date.parse(date);
  if (Number.isFinite(wallMs)) onDate?.(clock.nowMs(), wallMs + 500);
}

function withNote(receipt: DeliveryReceipt, note: string | undefined): DeliveryReceipt {
  if (note === undefined || receipt.kind !== 'accepted' || receipt.warning !== undefined) return receipt;
  return { ...receipt, warning: note };
}
