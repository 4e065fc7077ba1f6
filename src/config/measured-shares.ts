/**
 * What each wiring of a lane sees of each class, in the simulator's ordinary and dense worlds (docs/detection.md).
 * Written by `node test/bench/publish-detection.mjs`, to be measured again with each change of the rules.
 */

/** Per cent. `near` and `close`: reported or kept for review; `paid`: paid passages falsely reported. */
export interface MeasuredShares {
  readonly manual: number;
  readonly far: number;
  readonly near: number;
  readonly close: number;
  readonly paid: number;
}

export type Loops = 'ABC' | 'AB' | 'A' | 'B' | 'none';
type Eyes = '' | ' camera' | ' payments' | ' camera payments';
export type WiringKey = `${Loops}${Eyes}`;

const row = (manual: number, far: number, near: number, close: number, paid: number): MeasuredShares => ({
  ...{ manual, far, near, close, paid },
});

export const MEASURED: Readonly<Record<WiringKey, MeasuredShares>> = {
  // measured: wirings
  'ABC camera payments': row(100, 100, 50, 0, 1.94),
  'ABC camera': row(100, 100, 50, 0, 1.94),
  'ABC payments': row(57.1, 100, 0, 0, 0),
  ABC: row(85.7, 100, 0, 0, 0.97),
  'AB camera payments': row(100, 100, 50, 0, 1.94),
  'AB camera': row(100, 100, 50, 0, 1.94),
  'AB payments': row(57.1, 66.7, 0, 0, 0),
  AB: row(85.7, 66.7, 0, 0, 0.97),
  'B camera payments': row(14.3, 33.3, 0, 0, 1.94),
  'B camera': row(28.6, 33.3, 0, 0, 7.77),
  'B payments': row(28.6, 0, 0, 0, 1.94),
  B: row(85.7, 0, 0, 0, 5.83),
  'A camera payments': row(85.7, 66.7, 0, 0, 0),
  'A camera': row(85.7, 66.7, 0, 0, 0),
  'A payments': row(71.4, 0, 0, 0, 0),
  A: row(85.7, 0, 0, 0, 0),
  'none camera payments': row(14.3, 0, 0, 0, 0),
  'none camera': row(28.6, 0, 0, 0, 0),
  'none payments': row(14.3, 0, 0, 0, 0),
  none: row(28.6, 0, 0, 0, 0),
  // end of wirings
};

/** What could be added to a lane with both loops, a camera and payments. */
export const MEASURED_WITH = {
  // measured: additions
  overview: row(100, 100, 50, 0, 0.97),
  beam: row(100, 100, 50, 0, 0.97),
  // end of additions
} as const;
