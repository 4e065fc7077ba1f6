/** Where the loops lie and what they feel: metal above them, told a little late by their detector. It must not know vehicles' intentions. */

/**
 * Metres along the lane; traffic runs towards +, the arm stands at 0.3. The numbers are those of a common exit lane:
 * a motorcycle (2 m) fits between A and B, a car (4 m and more) bridges them, and B is longer than a drawbar.
 */
export const LANE = {
  loopA: { fromM: -4.2, toM: -3.2 },
  loopB: { fromM: -1, toM: 1 },
  loopC: { fromM: 4, toM: 5 },
  /** A front bumper stops here for the arm: on A, not yet on B. */
  stopLineM: -1.6,
  /** A polite driver waits here while another is served. */
  holdLineM: -9,
  armM: 0.3,
  spawnM: -16,
  /** Out of the picture. */
  goneM: 16,
} as const;

export interface LoopStretch {
  readonly fromM: number;
  readonly toM: number;
}

export const overlaps = (a: LoopStretch, b: LoopStretch): boolean => a.fromM < b.toM && b.fromM < a.toM;

/** A detector tells of a change `delayMs` after it, both ways, so that it keeps gaps as long as they are. */
export interface Detector {
  readonly on: boolean;
  /** The loop as it is at `atMs`; times never run back. */
  feel(occupied: boolean, atMs: number): void;
}

export function createDetector(delayMs: number): Detector {
  let on = false;
  const changes: { atMs: number; occupied: boolean }[] = [];
  let felt = false;
  return {
    get on() {
      return on;
    },
    feel: (occupied, atMs) => {
      if (occupied !== felt) changes.push({ atMs: atMs + delayMs, occupied });
      felt = occupied;
      for (let next = changes[0]; next && next.atMs <= atMs; next = changes[0]) {
        on = next.occupied;
        changes.shift();
      }
    },
  };
}
