/**
 * Back-off of broker connections. An unreachable broker is retried every second or two without end, because a box without paid exits
 * accuses cars that paid; a broker that refuses is retried ever more rarely, because a person must repair that. So is one that takes connections
 * and says nothing: a thousand boxes that begin their handshakes anew every ten seconds keep a busy broker from ending any of them.
 */
import { retryBackOffMs } from '../back-off.ts';
import type { MqttFault } from './broker.ts';

const AWAY_MS = 2_000;
const FIRST_REFUSAL_MS = 1_000;
const LONGEST_REFUSAL_MS = 60_000;

export class ReconnectWait {
  #refusals = 0;

  /** `steady`: the connection that ended had been healthy. */
  afterMs({ code }: Pick<MqttFault, 'code'>, steady: boolean): number {
    if (steady) this.#refusals = 0;
    const least = 0.5;
    if (code === 'unreachable') return retryBackOffMs(0, { backOffMs: AWAY_MS, least });
    this.#refusals += 1;
    return retryBackOffMs(this.#refusals - 1, { backOffMs: FIRST_REFUSAL_MS, backOffMaxMs: LONGEST_REFUSAL_MS, least });
  }
}
