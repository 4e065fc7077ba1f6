/**
 * Schedule of uploads: retry and back-off after failures in a row, the platform's Retry-After, probes while the signature is refused, and
 * the bandwidth limit. It keeps times and decides nothing about a record.
 */
import type { Clock } from '../../clock.ts';
import type { OutboxRecord } from '../../store/record-types.ts';
import { BACK_OFF_MS, type BackOffSettings, retryBackOffMs } from '../back-off.ts';
import type { DeliveryReceipt } from '../request/delivery-receipt.ts';
import { BandwidthLimit } from './bandwidth-limit.ts';

export interface ScheduleSettings extends BackOffSettings {
  /** Upper limit of the rate, averaged over records; one record is sent in one piece. */
  readonly bandwidthBytesPerSecond?: number;
  /** Interval of probes while the signature is refused. */
  readonly probeMs?: number;
}

const PROBE_MS = 600_000;
/** An exchange within this time was not slowed by the line. */
const FLOWS_MS = 500;

/** `news`: arrived since the start and not tried yet; `backlog`: everything waiting, oldest first. */
export type Order = 'news' | 'backlog';

export class SendSchedule {
  readonly #clock: Clock;
  readonly #settings: ScheduleSettings;
  /** No backlog is sent before. */
  #patienceUntilMs = 0;
  #backOffUntilMs = 0;
  readonly #bandwidth: BandwidthLimit;
  /** The next probe, while the signature is refused; and when it may be a record other than the last one refused. */
  #probeAtMs = 0;
  #otherAtMs = 0;
  /** The last probe, and the last record that was refused as one or caused the first. */
  #probeId = 0;
  #refusedId = 0;
  /** The platform has accepted a record since the start or since it began to refuse all, which takes two records to establish. */
  #takesOthers = false;
  /** The platform accepted the last record. */
  #wasTaken = true;
  /** The backlog has been tried up to here, in this round. */
  #triedId = 0;
  failures = 0;
  /**
   * The last answer was immediate and good: a second record may be on the wire. A slow line is not shared, because both would be late.
   */
  flows = false;
  /** Time of the first of these failures, and reason of the last. */
  failing: { why: string; sinceMs: number } | undefined;
  /** A person has paused uploads. */
  stopped: { who: string; sinceMs: number } | undefined;
  paused: { why: string; hint?: string; sinceMs: number } | undefined;

  constructor(clock: Clock, settings: ScheduleSettings) {
    this.#clock = clock;
    this.#settings = settings;
    this.#bandwidth = new BandwidthLimit(clock, settings.bandwidthBytesPerSecond);
  }

  /** How long a record must wait for reasons other than its own. A new record is tried at once, whatever happened to others. */
  waitMs(id: number, order: Order): number {
    if (this.stopped !== undefined) return Number.POSITIVE_INFINITY;
    // While refused, one record is the probe and the rest waits behind it.
    if (order === 'news') return this.paused === undefined ? 0 : Number.POSITIVE_INFINITY;
    const untilMs = Math.max(
      this.#patienceUntilMs,
      this.#probeFromMs(id),
      this.#backOffUntilMs,
      this.#bandwidth.untilMs,
    );
    return untilMs - this.#clock.nowMs();
  }

  /**
   * The next of a backlog is above this id: the oldest after an accepted record, and after any other result the next untried one. So
   * records the platform refuses for reasons of their own never block those behind them.
   */
  get afterId(): number {
    return this.#wasTaken ? 0 : this.#triedId;
  }

  /** While the signature is refused: Clock.nowMs of the next probe, of whichever record. */
  get nextProbeMs(): number {
    return Math.min(this.#probeAtMs, this.#otherAtMs);
  }

  /** Every record has been tried; a new round begins. */
  beginRound(): void {
    this.#triedId = 0;
  }

  /** The next record: not the one just refused, as long as there is another. */
  next<Waiting extends { readonly id: number }>(due: readonly Waiting[]): Waiting | undefined {
    if (this.paused === undefined) return due[0];
    return due.find(({ id }) => id !== this.#refusedId) ?? due[0];
  }

  /** Wait of a record that was just refused: all wait for the next probe, unless it alone is refused. */
  refusedMs({ attempts, lastWhy }: OutboxRecord): number {
    return this.#isRefusedAlone(lastWhy) ? this.backOffMs(attempts) : 0;
  }

  /** Called when it is tried. */
  taken(id: number, order: Order): void {
    if (this.paused !== undefined && this.#clock.nowMs() >= this.#probeFromMs(id)) this.#probeId = id;
    if (order === 'backlog') this.#triedId = Math.max(this.#triedId, id);
  }

  /** Accounts for its bytes on the line. */
  leaving(pictureBytes: number): void {
    this.#bandwidth.use(pictureBytes);
  }

  /** `tookMs`: from the first byte to the answer. */
  answered({ id, lastWhy }: OutboxRecord, receipt: DeliveryReceipt, tookMs: number): void {
    const nowMs = this.#clock.nowMs();
    this.#wasTaken = receipt.kind === 'accepted';
    this.flows = this.#wasTaken && tookMs <= FLOWS_MS;
    if (receipt.kind === 'paused') {
      if (this.#isRefusedAlone(lastWhy)) return;
      // Another was already on its way when that began.
      if (this.paused !== undefined && id !== this.#probeId) return;
      this.#refusedId = id;
      const { backOffMs = BACK_OFF_MS, probeMs = PROBE_MS } = this.#settings;
      this.#probeAtMs = nowMs + probeMs;
      // Perhaps this record alone is refused: then another is accepted, and the rest does not wait long.
      this.#takesOthers &&= this.paused === undefined;
      this.#otherAtMs = nowMs + (this.#takesOthers ? Math.min(backOffMs, probeMs) : probeMs);
      this.paused = {
        why: receipt.why,
        ...(receipt.hint === undefined ? {} : { hint: receipt.hint }),
        sinceMs: this.paused?.sinceMs ?? nowMs,
      };
      return;
    }
    if (receipt.kind !== 'retry' || receipt.unknownCode === true) {
      // The platform answered, and about this record.
      this.failures = 0;
      this.failing = undefined;
      this.#backOffUntilMs = 0;
      this.#unpause();
      if (this.#wasTaken) this.#takesOthers = true;
      return;
    }
    this.failures += 1;
    this.failing = { why: receipt.why, sinceMs: this.failing?.sinceMs ?? nowMs };
    if (receipt.afterMs !== undefined) this.#patienceUntilMs = Math.max(this.#patienceUntilMs, nowMs + receipt.afterMs);
    // One failure may be the record's own; from the second in a row on, the route is at fault.
    if (this.failures >= 2) this.#backOffUntilMs = nowMs + this.backOffMs(this.failures - 2);
  }

  backOffMs(attempts: number): number {
    return retryBackOffMs(attempts, this.#settings);
  }

  stop(who: string): void {
    this.stopped ??= { who, sinceMs: this.#clock.nowMs() };
  }

  resume(): void {
    this.flows = false;
    this.stopped = undefined;
    this.#patienceUntilMs = 0;
    this.#backOffUntilMs = 0;
    this.#wasTaken = true;
    this.#takesOthers = false;
    this.#unpause();
  }

  /**
   * Refused before and again, though the platform accepts others: the credentials are not the cause. `lastWhy`: of the previous attempt.
   */
  #isRefusedAlone(lastWhy = ''): boolean {
    return this.#takesOthers && /^(signature|blocked)\b/.test(lastWhy);
  }

  #probeFromMs(id: number): number {
    return id === this.#refusedId ? this.#probeAtMs : this.#otherAtMs;
  }

  #unpause(): void {
    this.paused = undefined;
    this.#probeAtMs = 0;
    this.#otherAtMs = 0;
    this.#probeId = 0;
  }
}
