/**
 * The intake channels: sources of paid exits, when each last delivered, and whether its connection is down. While a channel is down a
 * vehicle is not known to be unpaid (lane-logic.md, section 7). Knows no message and no lane.
 */

/** The other channels bear the name of their token or device, which is also the source of their grants. */
export const MQTT_CHANNEL = 'mqtt';

export type ChannelState = 'up' | 'heard' | 'down';

export interface Channel {
  readonly id: string;
  /** Able to receive now. */
  readonly up: boolean;
  /** Clock.nowMs of the last change. */
  readonly sinceMs: number;
  /** Clock.nowMs of the last valid message; undefined: none since the start. */
  readonly lastHeardAtMs?: number;
}

/** A busy channel is reported no more often than this. */
const HEARD_EVERY_MS = 10_000;

export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #saidMs = new Map<string, number>();
  readonly #nowMs: () => number;
  readonly #say: (id: string, state: ChannelState) => void;

  /** `ids`: each is down until it is up. `report`: feeds a change to the lanes. */
  constructor(ids: readonly string[], nowMs: () => number, say: (id: string, state: ChannelState) => void) {
    this.#nowMs = nowMs;
    this.#say = say;
    for (const id of ids) this.#channels.set(id, { id, up: false, sinceMs: nowMs() });
  }

  /** Called when every channel has had its chance to come up: reports the rest as down. */
  begin(): void {
    for (const { id, up } of this.#channels.values()) if (!up) this.#say(id, 'down');
  }

  all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** A repetition reports nothing. Undeclared channels are ignored. */
  connected(id: string, up: boolean): void {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.up === up) return;
    this.#channels.set(id, { ...channel, up, sinceMs: this.#nowMs() });
    this.#saidMs.delete(id);
    this.#say(id, up ? 'up' : 'down');
  }

  /** A valid message was received. */
  heard(id: string): void {
    const channel = this.#channels.get(id);
    if (channel === undefined) return;
    this.connected(id, true);
    const nowMs = this.#nowMs();
    this.#channels.set(id, { ...channel, ...this.#channels.get(id), lastHeardAtMs: nowMs });
    const saidMs = this.#saidMs.get(id);
    if (saidMs !== undefined && nowMs - saidMs < HEARD_EVERY_MS) return;
    this.#saidMs.set(id, nowMs);
    this.#say(id, 'heard');
  }
}
