/**
 * Requests to a server over pooled connections: proxy, authority, time limits. No fault of the far end throws, and every stall ends; redirects are not
 * followed. Undici's `request` with one buffer and keep-alive connections, never fetch: it costs three times the CPU. It knows no record and no meaning
 * of an answer.
 */
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../../clock.ts';
import type { AgentSettings } from '../../outward/http-agent.ts';
import { createConnection } from '../../outward/http-agent.ts';
import { plainAddress } from '../../outward/network-class.ts';
import { failureOf } from '../../outward/network-failure.ts';
import { addressesOf, type Exit, type PeerRule, refusedPeer } from '../../outward/outward.ts';
import { type ProxyAddress, type ProxyEnvironment, proxyOf, shownProxy } from '../../outward/proxy.ts';
import { actingPart } from '../../outward/written-peer.ts';
import { ConnectionPool, untilReady } from './connection-pool.ts';
import { RequestTimeouts } from './request-timeouts.ts';

export interface RequesterSettings extends Pick<AgentSettings, 'exit' | 'ca'> {
  /** The address that decides on the proxy of the environment. */
  readonly url: string;
  /** From connecting to the whole answer, plus the allowance for the body's bytes. */
  readonly timeoutMs: number;
  /** Rate of that allowance; default 8000. */
  readonly slowestBytesPerSecond?: number;
  readonly proxy?: string;
  /** Bodies leave no faster, all requests together; at least `SLOWEST_BYTES_PER_SECOND`. */
  readonly pieceBytesPerSecond?: number;
  /** Of an answer; 64 KiB when left out. */
  readonly answerMaxBytes?: number;
}

export interface HttpRequest {
  readonly url: string;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** In place of that of the settings. */
  readonly timeoutMs?: number;
}

/** `code: DETAIL` of network-failure.ts; `stopped` after an abort. */
export interface NoAnswer {
  readonly why: string;
  /** Not a byte of the request can have been sent. */
  readonly unsent?: true;
}

export type HttpAnswer =
  | { readonly status: number; readonly text: string; readonly retryAfter?: string; readonly date?: string }
  | NoAnswer;

/** An open connection, reserved for one request: either method returns it. */
export interface ReservedConnection {
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Returns it unused. */
  giveBack(): void;
}

export interface Requester {
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer>;
  /** Name, tunnel and TLS are done and nothing has been sent. Absent: each request finds its way by itself. */
  connect?(signal?: AbortSignal): Promise<ReservedConnection | NoAnswer>;
  close(): Promise<void>;
}

export interface RequesterParts {
  readonly clock: Clock;
  /** Proxy variables, for settings that name no proxy. */
  readonly environment?: ProxyEnvironment | undefined;
  /** Whether our own wall clock is synchronised. */
  readonly clockKnown?: () => boolean;
}

/** No answer of a platform is longer; a captive portal's page may be. */
const ANSWER_MAX_BYTES = 65_536;
/** The slowest supported uplink: 64 kbit/s. */
const SLOWEST_BYTES_PER_SECOND = 8_000;

export function createRequester(settings: RequesterSettings, parts: RequesterParts): Required<Requester> {
  return new PooledRequester(settings, parts);
}

class PooledRequester implements Required<Requester> {
  readonly #settings: RequesterSettings;
  readonly #clockKnown: () => boolean;
  readonly #proxy: ProxyAddress | undefined;
  readonly #noProxy: NoAnswer | undefined;
  readonly #pace: Pace | undefined;
  readonly #timeouts: RequestTimeouts;
  readonly #connections: ConnectionPool;

  constructor(settings: RequesterSettings, { clock, environment, clockKnown = () => false }: RequesterParts) {
    const proxy = proxyOf(settings, environment);
    this.#settings = settings;
    this.#clockKnown = clockKnown;
    this.#proxy = proxy;
    if (proxy !== undefined && proxy.url === undefined)
      this.#noProxy = { why: `badProxy: ${shownProxy(proxy.address)}`, unsent: true };
    if (settings.pieceBytesPerSecond !== undefined) this.#pace = new Pace(clock, settings.pieceBytesPerSecond);
    this.#timeouts = new RequestTimeouts(clock);
    const agent = { answerMaxBytes: ANSWER_MAX_BYTES, ...settings, exit: wayTo(settings, proxy) };
    this.#connections = new ConnectionPool(() => createConnection(agent, proxy));
  }

  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpAnswer> {
    return this.#send(request, signal);
  }

  async connect(signal?: AbortSignal): Promise<ReservedConnection | NoAnswer> {
    if (this.#noProxy !== undefined) return this.#noProxy;
    const { url, timeoutMs } = this.#settings;
    const found = await this.#within((connection) => untilReady(connection, new URL(url)), timeoutMs, signal);
    // Without a connection the proxy, if any, causes the delay: the server may know nothing of the attempt.
    const replaced = this.#proxy === undefined ? 'timeout' : 'proxyTimeout';
    if ('why' in found) return { why: found.why.replace(/^timeout/, replaced), unsent: true };
    const { connection } = found;
    return {
      send: (request, cut) => this.#send(request, cut, connection),
      giveBack: () => this.#connections.giveBack(connection),
    };
  }

  /** Nothing is in flight any more, or its result is not awaited. */
  close(): Promise<void> {
    this.#timeouts.close();
    return this.#connections.close();
  }

  /** The result of `work` on a connection, or why it was aborted; a failed connection is not reused. */
  async #within<Value>(
    work: (connection: Dispatcher, over: AbortSignal) => Promise<Value>,
    limitMs: number,
    signal: AbortSignal | undefined,
    keeps?: Dispatcher,
  ): Promise<{ readonly value: Value; readonly connection: Dispatcher } | { readonly why: string }> {
    if (signal?.aborted === true) {
      if (keeps !== undefined) this.#connections.giveBack(keeps);
      return { why: 'stopped' };
    }
    const limit = limitOf(this.#timeouts, limitMs, signal);
    const connection = keeps ?? this.#connections.take();
    try {
      return { value: await Promise.race([work(connection, limit.signal), limit.over]), connection };
    } catch (error) {
      this.#connections.drop(connection);
      const why = limit.why() ?? failureOf(error, this.#clockKnown());
      if (why === undefined) throw error;
      return { why };
    } finally {
      limit.end();
    }
  }

  async #send(request: HttpRequest, signal?: AbortSignal, keeps?: Dispatcher): Promise<HttpAnswer> {
    if (this.#noProxy !== undefined) return this.#noProxy;
    const { exit, timeoutMs: usualMs, slowestBytesPerSecond = SLOWEST_BYTES_PER_SECOND } = this.#settings;
    const { body, timeoutMs = usualMs } = request;
    const { pathname, search } = new URL(request.url);
    const acting = isWritten(exit) ? actingPart(pathname + search) : undefined;
    if (acting !== undefined) return { why: `acting: ${acting}`, unsent: true };
    let hasBegun = false;
    const exchange = (connection: Dispatcher, over: AbortSignal) =>
      this.#exchange(request, connection.compose(atStart(() => (hasBegun = true))), over);
    const limitMs = timeoutMs + (Buffer.byteLength(body ?? '') / slowestBytesPerSecond) * 1000;
    const answered = await this.#within(exchange, limitMs, signal, keeps);
    if ('why' in answered) return { why: answered.why, ...(!hasBegun && { unsent: true }) };
    this.#connections.giveBack(answered.connection);
    return answered.value;
  }

  async #exchange({ url, method, headers = {}, body }: HttpRequest, connection: Dispatcher, over: AbortSignal) {
    const { origin, pathname, search, hostname } = new URL(url);
    const { exit } = this.#settings;
    if (isWritten(exit) && this.#proxy !== undefined) await mustBeAllowed(hostname, exit.rule);
    const answer = await connection.request({
      ...{ origin, path: pathname + search, method, headers },
      ...(body !== undefined && (this.#pace === undefined ? { body } : this.#pace.paced(headers, body, over))),
    });
    const text = await answer.body.text();
    const [retryAfter, date] = [header(answer.headers['retry-after']), header(answer.headers.date)];
    return {
      ...{ status: answer.statusCode, text },
      ...(retryAfter !== undefined && { retryAfter }),
      ...(date !== undefined && { date }),
    };
  }
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
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

interface Limit {
  /** Rejects on abort or timeout. */
  readonly over: Promise<never>;
  readonly signal: AbortSignal;
  /** The reason, if aborted. */
  readonly why: () => 'timeout' | 'stopped' | undefined;
  readonly end: () => void;
}

function limitOf(timeouts: RequestTimeouts, limitMs: number, signal: AbortSignal | undefined): Limit {
  const ended = new AbortController();
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
  const unwatch = timeouts.watch(limitMs, () => giveUp('timeout'));
  signal?.addEventListener('abort', stop, { once: true });
  return {
    over,
    signal: ended.signal,
    why: () => why,
    end: () => {
      unwatch();
      ended.abort('ended');
      signal?.removeEventListener('abort', stop);
    },
  };
}

/** The proxy of the system is root's word; one that the configuration names is a peer like any other. */
const wayTo = ({ exit, proxy: named }: RequesterSettings, proxy: ProxyAddress | undefined): Exit =>
  isWritten(exit) && proxy !== undefined && named === undefined ? { purpose: 'proxy' } : exit;

/** The configuration writes its requests. */
const isWritten = (exit: Exit): exit is Extract<Exit, { readonly rule: PeerRule }> =>
  exit.purpose === 'destination' || exit.purpose === 'payments';

/** Behind a proxy the door sees the proxy only: here by the names that this box can resolve, others only the proxy knows. Throws what the rule says. */
async function mustBeAllowed(hostname: string, rule: PeerRule): Promise<void> {
  const addresses = isIP(plainAddress(hostname)) === 0 ? await addressesOf(hostname).catch(() => []) : [hostname];
  const refused = addresses.map((address) => refusedPeer(address, rule)).find((each) => each !== undefined);
  if (refused !== undefined) throw refused;
}

/** Pieces this small leave other connections their turn on a slow line. */
const PIECE_BYTES = 2_048;

/** Lets bodies go piece by piece, at a rate: what shares the line with them has the rest of it. */
class Pace {
  readonly #clock: Clock;
  readonly #bytesPerSecond: number;
  #untilMs = 0;

  constructor(clock: Clock, bytesPerSecond: number) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
  }

  paced(headers: HttpRequest['headers'], body: string | Uint8Array, signal: AbortSignal) {
    const bytes = Buffer.from(body);
    return {
      body: Readable.from(this.#pieces(bytes, signal)),
      headers: { ...headers, 'content-length': String(bytes.length) },
    };
  }

  async *#pieces(bytes: Buffer, signal: AbortSignal): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      await this.#clock.sleep(this.#untilMs - this.#clock.nowMs(), signal);
      if (signal.aborted) return;
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      this.#untilMs = Math.max(this.#untilMs, this.#clock.nowMs()) + (piece.length / this.#bytesPerSecond) * 1_000;
      yield piece;
    }
  }
}
