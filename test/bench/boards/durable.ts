/** From a change at a board to its row being durable: SQLite shows another connection a commit only after its flush. */
import Sqlite from 'better-sqlite3';
import { systemClock } from '../../../src/clock.ts';
import type { Boards } from './boards.ts';
import { laneOf } from './program.ts';

/** How often it is looked whether the row is there. */
const LOOK_MS = 1;
const ROW_WITHIN_MS = 5_000;
/** Between two changes: more than any grouping, and never in step with the polls. */
const BETWEEN_MS = { least: 300, spread: 400 };
/** Inputs: the arm is down, and then a loop is taken as well. */
const REST = 1;
const TAKEN = 5;
const clock = systemClock();

export interface Rows {
  readonly database: string;
  /** Rows after the one, of the lane: two parameters. */
  readonly rows: string;
  /** The newest row's number. */
  readonly newest: string;
}

/** Toggles an input that no lane decides anything by alone, one board after the other; how long each row took, in milliseconds. */
export async function durableAfter(
  boards: Boards,
  count: number,
  changes: number,
  kept: Rows,
): Promise<readonly number[]> {
  const database = new Sqlite(kept.database, { readonly: true });
  const rowsAfter = database.prepare(kept.rows).pluck();
  const newest = database.prepare(kept.newest).pluck();
  const tookMs: number[] = [];
  try {
    for (let change = 0; change < changes; change += 1) {
      const board = change % count;
      await clock.sleep(BETWEEN_MS.least + Math.random() * BETWEEN_MS.spread);
      const seq = newest.get();
      const isOn = Math.floor(change / count) % 2 === 0;
      const atMs = await boards.set(board, isOn ? TAKEN : REST);
      while (rowsAfter.get(seq, laneOf(board)) === undefined) {
        if (clock.nowMs() - atMs > ROW_WITHIN_MS) throw new RangeError('a change has no row');
        await clock.sleep(LOOK_MS);
      }
      tookMs.push(clock.nowMs() - atMs);
    }
  } finally {
    database.close();
  }
  return tookMs;
}
