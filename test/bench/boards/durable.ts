/** From a change at a board to its row being durable: SQLite shows another connection a commit only after its flush. */
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../../src/clock.ts';
import type { Boards } from './boards.ts';
import { laneOf } from './program.ts';

/** How often it is looked whether the row is there. */
const LOOK_MS = 1;
const ROW_WITHIN_MS = 60_000;
/** Between two changes: more than any grouping, and never in step with the polls. */
const BETWEEN_MS = { least: 300, spread: 400 };
/** Inputs: the arm is down, and then the button is pressed as well. A loop's row would ride along with the next that matters. */
const REST = 1;
const PRESSED = 17;
const clock = systemClock();

export interface Rows {
  readonly database: string;
  /** Rows after the one, of the lane: two parameters. */
  readonly rows: string;
  /** The newest row's number. */
  readonly newest: string;
}

export interface Change {
  /** When the board changed (CLOCK_MONOTONIC), and how long its row took. */
  readonly atMs: number;
  readonly tookMs: number;
}

/** Presses the button and lets it go, by which alone no lane decides anything, one board after the other, for as long as it is asked. */
export async function* durableChanges(
  boards: Boards,
  count: number,
  kept: Rows,
  between: typeof BETWEEN_MS = BETWEEN_MS,
): AsyncGenerator<Change, void> {
  const database = new Sqlite(kept.database, { readonly: true });
  const rowsAfter = database.prepare(kept.rows).pluck();
  const newest = database.prepare(kept.newest).pluck();
  try {
    for (let change = 0; ; change += 1) {
      const board = change % count;
      await clock.sleep(between.least + Math.random() * between.spread);
      const seq = newest.get();
      const isOn = Math.floor(change / count) % 2 === 0;
      const atMs = await boards.set(board, isOn ? PRESSED : REST);
      while (rowsAfter.get(seq, laneOf(board)) === undefined) {
        if (clock.nowMs() - atMs > ROW_WITHIN_MS) throw new RangeError('a change has no row');
        await clock.sleep(LOOK_MS);
      }
      yield { atMs, tookMs: clock.nowMs() - atMs };
    }
  } finally {
    database.close();
  }
}

/** How long each row of so many changes took, in milliseconds. */
export async function durableAfter(
  boards: Boards,
  count: number,
  changes: number,
  kept: Rows,
): Promise<readonly number[]> {
  const took: number[] = [];
  for await (const { tookMs } of durableChanges(boards, count, kept)) if (took.push(tookMs) === changes) break;
  return took;
}
