/** Where loops, arm and stopping places of a played lane lie. */

/**
 * Metres along the lane; traffic runs towards +, the arm stands at 0.3. A common exit lane: a motorcycle (2 m) fits between A and B, a
 * car (4 m and more) bridges them, and B is longer than a drawbar.
 */
export const LANE = {
  loopA: { fromM: -4.2, toM: -3.2 },
  loopB: { fromM: -1, toM: 1 },
  loopC: { fromM: 4, toM: 5 },
  /** Front bumpers stop here for the arm: on A, not yet on B. */
  stopLineM: -1.6,
  /** A polite driver waits here for the vehicle ahead. */
  holdLineM: -9,
  armM: 0.3,
  spawnM: -16,
  /** Out of the picture. */
  goneM: 16,
} as const;
