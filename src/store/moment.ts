/** A time as both clocks of the main thread show it. The store thread has none of its own: every request carries one. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}
