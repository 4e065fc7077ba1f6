/** A moment on both clocks of the main thread. The store thread has no clock of its own: every request carries one. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}
