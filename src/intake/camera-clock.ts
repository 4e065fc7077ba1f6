/**
 * What a camera's clock is worth: the moment of a read by the program's own clock, from the camera's stamp and the time it arrived.
 * The offset between the two clocks is the median of recent reads, so that one that was held up on the way moves nothing.
 * Knows no wall time; devices.md rule 35.
 */

const SAMPLES_KEPT = 9;
/** Offsets of one clock scatter less than this: delivery takes some hundred milliseconds, more with a retry. */
const SCATTER_MS = 2_000;
/** So many late reads in a row that agree are not late: the camera's clock was set back. */
const AGREEING = 3;
/** A read that comes later than this tells nothing of who is in the lane. */
const LATE_MOST_MS = 60_000;

export class CameraClock {
  /** Stamp minus arrival, newest last. */
  #samples: number[] = [];
  #late: number[] = [];

  /** The camera's clock less ours, once something is known of it. */
  get offsetMs(): number | undefined {
    const sorted = [...this.#samples].sort((a, b) => a - b);
    // Of two middle ones the later stamp: what is held up on the way only ever lowers an offset.
    return sorted[sorted.length >> 1];
  }

  get samples(): number {
    return this.#samples.length;
  }

  /** A read came as it happened, `arrivedMs` by our clock. */
  learn(stampedMs: number, arrivedMs: number): void {
    const sample = stampedMs - arrivedMs;
    const offsetMs = this.offsetMs;
    if (offsetMs === undefined || Math.abs(sample - offsetMs) <= SCATTER_MS) {
      this.#samples = [...this.#samples, sample].slice(-SAMPLES_KEPT);
      this.#late = [];
    } else if (sample > offsetMs) {
      // A read cannot come before it was made: the camera's clock was set forward.
      this.#samples = [sample];
      this.#late = [];
    } else {
      this.#late = [...this.#late.filter((late) => Math.abs(late - sample) <= SCATTER_MS), sample].slice(-AGREEING);
      if (this.#late.length < AGREEING) return;
      this.#samples = this.#late;
      this.#late = [];
    }
  }

  /** When it happened by our clock, never after it arrived; undefined when that is too long ago to matter. */
  moment(stampedMs: number | undefined, arrivedMs: number): number | undefined {
    const offsetMs = this.offsetMs;
    if (stampedMs === undefined || offsetMs === undefined) return arrivedMs;
    const moment = Math.min(arrivedMs, stampedMs - offsetMs);
    return arrivedMs - moment > LATE_MOST_MS ? undefined : moment;
  }
}
