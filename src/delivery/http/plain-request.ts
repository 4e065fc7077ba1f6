/**
 * One request to a server other than the platform, over the same connections as those to it: proxy, authority and limits. No fault of the far end
 * throws; redirects are not followed. It knows no record and no meaning of an answer.
 */
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import type { Clock } from '../../clock.ts';
import { createConnection } from '../../outward/http-agent.ts';
import { plainAddress } from '../../outward/network-class.ts';
import { failureOf } from '../../outward/network-failure.ts';
import { addressesOf, type Exit, type PeerRule, refusedPeer } from '../../outward/outward.ts';
import { type ProxyAddress, type ProxyEnvironment, proxyOf, shownProxy } from '../../outward/proxy.ts';
import { actingPart } from '../../outward/written-peer.ts';

export interface PlainRequestSettings {
  readonly exit: Exit;
  /** The address that decides on the proxy of the environment. */
  readonly url: string;
  /** From connecting to the whole answer, plus the allowance for the body's bytes. */
  readonly timeoutMs: number;
  readonly ca?: string;
  readonly proxy?: string;
  /** Bodies leave no faster, all requests together; at least `SLOWEST_BYTES_PER_SECOND`. */
  readonly bandwidthBytesPerSecond?: number;
  /** Of an answer; 64 KiB when left out. */
  readonly answerMaxBytes?: number;
}

export interface PlainRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export type PlainAnswer =
  | { readonly status: number; readonly text: string; readonly retryAfter?: string }
  /** `code: DETAIL` of network-failure.ts; `stopped` after an abort. */
  | { readonly why: string };

export interface Requester {
  send(request: PlainRequest, signal: AbortSignal): Promise<PlainAnswer>;
  close(): Promise<void>;
}

interface RequesterParts {
  readonly clock: Clock;
  readonly environment?: ProxyEnvironment | undefined;
  /** Whether our own wall clock is synchronised. */
  readonly clockKnown: () => boolean;
}

const ANSWER_MAX_BYTES = 65_536;
/** The slowest supported uplink: 64 kbit/s. */
const SLOWEST_BYTES_PER_SECOND = 8_000;

export function createRequester(settings: PlainRequestSettings, parts: RequesterParts): Requester {
  const { clock, environment, clockKnown } = parts;
  const proxy = proxyOf(settings, environment);
  const pace =
    settings.bandwidthBytesPerSecond === undefined ? undefined : new Pace(clock, settings.bandwidthBytesPerSecond);
  const { exit } = settings;
  const dispatcher = createConnection(
    { answerMaxBytes: ANSWER_MAX_BYTES, ...settings, exit: wayTo(settings, proxy) },
    proxy,
  );

  async function send({ url, body, ...rest }: PlainRequest, signal: AbortSignal): Promise<PlainAnswer> {
    if (proxy !== undefined && proxy.url === undefined) return { why: `badProxy: ${shownProxy(proxy.address)}` };
    const over = new AbortController();
    const done = new AbortController();
    const limitMs = settings.timeoutMs + (Buffer.byteLength(body ?? '') / SLOWEST_BYTES_PER_SECOND) * 1000;
    void clock.sleep(limitMs, AbortSignal.any([signal, done.signal])).then(() => over.abort());
    try {
      const { origin, pathname, search } = new URL(url);
      const acting = await actingOrRefused(exit, new URL(url), proxy !== undefined);
      if (acting !== undefined) return { why: `acting: ${acting}` };
      const answer = await dispatcher.request({
        ...rest,
        origin,
        path: pathname + search,
        ...(body !== undefined && (pace === undefined ? { body } : pace.paced(rest.headers, body, over.signal))),
        signal: over.signal,
      });
      const text = await answer.body.text();
      const retryAfter = answer.headers['retry-after'];
      return { status: answer.statusCode, text, ...(typeof retryAfter === 'string' && { retryAfter }) };
    } catch (error) {
      if (signal.aborted) return { why: 'stopped' };
      const why = failureOf(error, clockKnown());
      if (why === undefined) throw error;
      return { why };
    } finally {
      done.abort();
    }
  }

  return { send, close: () => dispatcher.destroy() };
}

/** The proxy of the system is root's word; one that the configuration names is a peer like any other. */
const wayTo = ({ exit, proxy: named }: PlainRequestSettings, proxy: ProxyAddress | undefined): Exit =>
  proxy !== undefined && named === undefined ? { purpose: 'proxy' } : exit;

/** The configuration writes its requests. */
const isWritten = (exit: Exit): exit is Extract<Exit, { readonly rule: PeerRule }> =>
  exit.purpose === 'destination' || exit.purpose === 'payments';

/** What of its address is known to act. Behind a proxy the door sees the proxy only, so the target is judged here; throws what the rule says. */
async function actingOrRefused(
  exit: Exit,
  { hostname, pathname, search }: URL,
  isProxied: boolean,
): Promise<string | undefined> {
  if (!isWritten(exit)) return undefined;
  const acting = actingPart(pathname + search);
  if (acting === undefined && isProxied) await mustBeAllowed(hostname, exit.rule);
  return acting;
}

/** By the names that this box can resolve: others only the proxy knows. Throws what the rule says. */
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

  paced(headers: PlainRequest['headers'], body: string | Uint8Array, signal: AbortSignal) {
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
