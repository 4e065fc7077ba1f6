/**
 * Sends one record to the platform and returns its receipt. Undici's `request` with one body buffer and one keep-alive Agent, never fetch
 * or FormData: they cost three times the CPU. No fault of network or platform throws, and every stall ends in a `retry`.
 */
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import { createConnection } from '../../outward/http-agent.ts';
import { failureOf } from '../../outward/network-failure.ts';
import { type ProxyAddress, type ProxyEnvironment, proxyOf, shownProxy } from '../../outward/proxy.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { ConnectionPool, untilReady } from '../http/connection-pool.ts';
import { RequestTimeouts } from '../http/request-timeouts.ts';
import { preparePicture } from '../jpeg-reencoding.ts';
import { type CloudMode, type RawAnswer, receiptOf } from '../request/answer.ts';
import type { DeliveryReceipt } from '../request/delivery-receipt.ts';
import { type FilePart, type MultipartBody, multipart, urlEncoded } from '../request/multipart.ts';
import { type FieldSettings, fieldsOf } from '../request/request-fields.ts';
import { sign } from '../request/sign.ts';
import { SigningSecrets } from './signing-secrets.ts';

export interface CloudSettings extends FieldSettings {
  /** Base, without a trailing slash; the path is fixed by the protocol. */
  readonly url: string;
  readonly appSecret: { reveal(): string };
  /** During a change of the secret: signs once the present one is refused. */
  readonly nextSecret?: { reveal(): string };
  readonly mode: CloudMode;
  /** From connecting to the whole answer, plus the allowance for the body's bytes. */
  readonly timeoutMs: number;
  /** Rate of that allowance; default 8000. */
  readonly slowestBytesPerSecond?: number;
  /** A larger picture is re-encoded, where possible. */
  readonly maxPictureBytes: number;
  /** PEM certificates, trusted in addition to the well-known ones, for the platform and a proxy. */
  readonly ca?: string;
  readonly proxy?: string;
}

export interface ClientParts {
  readonly clock: Clock;
  /** Proxy variables, for a configuration that names no proxy. */
  readonly environment?: ProxyEnvironment;
  /** The platform's clock at `nowMs`, to within a second; only from an answer over verified TLS. */
  readonly onDate?: (nowMs: number, wallMs: number) => void;
  /** The platform has accepted a signature of `nextSecret`; called once. */
  readonly onNextSecret?: () => void;
  /** Whether our own wall clock is synchronised. */
  readonly clockKnown?: () => boolean;
}

/** A picture with free room around it (FilePart). Once its request is answered the bytes are used no more. */
export type SentPicture = Pick<FilePart, 'bytes' | 'before' | 'after'>;

export interface Prepared {
  readonly body: MultipartBody;
  /** Number of the secret in SigningSecrets; default: the present one. */
  readonly signedWith?: number;
  /** What was done to the picture. */
  readonly note?: string;
}

/** An open connection, reserved for one record: either method returns it. */
export interface ReservedConnection {
  /** Never rejects for a fault of the far end. `signal` aborts at once: a `retry` whose `why` is `stopped`. */
  post(prepared: Prepared, signal?: AbortSignal): Promise<DeliveryReceipt>;
  /** Returns it unused. */
  giveBack(): void;
}

export interface CloudClient {
  /** Builds and signs the body, ready to be sent. Sends nothing. */
  prepare(record: OutboxRecord, picture: SentPicture | Uint8Array | undefined): Promise<Prepared>;
  /** Name, tunnel and TLS are done and nothing has been sent; or a receipt with the reason of the failure. */
  connect(signal?: AbortSignal): Promise<ReservedConnection | DeliveryReceipt>;
  /**
   * Requests the platform's time, over verified TLS and only while our clock is not synchronised: the first record after a cold start
   * then has the right time. Never rejects for a fault of the far end. `signal` aborts at once.
   */
  requestTime(signal?: AbortSignal): Promise<void>;
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
/** Longest wait of a record for the platform's time. */
const REQUEST_TIME_MS = 5_000;
/** The slowest supported uplink: 64 kbit/s. */
const SLOWEST_BYTES_PER_SECOND = 8_000;

/** Requests over the pooled connections, each within its time limit. */
class Requests {
  readonly #settings: CloudSettings;
  readonly #parts: ClientParts;
  readonly #deadlines: RequestTimeouts;
  readonly #secrets: SigningSecrets;
  readonly connections: ConnectionPool;
  readonly url: URL;

  constructor(settings: CloudSettings, parts: ClientParts, proxy: ProxyAddress | undefined, secrets: SigningSecrets) {
    this.#settings = settings;
    this.#parts = parts;
    this.#deadlines = new RequestTimeouts(parts.clock);
    this.#secrets = secrets;
    this.connections = new ConnectionPool(() =>
      createConnection({ ...settings, exit: { purpose: 'platform' }, answerMaxBytes: ANSWER_MAX_BYTES }, proxy),
    );
    this.url = new URL(settings.url.replace(/\/+$/, '') + RELEASE_PATH);
  }

  get isTls(): boolean {
    return this.url.protocol === 'https:';
  }

  clockKnown(): boolean {
    return this.#parts.clockKnown?.() ?? false;
  }

  /** The result of `work` on a connection, or why it was aborted; a failed connection is not reused. */
  async within<Value>(
    work: (connection: Dispatcher) => Promise<Value>,
    { limitMs, signal, keeps }: { limitMs: number; signal: AbortSignal | undefined; keeps?: Dispatcher },
  ): Promise<{ readonly value: Value; readonly connection: Dispatcher } | { readonly why: string }> {
    if (signal?.aborted === true) {
      if (keeps !== undefined) this.connections.giveBack(keeps);
      return { why: 'stopped' };
    }
    const limit = limitOf(this.#deadlines, limitMs, signal);
    const connection = keeps ?? this.connections.take();
    try {
      return { value: await Promise.race([work(connection), limit.over]), connection };
    } catch (error) {
      this.connections.drop(connection);
      const why = limit.why() ?? failureOf(error, this.clockKnown());
      if (why === undefined) throw error;
      return { why };
    } finally {
      limit.end();
    }
  }

  async post(
    connection: Dispatcher,
    { body, signedWith = 0, note }: Prepared,
    signal?: AbortSignal,
  ): Promise<DeliveryReceipt> {
    const { timeoutMs, slowestBytesPerSecond = SLOWEST_BYTES_PER_SECOND, mode } = this.#settings;
    let hasBegun = false;
    const noting = connection.compose(atStart(() => (hasBegun = true)));
    const limitMs = timeoutMs + (body.bytes.length / slowestBytesPerSecond) * 1000;
    const answered = await this.within(() => exchange(this.url, body, noting), { limitMs, signal, keeps: connection });
    if ('why' in answered) return { kind: 'retry', why: answered.why, ...(!hasBegun && { unsent: true }) };
    this.connections.giveBack(connection);
    const raw = { ...answered.value, verified: this.isTls };
    if (this.isTls && raw.date !== undefined) reportDate(raw.date, this.#parts);
    const receipt = receiptOf(raw, mode, (text) => this.#secrets.mask(text));
    return withNote(this.#secrets.judged(receipt, signedWith), note);
  }

  close(): Promise<void> {
    this.#deadlines.close();
    return this.connections.close();
  }
}

export function createClient(settings: CloudSettings, parts: ClientParts): CloudClient {
  const proxy = proxyOf(settings, parts.environment);
  const secrets = new SigningSecrets(settings.appSecret, settings.nextSecret, () => parts.onNextSecret?.());
  const requests = new Requests(settings, parts, proxy, secrets);
  const { connections, isTls } = requests;

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
      const found = await requests.within((connection) => untilReady(connection, requests.url), {
        limitMs: settings.timeoutMs,
        signal,
      });
      // Without a connection the proxy, if any, causes the delay: the platform may know nothing of the attempt.
      const replaced = proxy === undefined ? 'timeout' : 'proxyTimeout';
      if ('why' in found) return { kind: 'retry', why: found.why.replace(/^timeout/, replaced), unsent: true };
      const { connection } = found;
      return {
        post: (prepared, cut) => requests.post(connection, prepared, cut),
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
    requestTime: async (signal) => {
      if (!isTls || parts.onDate === undefined || requests.clockKnown()) return;
      if (proxy !== undefined && proxy.url === undefined) return;
      const head = async (dispatcher: Dispatcher) => {
        const { origin, pathname, search } = new URL(settings.url);
        const answer = await dispatcher.request({ origin, path: pathname + search, method: 'HEAD' });
        await answer.body.dump();
        return header(answer.headers.date);
      };
      // The record to be sent meets the same failure, and its receipt reports it.
      const result = await requests.within(head, { limitMs: Math.min(settings.timeoutMs, REQUEST_TIME_MS), signal });
      if ('why' in result) return;
      connections.giveBack(result.connection);
      if (result.value !== undefined) reportDate(result.value, parts);
    },
    // Nothing is in flight any more, or its result is not awaited.
    close: () => requests.close(),
  };
  return client;
}

/**
 * The picture with the room around it, where writing there is safe. Only for TLS, which has copied everything before the answer; a plain
 * socket may still be sending from this memory after an early answer.
 */
function partOf(bytes: Uint8Array | undefined, given: SentPicture | undefined): SentPicture | undefined {
  if (bytes === undefined) return undefined;
  return bytes === given?.bytes ? given : { bytes };
}

/** Fields, signature and picture as sent. */
function bodyOf(
  record: OutboxRecord,
  settings: CloudSettings,
  secret: string,
  picture: SentPicture | undefined,
): MultipartBody {
  const fields = fieldsOf(record, settings, picture?.bytes);
  const signature = sign(fields, secret);
  const signed = { ...fields, sign: signature };
  if (picture === undefined) return urlEncoded(signed);
  const name = settings.picture === 'field' ? 'capture_image' : 'capture_image_file';
  return multipart(signed, signature, { ...picture, name });
}

/** `begun` is called when a connection is open and the first byte is about to be sent. */
function atStart(begun: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) => {
    const start = handler.onRequestStart?.bind(handler);
    handler.onRequestStart = (...args) => {
      begun();
      start?.(...args);
    };
    return dispatch(options, handler);
  };
}

async function exchange(url: URL, body: MultipartBody, dispatcher: Dispatcher): Promise<Omit<RawAnswer, 'verified'>> {
  const answer = await dispatcher.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: { 'content-type': body.contentType, accept: 'application/json' },
    body: body.bytes,
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
  /** Rejects on abort or timeout. */
  readonly over: Promise<never>;
  /** The reason, if aborted. */
  readonly why: () => 'timeout' | 'stopped' | undefined;
  readonly end: () => void;
}

function limitOf(deadlines: RequestTimeouts, limitMs: number, signal: AbortSignal | undefined): Limit {
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

/** The header has whole seconds, truncated: half a second later is the best estimate. */
function reportDate(date: string, { clock, onDate }: ClientParts): void {
  const wallMs = Date.parse(date);
  if (Number.isFinite(wallMs)) onDate?.(clock.nowMs(), wallMs + 500);
}

function withNote(receipt: DeliveryReceipt, note: string | undefined): DeliveryReceipt {
  if (note === undefined || receipt.kind !== 'accepted' || receipt.warning !== undefined) return receipt;
  return { ...receipt, warning: note };
}
