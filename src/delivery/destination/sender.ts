/**
 * The loop of one destination: takes what waits, sends it, and waits as long as the destination asks for, or ever longer after a fault. Nothing waits
 * for it, and it knows no other destination.
 */
import type { Clock } from '../../clock.ts';
import { BACK_OFF_MAX_MS, retryBackOffMs } from '../back-off.ts';
import type { FactKind } from '../settings.ts';
import type { MessageQueue } from './message-queue.ts';
import type { DestinationTransport, Outcome } from './transport.ts';
import type { DestinationView } from './view.ts';

/** A command beside the program adds facts too (`queue`): they are looked for this often. */
const LOOK_EVERY_MS = 2_000;
const FIRST_WAIT_MS = 200;

/** What a sender did, in counts and by its last fault. */
export class SenderStatus {
  arrived = 0;
  failed = 0;
  lastError: string | undefined;
  state: DestinationView['state'] = 'idle';

  add(outcome: Outcome, messages: number): void {
    if (outcome.kind === 'arrived') this.arrived += messages;
    else {
      this.failed += 1;
      this.lastError = outcome.why;
    }
    const states = { arrived: 'idle', retry: 'failing', refused: 'idle', stopped: 'stopped' } as const;
    this.state = states[outcome.kind];
  }
}

export interface SenderParts {
  readonly transport: DestinationTransport;
  readonly queue: MessageQueue;
  readonly clock: Clock;
  /** Called after each request. */
  readonly on?: (outcome: Outcome) => void;
  /** 0 … 1, for the jitter. */
  readonly random?: () => number;
}

export class DestinationSender {
  readonly status = new SenderStatus();
  readonly #parts: SenderParts;
  /** The newest of each kind that is not kept. */
  readonly #latest = new Map<FactKind, unknown>();
  /** Ends a look-out, not the wait after a fault. */
  #news = new AbortController();
  /** Ends either. */
  #change = new AbortController();
  #failures = 0;
  #isPaused = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** There may be something new. */
  wake(): void {
    this.#news.abort();
  }

  /** Sent when nothing else waits; a newer one replaces it. */
  latest(kind: FactKind, data: unknown): void {
    if (this.#parts.transport.sendLatest === undefined) return;
    this.#latest.set(kind, data);
    this.wake();
  }

  pause(): void {
    this.#rest(true);
  }

  /** Also of one that wanted nothing more. */
  resume(): void {
    this.#rest(false);
  }

  #rest(isPaused: boolean): void {
    this.#isPaused = isPaused;
    this.status.state = isPaused ? 'paused' : 'idle';
    this.#failures = 0;
    this.#change.abort();
  }

  /** Ends when `signal` aborts. Rejects only on an internal error. */
  async run(signal: AbortSignal): Promise<void> {
    const { transport, clock } = this.#parts;
    while (!signal.aborted) {
      this.#news = new AbortController();
      this.#change = new AbortController();
      const { news, change } = { news: this.#news.signal, change: this.#change.signal };
      const isResting = this.#isPaused || this.status.state === 'stopped';
      const waitMs = isResting ? undefined : await this.#once(signal);
      const until = AbortSignal.any(waitMs === undefined && !isResting ? [signal, change, news] : [signal, change]);
      await clock.sleep(waitMs ?? LOOK_EVERY_MS, until);
    }
    await transport.close();
  }

  /** One request, if there is something to send. Resolves to how long to wait for the next; undefined: there is nothing. */
  async #once(signal: AbortSignal): Promise<number | undefined> {
    const { transport, queue, clock } = this.#parts;
    const restMs = transport.restMs?.() ?? 0;
    if (restMs > 0) await clock.sleep(restMs, signal);
    const messages = await queue.next(transport.most);
    if (signal.aborted) return undefined;
    if (messages.length > 0) {
      this.status.state = this.#failures === 0 ? 'working' : 'failing';
      const outcome = await transport.send(messages, signal);
      return this.#settle(outcome, signal, messages.length, () => queue.arrived(messages));
    }
    const [latest] = this.#latest;
    if (latest === undefined || transport.sendLatest === undefined) return undefined;
    const [kind, data] = latest;
    const sent = await transport.sendLatest(kind, data, signal);
    return this.#settle(sent, signal, 1, () => {
      if (this.#latest.get(kind) === data) this.#latest.delete(kind);
    });
  }

  #settle(outcome: Outcome, signal: AbortSignal, messages: number, done: () => void): number | undefined {
    if (signal.aborted && outcome.kind === 'retry') return 0;
    this.status.add(outcome, messages);
    if (this.#isPaused) this.status.state = 'paused';
    this.#parts.on?.(outcome);
    if (outcome.kind === 'arrived' || outcome.kind === 'refused') {
      this.#failures = 0;
      done();
      return 0;
    }
    if (outcome.kind === 'stopped') return undefined;
    this.#failures += 1;
    const { random } = this.#parts;
    const waitMs = retryBackOffMs(this.#failures - 1, {
      backOffMs: FIRST_WAIT_MS,
      least: 0.5,
      ...(random && { random }),
    });
    return Math.min(BACK_OFF_MAX_MS, Math.max(outcome.afterMs ?? 0, waitMs));
  }
}
