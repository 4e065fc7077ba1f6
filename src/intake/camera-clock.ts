/**
 * Converts a camera's time stamps to the program's clock, from the stamp and the arrival of each read.
 * The offset between the clocks is the median of recent reads, so that a delayed read does not move it.
 * Knows no wall time; devices.md rule 35.
 */

const SAMPLES_KEPT = 9;
/** Offsets of one clock scatter less than this: delivery takes some hundred milliseconds, more with a retry. */
const SCATTER_MS = 2_000;
/** Late reads in a row that agree this often: the camera's clock was set back. */
const AGREEING = 3;
/** A read later than this says nothing about the vehicle in the lane. */
const LATE_MOST_MS = 60_000;

export class CameraClock {
  /** Stamp minus arrival, newest last. */
  #samples: number[] = [];
  #late: number[] = [];

  /** Camera clock minus ours, once known. */
  get offsetMs(): number | undefined {
    const sorted = [...this.#samples].sort((a, b) => a - b);
    // Of two middle ones the later stamp: a delay only ever lowers an offset.
    return sorted[sorted.length >> 1];
  }

  get samples(): number {
    return this.#samples.length;
  }

  /** A live read arrived at `arrivedMs` of our clock. */
  learn(stampedMs: number, arrivedMs: number): void {
    const sample = stampedMs - arrivedMs;
    const offsetMs = this.offsetMs;
    if (offsetMs === undefined || Math.abs(sample - offsetMs) <= SCATTER_MS) {
      this.#samples = [...this.#samples, sample].slice(-SAMPLES_KEPT);
      this.#late = [];
    } else if (sample > offsetMs) {
      // A read cannot arrive before it was made: the camera's clock was set forward.
      this.#samples = [sample];
      this.#late = [];
    } else {
      this.#late = [...this.#late.filter((late) => Math.abs(late - sample) <= SCATTER_MS), sample].slice(-AGREEING);
      if (this.#late.length < AGREEING) return;
      this.#samples = this.#late;
      this.#late = [];
    }
  }

  /** The moment of the read by our clock, never after its arrival; undefined if too long ago to matter. */
  moment(stampedMs: number | undefined, arrivedMs: number): number | undefined {
    const offsetMs = this.offsetMs;
    if (stampedMs === undefined || offsetMs === undefined) return arrivedMs;
    const moment = Math.min(arrivedMs, stampedMs - offsetMs);
    return arrivedMs - moment > LATE_MOST_MS ? undefined : moment;
  }
}
