/**
 * Accuracy of a camera's clock: the moment of a read by the program's own clock, from the camera's stamp and the time of arrival. The
 * offset between the two clocks is the median of recent reads, so that a delayed one moves nothing. Knows no wall time; devices.md rule
 * 35.
 */

const SAMPLES_KEPT = 9;
/** Offsets of one clock scatter less than this: delivery takes some hundred milliseconds, more with a retry. */
const SCATTER_MS = 2_000;
/** This many late reads in a row that agree are not late: the camera's clock was set back. */
const AGREEING = 3;
/** A read delayed by more than this means nothing for the lane's present vehicle. */
const LATE_MOST_MS = 60_000;

export class CameraClock {
  /** Stamp minus arrival, newest last. */
  #samples: number[] = [];
  #late: number[] = [];
  /** The newest stamp, with the first vehicle that bore it. */
  #newest: { readonly stampedMs: number; readonly vehicle: string; readonly arrivedMs: number } | undefined;
  /** A stamp that stood still. */
  #stoppedMs: number | undefined;

  /** The camera's clock minus ours, once known. */
  get offsetMs(): number | undefined {
    const sorted = [...this.#samples].sort((a, b) => a - b);
    // Of two middle ones the later stamp: a delay only ever lowers an offset.
    return sorted[sorted.length >> 1];
  }

  get samples(): number {
    return this.#samples.length;
  }

  /**
   * Whether a stamp is a time: 0 is none, nor is one that two vehicles bear (some clones write the same for ever). What such a stamp
   * has led to is forgotten. `vehicle`: its plate.
   */
  isTime(stampedMs: number, vehicle: string, arrivedMs: number): boolean {
    if (stampedMs <= 0 || stampedMs === this.#stoppedMs) return false;
    if (this.#newest?.stampedMs !== stampedMs) this.#newest = { stampedMs, vehicle, arrivedMs };
    // Two plates of one picture come together.
    if (this.#newest.vehicle === vehicle || arrivedMs - this.#newest.arrivedMs <= SCATTER_MS) return true;
    this.#stoppedMs = stampedMs;
    this.#samples = [];
    this.#late = [];
    return false;
  }

  /** Adds a read delivered at once, received at `arrivedMs` by our clock. */
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

  /** The moment of the read by our clock, never after its arrival; undefined when that is too long ago to matter. */
  moment(stampedMs: number | undefined, arrivedMs: number): number | undefined {
    const offsetMs = this.offsetMs;
    if (stampedMs === undefined || offsetMs === undefined) return arrivedMs;
    if (stampedMs <= 0 || stampedMs === this.#stoppedMs) return arrivedMs;
    const moment = Math.min(arrivedMs, stampedMs - offsetMs);
    return arrivedMs - moment > LATE_MOST_MS ? undefined : moment;
  }
}
