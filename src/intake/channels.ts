/**
 * The intake channels: over which paid exits can come, when each last had a message, and whether its connection is down. While a channel is
 * down, a missing payment proves nothing (lane-logic.md, section 7). Knows no message and no lane.
 */

/** Other channels bear the name of their token or device, which is also the source of their grants. */
export const MQTT_CHANNEL = 'mqtt';

export type ChannelState = 'up' | 'heard' | 'down';

export interface Channel {
  readonly id: string;
  /** Messages can arrive now. */
  readonly up: boolean;
  /** Clock.nowMs since when. */
  readonly sinceMs: number;
  /** Clock.nowMs of the last valid message; undefined: none since the start. */
  readonly lastHeardAtMs?: number;
}

/** `heard` is reported at most this often per channel. */
const HEARD_EVERY_MS = 10_000;

export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #reportedMs = new Map<string, number>();
  readonly #nowMs: () => number;
  readonly #report: (id: string, state: ChannelState) => void;

  /** `ids`: each is down until connected. `report`: passes the state to the lanes. */
  constructor(ids: readonly string[], nowMs: () => number, report: (id: string, state: ChannelState) => void) {
    this.#nowMs = nowMs;
    this.#report = report;
    for (const id of ids) this.#channels.set(id, { id, up: false, sinceMs: nowMs() });
  }

  /** The start is over: reports every channel that has not come up. */
  begin(): void {
    for (const { id, up } of this.#channels.values()) if (!up) this.#report(id, 'down');
  }

  all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** An unchanged state is not reported again. Undeclared channels are ignored. */
  connected(id: string, up: boolean): void {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.up === up) return;
    this.#channels.set(id, { ...channel, up, sinceMs: this.#nowMs() });
    this.#reportedMs.delete(id);
    this.#report(id, up ? 'up' : 'down');
  }

  /** A valid message arrived. */
  heard(id: string): void {
    const channel = this.#channels.get(id);
    if (channel === undefined) return;
    this.connected(id, true);
    const nowMs = this.#nowMs();
    this.#channels.set(id, { ...channel, ...this.#channels.get(id), lastHeardAtMs: nowMs });
    const reportedMs = this.#reportedMs.get(id);
    if (reportedMs !== undefined && nowMs - reportedMs < HEARD_EVERY_MS) return;
    this.#reportedMs.set(id, nowMs);
    this.#report(id, 'heard');
  }
}
