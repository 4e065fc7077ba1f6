/**
 * The connections a server holds, limited in total and per address. A connection without a request for too long ends; above the limit the oldest
 * idle one without session or token makes room, so that a newcomer is always served.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { TokenBucket, TokenBuckets } from '../limits.ts';
import { addressBlock } from './address.ts';

/** For the head of the first request, TLS handshake included; later heads get it on top of the idle time. */
export const HEAD_MS = 10_000;
/** A client that neither reads its answer nor sends its body for this long is gone. */
export const STALLED_MS = 60_000;
const SWEEP_MS = 500;
const SHED_REPORT_EVERY_MS = 60_000;
const ADDRESSES_MAX = 2_000;

export interface ConnectionLimits {
  /** In total. */
  readonly total: number;
  /** Of these, kept for clients with a session or token; above it such a client counts like any other. */
  readonly trusted: number;
  /** Per address, without session or token. */
  readonly strangersPerAddress: number;
  /** New connections per address; one that shows a session or token does not count. */
  readonly newPerSecond: number;
  readonly newAtOnce: number;
  /** Between two requests. */
  readonly idleMs: number;
}

interface Connection {
  readonly socket: Socket;
  readonly block: string;
  readonly arrivals: TokenBucket;
  /** Deadline for the head of a request; undefined while one is answered. */
  headByMs: number | undefined;
  underWay: number;
  request?: IncomingMessage;
  response?: ServerResponse;
  isTrusted: boolean;
  isRefunded: boolean;
}

const connectionOf = new WeakMap<IncomingMessage, { trust(): void }>();

/** The request carries a valid session or token: its connection is kept when others make room. */
export function trustConnection(request: IncomingMessage): void {
  connectionOf.get(request)?.trust();
}

export class Connections {
  readonly #clock: Clock;
  readonly #limits: ConnectionLimits;
  readonly #onShed: (block: string, count: number) => void;
  readonly #arrivals: TokenBuckets;
  /** In order of arrival, by the client's address and port. */
  readonly #all = new Map<string, Connection>();
  #shed = 0;
  #shedReportedMs = Number.NEGATIVE_INFINITY;
  #sweeping = false;
  #closing = false;

  /** `onShed` reports connections that made room: at once, then at most once a minute. */
  constructor(clock: Clock, limits: ConnectionLimits, onShed: (block: string, count: number) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onShed = onShed;
    this.#arrivals = new TokenBuckets(
      ADDRESSES_MAX,
      () => new TokenBucket(clock, limits.newPerSecond, limits.newAtOnce),
    );
  }

  get count(): number {
    return this.#all.size;
  }

  /** Whether the connection may stay; it is ended when not. */
  admit(socket: Socket): boolean {
    const key = keyOf(socket);
    const block = addressBlock(socket.remoteAddress);
    const arrivals = this.#arrivals.of(block);
    socket.on('error', () => undefined);
    if (key === undefined || arrivals.take(1).waitSeconds > 0 || !this.#makeRoom(block)) {
      socket.destroy();
      return false;
    }
    // From the port of another: that one's client has gone, though a handshake that waited for it never heard so.
    this.#all.get(key)?.socket.destroy();
    const headByMs = this.#clock.nowMs() + HEAD_MS;
    const connection = { socket, block, arrivals, headByMs, underWay: 0, isTrusted: false, isRefunded: false };
    this.#all.set(key, connection);
    socket.once('close', () => this.#all.get(key) === connection && this.#all.delete(key));
    void this.#sweep();
    return true;
  }

  /**
   * Whether the request, whose head has arrived, may be answered. A connection has one request at a time, so that the limit of connections
   * limits the work; browsers and the usual clients do not pipeline.
   */
  begin(request: IncomingMessage, response: ServerResponse): boolean {
    const connection = this.#all.get(keyOf(request.socket) ?? '');
    if (connection === undefined || connection.underWay > 0) {
      request.socket.destroy();
      return false;
    }
    connection.underWay += 1;
    connection.headByMs = undefined;
    connection.request = request;
    connection.response = response;
    // Trust is per request.
    connection.isTrusted = false;
    connectionOf.set(request, { trust: () => this.#trust(connection) });
    response.once('close', () => {
      connection.underWay -= 1;
      if (connection.underWay === 0 && this.#closing) connection.socket.destroySoon();
      else if (connection.underWay === 0) connection.headByMs = this.#clock.nowMs() + this.#limits.idleMs + HEAD_MS;
    });
    return true;
  }

  isAnswering(socket: Socket): boolean {
    return (this.#all.get(keyOf(socket) ?? '')?.underWay ?? 0) > 0;
  }

  /** A socket without traffic ends, unless the client waits for our answer. */
  stalled(socket: Socket): void {
    const connection = this.#all.get(keyOf(socket) ?? '');
    if (connection === undefined || !isOurTurn(connection)) socket.destroy();
  }

  /** The server closes. `idle` ends connections without a request now and the others after their answer; `all` ends every one. */
  end(which: 'idle' | 'all'): void {
    this.#closing = true;
    for (const { socket, underWay } of [...this.#all.values()]) if (which === 'all' || underWay === 0) socket.destroy();
  }

  #trust(connection: Connection): void {
    if (!connection.isRefunded) connection.arrivals.giveBack();
    connection.isRefunded = true;
    const trusted = [...this.#all.values()].filter(({ isTrusted }) => isTrusted).length;
    connection.isTrusted = trusted < this.#limits.trusted;
  }

  #makeRoom(block: string): boolean {
    const strangers = [...this.#all.values()].filter(({ isTrusted }) => !isTrusted);
    const ofBlock = strangers.filter((each) => each.block === block);
    if (ofBlock.length >= this.#limits.strangersPerAddress) return this.#end(ofBlock);
    return this.#all.size < this.#limits.total || this.#end(ofTheMost(strangers));
  }

  /** Ends the oldest candidate that keeps us waiting, else the oldest. */
  #end(candidates: readonly Connection[]): boolean {
    const victim = candidates.find((each) => !isOurTurn(each)) ?? candidates[0];
    if (victim === undefined) return false;
    victim.socket.destroy();
    // `close` is emitted later; its place is free now.
    for (const [key, each] of this.#all) if (each === victim) this.#all.delete(key);
    this.#shed += 1;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#shedReportedMs < SHED_REPORT_EVERY_MS) return true;
    this.#shedReportedMs = nowMs;
    this.#onShed(victim.block, this.#shed);
    this.#shed = 0;
    return true;
  }

  /** Ends connections whose head is overdue. One timer for all, none without connections. */
  async #sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    let nowMs = this.#clock.nowMs();
    while (this.#all.size > 0) {
      const beforeMs = nowMs;
      await this.#clock.sleep(SWEEP_MS);
      nowMs = this.#clock.nowMs();
      // An ended clock wakes at once, forever.
      if (nowMs <= beforeMs) break;
      for (const { socket, headByMs } of [...this.#all.values()])
        if (headByMs !== undefined && nowMs > headByMs) socket.destroy();
    }
    this.#sweeping = false;
  }
}

/** Whether the client has sent its request and read all we sent: it waits for us. */
function isOurTurn({ underWay, request, response }: Connection): boolean {
  return underWay > 0 && request?.complete === true && response?.writableLength === 0;
}

/** The connections of the address that has the most. */
function ofTheMost(connections: readonly Connection[]): readonly Connection[] {
  const blocks = new Map<string, Connection[]>();
  for (const each of connections) {
    const list = blocks.get(each.block) ?? [];
    list.push(each);
    blocks.set(each.block, list);
  }
  return [...blocks.values()].reduce((most, list) => (list.length > most.length ? list : most), [] as Connection[]);
}

/** Address and port of the client, also of a TLS socket; undefined: the client has gone. */
function keyOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
