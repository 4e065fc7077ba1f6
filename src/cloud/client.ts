/**
 * One record to the platform and its receipt. `undici.request` with one body buffer and one keep-alive Agent, never fetch or FormData:
 * they cost three times the CPU. It never throws for what the network or the platform does, and every stall ends in a `retry`.
 */
import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import type { Clock } from '../clock.ts';
import type { OutboxRecord } from '../store/types.ts';
import { type CloudMode, type RawAnswer, receiptOf } from './answer.ts';
import { failureOf } from './failure.ts';
import { type FieldSettings, fieldsOf } from './fields.ts';
import { type Body, multipart, urlEncoded } from './multipart.ts';
import { preparePicture } from './picture.ts';
import { sign } from './sign.ts';
import type { Receipt } from './types.ts';

export interface CloudSettings extends FieldSettings {
  /** Base, without a slash at its end; the path is fixed by the protocol. */
  readonly url: string;
  readonly appSecret: { reveal(): string };
  readonly mode: CloudMode;
  /** From connecting to the whole answer, besides what the body's bytes may take. */
  readonly timeoutMs: number;
  /** The rate at which the body's bytes are allowed for on top of `timeoutMs`; 8000 when left out. */
  readonly slowestBytesPerSecond?: number;
  /** A larger picture is re-encoded smaller, where that is possible. */
  readonly maxPictureBytes: number;
  /** A file of PEM certificates, believed besides the well-known ones. */
  readonly ca?: string;
  readonly proxy?: string;
}

export interface ClientParts {
  readonly clock: Clock;
  /** HTTPS_PROXY and NO_PROXY of the environment, for a configuration that names no proxy. */
  readonly environment?: { readonly httpsProxy?: string; readonly httpProxy?: string; readonly noProxy?: string };
  /** The platform's clock at `nowMs`, give or take a second; only from an answer over verified TLS. */
  readonly onDate?: (nowMs: number, wallMs: number) => void;
  /** Whether our own wall clock is vouched for. */
  readonly clockKnown?: () => boolean;
}

export interface CloudClient {
  /** Never rejects for what the far end does. `signal` gives up at once: a `retry` whose `why` is `stopped`. */
  send(record: OutboxRecord, picture: Uint8Array | undefined, signal?: AbortSignal): Promise<Receipt>;
  close(): Promise<void>;
}

export const RELEASE_PATH = '/gate/1.0/parking/internal/release';
/** No answer of the platform is longer; a captive portal's page may be. */
const ANSWER_MAX_BYTES = 65_536;
/** The slowest uplink that still counts as one: 64 kbit/s. */
const SLOWEST_BYTES_PER_SECOND = 8_000;
/** One for the backlog, one for what happens now. */
const CONNECTIONS = 2;

export function createClient(settings: CloudSettings, parts: ClientParts): CloudClient {
  const agent = createAgent(settings, parts);
  const url = settings.url.replace(/\/+$/, '') + RELEASE_PATH;
  const clockKnown = parts.clockKnown ?? (() => false);
  return {
    send: async (record, picture, signal) => {
      const prepared = await preparePicture(picture, settings);
      const body = bodyOf(record, settings, prepared.bytes);
      const bodyMs = (body.bytes.length / (settings.slowestBytesPerSecond ?? SLOWEST_BYTES_PER_SECOND)) * 1000;
      const limit = limitOf(parts.clock, settings.timeoutMs + bodyMs, signal);
      try {
        const raw = await exchange(url, body, agent, limit.signal);
        if (raw === undefined) return { kind: 'retry', why: 'tooLarge' };
        if (url.startsWith('https:') && raw.date !== undefined) tellDate(raw.date, parts);
        return withNote(receiptOf(raw, settings.mode), prepared.note);
      } catch (error) {
        const why = signal?.aborted === true ? 'stopped' : failureOf(error, clockKnown());
        if (why === undefined) throw error;
        return { kind: 'retry', why };
      } finally {
        limit.end();
      }
    },
    // Nothing is in flight any more, or nobody waits for it.
    close: () => agent.destroy(),
  };
}

/** Fields, signature and picture as they go out. */
function bodyOf(record: OutboxRecord, settings: CloudSettings, picture: Uint8Array | undefined): Body {
  const bytes = settings.picture === 'field' || settings.picture === 'file-and-hash' ? picture : undefined;
  const fields = fieldsOf(record, settings, bytes);
  const signed = { ...fields, sign: sign(fields, settings.appSecret.reveal()) };
  if (bytes === undefined) return urlEncoded(signed);
  const name = settings.picture === 'field' ? 'capture_image' : 'capture_image_file';
  return multipart(signed, { name, bytes }, record.serial);
}

function createAgent(settings: CloudSettings, parts: ClientParts): Dispatcher {
  const ca = settings.ca === undefined ? {} : { ca: [...rootCertificates, readFileSync(settings.ca, 'utf8')] };
  const connect = { timeout: settings.timeoutMs, ...ca };
  const options = {
    connections: CONNECTIONS,
    pipelining: 1,
    allowH2: false,
    // The limit of a whole try is ours, by our own clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect,
  };
  const environment = parts.environment ?? {};
  const proxy = settings.proxy ?? environment.httpsProxy ?? environment.httpProxy;
  if (proxy === undefined || proxy === '') return new Agent(options);
  return new EnvHttpProxyAgent({
    ...options,
    requestTls: connect,
    httpsProxy: settings.proxy ?? environment.httpsProxy ?? proxy,
    httpProxy: settings.proxy ?? environment.httpProxy ?? proxy,
    noProxy: settings.proxy === undefined ? (environment.noProxy ?? '') : '',
  });
}

/** undefined: the answer is too long to be one. */
async function exchange(
  url: string,
  body: Body,
  dispatcher: Dispatcher,
  signal: AbortSignal,
): Promise<RawAnswer | undefined> {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': body.contentType, accept: 'application/json' },
    body: body.bytes,
    dispatcher,
    signal,
  });
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop destroys the answer and its connection.
    if (size > ANSWER_MAX_BYTES) return undefined;
    chunks.push(chunk);
  }
  const retryAfter = header(answer.headers['retry-after']);
  const date = header(answer.headers.date);
  return {
    status: answer.statusCode,
    text: Buffer.concat(chunks).toString('utf8'),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(date === undefined ? {} : { date }),
  };
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function limitOf(clock: Clock, limitMs: number, signal: AbortSignal | undefined) {
  const limit = new AbortController();
  const timer = new AbortController();
  const stop = () => limit.abort();
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  void clock.sleep(limitMs, timer.signal).then(() => {
    if (!timer.signal.aborted) stop();
  });
  return {
    signal: limit.signal,
    end: () => {
      // A reason spares the making of an error with its stack.
      timer.abort(null);
      signal?.removeEventListener('abort', stop);
    },
  };
}

/** The header has whole seconds, cut off: half a second later is the best guess. */
function tellDate(date: string, { clock, onDate }: ClientParts): void {
  const wallMs = Date.parse(date);
  if (Number.isFinite(wallMs)) onDate?.(clock.nowMs(), wallMs + 500);
}

function withNote(receipt: Receipt, note: string | undefined): Receipt {
  if (note === undefined || receipt.kind !== 'accepted' || receipt.warning !== undefined) return receipt;
  return { ...receipt, warning: note };
}
