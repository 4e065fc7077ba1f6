/** A vehicle that leaves, as the inputs of a board show it. */
import { systemClock } from '../../../src/clock.ts';
import type { Boards } from './boards.ts';

/** Bits of the inputs by their roles. */
const [DOWN, UP, APPROACH, BARRIER] = [1, 2, 4, 8] as const;
/** The inputs from each of these seconds on. */
const VEHICLE: readonly (readonly [atS: number, inputs: number])[] = [
  [0, DOWN | APPROACH],
  [1.2, APPROACH],
  [2.7, APPROACH | UP],
  [3, APPROACH | UP | BARRIER],
  [4.4, UP | BARRIER],
  [5.6, UP],
  [6.6, 0],
  [8.1, DOWN],
];
/** Contacts are not in step with the polls. */
const OFF_STEP_MS = 50;
const clock = systemClock();

/** Drives it out at a board, and lets `quietMs` go by. */
export async function driveOut(boards: Boards, quietMs: number, board = 0): Promise<void> {
  const beganMs = clock.nowMs();
  for (const [atS, inputs] of VEHICLE) {
    await clock.sleep(beganMs + atS * 1_000 + Math.random() * OFF_STEP_MS - clock.nowMs());
    await boards.set(board, inputs);
  }
  await clock.sleep(quietMs);
}
