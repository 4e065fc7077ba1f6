/**
 * Which connections a server holds: each by what its client has shown so far, bounded in all and by address. A connection that has shown nothing
 * for too long ends; when there are too many, the oldest idle one without session or token makes room, so that a newcomer always gets its turn.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../clock.ts';
import { addressBlock } from './address.ts';
import { Bucket, Buckets } from './bucket.ts';

/** From the first packet to the whole head of the first request, with the TLS handshake; and for a later head, once its first byte may come no more. */
export const HEAD_MS = 10_000;
/** A client that takes nothing of its answer, or sends nothing of its body, for this long is gone. */
export const STALLED_MS = 60_000;
const SWEEP_MS = 500;
const SHED_TOLD_EVERY_MS = 60_000;
const ADDRESSES_MAX = 2_000;

export interface ConnectionLimits {
  /** All of them. */
  readonly total: number;
  /** Of these at most so many are kept for those with a session or token; beyond it they are like any other. */
  readonly trusted: number;
  /** Of one address, without session or token. */
  readonly strangersPerAddress: number;
  /** New ones of one address; one that turns out to have a session or token does not count. */
  readonly newPerSecond: number;
  readonly newAtOnce: number;
  /** Between two requests. */
  readonly idleMs: number;
}

interface Connection {
  readonly socket: Socket;
  readonly block: string;
  readonly arrivals: Bucket;
  /** By then the head of a request has to be there; undefined while one is answered. */
  headByMs: number | undefined;
  underWay: number;
  request?: IncomingMessage;
  response?: ServerResponse;
  isTrusted: boolean;
  isRefunded: boolean;
}

const connectionOf = new WeakMap<IncomingMessage, { trust(): void }>();

/** The request carries a session or a token that is valid: its connection is kept when there are too many. */
export function trustConnection(request: IncomingMessage): void {
  connectionOf.get(request)?.trust();
}

export class Connections {
  readonly #clock: Clock;
  readonly #limits: ConnectionLimits;
  readonly #onShed: (block: string, count: number) => void;
  readonly #arrivals: Buckets;
  /** In the order of their coming, by the client's address and port. */
  readonly #all = new Map<string, Connection>();
  #shed = 0;
  #shedToldMs = Number.NEGATIVE_INFINITY;
  #sweeping = false;
  #closing = false;

  /** `onShed`: connections had to make room; at once and then at most once a minute. */
  constructor(clock: Clock, limits: ConnectionLimits, onShed: (block: string, count: number) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onShed = onShed;
    this.#arrivals = new Buckets(ADDRESSES_MAX, () => new Bucket(clock, limits.newPerSecond, limits.newAtOnce));
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
    this.#all.set(key, {
      socket,
      block,
      arrivals,
      headByMs: this.#clock.nowMs() + HEAD_MS,
      underWay: 0,
      isTrusted: false,
      isRefunded: false,
    });
    socket.once('close', () => this.#all.delete(key));
    void this.#sweep();
    return true;
  }

  /**
   * The head of a request is there. Whether it may be answered: one after the other on a connection, so that what bounds connections bounds
   * the work. No browser and none of the usual clients sends a second one before it has its answer.
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
    // What was shown with the request before says nothing of this one.
    connection.isTrusted = false;
    connectionOf.set(request, { trust: () => this.#trust(connection) });
    response.once('close', () => {
      connection.underWay -= 1;
      if (connection.underWay === 0 && this.#closing) connection.socket.destroySoon();
      else if (connection.underWay === 0) connection.headByMs = this.#clock.nowMs() + this.#limits.idleMs + HEAD_MS;
    });
    return true;
  }

  /** Nothing has moved on this socket for a while: it ends unless it is we who keep it waiting. */
  stalled(socket: Socket): void {
    const connection = this.#all.get(keyOf(socket) ?? '');
    if (connection === undefined || !isOurTurn(connection)) socket.destroy();
  }

  /** The server closes: ends those with no request under way, and the others with their answer; or all of them. */
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

  /** Ends one of them: the oldest of those that keep us waiting, else the oldest. */
  #end(candidates: readonly Connection[]): boolean {
    const victim = candidates.find((each) => !isOurTurn(each)) ?? candidates[0];
    if (victim === undefined) return false;
    victim.socket.destroy();
    // Its `close` comes later; its place is free now.
    for (const [key, each] of this.#all) if (each === victim) this.#all.delete(key);
    this.#shed += 1;
    const nowMs = this.#clock.nowMs();
    if (nowMs - this.#shedToldMs < SHED_TOLD_EVERY_MS) return true;
    this.#shedToldMs = nowMs;
    this.#onShed(victim.block, this.#shed);
    this.#shed = 0;
    return true;
  }

  /** Ends those whose head has not come in time. One timer for all, and none without a connection. */
  async #sweep(): Promise<void> {
    if (this.#sweeping) return;
    this.#sweeping = true;
    let nowMs = this.#clock.nowMs();
    while (this.#all.size > 0) {
      const beforeMs = nowMs;
      await this.#clock.sleep(SWEEP_MS);
      nowMs = this.#clock.nowMs();
      // A clock that has ended wakes at once, for ever.
      if (nowMs <= beforeMs) break;
      for (const { socket, headByMs } of [...this.#all.values()])
        if (headByMs !== undefined && nowMs > headByMs) socket.destroy();
    }
    this.#sweeping = false;
  }
}

/** Whether the client has sent all it had to and takes what we send: then it waits for us. */
function isOurTurn({ underWay, request, response }: Connection): boolean {
  return underWay > 0 && request?.complete === true && response?.writableLength === 0;
}

/** Those of the address that has the most. */
function ofTheMost(connections: readonly Connection[]): readonly Connection[] {
  const blocks = new Map<string, Connection[]>();
  for (const each of connections) {
    const list = blocks.get(each.block) ?? [];
    list.push(each);
    blocks.set(each.block, list);
  }
  return [...blocks.values()].reduce((most, list) => (list.length > most.length ? list : most), [] as Connection[]);
}

/** Of the client's end; also TLS sockets have it. undefined: it has gone already. */
function keyOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return remoteAddress === undefined ? undefined : `${remoteAddress} ${remotePort}`;
}
