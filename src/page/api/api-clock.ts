/** The interface between the local page and the box on its clock. Types only, like `api.ts`, whose head says what holds for all. */
import type { Text } from '../../text/text.ts';
import type { ClockLive } from './api.ts';

/** `GET /api/v1/clock` (installer). */
export interface ClockView extends ClockLive {
  /** The box's monotonic clock as it answered: a phone that knows when it asked and when it heard knows its own time at this moment. */
  readonly nowMs: number;
  /** Why the clock is not taken from a phone; absent: it can be. */
  readonly cannot?: Text;
}

/** `POST /api/v1/clock` (installer) → ClockView: the phone's time at `nowMs` of the box, and how long the box's answer took to reach it. */
export interface PhoneTime {
  readonly nowMs: number;
  readonly wallMs: number;
  readonly roundTripMs: number;
}
