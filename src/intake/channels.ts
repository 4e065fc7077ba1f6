/**
 * The intake channels: over which paid exits can come, when each was last heard, and whether its connection is down. What has not been
 * listened to is not known to be unpaid (lane-logic.md, section 7). Knows no message and no lane.
 */

/** The others are called by the name of their token or device, which is also the source of the grants that come over them. */
export const MQTT_CHANNEL = 'mqtt';

export type ChannelState = 'up' | 'heard' | 'down';

export interface Channel {
  readonly id: string;
  /** Something can come in now. */
  readonly up: boolean;
  /** Clock.nowMs since when. */
  readonly sinceMs: number;
  /** Clock.nowMs of the last valid message; undefined: none since the start. */
  readonly lastHeardAtMs?: number;
}

/** A channel that is heard all day is said to be no more often than this. */
const HEARD_EVERY_MS = 10_000;

export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #saidMs = new Map<string, number>();
  readonly #nowMs: () => number;
  readonly #say: (id: string, state: ChannelState) => void;

  /** `ids`: each is down until it is up. `say`: what the lanes are to know. */
  constructor(ids: readonly string[], nowMs: () => number, say: (id: string, state: ChannelState) => void) {
    this.#nowMs = nowMs;
    this.#say = say;
    for (const id of ids) this.#channels.set(id, { id, up: false, sinceMs: nowMs() });
  }

  /** Everything has had its chance to come up at once: what has not is down. */
  begin(): void {
    for (const { id, up } of this.#channels.values()) if (!up) this.#say(id, 'down');
  }

  all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** Saying the same again says nothing. Channels that nobody declared are ignored. */
  connected(id: string, up: boolean): void {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.up === up) return;
    this.#channels.set(id, { ...channel, up, sinceMs: this.#nowMs() });
    this.#saidMs.delete(id);
    this.#say(id, up ? 'up' : 'down');
  }

  /** Something valid came in. */
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
