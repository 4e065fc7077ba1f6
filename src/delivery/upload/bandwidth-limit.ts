/** The bandwidth limit of uploads, averaged over records: one record is sent in one piece, and the next waits until its bytes fit. */
import type { Clock } from '../../clock.ts';

/** Bytes of a record without its picture: fields, headers, TLS. */
const RECORD_BYTES = 2_000;

export class BandwidthLimit {
  readonly #clock: Clock;
  readonly #bytesPerSecond: number | undefined;
  /** Clock.nowMs before which nothing more fits. */
  untilMs = 0;

  /** `bytesPerSecond` undefined: no limit. */
  constructor(clock: Clock, bytesPerSecond: number | undefined) {
    this.#clock = clock;
    this.#bytesPerSecond = bytesPerSecond;
  }

  /** Accounts for a record on the line. */
  use(pictureBytes: number): void {
    if (this.#bytesPerSecond === undefined) return;
    const from = Math.max(this.untilMs, this.#clock.nowMs());
    this.untilMs = from + ((RECORD_BYTES + pictureBytes) / this.#bytesPerSecond) * 1000;
  }
}
