/**
 * How long to wait before a broker is tried again. One that is away is tried every second or two for as long as it takes, because a box that does
 * not hear of paid exits accuses cars that paid; one that refuses is asked ever more rarely, because a person has to put that right.
 */
import type { MqttFault } from './broker.ts';

const AWAY_MS = 2_000;
const FIRST_REFUSAL_MS = 1_000;
const LONGEST_REFUSAL_MS = 60_000;

export class ReconnectWait {
  #refusalMs = FIRST_REFUSAL_MS;

  /** `steady`: the connection that ended had been a good one. */
  afterMs({ code }: Pick<MqttFault, 'code'>, steady: boolean): number {
    if (steady) this.#refusalMs = FIRST_REFUSAL_MS;
    if (code === 'unreachable') return spread(AWAY_MS);
    const waitMs = this.#refusalMs;
    this.#refusalMs = Math.min(waitMs * 2, LONGEST_REFUSAL_MS);
    return spread(waitMs);
  }
}

/** Boxes that lost one broker together do not come back together. */
const spread = (ms: number): number => ms * (0.5 + Math.random() / 2);
