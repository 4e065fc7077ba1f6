/** Logs an unreachable broker without a line for every failed attempt. It knows no connection. */
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { brokerLog } from '../../text/broker.made.ts';
import type { MqttFault } from './broker.ts';

const LOG_EVERY_MS = 60_000;

/** Faults until the broker is reachable again: logged at once, when they change, and else once a minute with their count. */
export class BrokerFaults {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #address: string;
  #count = 0;
  #sinceMs = 0;
  #logged: { readonly code: string; readonly atMs: number } | undefined;
  constructor(clock: Clock, log: Log, address: string) {
    this.#clock = clock;
    this.#log = log;
    this.#address = address;
  }

  add({ code, detail }: MqttFault): void {
    const nowMs = this.#clock.nowMs();
    if (this.#count === 0) this.#sinceMs = nowMs;
    this.#count += 1;
    if (this.#logged?.code === code && nowMs - this.#logged.atMs < LOG_EVERY_MS) return;
    this.#logged = { code, atMs: nowMs };
    this.#log.warn(brokerLog.fault(code, this.#address, detail, this.#count, this.#count > 1));
  }

  /** The code of the fault that lasts. */
  get present(): string | undefined {
    return this.#count === 0 ? undefined : this.#logged?.code;
  }

  /** Whether there was a row to end. */
  end(): boolean {
    if (this.#count === 0) return false;
    this.#log.info(brokerLog.recovered(this.#address, this.#count, this.#clock.nowMs() - this.#sinceMs));
    this.#count = 0;
    this.#logged = undefined;
    return true;
  }
}
