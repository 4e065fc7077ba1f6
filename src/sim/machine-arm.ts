/** The barrier as a machine: an arm of some speed, its closing rule, and its safety loop that opens it again. It must not know who opens it, or why. */

export interface ArmManner {
  readonly upMs: number;
  /** After the safety loop is free. */
  readonly closeDelayMs: number;
  /** When nobody comes. */
  readonly patienceMs: number;
  /** It counts commands: two cars let out in a row keep it up between them. */
  readonly counts: boolean;
}

export interface MachineArm {
  /** 0 down … 1 up */
  readonly position: number;
  readonly rising: boolean;
  readonly still: boolean;
  open(nowMs: number): void;
  /** Somebody holds it up until told otherwise. */
  hold(on: boolean, nowMs: number): void;
  /** Starts down at once, unless its safety loop is occupied; nobody is expected any more. */
  close(): void;
  step(nowMs: number, stepMs: number, loopB: boolean): void;
}

/** A limit switch covers a little of the travel. */
const LIMIT_SHARE = 0.03;

export function createMachineArm(
  manner: ArmManner,
  say: (limit: 'down' | 'up', on: boolean, atMs: number) => void,
): MachineArm {
  let position = 0;
  let rising = false;
  let held = false;
  let expected = 0;
  let occupied = false;
  let closeAtMs = 0;
  const limits = (before: number, nowMs: number, stepMs: number): void => {
    const crossed = (level: number): number => nowMs - stepMs + (stepMs * (level - before)) / (position - before);
    const [low, high] = [LIMIT_SHARE, 1 - LIMIT_SHARE];
    if (before <= low !== position <= low) say('down', position <= low, crossed(low));
    if (before >= high !== position >= high) say('up', position >= high, crossed(high));
  };
  return {
    get position() {
      return position;
    },
    get rising() {
      return rising;
    },
    get still() {
      return position === 0 && !rising;
    },
    open: (nowMs) => {
      rising = true;
      expected += 1;
      closeAtMs = nowMs + manner.upMs + manner.patienceMs;
    },
    hold: (on, nowMs) => {
      held = on;
      if (on) rising = true;
      else closeAtMs = nowMs + manner.closeDelayMs;
    },
    close: () => {
      held = false;
      rising = false;
      expected = 0;
    },
    step: (nowMs, stepMs, loopB) => {
      if (loopB && !rising && position > LIMIT_SHARE) rising = true;
      if (occupied && !loopB) {
        expected = Math.max(0, expected - 1);
        closeAtMs = nowMs + (manner.counts && expected > 0 ? manner.patienceMs : manner.closeDelayMs);
      }
      occupied = loopB;
      if (rising && nowMs >= closeAtMs && !loopB && !held) {
        rising = false;
        expected = 0;
      }
      const before = position;
      const move = (rising ? stepMs : -stepMs) / manner.upMs;
      position = Math.min(1, Math.max(0, position + move));
      if (position !== before) limits(before, nowMs, stepMs);
    },
  };
}
