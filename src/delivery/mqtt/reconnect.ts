/**
 * Back-off of broker connections. An unreachable broker is retried every second or two without end, because a box without paid exits
 * accuses cars that paid; a broker that refuses is retried ever more rarely, because a person must repair that. So is one that takes connections
 * and says nothing: a thousand boxes that begin their handshakes anew every ten seconds keep a busy broker from ending any of them.
 */
import type { MqttFault } from './broker.ts';

const AWAY_MS = 2_000;
const FIRST_REFUSAL_MS = 1_000;
const LONGEST_REFUSAL_MS = 60_000;

export class ReconnectWait {
  #refusalMs = FIRST_REFUSAL_MS;

  /** `steady`: the connection that ended had been healthy. */
  afterMs({ code }: Pick<MqttFault, 'code'>, steady: boolean): number {
    if (steady) this.#refusalMs = FIRST_REFUSAL_MS;
    if (code === 'unreachable') return spread(AWAY_MS);
    const waitMs = this.#refusalMs;
    this.#refusalMs = Math.min(waitMs * 2, LONGEST_REFUSAL_MS);
    return spread(waitMs);
  }
}

/** Boxes that lost one broker together must not return together. */
const spread = (ms: number): number => ms * (0.5 + Math.random() / 2);
