/** One loop detector: what it says of the metal above its loop, late, and not always truly. It must not know what the metal is for. */
import type { Random } from './random.ts';

export interface LoopManner {
  /** From metal to contact, and from no metal to no contact; gaps shorter than the second are not seen at all. */
  readonly riseMs: number;
  readonly fallMs: number;
  readonly chatter: number;
  readonly dropout: number;
}

export interface LoopDetector {
  readonly on: boolean;
  /** Metal has come or gone at `atMs`. `rough`: a high chassis or a drawbar, under which loops drop out. */
  metal(occupied: boolean, atMs: number, rough: boolean): void;
  /** Says what is due by now. */
  advance(nowMs: number): void;
}

const CHATTER_ON_MS = [20, 45] as const;
const CHATTER_OFF_MS = [35, 90] as const;
const DROPOUT_MS = [50, 120] as const;
/** When a dropout begins, after the rise. */
const DROPOUT_AFTER_MS = [300, 1_800] as const;
const CAR_SHARE = 0.1;

export function createLoopDetector(
  manner: LoopManner,
  random: Random,
  say: (on: boolean, atMs: number) => void,
): LoopDetector {
  let on = false;
  let due: { on: boolean; atMs: number } | undefined;
  /** Changes that are not of metal, in the order of time. */
  let noise: { on: boolean; atMs: number }[] = [];
  const change = (to: boolean, atMs: number): void => {
    if (to === on) return;
    on = to;
    say(on, atMs);
  };
  const rises = (atMs: number, rough: boolean): void => {
    change(true, atMs);
    if (random.chance(manner.chatter)) {
      const offMs = atMs + random.between(...CHATTER_ON_MS);
      noise = [
        { on: false, atMs: offMs },
        { on: true, atMs: offMs + random.between(...CHATTER_OFF_MS) },
      ];
    } else if (random.chance(rough ? manner.dropout : manner.dropout * CAR_SHARE)) {
      const offMs = atMs + random.between(...DROPOUT_AFTER_MS);
      noise = [
        { on: false, atMs: offMs },
        { on: true, atMs: offMs + random.between(...DROPOUT_MS) },
      ];
    }
  };
  let roughNow = false;
  const advance = (nowMs: number): void => {
    for (;;) {
      const first = noise[0];
      if (first !== undefined && first.atMs <= nowMs && (due === undefined || first.atMs <= due.atMs)) {
        noise.shift();
        change(first.on, first.atMs);
      } else if (due !== undefined && due.atMs <= nowMs) {
        const { on: to, atMs } = due;
        due = undefined;
        noise = [];
        if (to) rises(atMs, roughNow);
        else change(false, atMs);
      } else return;
    }
  };
  return {
    get on() {
      return on;
    },
    metal: (occupied, atMs, rough) => {
      advance(atMs);
      roughNow = rough;
      const says = noise.length > 0 || on;
      // It comes back before the contact has changed: nothing is seen of it.
      if (due !== undefined && due.on !== occupied) due = undefined;
      else if (occupied !== says) due = { on: occupied, atMs: atMs + (occupied ? manner.riseMs : manner.fallMs) };
    },
    advance,
  };
}
