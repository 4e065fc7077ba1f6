/** What the log hears of a broker that is not there: not every try in vain. It knows no connection. */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { brokerLog } from '../text/broker.ts';
import type { MqttFault } from './broker.ts';

const TOLD_EVERY_MS = 60_000;

/** Faults until the broker is good again: told at once, when they change, and else once a minute with their number. */
export class BrokerFaults {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #address: string;
  #count = 0;
  #sinceMs = 0;
  #told: { readonly code: string; readonly atMs: number } | undefined;
  constructor(clock: Clock, log: Log, address: string) {
    this.#clock = clock;
    this.#log = log;
    this.#address = address;
  }

  add({ code, detail }: MqttFault): void {
    const nowMs = this.#clock.nowMs();
    if (this.#count === 0) this.#sinceMs = nowMs;
    this.#count += 1;
    if (this.#told?.code === code && nowMs - this.#told.atMs < TOLD_EVERY_MS) return;
    this.#told = { code, atMs: nowMs };
    this.#log.warn(brokerLog.fault(code, this.#address, detail, this.#count));
  }

  /** Whether there was a row to end. */
  end(): boolean {
    if (this.#count === 0) return false;
    this.#log.info(brokerLog.recovered(this.#address, this.#count, this.#clock.nowMs() - this.#sinceMs));
    this.#count = 0;
    this.#told = undefined;
    return true;
  }
}
