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
const REPORT_EVERY_MS = 10_000;

export class Channels {
  readonly #channels = new Map<string, Channel>();
  readonly #reportedMs = new Map<string, number>();
  readonly #nowMs: () => number;
  readonly #report: (id: string, state: ChannelState) => void;

  /** `ids`: each is down until it is up. `report`: feeds a change to the lanes. */
  constructor(ids: readonly string[], nowMs: () => number, report: (id: string, state: ChannelState) => void) {
    this.#nowMs = nowMs;
    this.#report = report;
    for (const id of ids) this.#channels.set(id, { id, up: false, sinceMs: nowMs() });
  }

  /** Called when every channel has had its chance to come up: reports the rest as down. */
  begin(): void {
    for (const { id, up } of this.#channels.values()) if (!up) this.#report(id, 'down');
  }

  all(): readonly Channel[] {
    return [...this.#channels.values()];
  }

  /** A token that the configuration does not name pushes: a channel from now until the next start, which is up while it pushes. */
  declare(id: string): void {
    if (this.#channels.has(id)) return;
    this.#channels.set(id, { id, up: false, sinceMs: this.#nowMs() });
  }

  /** A repetition reports nothing. Undeclared channels are ignored. */
  connected(id: string, up: boolean): void {
    const channel = this.#channels.get(id);
    if (channel === undefined || channel.up === up) return;
    this.#channels.set(id, { ...channel, up, sinceMs: this.#nowMs() });
    this.#reportedMs.delete(id);
    this.#report(id, up ? 'up' : 'down');
  }

  /** A valid message was received. */
  received(id: string): void {
    const channel = this.#channels.get(id);
    if (channel === undefined) return;
    this.connected(id, true);
    const nowMs = this.#nowMs();
    this.#channels.set(id, { ...channel, ...this.#channels.get(id), lastHeardAtMs: nowMs });
    const reportedMs = this.#reportedMs.get(id);
    if (reportedMs !== undefined && nowMs - reportedMs < REPORT_EVERY_MS) return;
    this.#reportedMs.set(id, nowMs);
    this.#report(id, 'heard');
  }
}
