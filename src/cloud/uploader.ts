/**
 * Brings waiting records to the platform in two loops: what has just come in, and beside it the backlog, oldest first. It decides when to try
 * again and what a receipt does to a record; it knows no HTTP, no SQL and no lane.
 */
import type { Clock } from '../clock.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { Outbox } from '../store/types.ts';
import type { CloudClient } from './client.ts';
import { ReadAhead } from './read-ahead.ts';
import { readyRecord } from './ready-record.ts';
import { type Order, type ScheduleSettings, SendSchedule } from './send-schedule.ts';
import { isTransient, unlessTransient } from './transient-errors.ts';
import type { DeliveryReceipt } from './types.ts';
import type { UploadControl, UploaderState, UploaderStatus } from './upload-control.ts';

export interface UploaderOptions {
  readonly outbox: Outbox;
  readonly client: Pick<CloudClient, 'prepare' | 'connect' | 'tellTime'>;
  readonly clock: Clock;
  readonly settings?: ScheduleSettings;
  /** false: records go without the bytes of their pictures, which are not read then. */
  readonly withPictures?: boolean;
  /** A connection stands and the first byte is about to leave: the record can no longer be withdrawn. */
  readonly onSending?: (record: OutboxRecord) => void;
  /** Not a byte of it left after all, in the try that `onSending` announced. */
  readonly onUnsent?: (record: OutboxRecord) => void;
  /** After the receipt has been kept. */
  readonly onReceipt?: (record: OutboxRecord, receipt: DeliveryReceipt) => void;
}

export interface Uploader extends UploadControl {
  /** Until `signal` aborts; a request under way then has a second to end. Rejects when the store cannot be used any more. */
  run(signal: AbortSignal): Promise<void>;
}

/** Looks for work at least so often: another process (the command `queue`) may have added some. */
const POLL_MS = 15_000;
const GRACE_MS = 1_000;
/** So many answers in no table, then the record is parked. */
const UNKNOWN_MAX = 10;
/** Records on the wire at once. Of a backlog one, unless the line is fast: a slow one is not shared, because both would be late. */
const NEWS_MOST = 2;
export const BACKLOG_MOST = 4;
/** Records found at a look, besides those in flight. */
const LOOK = 64;
/** Records read ahead wait no longer than this behind one that gets no answer. */
const AHEAD_MS = 500;

/** A reason that is there already: the one made for each abort without costs a drain as much as its signatures. */
const WOKEN = 'woken';

/** How a try ended. */
interface Tried {
  readonly record: OutboxRecord;
  readonly receipt: DeliveryReceipt;
  /** From the first byte to the answer. */
  readonly tookMs: number;
}

export function createUploader(options: UploaderOptions): Uploader {
  return new TwoLoops(options);
}

class TwoLoops implements Uploader {
  readonly #options: UploaderOptions;
  readonly #schedule: SendSchedule;
  /** On the wire, or answered and not kept yet. */
  readonly #inFlight = new Set<number>();
  readonly #ahead: ReadAhead;
  #aheadUntilMs = 0;
  readonly #onWire: Record<Order, number> = { news: 0, backlog: 0 };
  readonly #sends = new Set<Promise<void>>();
  /** Of the last look. */
  readonly #due: Record<Order, readonly OutboxRecord[]> = { news: [], backlog: [] };
  readonly #wakes = { news: new AbortController(), backlog: new AbortController() };
  /** Ends requests under way. */
  readonly #cut = new AbortController();
  /** The newest of the backlog that was there at the start. */
  #startId = 0;
  #lookedAtMs: number;
  #answeredAtMs: number | undefined;
  #fail: (error: unknown) => void = () => undefined;

  constructor(options: UploaderOptions) {
    this.#options = options;
    this.#schedule = new SendSchedule(options.clock, options.settings ?? {});
    this.#lookedAtMs = options.clock.nowMs();
    this.#ahead = new ReadAhead((id) => readyRecord(id, options), options.outbox.unsent);
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, outbox } = this.#options;
    if (signal.aborted) return;
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject;
    });
    const ended = () => {
      this.#wake('news', 'backlog');
      void clock.sleep(GRACE_MS, this.#cut.signal).then(() => this.#cut.abort());
    };
    signal.addEventListener('abort', ended, { once: true });
    const unwatch = outbox.onChange(() => this.#lookAgain());
    try {
      const [newest] = await unlessTransient(outbox.due(1, 'newest'), []);
      this.#startId = newest?.id ?? 0;
      await Promise.race([failed, Promise.all([this.#loop('news', signal), this.#loop('backlog', signal)])]);
      await Promise.race([failed, Promise.all([this.#ahead.takeBack(), ...this.#sends])]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      unwatch();
      this.#cut.abort();
      signal.removeEventListener('abort', ended);
    }
  }

  pause(who: string): void {
    this.#schedule.stop(who);
    this.#takeBack();
  }

  resume(): void {
    this.#schedule.resume();
    this.#lookAgain();
  }

  state(): UploaderState {
    if (this.#schedule.stopped !== undefined) return 'paused';
    if (this.#schedule.paused !== undefined) return 'refused';
    if (this.#schedule.failures > 0) return 'offline';
    return this.#inFlight.size > 0 ? 'working' : 'idle';
  }

  status(): UploaderStatus {
    const { paused, stopped, failures, failing } = this.#schedule;
    return {
      ...(paused && { paused }),
      ...(stopped && { stopped }),
      failures,
      ...(failing && { failing }),
      inFlight: this.#inFlight.size,
      lookedAtMs: this.#lookedAtMs,
      ...(this.#answeredAtMs !== undefined && { answeredAtMs: this.#answeredAtMs }),
    };
  }

  /** Sends as many at once as it may, and sleeps until there is room, work or a moment that was waited for. */
  async #loop(order: Order, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { signal: woken } = this.#wakes[order];
      const waitMs = await this.#sendNext(order, signal);
      if (waitMs > 0) await this.#options.clock.sleep(Math.min(waitMs, POLL_MS), woken);
    }
  }

  /** 0: one was sent. Otherwise for how long there is nothing to send, if nothing happens. */
  async #sendNext(order: Order, signal: AbortSignal): Promise<number> {
    const { clock, outbox } = this.#options;
    this.#lookedAtMs = clock.nowMs();
    if (this.#onWire[order] >= this.#room(order)) return this.#noRoomMs();
    if (this.#due[order].length === 0) this.#due[order] = await this.#look(order);
    // Meanwhile the other loop may have taken some.
    const due = this.#due[order].filter(({ id }) => !this.#inFlight.has(id));
    const record = order === 'news' ? due.at(-1) : this.#schedule.next(due);
    this.#due[order] = due;
    if (record === undefined) {
      const dueMs = await unlessTransient(outbox.nextDueMs(this.#lookedAtMs), undefined);
      return dueMs === undefined ? POLL_MS : dueMs - clock.nowMs();
    }
    const waitMs = this.#schedule.waitMs(record.id, order);
    if (waitMs > 0 || signal.aborted) return waitMs;
    this.#due[order] = due.filter((other) => other !== record);
    const send = this.#send(record, order)
      .catch(this.#fail)
      .finally(() => this.#sends.delete(send));
    this.#sends.add(send);
    return 0;
  }

  /** Until an answer makes room. */
  #noRoomMs(): number {
    if (this.#ahead.size === 0) return POLL_MS;
    const waitMs = this.#aheadUntilMs - this.#options.clock.nowMs();
    if (waitMs > 0) return waitMs;
    this.#takeBack();
    return POLL_MS;
  }

  #room(order: Order): number {
    if (order === 'news') return NEWS_MOST;
    return this.#schedule.flows ? BACKLOG_MOST : 1;
  }

  async #look(order: Order): Promise<readonly OutboxRecord[]> {
    const { outbox } = this.#options;
    const limit = LOOK + this.#inFlight.size;
    const look = (afterId: number) =>
      unlessTransient(outbox.due(limit, order === 'news' ? 'newest' : 'oldest', afterId), []);
    if (order === 'news') return (await look(this.#startId)).filter(({ attempts }) => attempts === 0);
    const { afterId } = this.#schedule;
    const found = await look(afterId);
    if (found.length > 0 || afterId === 0) return found;
    // Everybody has had a turn.
    this.#schedule.beginRound();
    return look(0);
  }

  /** What comes of it is kept after it has made room for the next. */
  async #send(record: OutboxRecord, order: Order): Promise<void> {
    const { clock } = this.#options;
    this.#inFlight.add(record.id);
    this.#onWire[order] += 1;
    this.#schedule.taken(record.id, order);
    const makeRoom = once(() => {
      this.#onWire[order] -= 1;
      // News that was not accepted waits with the backlog from here on.
      if (order === 'news') this.#wake('news', 'backlog');
      else this.#wake('backlog');
    });
    try {
      const tried = await this.#try(record, order);
      if (tried === undefined || (this.#cut.signal.aborted && tried.receipt.kind === 'retry')) return;
      this.#answered(tried);
      makeRoom();
      await this.#keep(tried);
      this.#options.onReceipt?.(tried.record, tried.receipt);
    } catch (error) {
      // The record is sent again, with the same serial, when the store has it again.
      if (!isTransient(error)) throw error;
      await clock.sleep(GRACE_MS, this.#cut.signal);
    } finally {
      makeRoom();
      this.#inFlight.delete(record.id);
    }
  }

  /** From a connection that stands to the receipt. undefined: it no longer waits, or must wait after all. */
  async #try(waiting: OutboxRecord, order: Order): Promise<Tried | undefined> {
    const { client, clock, onSending, onUnsent } = this.#options;
    const cut = this.#cut.signal;
    // Nothing can be made of it, whether the platform is there or not: that puts it aside.
    if (waiting.damaged) {
      await readyRecord(waiting.id, this.#options);
      return undefined;
    }
    // When the platform tells it, the store corrects the record.
    if (waiting.timeQuality === 'unknown' && !waiting.sent) await client.tellTime(cut);
    await this.#ahead.settled(waiting.id);
    const connection = await client.connect(cut);
    if (!('post' in connection)) return { record: waiting, receipt: connection, tookMs: 0 };
    // A person has stopped sending, or the platform asks for patience, while the connection was made.
    if (this.#schedule.waitMs(waiting.id, order) > 0 || cut.aborted) {
      connection.giveBack();
      return undefined;
    }
    let receipt: DeliveryReceipt | undefined;
    let ready = this.#ahead.take(waiting.id);
    // Of a record that was read ahead the look may have seen our own mark.
    const begun = ready?.record ?? waiting;
    onSending?.(begun);
    try {
      ready ??= await readyRecord(waiting.id, this.#options);
      if (ready === undefined) {
        connection.giveBack();
        return undefined;
      }
      this.#schedule.leaving(ready.picture?.bytes.length ?? 0);
      const leftMs = clock.nowMs();
      const answered = connection.post(ready.prepared, cut);
      this.#readAhead();
      receipt = await answered;
      return { record: ready.record, receipt, tookMs: clock.nowMs() - leftMs };
    } catch (error) {
      connection.giveBack();
      throw error;
    } finally {
      ready?.picture?.giveBack();
      if (receipt === undefined || (receipt.kind === 'retry' && receipt.unsent === true)) onUnsent?.(begun);
    }
  }

  /** While a record is on the wire and all is well: the next of the backlog. */
  #readAhead(): void {
    const [next] = this.#due.backlog;
    if (next === undefined || !this.#schedule.flows || this.#cut.signal.aborted) return;
    if (this.#schedule.waitMs(next.id, 'backlog') > 0) return;
    this.#ahead.fill(this.#due.backlog.filter(({ id }) => !this.#inFlight.has(id)));
    this.#aheadUntilMs = this.#options.clock.nowMs() + AHEAD_MS;
  }

  #takeBack(): void {
    this.#ahead.takeBack().catch(this.#fail);
  }

  #answered({ record, receipt, tookMs }: Tried): void {
    if (receipt.answer !== undefined) this.#answeredAtMs = this.#options.clock.nowMs();
    const was = this.#schedule.paused;
    this.#schedule.answered(record, receipt, tookMs);
    if (!this.#schedule.flows) this.#takeBack();
    if (was !== undefined && this.#schedule.paused === undefined) this.#lookAgain();
  }

  #keep({ record, receipt }: Tried): Promise<void> {
    const { outbox } = this.#options;
    const { id } = record;
    const details = receipt.answer === undefined ? {} : { answer: receipt.answer };
    switch (receipt.kind) {
      case 'accepted':
        return outbox.delivered(id, receipt);
      case 'held':
        return outbox.hold(id, receipt.why, details);
      case 'rejected':
        return outbox.park(id, receipt.why, details);
      case 'paused':
        return outbox.retry(id, this.#schedule.refusedMs(record), receipt.why, details);
      case 'retry': {
        const unknownCode = receipt.unknownCode === true;
        if (unknownCode && record.unknownAnswers + 1 >= UNKNOWN_MAX) return outbox.park(id, receipt.why, details);
        const afterMs = Math.max(receipt.afterMs ?? 0, this.#schedule.backOffMs(record.attempts));
        return outbox.retry(id, afterMs, receipt.why, { ...details, unknownCode, unsent: receipt.unsent === true });
      }
    }
  }

  /** What was due is known no more: something came, or waits for another moment now. */
  #lookAgain(): void {
    this.#takeBack();
    this.#due.news = [];
    this.#due.backlog = [];
    this.#wake('news', 'backlog');
  }

  #wake(...orders: readonly Order[]): void {
    for (const order of orders) {
      const woken = this.#wakes[order];
      this.#wakes[order] = new AbortController();
      woken.abort(WOKEN);
    }
  }
}

function once(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) work();
    isDone = true;
  };
}
