/**
 * When the next record may leave: after failures in a row, when the platform asks for patience, while the signature is refused, and within
 * a bandwidth. It remembers moments and decides nothing about a record.
 */
import type { Clock } from '../clock.ts';
import type { OutboxRecord } from '../store/record-types.ts';
import type { DeliveryReceipt } from './types.ts';

export interface ScheduleSettings {
  /** Upper bound for sending, on the average over records; one record goes out in one piece. */
  readonly bandwidthBytesPerSecond?: number;
  /** Longest first wait after a failure; each further one is up to twice as long. */
  readonly backOffMs?: number;
  readonly backOffMaxMs?: number;
  /** While the signature is refused one record is tried so often. */
  readonly probeMs?: number;
  /** 0 … 1, for the jitter. */
  readonly random?: () => number;
}

const BACK_OFF_MS = 1_000;
/** Nobody makes us wait for longer, the platform included. */
export const BACK_OFF_MAX_MS = 300_000;
const PROBE_MS = 600_000;
/** An exchange that takes no longer is not held up by a line. */
const FLOWS_MS = 500;
/** What a record weighs besides its picture: fields, headers, TLS. */
const RECORD_BYTES = 2_000;

/** `news`: what has come in since the start and has not been tried; `backlog`: all that waits, oldest first. */
export type Order = 'news' | 'backlog';

export class SendSchedule {
  readonly #clock: Clock;
  readonly #settings: ScheduleSettings;
  /** None of a backlog before. */
  #patienceUntilMs = 0;
  #backOffUntilMs = 0;
  #bandwidthUntilMs = 0;
  /** The next probe, while the signature is refused; and when it may be one that is not the record that was refused last. */
  #probeAtMs = 0;
  #otherAtMs = 0;
  /** The last one, and the last record that was refused as one or began it. */
  #probeId = 0;
  #refusedId = 0;
  /** The platform has accepted a record since the start or since it began to refuse all, which takes two records to say. */
  #takesOthers = false;
  /** The platform accepted the last record. */
  #wasTaken = true;
  /** The backlog has been tried up to here, in this round. */
  #triedId = 0;
  failures = 0;
  /** The last answer was one at once, and all was well: a second record may be on the wire. A slow line is not shared, because both would be late. */
  flows = false;
  /** Since the first of these failures, and what the last one was. */
  failing: { why: string; sinceMs: number } | undefined;
  /** A person has stopped sending. */
  stopped: { who: string; sinceMs: number } | undefined;
  paused: { why: string; hint?: string; sinceMs: number } | undefined;

  constructor(clock: Clock, settings: ScheduleSettings) {
    this.#clock = clock;
    this.#settings = settings;
  }

  /** How long a record must wait for reasons that are not its own. What has just come in is tried at once, whatever happened to others. */
  waitMs(id: number, order: Order): number {
    if (this.stopped !== undefined) return Number.POSITIVE_INFINITY;
    // While refused, one record is the probe and everything else waits behind it.
    if (order === 'news') return this.paused === undefined ? 0 : Number.POSITIVE_INFINITY;
    const untilMs = Math.max(
      this.#patienceUntilMs,
      this.#probeFromMs(id),
      this.#backOffUntilMs,
      this.#bandwidthUntilMs,
    );
    return untilMs - this.#clock.nowMs();
  }

  /**
   * The next of a backlog stands above it: the oldest after a record that was accepted, and after any other the next that has not had a turn.
   * However many there are in front that the platform does not take for reasons of their own, whoever waits behind them is tried.
   */
  get afterId(): number {
    return this.#wasTaken ? 0 : this.#triedId;
  }

  /** Everybody has had a turn. */
  beginRound(): void {
    this.#triedId = 0;
  }

  /** Which is next: not the very one that was just refused, as long as there is another. */
  next<Waiting extends { readonly id: number }>(due: readonly Waiting[]): Waiting | undefined {
    if (this.paused === undefined) return due[0];
    return due.find(({ id }) => id !== this.#refusedId) ?? due[0];
  }

  /** How long a record waits by itself that was just refused: all wait for the next probe, unless it alone is refused. */
  refusedMs({ attempts, lastWhy }: OutboxRecord): number {
    return this.#isRefusedAlone(lastWhy) ? this.backOffMs(attempts) : 0;
  }

  /** It is tried now. */
  taken(id: number, order: Order): void {
    if (this.paused !== undefined && this.#clock.nowMs() >= this.#probeFromMs(id)) this.#probeId = id;
    if (order === 'backlog') this.#triedId = Math.max(this.#triedId, id);
  }

  /** Its bytes take up the line. */
  leaving(pictureBytes: number): void {
    const rate = this.#settings.bandwidthBytesPerSecond;
    if (rate === undefined) return;
    const from = Math.max(this.#bandwidthUntilMs, this.#clock.nowMs());
    this.#bandwidthUntilMs = from + ((RECORD_BYTES + pictureBytes) / rate) * 1000;
  }

  /** `tookMs`: from the first byte to the answer. */
  answered({ id, lastWhy }: OutboxRecord, receipt: DeliveryReceipt, tookMs: number): void {
    const nowMs = this.#clock.nowMs();
    this.#wasTaken = receipt.kind === 'accepted';
    this.flows = this.#wasTaken && tookMs <= FLOWS_MS;
    if (receipt.kind === 'paused') {
      if (this.#isRefusedAlone(lastWhy)) return;
      // Another was on its way already when that began.
      if (this.paused !== undefined && id !== this.#probeId) return;
      this.#refusedId = id;
      const { backOffMs = BACK_OFF_MS, probeMs = PROBE_MS } = this.#settings;
      this.#probeAtMs = nowMs + probeMs;
      // It may be this record alone: then another is accepted, and nobody has to wait for long.
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
      // The platform speaks and means the record.
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
    // One failure may be the record's own; from the second in a row on it is the way there.
    if (this.failures >= 2) this.#backOffUntilMs = nowMs + this.backOffMs(this.failures - 2);
  }

  /** Full jitter: anything from nothing to the limit, so that a thousand boxes do not come back at once. */
  backOffMs(attempts: number): number {
    const { backOffMs = BACK_OFF_MS, backOffMaxMs = BACK_OFF_MAX_MS, random = Math.random } = this.#settings;
    return random() * Math.min(backOffMaxMs, backOffMs * 2 ** Math.min(attempts, 30));
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

  /** Refused before and again, though the platform accepts others: then it is not the credentials. `lastWhy`: of the try before. */
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
