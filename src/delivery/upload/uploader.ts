/**
 * Delivers waiting records to the platform in two loops: new ones, and at the same time the backlog, oldest first. It schedules retries
 * and applies receipts; it knows no HTTP, no SQL and no lane.
 */
import type { Clock } from '../../clock.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import type { Outbox } from '../../store/types.ts';
import type { PlatformClient } from '../platform-client.ts';
import type { DeliveryReceipt } from '../request/delivery-receipt.ts';
import { ReadAhead } from './prefetch.ts';
import { readyRecord } from './ready-record.ts';
import { type Order, type ScheduleSettings, SendSchedule } from './send-schedule.ts';
import { isTransient, unlessTransient } from './transient-errors.ts';
import type { UploadControl, UploaderState, UploaderStatus } from './upload-control.ts';

export interface UploaderOptions {
  readonly outbox: Outbox;
  readonly client: Pick<PlatformClient, 'facts' | 'prepare' | 'connect' | 'requestTime'>;
  readonly clock: Clock;
  readonly settings?: ScheduleSettings;
  /** false: records are sent without their pictures, which are not read then. */
  readonly withPictures?: boolean;
  /** A connection is open and the first byte is about to be sent: the record can no longer be withdrawn. */
  readonly onSending?: (record: OutboxRecord) => void;
  /** No byte was sent after all, in the attempt announced by `onSending`. */
  readonly onUnsent?: (record: OutboxRecord) => void;
  /** Called once the receipt is stored. */
  readonly onReceipt?: (record: OutboxRecord, receipt: DeliveryReceipt) => void;
}

export interface Uploader extends UploadControl {
  /** Runs until `signal` aborts; in-flight requests then have a second to end. Rejects when the store is unusable. */
  run(signal: AbortSignal): Promise<void>;
}

/** Longest interval between polls of the store: another process (the command `queue`) may have added records. */
const POLL_MS = 15_000;
const GRACE_MS = 1_000;
/** Unknown answers after which the record is parked. */
const UNKNOWN_MAX = 10;
/** Concurrent requests. Of a backlog one, unless the line is fast: a slow one is not shared, because both would be late. */
const NEWS_MOST = 2;
export const BACKLOG_MOST = 4;
/** Records fetched by one poll, in addition to those in flight. The wire waits for the disk at the end of a poll, so a backlog is fetched far ahead. */
const FETCHED_MAX: Record<Order, number> = { news: 64, backlog: 256 };
/** Longest wait of a record read ahead behind one without an answer. */
const AHEAD_MS = 500;

/** A constant abort reason: the one created by each abort without costs a drain as much CPU as signing. */
const WOKEN = 'woken';

/** Result of an attempt. */
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
  /** On the wire, or answered and not stored yet. */
  readonly #inFlight = new Set<number>();
  readonly #ahead: ReadAhead;
  #aheadUntilMs = 0;
  readonly #onWire: Record<Order, number> = { news: 0, backlog: 0 };
  readonly #sends = new Set<Promise<void>>();
  /** Of the last poll. */
  readonly #due: Record<Order, readonly OutboxRecord[]> = { news: [], backlog: [] };
  readonly #wakes = { news: new AbortController(), backlog: new AbortController() };
  /** Aborts in-flight requests. */
  readonly #cut = new AbortController();
  /** The newest record of the backlog at the start. */
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
      ...(paused && { paused: { ...paused, nextMs: this.#schedule.nextProbeMs } }),
      ...(stopped && { stopped }),
      failures,
      ...(failing && { failing }),
      inFlight: this.#inFlight.size,
      lookedAtMs: this.#lookedAtMs,
      ...(this.#answeredAtMs !== undefined && { answeredAtMs: this.#answeredAtMs }),
    };
  }

  /** Sends as many at once as allowed, and sleeps until there is room, work or a deadline. */
  async #loop(order: Order, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const { signal: woken } = this.#wakes[order];
      const waitMs = await this.#sendNext(order, signal);
      if (waitMs > 0) await this.#options.clock.sleep(Math.min(waitMs, POLL_MS), woken);
    }
  }

  /** 0: one was sent. Otherwise the time without work, unless something happens. */
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

  /** Time until an answer makes room. */
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
    const limit = FETCHED_MAX[order] + this.#inFlight.size;
    const look = (afterId: number) =>
      unlessTransient(outbox.due(limit, order === 'news' ? 'newest' : 'oldest', afterId), []);
    if (order === 'news') return (await look(this.#startId)).filter(({ attempts }) => attempts === 0);
    const { afterId } = this.#schedule;
    const found = await look(afterId);
    if (found.length > 0 || afterId === 0) return found;
    // Every record has been tried.
    this.#schedule.beginRound();
    return look(0);
  }

  /** The result is stored after the slot is freed for the next. */
  async #send(record: OutboxRecord, order: Order): Promise<void> {
    const { clock } = this.#options;
    this.#inFlight.add(record.id);
    this.#onWire[order] += 1;
    this.#schedule.taken(record.id, order);
    const makeRoom = once(() => {
      this.#onWire[order] -= 1;
      // A new record that was not accepted joins the backlog.
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
      // Sent again, with the same serial, when the store has it again.
      if (!isTransient(error)) throw error;
      await clock.sleep(GRACE_MS, this.#cut.signal);
    } finally {
      makeRoom();
      this.#inFlight.delete(record.id);
    }
  }

  /** From an open connection to the receipt. undefined: no longer waiting, or it must wait after all. */
  async #try(waiting: OutboxRecord, order: Order): Promise<Tried | undefined> {
    const { client, clock, onSending, onUnsent } = this.#options;
    const cut = this.#cut.signal;
    // No body can be built, whether the platform is reachable or not: preparing it parks the record.
    if (waiting.damaged) {
      await readyRecord(waiting.id, this.#options);
      return undefined;
    }
    // When the platform answers with its time, the store corrects the record.
    if (waiting.timeQuality === 'unknown' && !waiting.sent) await client.requestTime(cut);
    await this.#ahead.settled(waiting.id);
    const connection = await client.connect(cut);
    if (!('post' in connection)) return { record: waiting, receipt: connection, tookMs: 0 };
    // Uploads were paused, or the platform asked for patience, while connecting.
    if (this.#schedule.waitMs(waiting.id, order) > 0 || cut.aborted) {
      connection.giveBack();
      return undefined;
    }
    let receipt: DeliveryReceipt | undefined;
    let ready = this.#ahead.take(waiting.id);
    // For a record read ahead the poll may have seen our own mark.
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

  /** While a record is on the wire and the line is healthy: prepares the next of the backlog. */
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

  /** Invalidates the last poll: a record arrived, or has another deadline. */
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
