/**
 * The barrier as a machine: an arm with a travel time and two limits, its own closing rule and its safety loop. It must not know its
 * users.
 */

export interface Barrier {
  /** 0 down … 1 up */
  readonly position: number;
  readonly down: boolean;
  readonly up: boolean;
  /** Starts up, and expects one more vehicle before it closes. */
  open(nowMs: number): void;
  /** Holds the arm up until called with false. */
  hold(on: boolean): void;
  /** Starts down at once, unless its safety loop is occupied. */
  close(): void;
  /** One step; `loopB`: the level of its safety loop. */
  move(nowMs: number, stepMs: number, loopB: boolean): void;
}

const TRAVEL_MS = 1500;
/** After the last expected vehicle has left the safety loop. */
const CLOSE_DELAY_MS = 1500;
/** Closes after this long without a vehicle. */
const PATIENCE_MS = 7000;
/** Share of the travel covered by a limit switch. */
const LIMIT_SHARE = 0.02;

export function createBarrier(): Barrier {
  let position = 0;
  let rising = false;
  let held = false;
  let closeAtMs: number | undefined;
  /** Unused opening commands: two paid cars in a row keep the arm up between them. */
  let expected = 0;
  let occupied = false;
  return {
    get position() {
      return position;
    },
    get down() {
      return position <= LIMIT_SHARE;
    },
    get up() {
      return position >= 1 - LIMIT_SHARE;
    },
    open: (nowMs) => {
      rising = true;
      expected += 1;
      closeAtMs = nowMs + TRAVEL_MS + PATIENCE_MS;
    },
    hold: (on) => {
      held = on;
      if (on) rising = true;
    },
    close: () => {
      held = false;
      rising = false;
      expected = 0;
      closeAtMs = undefined;
    },
    move: (nowMs, stepMs, loopB) => {
      if (loopB && position > 0) rising = rising || position > LIMIT_SHARE; // never down on a roof
      if (occupied && !loopB) {
        expected = Math.max(0, expected - 1);
        closeAtMs = nowMs + (expected === 0 ? CLOSE_DELAY_MS : PATIENCE_MS);
      }
      occupied = loopB;
      if (closeAtMs !== undefined && nowMs >= closeAtMs && !loopB && !held) {
        rising = false;
        expected = 0;
        closeAtMs = undefined;
      }
      if (rising && closeAtMs === undefined && !held && !loopB) closeAtMs = nowMs + PATIENCE_MS;
      const step = stepMs / TRAVEL_MS;
      position = Math.min(1, Math.max(0, position + (rising ? step : -step)));
    },
  };
}
