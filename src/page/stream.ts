/**
 * Live events for every browser: server-sent events, rendered once for all clients, resumed after a disconnection. Clients, remembered events
 * and bytes queued per client are limited; a slow client is dropped.
 */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Clock } from '../clock.ts';
import { Problem } from '../http/problem.ts';
import { ownEvent, type Visible } from './access/own-lanes.ts';
import { withoutPlates } from './access/plate-mask.ts';
import type { Overview } from './api/api.ts';
import type { LiveEvent } from './api/api-live.ts';
import { LiveChanges, type LiveSource } from './live-changes.ts';

/** Events one client subscribes to besides the usual ones. */
export interface Wish {
  readonly signals: boolean;
  /** The line whose frames it gets. */
  readonly frames?: string;
  /** May see the log and the jobs. */
  readonly staff: boolean;
  /** Plates and pictures are not for it. */
  readonly masks?: boolean;
  readonly visible: Visible;
  /** `Last-Event-ID` of the request. */
  readonly lastId?: string;
}

export interface Watcher {
  readonly user: string;
  /** Polled: whether it may still watch. */
  readonly isAlive: () => boolean;
}

export const CLIENTS_MAX = 32;
/** Events remembered for clients that resume. */
const REMEMBERED = 500;
/** Bytes queued for a client; above it the client is too slow. */
const WAITING_BYTES_MAX = 512_000;
const BEAT_MS = 15_000;

interface Client {
  readonly events: Readable;
  readonly wish: Wish;
  readonly watcher: Watcher;
}

interface Remembered {
  readonly number: number;
  readonly event: LiveEvent;
  readonly block: string;
}

export class Stream {
  readonly #clock: Clock;
  readonly #clients = new Set<Client>();
  /** Separates ids of this run of the program from earlier ones. */
  readonly #run = randomBytes(4).toString('hex');
  readonly #stopped = new AbortController();
  readonly #onSlow: () => void;
  readonly #changes: LiveChanges;
  #remembered: Remembered[] = [];
  #number = 0;
  /** The highest number no longer remembered. */
  #forgotten = 0;

  /** `onSlow`: a client could not keep up and was dropped. */
  constructor(clock: Clock, onSlow: () => void) {
    this.#clock = clock;
    this.#onSlow = onSlow;
    this.#changes = new LiveChanges(() => clock.nowMs());
    void this.#beat();
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Whether a client gets the frames of this line, or of any. */
  wantsFrames(line?: string): boolean {
    return [...this.#clients].some(({ wish }) => wish.frames !== undefined && (line ?? wish.frames) === wish.frames);
  }

  get wantsSignals(): boolean {
    return [...this.#clients].some(({ wish }) => wish.signals);
  }

  /** Sends what changed by it. Readings and frames go to present clients only; every other event is remembered. */
  publish(published: LiveSource): void {
    for (const event of this.#changes.of(published)) this.#publish(event);
  }

  #publish(event: LiveEvent): void {
    const passing = event.event === 'reading' || event.event === 'wire';
    if (passing && this.#clients.size === 0) return;
    const rendered = this.#render(event);
    if (!passing) {
      this.#remembered.push(rendered);
      if (this.#remembered.length > REMEMBERED) this.#forgotten = this.#remembered.shift()?.number ?? 0;
    }
    for (const client of [...this.#clients]) this.#send(client, this.#blockFor(client.wish, rendered));
  }

  /**
   * The events from now on. `overview` is what a client gets that was not here before, or too long ago; the others get what changed by it, so
   * that all have the same. Throws Problem `full`, also when the program ends.
   */
  async attach(wish: Wish, watcher: Watcher, overview: () => Promise<Overview | undefined>): Promise<Readable> {
    const data = this.#since(wish.lastId) === undefined ? await overview() : undefined;
    this.#makeRoom(watcher);
    if (data !== undefined) this.publish({ event: 'overview', data });
    const events = new Readable({ read: () => undefined });
    const client: Client = { events, wish, watcher };
    this.#clients.add(client);
    events.once('close', () => this.#clients.delete(client));
    // Browsers come back after this long.
    events.push('retry: 2000\n\n');
    const first = data && { number: this.#number, event: { event: 'overview', data } as const };
    const missed = this.#since(wish.lastId) ?? [];
    const all = first === undefined ? missed : [{ ...first, block: this.#block(first.number, first.event) }];
    this.#send(client, all.map((each) => this.#blockFor(wish, each)).join(''));
    return events;
  }

  /** Ends those whose session or token has ended: at each beat, and at once where one is revoked. */
  endEnded(): void {
    for (const client of [...this.#clients]) if (!client.watcher.isAlive()) this.#end(client);
  }

  close(): void {
    this.#stopped.abort();
    for (const client of [...this.#clients]) this.#end(client);
  }

  /** Ends the oldest stream of the user with the most, so that no user keeps another out. Throws Problem `full`. */
  #makeRoom({ user }: Watcher): void {
    const clients = [...this.#clients];
    if (clients.length < CLIENTS_MAX && !this.#stopped.signal.aborted) return;
    const of = (name: string) => clients.filter(({ watcher }) => watcher.user === name);
    const most = clients.map(({ watcher }) => of(watcher.user)).reduce((a, b) => (b.length > a.length ? b : a), []);
    if (this.#stopped.signal.aborted || most.length <= of(user).length + 1)
      throw new Problem('full', { headers: { 'retry-after': '10' } });
    this.#end(most[0] as Client);
  }

  #end(client: Client): void {
    this.#clients.delete(client);
    client.events.push(null);
  }

  #render(event: LiveEvent): Remembered {
    this.#number += 1;
    return { number: this.#number, event, block: this.#block(this.#number, event) };
  }

  /** Without a number for a booth, which would see by it that there are events that it does not get; it begins with an overview. */
  #block(number: number | undefined, { event, data }: LiveEvent): string {
    const id = number === undefined ? '' : `id: ${this.#run}-${number}\n`;
    return `${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
  }

  /** What a client with this wish gets of it; empty: nothing. A booth has it rendered for itself. */
  #blockFor(wish: Wish, { number, event, block }: Remembered): string {
    if (!wants(wish, event)) return '';
    if (wish.visible.own === undefined && !wish.visible.isBooth) return block;
    const own = ownEvent(event, wish.visible);
    return own === undefined ? '' : this.#block(wish.visible.isBooth ? undefined : number, own);
  }

  /** The events after that id; undefined: an id of another run, or some are forgotten. */
  #since(id: string | undefined): readonly Remembered[] | undefined {
    const [run, text = ''] = (id ?? '').split('-');
    const number = Number(text);
    if (run !== this.#run || !Number.isSafeInteger(number)) return undefined;
    if (number > this.#number || number < this.#forgotten) return undefined;
    return this.#remembered.filter((each) => each.number > number);
  }

  #send(client: Client, block: string): void {
    const { events } = client;
    if (block === '' || events.destroyed) return;
    if (events.readableLength > WAITING_BYTES_MAX) {
      // The client reconnects and gets an overview.
      this.#clients.delete(client);
      events.destroy();
      this.#onSlow();
      return;
    }
    events.push(client.wish.masks === true ? withoutPlates(block) : block);
  }

  /** Keeps connections alive through proxies, and ends those whose session has ended. */
  async #beat(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await this.#clock.sleep(BEAT_MS, signal);
      if (signal.aborted) return;
      this.endEnded();
      for (const client of [...this.#clients]) this.#send(client, ': beat\n\n');
    }
  }
}

function wants(wish: Wish, event: LiveEvent): boolean {
  if (event.event === 'reading') return wish.signals;
  if (event.event === 'log' || event.event === 'job') return wish.staff;
  if (event.event === 'wire') return wish.frames === event.data.line;
  return true;
}
